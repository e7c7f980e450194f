/** "… is typing": ephemeral messages out, at most one in two seconds; in, each good for four. */
const TELL_MS = 2_000;
const GOOD_MS = 4_000;

export class Typing {
  #line;
  #room;
  #nameOf;
  #toldAt = 0;
  #until = new Map(); // user → timer

  constructor(line, room, nameOf) {
    this.#line = line;
    this.#room = room;
    this.#nameOf = nameOf;
  }

  tell() {
    if (Date.now() - this.#toldAt < TELL_MS) return;
    this.#toldAt = Date.now();
    this.#room.publish({}, { event: 'typing', ephemeral: true, echo: false }).catch(() => {}); // not worth a word
  }

  /** What was typed is sent, so the next key is told at once. */
  sent() {
    this.#toldAt = 0;
  }

  heard(user) {
    this.over(user);
    this.#until.set(user, setTimeout(() => this.over(user), GOOD_MS));
    this.#draw();
  }

  over(user) {
    clearTimeout(this.#until.get(user));
    if (this.#until.delete(user)) this.#draw();
  }

  #draw() {
    const names = [...this.#until.keys()].map(this.#nameOf);
    const who = names.length > 3 ? `${names.length} people` : names.join(', ');
    this.#line.textContent = names.length ? `${who} ${names.length === 1 ? 'is' : 'are'} typing …` : '';
  }
}
