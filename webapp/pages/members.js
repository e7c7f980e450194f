/** The list of a room's members, kept up to date from presence events. */
import { make, part, short } from './dom.js';

const SHOWN = 200; // of a big room; the count says how many there are

export class Members {
  #room;
  #me;
  #count;
  #list;
  #byUser = new Map();
  #names = new Map(); // also of those who left, for their messages
  #asking = 0;

  constructor(element, room, me) {
    this.#list = part('members', element);
    this.#count = part('count', element);
    this.#room = room;
    this.#me = me;
    room.on('joined', (reply) => this.#replace(reply));
    room.on('presence', (event) => this.#change(event));
  }

  nameOf(user) {
    return this.#names.get(user);
  }

  #replace({ members, count }) {
    this.#asking++;
    this.#byUser.clear();
    for (const member of members ?? []) this.#set(member);
    this.#draw();
    // Over SSE, and in big rooms, the reply has not all of them.
    if ((count ?? 0) > this.#byUser.size) this.#ask();
  }

  #change(event) {
    const { change, member, joined = [], left = [], updated = [] } = event;
    if (change === 'reset') return this.#ask();
    if (change === 'left') this.#byUser.delete(member.user);
    else if (member) this.#set(member);
    for (const one of [...joined, ...updated]) this.#set(one);
    for (const { user } of left) this.#byUser.delete(user);
    this.#draw();
  }

  async #ask() {
    const turn = ++this.#asking;
    const found = [];
    try {
      for await (const member of this.#room.members({ limit: SHOWN })) {
        found.push(member);
        if (found.length === SHOWN) break;
      }
    } catch {
      return; // the next join brings them
    }
    if (turn !== this.#asking) return;
    this.#byUser.clear();
    for (const member of found) this.#set(member);
    this.#draw();
  }

  #set(member) {
    this.#byUser.set(member.user, member);
    this.#names.set(member.user, member.status?.name || member.name || short(member.user));
  }

  #draw() {
    const members = [...this.#byUser.values()].slice(0, SHOWN);
    members.sort((a, b) => this.nameOf(a.user).localeCompare(this.nameOf(b.user)));
    this.#list.replaceChildren(...members.map((member) => this.#line(member)));
    this.#count.textContent = this.#room.count ?? members.length;
  }

  #line({ user, status, conns }) {
    const away = Boolean(status?.away);
    const notes = [user === this.#me() && '(you)', conns > 1 && `×${conns}`].filter(Boolean).join(' ');
    const line = make('li', { title: user },
      make('span', { textContent: this.nameOf(user) }),
      make('span', { className: 'small quiet', textContent: notes }),
      make('span', { className: 'visually-hidden', textContent: away ? 'away' : 'active' }));
    line.dataset.user = user;
    line.dataset.away = away;
    return line;
  }
}
