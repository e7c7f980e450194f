/** `tap.Socket`: a WebSocket that tests see through and disturb. */
globalThis.tap = {
  sent: [], // every message, parsed
  current: undefined,
  /** Looks at a message first; `false` keeps it from the server. */
  onsend: undefined,
  /** As when the network goes: whatever is under way is lost, and the client learns of it. */
  drop() {
    const { onclose } = this.current;
    this.current.onmessage = this.current.onclose = null;
    this.current.close(3000, 'dropped by the test');
    onclose({ code: 1006, reason: '' });
  },
};
tap.Socket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    tap.current = this;
  }

  send(text) {
    const message = JSON.parse(text);
    tap.sent.push(message);
    if (tap.onsend?.(message) !== false) super.send(text);
  }
};
