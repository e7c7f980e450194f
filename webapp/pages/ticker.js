/** The ticker page: the browser's own EventSource, to show what SSE needs of a page, which is little. */
import { make, part, server, short, timeOf } from './dom.js';

const ROOM = 'ticker:demo';
const SHOWN = 12;
const DRAWN = 60;
const ANON_KEY = 'hubbub.anon'; // the client's, so that all pages are the same user

const state = part('state');
const values = [];
let source;
let events = 0;
let lastEventId = '';
let anon = stored();
let timer;

function stored() {
  try {
    return localStorage.getItem(ANON_KEY);
  } catch {
    return null;
  }
}

function open() {
  const url = new URL(server('events'));
  url.searchParams.set('room', ROOM);
  if (anon) url.searchParams.set('anon', anon);
  // EventSource resumes by itself after an error; after a close we have to say from where.
  if (lastEventId) url.searchParams.set('lastEventId', lastEventId);
  else url.searchParams.set('replay', SHOWN);
  show('connecting');
  source = new EventSource(url);
  source.onopen = () => show('open');
  source.onerror = () => show(source.readyState === EventSource.CLOSED ? 'closed' : 'waiting');
  on('session.opened', ({ data }) => keep(data.anon));
  on('room.joined', () => {});
  on('room.published', tick);
  on('room.reset', ({ data }) => complain(`What was missed is gone (${data.reason}); going on from ${data.seq}.`));
  on('session.closed', ({ data }) => complain(`The server ended the stream: ${data.code} ${data.reason}`));
}

function on(type, listener) {
  source.addEventListener(type, (event) => {
    if (event.lastEventId) {
      lastEventId = event.lastEventId;
      part('last-event-id').textContent = lastEventId;
    }
    listener(JSON.parse(event.data));
  });
}

function keep(id) {
  if (!id) return;
  anon = id;
  try {
    localStorage.setItem(ANON_KEY, id);
  } catch { /* no storage */ }
}

function show(now) {
  state.dataset.state = now;
  state.textContent = now;
  part('toggle').textContent = now === 'closed' ? 'Connect' : 'Disconnect';
}

function tick({ ts, data: { seq, payload, from } }) {
  const value = Number(payload?.value ?? payload);
  part('events').textContent = ++events;
  part('seq').textContent = seq;
  part('value').textContent = Number.isFinite(value) ? value.toFixed(2) : '–';
  part('no-ticks').hidden = true;
  const rows = part('ticks');
  rows.prepend(make('tr', {},
    make('td', { className: 'number', textContent: seq }),
    make('td', { className: 'number', textContent: Number.isFinite(value) ? value.toFixed(2) : JSON.stringify(payload) }),
    make('td', { textContent: timeOf(ts) }),
    make('td', { textContent: from.name ?? short(from.user), title: from.user })));
  while (rows.children.length > SHOWN) rows.lastElementChild.remove();
  if (Number.isFinite(value)) draw(value);
}

function draw(value) {
  values.push(value);
  if (values.length > DRAWN) values.shift();
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const step = 100 / Math.max(1, values.length - 1);
  part('spark').setAttribute('points', values.map((v, i) => `${(i * step).toFixed(2)},${(38 - ((v - low) / span) * 36).toFixed(2)}`).join(' '));
}

async function publish() {
  const last = values.at(-1) ?? 100;
  const value = Math.round((last + (Math.random() - 0.5) * 4) * 100) / 100;
  try {
    const response = await fetch(server(`api/v1/rooms/${ROOM}/messages`), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(anon && { Authorization: `Bearer ${anon}` }) },
      body: JSON.stringify({ event: 'tick', conflate: 'tick', payload: { value } }),
    });
    complain(response.ok ? '' : `Not published: ${(await response.json().catch(() => ({}))).detail ?? response.status}`);
  } catch (error) {
    complain(`Not published: ${error.message}`);
  }
}

function complain(text) {
  part('error').textContent = text;
}

part('publish').addEventListener('click', publish);
part('auto').addEventListener('change', ({ target }) => {
  clearInterval(timer);
  if (target.checked) timer = setInterval(publish, 1_000);
});
part('toggle').addEventListener('click', () => {
  if (source.readyState === EventSource.CLOSED) return open();
  source.close();
  show('closed');
});

open();
