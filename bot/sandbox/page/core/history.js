// @ts-check
// Which messages are here: the latest of a channel, older ones, those around one that was named.

import { compare } from "./ids.js";
import { FORUM } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./rest.js").Rest} Rest
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Channel} Channel
 */

const PAGE = 50;

export class History {
  /** @param {State} state @param {() => Rest} rest */
  constructor(state, rest) {
    this.state = state;
    this.rest = rest;
  }

  /** Shows a channel; unknown ones (an archived thread) are fetched first. @param {string} channelId */
  async open(channelId) {
    if (!this.state.channels.has(channelId)) {
      const channel = await this.rest().get(`/channels/${channelId}`);
      this.state.channels.set(channelId, channel);
    }
    this.state.selected = channelId;
    this.seen(channelId);
    this.state.emit("select");
    this.state.emit("channels");
    await this.refresh(channelId);
  }

  /** @param {string} channelId */
  seen(channelId) {
    if (this.state.unread.delete(channelId)) this.state.emit("channels");
  }

  /** Fetches the latest messages unless they are known to be here. @param {string} channelId */
  async refresh(channelId) {
    const channel = this.state.channels.get(channelId);
    if (channel?.type === FORUM) return this.#archived(channelId);
    const book = this.state.book(channelId);
    if (book.fresh) return;
    // What arrives while this page travels must not be forgotten with the old.
    const old = [...book.byId.keys()];
    const page = await this.rest().get(`/channels/${channelId}/messages`, { limit: PAGE });
    book.reset(old);
    book.fresh = true;
    book.complete = page.length < PAGE;
    this.#keep(channelId, page);
  }

  /** @param {string} channelId */
  async older(channelId) {
    const book = this.state.book(channelId);
    const { oldest } = book.ends();
    if (book.complete || !oldest) return;
    const page = await this.rest().get(`/channels/${channelId}/messages`, { limit: PAGE, before: oldest.id });
    book.complete = page.length < PAGE;
    this.#keep(channelId, page);
  }

  /** Makes sure that a message is among those shown. @param {string} channelId @param {string} id */
  async reach(channelId, id) {
    const book = this.state.book(channelId);
    if (book.byId.has(id)) return true;
    const page = await this.rest().get(`/channels/${channelId}/messages`, { limit: PAGE, around: id });
    const { oldest } = book.ends();
    if (oldest && page.length && compare(page[0].id, oldest.id) < 0) {
      book.reset();
      book.adrift = true;
    }
    this.#keep(channelId, page);
    return book.byId.has(id);
  }

  /** Comes back from the past to the newest messages. @param {string} channelId */
  async latest(channelId) {
    this.state.book(channelId).fresh = false;
    await this.refresh(channelId);
  }

  /** @param {string} channelId @param {Message[]} page */
  #keep(channelId, page) {
    const book = this.state.book(channelId);
    for (const message of page) {
      this.state.users.set(message.author.id, { ...this.state.users.get(message.author.id), ...message.author });
      book.put(message);
    }
    this.state.emit("messages", { channelId, arrived: null });
  }

  /** A forum's posts and a channel's threads that have gone to rest. @param {string} channelId */
  async #archived(channelId) {
    const found = await this.archivedThreads(channelId);
    for (const thread of found) if (!this.state.channels.has(thread.id)) this.state.channels.set(thread.id, thread);
    this.state.emit("channels");
  }

  /** @param {string} channelId @returns {Promise<Channel[]>} */
  async archivedThreads(channelId) {
    const answer = await this.rest().get(`/channels/${channelId}/threads/archived/public`, { limit: PAGE });
    return answer.threads;
  }
}
