/**
 * Holds the server and the client to the promise: every kept message once, in order, or told why not. It trusts neither,
 * and so counts from the events alone.
 */
export class SeqCheck {
  gaps = 0;
  repeats = 0;
  #last;

  /** A place that was told: by a first join, `reset` or `skipped`. */
  told({ epoch, seq }) {
    this.#last = { epoch, seq };
  }

  seen({ epoch, seq }) {
    const last = this.#last;
    if (last?.epoch === epoch) {
      if (seq > last.seq + 1) this.gaps += seq - last.seq - 1;
      if (seq <= last.seq) this.repeats++;
    } else if (last) {
      this.gaps++; // a new epoch comes with a reset, never by itself
    }
    this.#last = { epoch, seq: last?.epoch === epoch ? Math.max(seq, last.seq) : seq };
  }
}
