/**
 * Hubbub's client: rooms over WebSocket, or over SSE and HTTP where a WebSocket cannot be had.
 * The contract is docs/protocol.md; hubbub.d.ts tells the API.
 * SPDX-License-Identifier: Apache-2.0
 */

const BACKOFF_MS = 500;
const BACKOFF_CAP_MS = 30_000;
const GOOD_MS = 5_000; // a connection that lasted this long clears the back-off
const OPENING_MS = 10_000; // from the attempt to session.opened
const PONG_MS = 10_000;
const ANON_KEY = 'hubbub.anon';
// Not 1000, so that the server gives presence its grace period; pages may not send 1001 or 1012.
const COMING_BACK = 3001;

const PASSING = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL'];
const passes = ({ code, retryAfterMs }) => retryAfterMs || PASSING.includes(code);

export class HubbubError extends Error {
  constructor(code, message, retryAfterMs, status) {
    super(message);
    this.name = 'HubbubError';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.status = status;
  }
}

export const connect = (url, options) =>
  new Client(typeof url === 'object' && !(url instanceof URL) ? url : { ...options, url: url ?? options?.url });

/** The close code table: these stay closed, 41xx renews its token, all else comes back. */
const staysClosed = (code) => (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1009) || (code >= 4000 && code < 4100);
const renews = (code) => code >= 4100 && code < 4200;

/** An event's data with what its envelope adds. */
const flat = ({ type, id, data, ...rest }) => ({ ...data, ...rest });

// crypto.randomUUID is missing on plain http.
const randomKey = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

class Emitter {
  #listeners = new Map();

  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
    return () => this.#listeners.get(event).delete(listener);
  }

  _emit(event, value) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => { throw error; }); // reported, and the next listener still runs
      }
    }
  }
}

class Room extends Emitter {
  place;
  count;
  rev;
  info;
  _wanted = false;
  _known = false;
  _live = false; // false from a join with `since` to its reply: what comes before comes again after
  _joining = 0; // joins under way
  _options = {}; // of the last join that was answered
  _ask; // the latest join under way
  #rewind; // the latest with `since`
  #client;
  #unechoed = new Set(); // seqs of own messages with echo:false that lie ahead of the place

  constructor(client, name) {
    super();
    this.#client = client;
    this.name = name;
  }

  publish(payload, options) {
    return this.#client.publish(this.name, payload, options);
  }

  async *history(query) {
    for await (const page of this.#client._stream('room.history', { ...query, room: this.name })) {
      for (const message of page.messages) yield flat(message);
    }
  }

  async *members({ limit } = {}) {
    let after;
    do {
      const page = await this.#client.request('presence.list', { room: this.name, after, limit });
      this.#counted(page);
      yield* page.members;
      after = page.next;
    } while (after);
  }

  async update(status) {
    await this.#client.request('presence.update', { room: this.name, status });
    this._options.status = status; // told again on a rejoin
  }

  leave() {
    return this.#client._leave(this);
  }

  _want({ since, replay, presence, status }) {
    const before = this._ask ?? this._options;
    const ask = { since, replay, presence: presence ?? before.presence, status: status ?? before.status };
    this._wanted = true;
    this._ask = ask;
    if (since || replay) {
      this.#rewind = ask;
      this._live = false;
    }
    return ask;
  }

  _joinData(ask) {
    const { since, replay, presence, status } = ask;
    ask.sent = since || replay ? since : this.place;
    return { room: this.name, since: ask.sent, replay, presence, status };
  }

