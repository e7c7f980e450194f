/**
 * The client's second way in: events over one SSE stream for all rooms, everything else over HTTP. hubbub.js loads it
 * only where a WebSocket cannot be had. It speaks the WebSocket's messages to the client, which need not know the difference.
 * SPDX-License-Identifier: Apache-2.0
 */

const ROOMS = 32; // of one stream
const PAGE = 1_000;
const RETRY_MS = 500;
const EVENTS = [
  'session.opened', 'session.closed', 'reconnect', 'room.joined', 'room.published', 'room.reset', 'room.skipped', 'room.removed',
  'presence.joined', 'presence.left', 'presence.updated', 'presence.changed', 'presence.reset',
];

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const path = (room, what, query = {}) => {
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined)).toString();
  return `/rooms/${encodeURIComponent(room)}/${what}${given && `?${given}`}`;
};
const older = (a, b) => (a && b && a.epoch === b.epoch && a.seq < b.seq ? a : b ?? a);
const place = (at) => at && `${at.epoch}:${at.seq}`;

export class StreamLink {
  #client;
  #ticket;
  #resume; // {rooms, id}: the cursor that the link before this one reached
  #source;
  #turn = 0; // of streams; a newer one ends what older ones still wait for
  #soon;
  #rooms; // the list that the stream's URL names
  #cursor;
  #joins = new Map(); // room → {ids, since, replay, waits} of the join requests not answered yet, which are answered together
  #feeds = new Map(); // room → {held}: its events are held until what was missed before them is fetched

  constructor(client, ticket, resume) {
    this.#client = client;
    this.#ticket = ticket;
    this.#resume = resume;
    this.#open();
  }

