// @ts-check
// Discord's gateway: one socket that says hello, keeps a heartbeat, and comes back by itself when it is lost.

const DISPATCH = 0,
  HEARTBEAT = 1,
  IDENTIFY = 2,
  RESUME = 6,
  RECONNECT = 7,
  INVALID = 9,
  HELLO = 10,
  ACK = 11;
const FIRST_WAIT = 400;
const LONGEST_WAIT = 8_000;
const WRONG_TOKEN = 4004;

/**
 * Emits `dispatch` with {t, d} and `status` with "connecting", "open", "lost" or "refused".
 */
export class Gateway extends EventTarget {
  /** @param {string} url @param {string} token */
  constructor(url, token) {
    super();
    this.url = url;
    this.token = token;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {{session: string, sequence: number} | null} */
    this.resumable = null;
    this.acknowledged = true;
    this.closed = false;
    this.failures = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.beat = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.again = undefined;
  }

  open() {
    this.closed = false;
    this.#status(this.failures ? "lost" : "connecting");
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onmessage = (event) => socket === this.socket && this.#receive(JSON.parse(event.data));
    socket.onclose = (event) => socket === this.socket && this.#lost(event.code);
  }

  /** Leaves for good. */
  close() {
    this.closed = true;
    clearTimeout(this.beat);
    clearTimeout(this.again);
    this.socket?.close(1000);
    this.socket = null;
  }

  /** Tries again at once instead of waiting: the network is back, or the tab is looked at again. */
  hurry() {
    if (this.closed || this.socket) return;
    clearTimeout(this.again);
    this.open();
  }

  /** @param {{op: number, d: any, s: number | null, t: string | null}} payload */
  #receive({ op, d, s, t }) {
    if (op === HELLO) this.#hello(d.heartbeat_interval);
    else if (op === ACK) this.acknowledged = true;
    else if (op === HEARTBEAT) this.#send(HEARTBEAT, this.resumable?.sequence ?? null);
    else if (op === RECONNECT) this.#drop();
    else if (op === INVALID) this.#invalid(d);
    else if (op === DISPATCH && t) this.#dispatch(t, d, s ?? 0);
  }

  /** @param {number} interval */
  #hello(interval) {
    this.acknowledged = true;
    this.#heartbeat(interval, interval * Math.random());
    if (this.resumable)
      this.#send(RESUME, { token: this.token, session_id: this.resumable.session, seq: this.resumable.sequence });
    else this.#identify();
  }

  #identify() {
    this.#send(IDENTIFY, {
      token: this.token,
      capabilities: 0,
      properties: { os: "web", browser: "easel sandbox", device: "" },
    });
  }

  /** @param {string} t @param {any} d @param {number} s */
  #dispatch(t, d, s) {
    if (t === "READY") this.resumable = { session: d.session_id, sequence: s };
    else if (this.resumable) this.resumable.sequence = s;
    if (t === "READY" || t === "RESUMED") {
      this.failures = 0;
      this.#status("open");
    }
    this.dispatchEvent(new CustomEvent("dispatch", { detail: { t, d } }));
  }

  /** @param {number} interval @param {number} wait */
  #heartbeat(interval, wait) {
    clearTimeout(this.beat);
    this.beat = setTimeout(() => {
      if (!this.acknowledged) return this.#drop();
      this.acknowledged = false;
      this.#send(HEARTBEAT, this.resumable?.sequence ?? null);
      this.#heartbeat(interval, interval);
    }, wait);
  }

  /** @param {boolean} resumable */
  #invalid(resumable) {
    if (resumable) return this.#drop();
    this.resumable = null;
    this.#identify();
  }

  #drop() {
    this.socket?.close(4900);
    this.#lost(4900);
  }

  /** @param {number} code */
  #lost(code) {
    clearTimeout(this.beat);
    this.socket = null;
    if (this.closed) return;
    if (code === WRONG_TOKEN) return this.#status("refused");
    if (code >= 4003 && code <= 4009) this.resumable = null;
    this.failures++;
    this.#status("lost");
    const wait = Math.min(FIRST_WAIT * 2 ** (this.failures - 1), LONGEST_WAIT);
    this.again = setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
  }

  /** @param {number} op @param {unknown} d */
  #send(op, d) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ op, d }));
  }

  /** @param {"connecting" | "open" | "lost" | "refused"} status */
  #status(status) {
    this.dispatchEvent(new CustomEvent("status", { detail: status }));
  }
}
