/** One pane of the chat: a client, its room, and what they say put on the page. */
import { connect } from '../client/hubbub.js';
import { append, make, part, server, short, timeOf } from './dom.js';
import { Members } from './members.js';
import { SeqCheck } from './seq-check.js';
import { Typing } from './typing.js';

const REPLAY = 50;

export class ChatPane {
  #element;
  #client;
  #room;
  #members;
  #typing;
  #check = new SeqCheck();
  #nameKey;
  #away = false;
  #retryAt = 0;
  #joined = false;
  #joining = false;

  constructor(element, { room, transport, anon, nameKey }) {
    this.#element = element;
    this.#nameKey = nameKey;
    this.#part('name').value = this.#storedName();
    this.#client = connect(server('ws', 'ws'), { transport, anon });
    this.#room = this.#client.room(room);
    this.#members = new Members(element, this.#room, () => this.#client.user);
    this.#typing = new Typing(this.#part('typing'), this.#room, (user) => this.#members.nameOf(user) ?? short(user));
    this.#listen();
    this.#control();
    this.#showState({ state: this.#client.state });
    this.#join();
  }

  #part(name) {
    return part(name, this.#element);
  }

  // ---- what the client says

  #listen() {
    this.#client.on('state', (event) => this.#showState(event));
    this.#client.on('rtt', (ms) => { this.#part('rtt').textContent = `${Math.round(ms)} ms`; });
    this.#client.on('error', ({ message }) => this.#complain(message));
    this.#room.on('joined', (reply) => this.#showJoined(reply));
    this.#room.on('message', (message) => this.#showMessage(message));
    this.#room.on('ephemeral', ({ event, from }) => {
      if (event === 'typing' && from.conn !== this.#client.conn) this.#typing.heard(from.user);
    });
    this.#room.on('reset', (reset) => this.#told(reset, `What was missed cannot be shown (${reset.reason}).`));
    this.#room.on('skipped', ({ epoch, from, to }) => this.#told({ epoch, seq: to }, `${to - from + 1} messages were left out.`));
    this.#room.on('removed', ({ reason }) => this.#complain(`You are no longer in this room: ${reason}`));
    setInterval(() => this.#countDown(), 1_000);
  }

  async #join() {
    if (this.#joined || this.#joining) return;
    this.#joining = true;
    while (!this.#joined && this.#client.state !== 'closed') {
      try {
        await this.#client.join(this.#room.name, { replay: REPLAY, status: this.#status() });
        this.#complain('');
      } catch (error) {
        this.#complain(`Not joined: ${error.message}`);
        // While there is no connection a join runs out of time; all else is an answer.
        if (!['UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.code)) break;
        await new Promise((again) => setTimeout(again, 1_000));
      }
    }
    this.#joining = false;
  }

  #showState({ state, code, reason, retryInMs }) {
    const pill = this.#part('state');
    pill.dataset.state = state;
    pill.textContent = state === 'closed' ? `closed: ${[code, reason].filter(Boolean).join(' ')}` : state;
    this.#part('transport').textContent = this.#client.transport === 'sse' ? 'SSE' : 'WebSocket';
    this.#part('offline').textContent = state === 'paused' ? 'Go online' : 'Go offline';
    this.#part('offline').disabled = state === 'closed';
    this.#retryAt = retryInMs === undefined ? 0 : Date.now() + retryInMs;
    this.#countDown();
  }

  #countDown() {
    const left = Math.ceil((this.#retryAt - Date.now()) / 1_000);
    this.#part('retry').textContent = left > 0 ? `next try in ${left} s` : '';
  }

  #showJoined({ recovered, replayed }) {
    if (!this.#joined) this.#check.told(this.#room.place); // from here on the check stands alone
    else if (recovered) this.#note(replayed ? `Back. ${replayed} missed:` : 'Back. Nothing missed.');
    this.#joined = true;
    this.#showFigures();
  }

  #told(place, text) {
    this.#check.told(place);
    this.#note(text);
    this.#showFigures();
  }

  #showMessage(message) {
    const { seq, payload, from, ts } = message;
    this.#check.seen(message);
    this.#typing.over(from.user);
    const name = payload?.name || this.#members.nameOf(from.user) || from.name || short(from.user);
    const line = make('li', { className: from.user === this.#client.user ? 'message mine' : 'message' },
      make('header', {}, make('b', { textContent: name, title: from.user }), make('time', { textContent: timeOf(ts), dateTime: new Date(ts).toISOString() })),
      make('p', { textContent: textOf(payload) }));
    line.dataset.seq = seq;
    this.#add(line);
    this.#showFigures();
  }

  #note(text) {
    this.#add(make('li', { className: 'note', textContent: text }));
  }

  #add(line) {
    this.#part('empty').hidden = true;
    append(this.#part('messages'), line);
  }

  #showFigures() {
    const { gaps, repeats } = this.#check;
    this.#part('seq').textContent = this.#room.place?.seq ?? '–';
    for (const [name, count] of Object.entries({ gaps, repeats })) {
      this.#part(name).textContent = count;
      this.#part(name).classList.toggle('alarm', count > 0);
    }
  }

  #complain(text) {
    this.#part('error').textContent = text;
  }

  // ---- what the user does

  #control() {
    const on = (name, event, listener) => this.#part(name).addEventListener(event, listener);
    on('composer', 'submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    on('text', 'input', () => this.#typing.tell());
    on('offline', 'click', () => (this.#client.state === 'paused' ? this.#client.resume() : this.#client.pause()));
    on('reconnect', 'click', () => {
      this.#client.reconnect();
      this.#join();
    });
    on('name', 'change', () => {
      this.#storeName();
      this.#updateStatus();
    });
    on('away', 'click', () => {
      this.#away = !this.#away;
      this.#part('away').setAttribute('aria-pressed', this.#away);
      this.#updateStatus();
    });
    document.addEventListener('visibilitychange', () => this.#updateStatus(['UNAVAILABLE', 'UNIMPLEMENTED']));
  }

  async #send() {
    const input = this.#part('text');
    const text = input.value.trim();
    if (!text) return;
    input.value = '';
    this.#typing.sent();
    this.#complain('');
    try {
      await this.#room.publish({ text, name: this.#name() || undefined });
    } catch (error) {
      this.#complain(`Not sent: ${error.message}`);
      if (!input.value) input.value = text;
    }
  }

  /** While there is no connection the status waits for the next join. */
  async #updateStatus(unsaid = ['UNAVAILABLE']) {
    if (!this.#joined) return; // the join tells it
    try {
      await this.#room.update(this.#status());
    } catch (error) {
      if (!unsaid.includes(error.code)) this.#complain(`Status not changed: ${error.message}`);
    }
  }

  #status() {
    return { name: this.#name(), away: this.#away || document.visibilityState === 'hidden' };
  }

  #name() {
    return this.#part('name').value.trim();
  }

  #storedName() {
    try {
      return localStorage.getItem(this.#nameKey) ?? '';
    } catch {
      return '';
    }
  }

  #storeName() {
    try {
      localStorage.setItem(this.#nameKey, this.#name());
    } catch { /* no storage */ }
  }
}

/** Chats carry {text}; whatever else is published into the room is shown as it is. */
function textOf(payload) {
  if (typeof payload === 'string') return payload;
  return typeof payload?.text === 'string' ? payload.text : JSON.stringify(payload);
}