  _joined(reply, ask) {
    const { epoch, seq, replayed = 0, recovered } = reply;
    const from = recovered && ask.sent ? ask.sent : { epoch, seq: seq - replayed };
    this.info = reply;
    this._known = true;
    this.#counted(reply);
    if (this.#rewind === ask) this.place = from;
    else this.place ??= from;
    this._settled(ask);
    this._live = !this.#rewind;
    this._options = { presence: ask.presence, status: ask.status };
    this._emit('joined', reply);
  }

  _settled(ask) {
    if (this._ask === ask) this._ask = undefined;
    if (this.#rewind === ask) this.#rewind = undefined;
  }

  _heard(message) {
    const [family, verb] = message.type.split('.');
    const data = flat(message);
    if (family === 'presence') {
      this.#counted(data);
      this._emit('presence', { change: verb, ...data });
    } else if (verb === 'removed') {
      this._emit('removed', data);
    } else if (this._live) {
      if (verb === 'published') this.#published(data);
      else if (verb === 'reset') this.#moved(data.epoch, data.seq, verb, data);
      else if (verb === 'skipped' && !this.#seen(data.epoch, data.to)) this.#moved(data.epoch, data.to, verb, data);
    }
  }

  /** The reply to an own message that will not be echoed: the place moves past it, in its turn. */
  _unechoed({ epoch, seq }) {
    if (epoch !== this.place?.epoch || this.#seen(epoch, seq)) return;
    this.#unechoed.add(seq);
    this.#passUnechoed();
  }

  #published(message) {
    if (message.seq === undefined) this._emit('ephemeral', message);
    else if (!this.#seen(message.epoch, message.seq)) this.#moved(message.epoch, message.seq, 'message', message);
  }

  #seen(epoch, seq) {
    return epoch === this.place.epoch && seq <= this.place.seq;
  }

  #moved(epoch, seq, event, data) {
    if (epoch !== this.place.epoch) this.#unechoed.clear();
    this.place = { epoch, seq };
    this.#passUnechoed();
    this._emit(event, data);
  }

  #passUnechoed() {
    let { epoch, seq } = this.place;
    while (this.#unechoed.delete(seq + 1)) seq++;
    this.place = { epoch, seq };
    for (const old of this.#unechoed) if (old <= seq) this.#unechoed.delete(old);
  }

  #counted({ rev, count }) {
    this.rev = rev ?? this.rev;
    this.count = count ?? this.count;
  }
}

class Client extends Emitter {
  state;
  user;
  conn;
  rtt;
  session;
  #options;
  #base;
  #rooms = new Map();
  #pending = new Map();
  #ids = 0;
  #link;
  #resume; // what an SSE link left for the next one
  #turn = 0; // of attempts; an older one that wakes up finds that it is over
  #sse;
  #tries = 0;
  #refused = 0; // attempts in a row that never opened, while HTTP worked
  #probe = false;
  #renew = false;
  #openedAt = 0;
  #comeBackAt = 0;
  #told = false; // the server said how long to wait
  #timer; // the one thing waited for: the next attempt, or session.opened
  #refreshTimer;
  #beatTimer;
  #pingAt = 0;
  #heardAt = 0;
  #token;
  #anon;
  #liar = false; // navigator.onLine was false while connected
  #listening;
  #away = false;

  constructor(options) {
    super();
    this.#options = { transport: 'auto', timeoutMs: 5_000, random: Math.random, ...options };
    const url = new URL(this.#options.url ?? '/ws', globalThis.location?.href);
    this.#base = (url.origin + url.pathname).replace(/^ws/, 'http').replace(/\/[^/]*$/, '');
    this.#sse = this.#options.transport === 'sse';
    if (this.#options.anon !== false) try { this.#anon = localStorage.getItem(ANON_KEY); } catch { /* no storage */ }
    this.#attempt();
  }

  get transport() {
    return this.#sse ? 'sse' : 'ws';
  }

  /** The room's object, to listen on before joining. */
  room(name) {
    if (!this.#rooms.has(name)) this.#rooms.set(name, new Room(this, name));
    return this.#rooms.get(name);
  }

  async join(name, options = {}) {
    const room = this.room(name);
    const own = this.session?.userRoom;
    // The connection hears its user's own room from the start: begin there.
    const begin = own?.room === name && !room._known && { since: { epoch: own.epoch, seq: own.seq } };
    try {
      await this.#join(room, room._want({ ...begin, ...options }));
    } catch (error) {
      if (room._known) this.#rejoinLater(room, error);
      else if (!room._joining) {
        room._wanted = false;
        // It may have been joined all the same; and an SSE stream must do without it.
        if (this.#sse || error.code === 'DEADLINE_EXCEEDED') this.#leave(room).catch(() => {});
      }
      throw error;
    }
    return room;
  }

  async publish(room, payload, { meta, ...options } = {}) {
    const data = { room, payload, ...options };
    if (!data.ephemeral) data.key ??= randomKey();
    const reply = await this.#call('room.publish', data, { meta, resend: !data.ephemeral, patient: !data.ephemeral });
    if (data.echo === false && reply.seq && !this.#sse) this.#rooms.get(room)?._unechoed(reply);
    return reply;
  }

  request(type, data = {}) {
    return this.#call(type, data);
  }

  reconnect() {
    this.#tries = this.#refused = 0;
    this.#unlink(COMING_BACK, 'reconnect');
    this.#attempt();
  }

  pause() {
    if (this.state === 'closed') return;
    this.#turn++;
    this.#unlink(COMING_BACK, 'paused');
    this.#set('paused');
  }

  resume() {
    this.#away = false;
    if (this.state === 'paused') this.reconnect();
  }

  close() {
    if (this.state !== 'closed') this.#finish(1000, 'closed by the application');
  }

  // ---- connecting

  async #attempt() {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.#listen();
    this.#set('connecting');
    let ticket;
    if (this.#options.token || this.#probe) {
      // A page cannot set headers on a WebSocket, nor see why a handshake was refused. HTTP can do both.
      const answer = await this._ticket();
      if (turn !== this.#turn) return;
      if (answer.code) return this.#finish(answer.code, answer.reason);
      ticket = answer.ticket;
      if (!ticket) {
        this.#refused = 0; // HTTP does not work either
        const { reason, retryAfterMs: told = 0 } = answer;
        return this.#wait(told + this.#backoff(), 1006, reason, told > 0);
      }
      if (this.#options.transport === 'auto' && this.#refused >= 2 && this._api('EventSource')) {
        this.#sse = !this.#sse;
        this.#refused = 0;
      }
    }
    this.#timer = setTimeout(() => this.#failed(1006, 'no session.opened'), OPENING_MS);
    try {
      const Link = this.#sse ? (await import('./sse.js')).StreamLink : SocketLink;
      if (turn === this.#turn) this.#link = new Link(this, ticket, this.#resume);
    } catch (error) {
      if (turn === this.#turn) this.#failed(1006, error.message);
    }
  }

  _api(api) {
    return this.#options[api] ?? globalThis[api];
  }

  _url(path, ticket, params = []) {
    const url = new URL(this.#base + path);
    if (path === '/ws') url.protocol = url.protocol.replace('http', 'ws');
    for (const [name, value] of params) url.searchParams.append(name, value);
    if (ticket) url.searchParams.set('ticket', ticket);
    else if (this.#anon) url.searchParams.set('anon', this.#anon);
    return url.href;
  }

  /** {ticket}, or {code} when there is no use in trying again, or why it failed this time. */
  async _ticket() {
    if (!this.#options.token && !this.#probe) return {};
    try {
      return await this._http('POST', '/tickets');
    } catch (error) {
      const { status, retryAfterMs, message: reason } = error;
      return { status, retryAfterMs, reason, code: { 401: 4001, 403: 4003 }[status] };
    }
  }

  async #bearer(renew) {
    const { token } = this.#options;
    if (typeof token !== 'function') return token ?? this.#anon;
    if (renew || this.#renew || !this.#token) this.#token = await token({ renew: renew || this.#renew });
    this.#renew = false;
    return this.#token;
  }

  async _http(method, path, body, headers) {
    const fetch = this.#options.fetch ?? globalThis.fetch;
    for (let again = false; ; again = true) {
      let response;
      try {
        const bearer = await this.#bearer(again);
        response = await fetch(`${this.#base}/api/v1${path}`, {
          method,
          headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }), ...(bearer && { Authorization: `Bearer ${bearer}` }) },
          body: body && JSON.stringify(body),
          signal: AbortSignal.timeout(this.#options.timeoutMs),
        });
      } catch (error) {
        throw new HubbubError('UNAVAILABLE', error.message, undefined, 0);
      }
      const { status } = response;
      if (status === 401 && !again && (typeof this.#options.token === 'function' || this.#anon)) {
        if (!this.#options.token) this.#keepAnon(undefined); // the server no longer knows it
        continue;
      }
      const answer = await response.json().catch(() => ({}));
      if (response.ok) return answer;
      throw new HubbubError(
        answer.code ?? (status === 429 ? 'RESOURCE_EXHAUSTED' : status < 500 ? 'INVALID_ARGUMENT' : 'UNAVAILABLE'), // a proxy's
        answer.detail ?? `HTTP ${status}`, answer.retryAfterMs ?? (response.headers.get('Retry-After') * 1000 || undefined), status);
    }
  }

  #keepAnon(anon) {
    this.#anon = anon;
    if (this.#options.anon === false) return; // for this object alone
    try {
      if (anon) localStorage.setItem(ANON_KEY, anon);
      else localStorage.removeItem(ANON_KEY);
    } catch { /* no storage */ }
  }

  #opened({ data, ts }) {
    this.session = data;
    this.user = data.user;
    this.conn = data.conn;
    if (data.anon) this.#keepAnon(data.anon);
    if (this.state === 'open') return; // SSE: a new stream of the same session
    clearTimeout(this.#timer);
    this.#probe = this.#told = false;
    this.#refused = this.#comeBackAt = this.#pingAt = 0;
    this.#openedAt = Date.now();
    this.#liar ||= globalThis.navigator?.onLine === false;
    this.state = 'open';
    for (const room of this._wanted()) if (!room._joining) this.#rejoin(room);
    for (const request of this.#pending.values()) if (!request.sent) this.#transmit(request);
    this.#refreshBefore(data.expiresAt, ts);
    this.#beat(true);
    this.#set('open');
  }

  _lost(link, code, reason, told) {
    if (link === this.#link) this.#failed(code, reason, told);
  }

  /** The link is gone, or never came about: what its close code says happens. */
  #failed(code, reason, told = 0) {
    const good = this.#openedAt && Date.now() - this.#openedAt >= GOOD_MS;
    if (good) this.#tries = 0;
    if (!this.#openedAt) {
      this.#probe = true;
      this.#refused = told ? 0 : this.#refused + 1;
    }
    this.#unlink(COMING_BACK);
    if (staysClosed(code)) return this.#finish(code, reason);
    if (code === 1012 && this.#comeBackAt) return this.#wait(Math.max(0, this.#comeBackAt - Date.now()), code, reason, true);
    this.#renew ||= renews(code);
    this.#wait(good && renews(code) ? 0 : told + this.#backoff(), code, reason, told > 0);
  }

  #backoff() {
    return this.#options.random() * Math.min(BACKOFF_CAP_MS, BACKOFF_MS * 2 ** this.#tries++);
  }

  #wait(ms, code, reason, told = false) {
    const offline = this.#offline();
    const retryInMs = Math.round(offline ? BACKOFF_CAP_MS : ms); // the browser may be wrong, so offline tries too
    this.#told = told;
    this.#timer = setTimeout(() => this.#attempt(), retryInMs);
    this.#set(offline ? 'offline' : 'waiting', { code, reason, retryInMs });
  }

  #finish(code, reason) {
    this.#turn++;
    this.#unlink(1000, 'closed');
    this.#listening?.abort();
    this.#listening = undefined;
    const error = new HubbubError({ 4001: 'UNAUTHENTICATED', 4003: 'PERMISSION_DENIED' }[code] ?? 'UNAVAILABLE', `closed: ${reason || code}`);
    for (const request of this.#pending.values()) this.#settle(request, error);
    this.#set('closed', { code, reason });
  }

  #unlink(code, reason) {
    const link = this.#link;
    this.#link = undefined;
    this.#openedAt = 0;
    for (const timer of [this.#timer, this.#beatTimer, this.#refreshTimer]) clearTimeout(timer);
    if (link) this.#resume = link.close(code, reason);
    for (const room of this.#rooms.values()) room._live = false;
    for (const request of this.#pending.values()) {
      if (!request.sent) continue;
      request.sent = false;
      if (!request.resend) this.#settle(request, new HubbubError('UNAVAILABLE', 'the connection was lost'));
    }
  }

  #set(state, detail) {
    this.state = state;
    this._emit('state', { state, ...detail });
  }

  // ---- the browser

  #listen() {
    if (this.#listening || !globalThis.addEventListener) return;
    this.#listening = new AbortController();
    const on = (target, event, listener) => target?.addEventListener(event, listener, { signal: this.#listening.signal });
    on(globalThis, 'online', () => {
      if (this.state !== 'open') this.#sse = this.#options.transport === 'sse'; // this network may let WebSockets through
      this.#wake();
    });
    on(globalThis, 'offline', () => this.#link && this.#offline() && this.#failed(1006, 'offline'));
    on(globalThis.document, 'visibilitychange', () => document.visibilityState === 'visible' && this.#wake());
    // Closed before the page is frozen, the socket does not keep it out of the back/forward cache.
    on(globalThis, 'pagehide', () => {
      if (this.state === 'paused') return;
      this.#away = true;
      this.pause();
    });
    on(globalThis, 'pageshow', () => this.#away && this.resume());
  }

  #offline() {
    return globalThis.navigator?.onLine === false && !this.#liar;
  }

  #wake() {
    if (this.state === 'open') this.#beat(true);
    else if (['waiting', 'offline'].includes(this.state) && !this.#told) this.#attempt();
  }

  // ---- signs of life. Timers may be throttled or frozen, so the clock decides, not their number.

  #beat(now = false) {
    clearTimeout(this.#beatTimer);
    if (this.#sse) return; // EventSource shows neither comments nor pongs
    const time = Date.now();
    const waiting = this.#pingAt > this.#heardAt;
    if (waiting && !now && time - this.#pingAt >= PONG_MS) return this.#failed(1006, 'no sign of life');
    const pingMs = this.session.pingMs ?? 25_000;
    if (now || (!waiting && time - this.#pingAt >= pingMs)) {
      this.#heardAt = Math.min(this.#heardAt, time - 1);
      this.#pingAt = time;
      this.#link.send({ type: 'ping', id: `ping-${++this.#ids}`, data: { t: time } });
    }
    const due = this.#pingAt > this.#heardAt ? PONG_MS : pingMs;
    this.#beatTimer = setTimeout(() => this.#beat(), Math.max(0, this.#pingAt + due - time));
  }

  #pong({ t }) {
    this.rtt = Date.now() - t;
    this._emit('rtt', this.rtt);
    this.#beat();
  }

  #refreshBefore(expiresAt, now = Date.now()) {
    if (!expiresAt || this.#sse || typeof this.#options.token !== 'function') return;
    const left = expiresAt - now;
    const link = this.#link;
    this.#refreshTimer = setTimeout(async () => {
      try {
        const token = await this.#bearer(true);
        if (link === this.#link) this.#refreshBefore((await this.request('auth.refresh', { token })).expiresAt);
      } catch { /* 4101 will come, and renews */ }
    }, Math.min(2 ** 31 - 1, Math.max(left - 30_000, left / 2, 1_000)));
  }

  // ---- requests

  #call(type, data, { resend, patient = true, meta, onReply, stream, room } = {}) {
    return new Promise((resolve, reject) => {
      const request = { id: String(++this.#ids), type, data, meta, resend, onReply, stream, room, resolve, reject };
      const { state } = this;
      if (state === 'closed' || (!patient && state !== 'open')) return reject(new HubbubError('UNAVAILABLE', `the client is ${state}`));
      this.#pending.set(request.id, request);
      this.#startTimer(request);
      if (this.state === 'open') this.#transmit(request);
    });
  }

  #startTimer(request) {
    clearTimeout(request.timer);
    request.timer = setTimeout(() => this.#settle(request, request.tried
      ? new HubbubError('DEADLINE_EXCEEDED', `no answer to ${request.type}`)
      : new HubbubError('UNAVAILABLE', `no connection for ${request.type}`)), this.#options.timeoutMs);
  }

  #transmit(request) {
    const { id, type, data, meta } = request;
    const message = { type, id, data: typeof data === 'function' ? data() : data, meta };
    const limit = this.session.limits?.messageBytes;
    // The server would close with 1009, which ends the session.
    if (limit && new TextEncoder().encode(JSON.stringify(message)).length > limit) {
      return this.#settle(request, new HubbubError('INVALID_ARGUMENT', `${type} is larger than ${limit} bytes`));
    }
    request.sent = request.tried = true;
    this.#link.send(message);
  }

  #settle(request, error, value) {
    if (!this.#pending.delete(request.id)) return;
    clearTimeout(request.timer);
    if (error) request.reject(error);
    else request.resolve(value);
  }

  _isPending(id) {
    return this.#pending.has(id);
  }

  #answered(request, { type, data = {} }) {
    if (type === 'error') return this.#settle(request, new HubbubError(data.code, data.message, data.retryAfterMs));
    if (type.endsWith('.reply')) request.onReply?.(data);
    if (!request.stream || type.endsWith('.complete')) this.#settle(request, undefined, data);
    else this.#startTimer(request);
  }

  /** The pages of a stream of answers; leaving the loop early cancels it. */
  async *_stream(type, data) {
    const pages = [];
    let id, over, failure, wake;
    const next = (change) => { change(); wake?.(); };
    this.#call(type, data, { stream: true, onReply: (page) => next(() => pages.push(page)) }).then(
      (complete) => next(() => { over = complete; }), (error) => next(() => { failure = error; }));
    id = String(this.#ids);
    try {
      for (;;) {
        while (pages.length) yield pages.shift();
        if (failure) throw failure;
        if (over) return over;
        await new Promise((resolve) => { wake = resolve; });
      }
    } finally {
      if (this._isPending(id) && this.#pending.get(id).sent) this.#link.send({ type: 'cancel', data: { id } });
    }
  }

  // ---- rooms

  _wanted() {
    return [...this.#rooms.values()].filter((room) => room._wanted);
  }

  async #join(room, ask) {
    room._joining++;
    try {
      await this.#call('room.join', () => room._joinData(ask), { resend: true, room, onReply: (reply) => room._joined(reply, ask) });
    } finally {
      room._joining--;
      room._settled(ask);
    }
  }

  #rejoin(room) {
    this.#join(room, { ...room._options }).catch((error) => {
      if (passes(error)) return this.#rejoinLater(room, error);
      if (!room._wanted || room._joining) return;
      this.#forget(room);
      room._emit('removed', { room: room.name, reason: error.code });
    });
  }

  #rejoinLater(room, error) {
    const needed = () => this.state === 'open' && !room._live && !room._joining && room._wanted;
    const ms = error.retryAfterMs ?? (passes(error) ? this.#options.random() * 2_000 : 0);
    if (needed()) setTimeout(() => needed() && this.#rejoin(room), ms);
  }

  #forget(room) {
    room._wanted = room._live = room._known = false;
    if (this.#rooms.get(room.name) === room) this.#rooms.delete(room.name);
  }

  async _leave(room) {
    this.#forget(room);
    for (const request of this.#pending.values()) {
      if (request.room === room) this.#settle(request, new HubbubError('UNAVAILABLE', 'the room was left'));
    }
    await this.#leave(room).catch((error) => {
      if (!passes(error)) throw error;
    });
  }

  /** Unless somebody else wants it by now. */
  async #leave(room) {
    while (this.state === 'open' && !this.#rooms.get(room.name)?._wanted) {
      try {
        return await this.request('room.leave', { room: room.name });
      } catch (error) {
        if (!error.retryAfterMs) throw error;
        await new Promise((done) => setTimeout(done, this.#options.random() * 5_000)); // all were told the same
      }
    }
  }

  // ---- what the link hears

  _heard(link, message) {
    if (link !== this.#link || typeof message?.type !== 'string') return;
    this.#heardAt = Math.max(Date.now(), this.#pingAt);
    this._emit('frame', message);
    const { type, id, data = {} } = message;
    if (this.#pending.has(id)) return this.#answered(this.#pending.get(id), message);
    if (type === 'session.opened') this.#opened(message);
    else if (type === 'pong') this.#pong(data);
    else if (type === 'reconnect') this.#comeBackAt = Date.now() + data.after;
    else if (type === 'error') this._emit('error', new HubbubError(data.code, data.message, data.retryAfterMs));
    else if (type === 'room.joined') this.#joinedByServer(data);
    else if (!id && data.room) {
      const room = this.#rooms.get(data.room);
      if (type === 'room.removed' && room) {
        if (room._joining && !this.#sse) { // its answer decides
          room._live = false;
          return;
        }
        this.#forget(room);
      }
      room?._heard(message);
    }
  }

  /** A permanent room. One known already is being rejoined from its place. */
  #joinedByServer(data) {
    const room = this.room(data.room);
    if (room._wanted) return;
    room._joined(data, room._want({}));
    this._emit('room', room);
  }
}

class SocketLink {
  #socket;

  constructor(client, ticket) {
    const socket = (this.#socket = new (client._api('WebSocket'))(client._url('/ws', ticket), 'hubbub.v1'));
    socket.onmessage = ({ data }) => client._heard(this, JSON.parse(data));
    socket.onclose = ({ code, reason }) => client._lost(this, code, reason);
  }

  send(message) {
    if (this.#socket.readyState === 1) this.#socket.send(JSON.stringify(message)); // else onclose is on its way
  }

  close(code, reason) {
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close(code, reason);
  }
}
