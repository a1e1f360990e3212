// @ts-check
// The messages of one channel as far as they have been seen, in order, whatever order they arrive in.

import { compare } from "./ids.js";

/** @typedef {import("./types.js").Message} Message */

export class Book {
  constructor() {
    /** @type {Map<string, Message>} */
    this.byId = new Map();
    /** Whether the page has asked for the latest messages since the gateway last identified. */
    this.fresh = false;
    /** Whether the first message ever is among these. */
    this.complete = false;
    /** Whether newer messages exist that have not been fetched: the page jumped into the past. */
    this.adrift = false;
  }

  /** All messages, oldest first. @returns {Message[]} */
  list() {
    return [...this.byId.values()].sort((one, other) => compare(one.id, other.id));
  }

  /** @param {Message} message */
  put(message) {
    const known = this.byId.get(message.id);
    const merged = known ? { ...known, ...message } : message;
    if (known?.sending && !message.sending) delete merged.sending;
    this.byId.set(message.id, merged);
  }

  /** The message still on its way under this nonce. @param {string | number | undefined} nonce */
  waiting(nonce) {
    return nonce === undefined
      ? undefined
      : [...this.byId.values()].find((message) => message.sending && message.nonce === String(nonce));
  }

  /** The oldest and the newest that the server knows. */
  ends() {
    const known = this.list().filter((message) => !message.sending && !((message.flags ?? 0) & 64));
    return { oldest: known[0], newest: known[known.length - 1] };
  }

  /** Forgets those that the server can tell again; what only this page has stays. @param {Iterable<string>} [ids] */
  reset(ids = [...this.byId.keys()]) {
    for (const id of ids) {
      const message = this.byId.get(id);
      if (message && !message.sending && !((message.flags ?? 0) & 64)) this.byId.delete(id);
    }
    this.complete = false;
    this.adrift = false;
  }
}
