// @ts-check
// A message on its way: shown at once, kept with its error if it fails, sent again under the same nonce.

import { encode } from "../text/mentions.js";
import { fresh } from "./ids.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./rest.js").Rest} Rest
 * @typedef {import("./types.js").Message} Message
 * @typedef {{messageId: string, ping: boolean}} Reply
 * @typedef {{channelId: string, text: string, files?: File[], reply?: Reply, nonce?: string}} Draft
 */

export class Outbox {
  /**
   * @param {State} state
   * @param {() => Rest} rest
   * @param {import("./history.js").History} history
   * @param {(channelId: string, content: string) => void} asked hears what is sent, as it is sent
   */
  constructor(state, rest, history, asked) {
    this.state = state;
    this.rest = rest;
    this.history = history;
    this.asked = asked;
    /** @type {Map<string, Draft>} */
    this.retries = new Map();
  }

  /**
   * Sends a message; it is shown at once, and stays with an error and a way to try again if it fails.
   * @param {Draft} draft
   */
  async send(draft) {
    if (this.state.book(draft.channelId).adrift) await this.history.latest(draft.channelId);
    // Sent again under the same nonce, a message that did arrive after all is not said twice.
    const nonced = { ...draft, nonce: draft.nonce ?? fresh() };
    const content = encode(draft.text, this.state.names());
    const waiting = this.#placeholder(nonced, content);
    this.state.book(draft.channelId).put(waiting);
    this.state.emit("messages", { channelId: draft.channelId, arrived: waiting.id });
    this.asked(draft.channelId, content);
    try {
      this.#sent(waiting, await this.#post(nonced, content, (progress) => this.#report(waiting, { progress })));
    } catch (error) {
      this.retries.set(waiting.id, nonced);
      this.#report(waiting, { error: /** @type {Error} */ (error).message, progress: null });
    }
  }

  /** @param {Message} waiting @param {Message} message */
  #sent(waiting, message) {
    const book = this.state.book(message.channel_id);
    book.byId.delete(waiting.id);
    book.put(message);
    waiting.sending?.previews.forEach((preview) => URL.revokeObjectURL(preview.url));
    this.state.emit("messages", { channelId: message.channel_id, arrived: null });
  }

  /**
   * Says how far it is; once the gateway has brought the message, there is nothing left to say.
   * @param {Message} waiting
   * @param {Partial<import("./types.js").Sending>} change
   */
  #report({ id, channel_id }, change) {
    const book = this.state.book(channel_id);
    const known = book.byId.get(id);
    if (!known?.sending) return;
    book.byId.set(id, { ...known, sending: { ...known.sending, ...change } });
    this.state.emit("message", { channelId: channel_id, id });
  }

  /** @param {Message} message @param {boolean} again whether to send it anew, or to forget it */
  settle(message, again) {
    const draft = this.retries.get(message.id);
    this.retries.delete(message.id);
    this.state.book(message.channel_id).byId.delete(message.id);
    this.state.emit("messages", { channelId: message.channel_id, arrived: null });
    if (again && draft) return this.send(draft);
    return undefined;
  }

  /**
   * @param {Draft} draft
   * @param {string} content
   * @param {(part: number) => void} progress
   * @returns {Promise<Message>}
   */
  #post({ channelId, files = [], reply, nonce }, content, progress) {
    const body = {
      content,
      nonce,
      enforce_nonce: true,
      allowed_mentions: { parse: ["users", "roles"], replied_user: reply?.ping ?? false },
      ...(reply ? { message_reference: { message_id: reply.messageId } } : {}),
      ...(files.length ? { attachments: files.map((file, id) => ({ id, filename: file.name })) } : {}),
    };
    return this.rest().post(`/channels/${channelId}/messages`, body, { files, progress });
  }

  /**
   * The message as it looks while it travels.
   * @param {Draft & {nonce: string}} draft
   * @param {string} content
   * @returns {Message}
   */
  #placeholder({ channelId, files = [], reply, nonce }, content) {
    const author = this.state.me ?? { id: "0", username: "you" };
    const previews = files.map((file) => ({ name: file.name, url: URL.createObjectURL(file) }));
    const replied = this.state.message(channelId, reply?.messageId);
    return {
      id: nonce,
      type: replied ? 19 : 0,
      channel_id: channelId,
      author,
      content,
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      attachments: [],
      embeds: [],
      components: [],
      mentions: [],
      nonce,
      sending: { progress: previews.length ? 0 : null, error: null, previews },
      ...(replied ? { referenced_message: replied, message_reference: { message_id: replied.id } } : {}),
    };
  }
}
