/** The echo page: sends text and bytes, and compares what returns with what went. */
import { append, make, part, server } from './dom.js';

const state = part('state');
const toggle = part('toggle');
const counts = { sent: 0, returned: 0, changed: 0 };
const awaited = []; // what was sent and has not returned; echoes keep the order
let socket;

function open() {
  awaited.length = 0;
  show('connecting');
  socket = new WebSocket(server('echo', 'ws'));
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => show('open');
  socket.onmessage = ({ data }) => returned(data);
  socket.onclose = ({ code, reason }) => show('closed', `closed ${code} ${reason}`);
}

function show(now, text = now) {
  state.dataset.state = now;
  state.textContent = text;
  toggle.textContent = now === 'closed' ? 'Connect' : 'Disconnect';
  for (const button of [part('send-text'), part('send-bytes')]) button.disabled = now !== 'open';
}

function send(data) {
  awaited.push({ data, at: performance.now() });
  socket.send(data);
  count('sent');
  line('↑', 'sent', data);
}

function returned(data) {
  const { data: sent, at } = awaited.shift() ?? {};
  const same = equal(sent, data);
  count('returned');
  if (!same) count('changed');
  line('↓', 'returned', data, `${same ? '' : 'changed, '}${(performance.now() - at).toFixed(1)} ms`);
}

function count(name) {
  part(name).textContent = ++counts[name];
  part('changed').classList.toggle('alarm', counts.changed > 0);
}

function line(arrow, word, data, note = '') {
  append(part('frames'), make('li', {},
    make('span', { ariaHidden: 'true', textContent: arrow }),
    make('span', {}, make('span', { className: 'visually-hidden', textContent: `${word}: ` }), describe(data)),
    make('span', { className: 'small quiet', textContent: note })));
}

function describe(data) {
  if (typeof data === 'string') return data.length > 200 ? `${data.slice(0, 200)}… (${data.length} characters)` : data;
  const bytes = new Uint8Array(data);
  const start = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `${bytes.length.toLocaleString()} bytes: ${start}${bytes.length > 8 ? ' …' : ''}`;
}

function equal(a, b) {
  if (typeof a === 'string' || typeof b === 'string' || !a) return a === b;
  const left = new Uint8Array(a);
  const right = new Uint8Array(b);
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

function randomBytes(size) {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536)); // its limit per call
  return bytes.buffer;
}

part('text-form').addEventListener('submit', (event) => {
  event.preventDefault();
  send(part('text').value);
});
part('bytes-form').addEventListener('submit', (event) => {
  event.preventDefault();
  send(randomBytes(Number(part('size').value)));
});
toggle.addEventListener('click', () => (socket.readyState > 1 ? open() : socket.close(1000)));

open();
