/** The chat page: one or two panes, each a client of its own. `?room=`, `?panes=2`, `?transport=auto|ws|sse`. */
import { ChatPane } from './chat-pane.js';
import { part } from './dom.js';

const query = new URLSearchParams(location.search);
const room = query.get('room') || 'chat:lobby';
const panes = query.get('panes') === '2' ? 2 : 1;
const transport = ['ws', 'sse'].includes(query.get('transport')) ? query.get('transport') : 'auto';

part('room-name').textContent = room;
part('room').value = room;
part('two-panes').checked = panes === 2;
part('panes').dataset.panes = panes;
document.title = `${room} · Hubbub`;

for (let number = 1; number <= panes; number++) {
  const element = document.getElementById('pane').content.firstElementChild.cloneNode(true);
  element.dataset.pane = number;
  element.setAttribute('aria-label', panes === 1 ? 'Chat' : `Pane ${number}`);
  part('panes').append(element);
  // The second pane is somebody else, so it must not share the stored identity.
  new ChatPane(element, { room, transport, anon: number === 1, nameKey: `hubbub.name.${number}` });
}
