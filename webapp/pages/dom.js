/** What the pages share. */

/** Finds by `data-testid`, so that pages and tests hold on to the same names. */
export const part = (name, within = document) => within.querySelector(`[data-testid="${name}"]`);

/** An element with its properties and children. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export const timeOf = (ms) => new Date(ms).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** Ids are long; people tell them apart by a few characters. */
export const short = (id) => (id && id.length > 12 ? `${id.slice(0, 10)}…` : id ?? '?');

/** Adds to a list in a scrolling box, which stays at its end if it was there. Old lines go, so that a page may stay open. */
export function append(list, line, most = 500) {
  const box = list.closest('.log');
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  list.append(line);
  while (list.children.length > most) list.firstElementChild.remove();
  if (atEnd) box.scrollTop = box.scrollHeight;
}

/** The server beside the page, wherever it is mounted. */
export function server(path, protocol = 'http') {
  const url = new URL(path, location.href);
  if (protocol === 'ws') url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}
