// @ts-check
// What a member can do: each action speaks to the server and leaves the state as it should be.

import { encode } from "../text/mentions.js";
import { fresh } from "./ids.js";
import { DM, isThread } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./rest.js").Rest} Rest
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Channel} Channel
 */

const FORWARD = 1;

export class Actions {
  /** @param {State} state @param {() => Rest} rest */
  constructor(state, rest) {
    this.state = state;
    this.rest = rest;
    /** When and where this member last asked the bot for something, so that its thread can be followed. */
    this.lastAsk = { channelId: "", at: 0 };
    this.lastTyping = { channelId: "", at: 0 };
  }

  /** Nobody waits for a thread any more: it was opened, or somebody else sits here now. */
  forgetAsk() {
    this.lastAsk = { channelId: "", at: 0 };
  }

  /** Notes that the bot was called. @param {string} channelId @param {string} content */
  noteAsk(channelId, content) {
    if (content.includes(`<@${this.state.botId}>`)) this.lastAsk = { channelId, at: Date.now() };
  }

  /** A command may open a thread as well. @param {string} channelId */
  noteCommand(channelId) {
    this.lastAsk = { channelId, at: Date.now() };
  }

  /** @param {Message} message @param {string} text */
  edit(message, text) {
    return this.rest().patch(`/channels/${message.channel_id}/messages/${message.id}`, {
      content: encode(text, this.state.names()),
    });
  }

  /** Passes a message on, as it is now. @param {Message} message @param {string} channelId where to */
  forward({ id, channel_id }, channelId) {
    return this.rest().post(`/channels/${channelId}/messages`, {
      nonce: fresh(),
      enforce_nonce: true,
      message_reference: { type: FORWARD, channel_id, message_id: id },
    });
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
    this.rest()
      .post(`/channels/${channelId}/typing`)
      .catch(() => undefined);
  }

  /** @param {Message} message @param {string} name @returns {Promise<Channel>} */
  threadFrom(message, name) {
    return this.rest().post(`/channels/${message.channel_id}/messages/${message.id}/threads`, {
      name,
      auto_archive_duration: 1440,
    });
  }

  /** @param {string} channelId @param {string} name @returns {Promise<Channel>} */
  thread(channelId, name) {
    return this.rest().post(`/channels/${channelId}/threads`, { name, type: 11 });
  }

  /**
   * @param {{channelId: string, name: string, text: string, files: File[], tags: string[]}} post
   * @returns {Promise<Channel>}
   */
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
    const known = [...this.state.channels.values()].find(
      (channel) => channel.type === DM && channel.recipients?.some((user) => user.id === userId),
    );
    const channel = known ?? (await this.rest().post("/users/@me/channels", { recipient_id: userId }));
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