  send({ type, id, data, meta }) {
    const { room } = data;
    switch (type) {
      case 'room.join':
        return this.#join(id, data);
      case 'room.leave':
        this.#joins.delete(room); // nobody waits for them any more
        this.#openSoon();
        return this.#answer(type, id, { room });
      case 'room.publish':
        return this.#ask(id, () => this.#publish(id, data, meta), (answer) => this.#answer(type, id, answer));
      case 'room.history': {
        const query = { since: place(data.since), before: place(data.before), limit: data.limit };
        return this.#ask(id, () => this.#get(room, 'messages', query), ({ messages, ...complete }) => {
          this.#answer(type, id, { messages });
          this.#hand({ type: `${type}.complete`, id, data: complete });
        });
      }
      case 'presence.list':
        return this.#ask(id, () => this.#get(room, 'members', { after: data.after, limit: data.limit }),
          ({ items, ...rest }) => this.#answer(type, id, { members: items, ...rest }));
      case 'cancel': // its answer is one page, on its way already
        return undefined;
      default:
        return this.#refuse(id, { code: 'UNIMPLEMENTED', message: `${type} needs a WebSocket` });
    }
  }

  /** Returns what the next link can resume from, if every room had got all that the cursor stands for. */
  close() {
    this.#turn++;
    clearTimeout(this.#soon);
    this.#source?.close();
    const complete = this.#cursor && !this.#joins.size && ![...this.#feeds.values()].some((feed) => feed.held);
    return complete ? { rooms: this.#rooms, id: this.#cursor } : undefined;
  }

  #join(id, { room, since, replay }) {
    if (this.#client._wanted().length > ROOMS) {
      return this.#refuse(id, { code: 'RESOURCE_EXHAUSTED', message: `an SSE stream holds ${ROOMS} rooms` });
    }
    const feed = this.#feeds.get(room);
    const waits = !feed || feed.joined; // for a new stream
    const former = this.#joins.get(room) ?? { ids: [] };
    this.#joins.set(room, {
      ids: [...former.ids, id], since: older(former.since, since), replay: replay ?? former.replay, waits,
    });
    if (waits) this.#openSoon();
  }

  /** A join that will not be answered. */
  #drop(room, message, retryAfterMs, code = 'UNAVAILABLE') {
    const { ids = [] } = this.#joins.get(room) ?? {};
    this.#joins.delete(room);
    for (const id of ids) this.#refuse(id, { code, message, retryAfterMs });
  }

  /** Joins and leaves of one turn make one new stream. */
  #openSoon() {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#open();
    });
  }

  async #open() {
    const client = this.#client;
    const turn = ++this.#turn;
    const open = client.state === 'open';
    const names = () => client._wanted().map((room) => room.name);
    const waiting = () => [...this.#joins].filter(([, join]) => join.waits);
    if (open && !waiting().length && names().join(' ') === this.#rooms) return; // a join was given up
    const free = this.#ticket || (open && !names().length); // nothing is opened then
    const { ticket, status, code, reason, retryAfterMs } = await (free ? { ticket: this.#ticket } : client._ticket());
    this.#ticket = undefined;
    if (turn !== this.#turn) return;
    if (status !== undefined) {
      // Told to wait, it keeps the stream that it has, unless that is of a room that was left.
      const kept = open && [...this.#feeds.keys()].every((name) => names().includes(name));
      if (!retryAfterMs || !kept) return client._lost(this, code ?? 1006, reason, retryAfterMs);
      for (const [room] of waiting()) this.#drop(room, reason, retryAfterMs);
      return;
    }
    for (const join of this.#joins.values()) join.waits = false;
    this.#source?.close();

    const rooms = client._wanted();
    this.#rooms = names().join(' ');
    const resume = this.#resume?.rooms === this.#rooms ? this.#resume.id : undefined;
    this.#resume = this.#cursor = undefined; // a cursor is good for its own list only
    this.#feeds = new Map(rooms.map((room) => [room.name, { held: [], resumed: Boolean(resume) }]));
    if (!rooms.length) { // there is no stream of nothing, yet writing is possible
      if (client.state !== 'open') this.#hand({ type: 'session.opened', data: {} });
      return;
    }
    const presence = ['full', 'listen', 'off'].find((level) => rooms.some((room) => ((room._ask ?? room._options).presence ?? 'full') === level));
    const query = [...rooms.map((room) => ['room', room.name]), ['presence', presence]];
    if (resume) query.push(['lastEventId', resume]);
    this.#source = new (client._api('EventSource'))(client._url('/events', ticket, query));
    for (const type of EVENTS) this.#source.addEventListener(type, (event) => this.#heard(event));
    // The client's back-off replaces EventSource's own reconnecting.
    this.#source.onerror = () => client._lost(this, 1006, 'the stream ended');
  }

  #heard(event) {
    const message = JSON.parse(event.data);
    const { type, data } = message;
    if (event.lastEventId) this.#cursor = event.lastEventId;
    const feed = this.#feeds.get(data.room);
    const join = this.#joins.get(data.room);
    if (type === 'session.closed') this.#client._lost(this, data.code, data.reason);
    else if (type === 'room.joined' && feed) this.#joined(feed, data);
    else if (type === 'room.removed' && join) {
      this.#drop(data.room, data.reason, undefined, 'PERMISSION_DENIED');
      this.#tell(message);
    } else if (feed?.held) feed.held.push(message);
    else this.#tell(message);
    if (type === 'session.opened') this.#openSoon(); // a room may have been left meanwhile
  }

  #tell(message) {
    if (message.type === 'room.removed') this.#feeds.delete(message.data.room);
    this.#hand(message);
  }

  /** First what was missed, then what was held: each message once, in order. */
  async #joined(feed, joined) {
    const { room, epoch, seq } = joined;
    feed.joined = true;
    const join = this.#joins.get(room);
    if (feed.resumed && joined.recovered !== undefined) { // the server replays what follows the cursor
      feed.held = undefined;
      return this.#answerJoin(room, join, joined);
    }
    const since = join?.since ?? (join?.replay ? undefined : this.#client.room(room).place);
    let missed;
    try {
      missed = await this.#missed(joined, since, join?.replay);
    } catch (error) {
      return this.#feeds.get(room) === feed && this.#client._lost(this, 1011, error.message);
    }
    if (this.#feeds.get(room) !== feed) return; // a newer stream does it
    const { messages = [], reset } = missed;
    if (join) {
      this.#answerJoin(room, join, {
        ...joined, seq: messages.at(-1)?.seq ?? seq, replayed: messages.length, ...(since && { recovered: !reset }),
      });
      await sleep(0); // the app's turn to listen, before the first message
      if (this.#feeds.get(room) !== feed) return;
    }
    if (reset) this.#hand({ type: 'room.reset', data: { room, epoch, seq, reason: reset } });
    for (const message of messages) this.#hand({ type: 'room.published', data: { room, epoch, ...message } });
    for (const message of feed.held) this.#tell(message);
    feed.held = undefined;
  }

  /** The messages between the place and the stream's start, or why there are none. */
  async #missed({ room, epoch, seq }, since, replay) {
    try {
      if (!since) return replay ? await this.#get(room, 'messages', { limit: replay }) : {};
      if (since.epoch !== epoch) return { reset: 'epoch' };
      if (since.seq > seq) return { reset: 'ahead' };
      const messages = [];
      for (let at = since.seq; at < seq; at = messages.at(-1).seq) {
        const page = await this.#get(room, 'messages', { since: place({ epoch, seq: at }), limit: PAGE });
        if (page.truncated || !page.messages.length) return { reset: 'trimmed' };
        messages.push(...page.messages);
      }
      return { messages };
    } catch (error) {
      if (!error.status || error.status === 429 || error.status >= 500) throw error;
      return { reset: 'cursor' }; // history is refused, so nothing can be said about what was missed
    }
  }

  #answerJoin(room, join, data) {
    if (this.#joins.get(room) === join) this.#joins.delete(room);
    for (const id of join?.ids ?? []) this.#answer('room.join', id, data);
  }

  #get(room, what, query) {
    return this.#client._http('GET', path(room, what, query));
  }

  /** With its key it may be repeated when nobody knows whether it arrived, as long as someone waits for the answer. */
  async #publish(id, { room, key, echo, ...body }, meta) {
    for (;;) {
      try {
        return await this.#client._http('POST', path(room, 'messages'), { ...body, meta }, key && { 'Idempotency-Key': key });
      } catch (error) {
        if (error.status || !key) throw error;
        await sleep(RETRY_MS);
        if (!this.#client._isPending(id)) throw error;
      }
    }
  }

  async #ask(id, call, done) {
    try {
      done(await call());
    } catch (error) {
      this.#refuse(id, error);
    }
  }

  #answer(type, id, data) {
    this.#hand({ type: `${type}.reply`, id, data });
  }

  #refuse(id, { code, message, retryAfterMs }) {
    if (this.#client._isPending(id)) this.#hand({ type: 'error', id, data: { code, message, retryAfterMs } });
  }

  #hand(message) {
    this.#client._heard(this, message);
  }
}
