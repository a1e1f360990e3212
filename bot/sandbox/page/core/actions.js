// @ts-check
// What a member can do: each action speaks to the server and leaves the state as it should be.

import { encode } from "../text/mentions.js";
import { compare, fresh } from "./ids.js";
import { DM, FORUM, isThread } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./rest.js").Rest} Rest
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Channel} Channel
 * @typedef {{channelId: string, text: string, files?: File[], reply?: {messageId: string, ping: boolean}, nonce?: string}} Draft
 */

const PAGE = 50;

export class Actions {
  /** @param {State} state @param {() => Rest} rest */
  constructor(state, rest) {
    this.state = state;
    this.rest = rest;
    /** When and where this member last asked the bot for something, so that its thread can be followed. */
    this.lastAsk = { channelId: "", at: 0 };
    this.lastTyping = { channelId: "", at: 0 };
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

  /**
   * Sends a message; it is shown at once, and stays with an error and a way to try again if it fails.
   * @param {Draft} draft
   */
  async send(draft) {
    const { state } = this;
    if (state.book(draft.channelId).adrift) await this.latest(draft.channelId);
    const content = encode(draft.text, state.names());
    // Sent again under the same nonce, a message that did arrive after all is not said twice.
    const nonce = draft.nonce ?? fresh();
    const message = this.#placeholder(draft, content, nonce);
    const book = state.book(draft.channelId);
    const report = (/** @type {Partial<import("./types.js").Sending>} */ change) => {
      const known = book.byId.get(message.id);
      if (!known?.sending) return;
      book.byId.set(message.id, { ...known, sending: { ...known.sending, ...change } });
      state.emit("message", { channelId: draft.channelId, id: message.id });
    };
    book.put(message);
    this.#noteAsk(draft.channelId, content);
    state.emit("messages", { channelId: draft.channelId, arrived: message.id });
    try {
      const sent = await this.rest().post(`/channels/${draft.channelId}/messages`, this.#body(draft, content, nonce),
        { files: draft.files, progress: (progress) => report({ progress }) });
      book.byId.delete(message.id);
      message.sending?.previews.forEach((preview) => URL.revokeObjectURL(preview.url));
      book.put(sent);
      state.emit("messages", { channelId: draft.channelId, arrived: null });
    } catch (error) {
      report({ error: /** @type {Error} */ (error).message, progress: null });
      this.retries.set(message.id, { ...draft, nonce });
    }
  }

  /** @type {Map<string, Draft>} */
  retries = new Map();

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
   * @param {string} nonce
   */
  #body(draft, content, nonce) {
    const reference = draft.reply && { message_id: draft.reply.messageId };
    return {
      content, nonce, enforce_nonce: true, allowed_mentions: { parse: ["users", "roles"], replied_user: draft.reply?.ping ?? false },
      ...(reference ? { message_reference: reference } : {}),
      ...(draft.files?.length ? { attachments: draft.files.map((file, id) => ({ id, filename: file.name })) } : {}),
    };
  }

  /**
   * @param {Draft} draft
   * @param {string} content
   * @param {string} nonce
   * @returns {Message}
   */
  #placeholder(draft, content, nonce) {
    const author = this.state.me ?? { id: "0", username: "you" };
    const previews = (draft.files ?? []).map((file) => ({ name: file.name, url: URL.createObjectURL(file) }));
    const replied = this.state.message(draft.channelId, draft.reply?.messageId);
    return {
      id: nonce, type: replied ? 19 : 0, channel_id: draft.channelId, author, content, timestamp: new Date().toISOString(), edited_timestamp: null,
      attachments: [], embeds: [], components: [], mentions: [], nonce, sending: { progress: previews.length ? 0 : null, error: null, previews },
      ...(replied ? { referenced_message: replied, message_reference: { message_id: replied.id } } : {}),
    };
  }

  /** @param {string} channelId @param {string} content */
  #noteAsk(channelId, content) {
    if (content.includes(`<@${this.state.botId}>`)) this.lastAsk = { channelId, at: Date.now() };
  }

  /** A command may open a thread as well. @param {string} channelId */
  noteCommand(channelId) {
    this.lastAsk = { channelId, at: Date.now() };
  }

  /** @param {Message} message @param {string} text */
  edit(message, text) {
    return this.rest().patch(`/channels/${message.channel_id}/messages/${message.id}`, { content: encode(text, this.state.names()) });
  }

  /** @param {Message} message */
  async remove(message) {
    if ((message.flags ?? 0) & 64 || message.sending) return this.dismiss(message);
    await this.rest().delete(`/channels/${message.channel_id}/messages/${message.id}`);
  }

  /** Forgets a message that only this page has. @param {Message} message */
  dismiss(message) {
    this.state.book(message.channel_id).byId.delete(message.id);
    this.state.emit("messages", { channelId: message.channel_id, arrived: null });
  }

  /** @param {Message} message @param {{emoji: {id?: string | null, name: string}, me: boolean}} reaction */
  react(message, { emoji, me }) {
    const name = encodeURIComponent(emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name);
    const path = `/channels/${message.channel_id}/messages/${message.id}/reactions/${name}/@me`;
    return me ? this.rest().delete(path) : this.rest().put(path);
  }

  /** Tells the others, at most every eight seconds, that this member is typing. @param {string} channelId */
  typing(channelId) {
    if (this.lastTyping.channelId === channelId && Date.now() - this.lastTyping.at < 8_000) return;
    this.lastTyping = { channelId, at: Date.now() };
    this.rest().post(`/channels/${channelId}/typing`).catch(() => undefined);
  }

  /** @param {Message} message @param {string} name @returns {Promise<Channel>} */
  threadFrom(message, name) {
    return this.rest().post(`/channels/${message.channel_id}/messages/${message.id}/threads`, { name, auto_archive_duration: 1440 });
  }

  /** @param {string} channelId @param {string} name @returns {Promise<Channel>} */
  thread(channelId, name) {
    return this.rest().post(`/channels/${channelId}/threads`, { name, type: 11 });
  }

  /** @param {{channelId: string, name: string, text: string, files: File[], tags: string[]}} post @returns {Promise<Channel>} */
  post({ channelId, name, text, files, tags }) {
    const attachments = files.map((file, id) => ({ id, filename: file.name }));
    const message = { content: encode(text, this.state.names()), ...(files.length ? { attachments } : {}) };
    return this.rest().post(`/channels/${channelId}/threads`, { name, applied_tags: tags, message }, { files });
  }

  /** @param {Channel} thread @param {{archived?: boolean, locked?: boolean, name?: string}} change */
  changeThread(thread, change) {
    return this.rest().patch(`/channels/${thread.id}`, change);
  }

  /** Opens the private conversation with somebody. @param {string} userId */
  async direct(userId) {
    const known = [...this.state.channels.values()].find((channel) => channel.type === DM && channel.recipients?.some((user) => user.id === userId));
    const channel = known ?? await this.rest().post("/users/@me/channels", { recipient_id: userId });
    this.state.channels.set(channel.id, channel);
    location.hash = `#/${channel.id}`;
  }

  /** Learns which commands there are in the channel that is open. */
  async loadCommands() {
    const { channel, guildId } = this.state;
    const path = channel?.type === DM ? `/channels/${channel.id}` : `/guilds/${guildId}`;
    const index = await this.rest().get(`${path}/application-command-index`);
    this.state.commands = index.application_commands;
    this.state.emit("commands");
  }

  /** Whether the bot listens in this channel without being called. @param {Channel | undefined} channel */
  listens(channel) {
    return channel?.type === DM || (isThread(channel) && channel?.owner_id === this.state.botId);
  }
}
