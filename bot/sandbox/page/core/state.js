// @ts-check
// What one member's client knows. Views read it and listen; only dispatch.js and actions.js write to it.

import { Book } from "./book.js";
import { MANAGE_THREADS, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS, inChannel } from "./permissions.js";

/**
 * @typedef {import("./types.js").Channel} Channel
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").User} User
 */

export const TEXT = 0,
  DM = 1,
  CATEGORY = 4,
  PUBLIC_THREAD = 11,
  PRIVATE_THREAD = 12,
  FORUM = 15;

/**
 * Events: `channels`, `messages` {channelId}, `message` {channelId, id}, `typing`, `select`, `connection`, `people`,
 * `setup`, `modal`, `commands`, `reply`, `thread` {thread}, `pending`.
 */
export class State extends EventTarget {
  constructor() {
    super();
    /** @type {import("./types.js").Setup | null} */
    this.setup = null;
    /** @type {"connecting" | "open" | "lost" | "refused"} */
    this.connection = "connecting";
    /** @type {User | null} */
    this.me = null;
    this.sessionId = "";
    this.guildName = "";
    this.guildId = "";
    /** @type {Map<string, Channel>} */
    this.channels = new Map();
    /** @type {Map<string, import("./types.js").Role>} */
    this.roles = new Map();
    /** @type {Map<string, User>} */
    this.users = new Map();
    /** @type {Map<string, import("./types.js").GuildMember>} */
    this.members = new Map();
    /** @type {Map<string, Book>} */
    this.books = new Map();
    /** @type {Map<string, Map<string, number>>} who is typing where, until when */
    this.typing = new Map();
    /** @type {Map<string, {count: number, mentions: number}>} */
    this.unread = new Map();
    /** @type {import("./types.js").Command[]} */
    this.commands = [];
    /** @type {string | null} */
    this.selected = null;
    /** @type {Map<string, {messageId: string, ping: boolean}>} the message each channel's composer replies to */
    this.replies = new Map();
    /** @type {Set<string>} what was pressed and has no answer yet, as "message:custom_id" */
    this.pending = new Set();
  }

  /** @param {string} name @param {any} [detail] */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** @param {string} name @param {(detail: any) => void} heard */
  on(name, heard) {
    this.addEventListener(name, (event) => heard(/** @type {CustomEvent} */ (event).detail));
  }

  /** @param {string} channelId */
  book(channelId) {
    let book = this.books.get(channelId);
    if (!book) this.books.set(channelId, (book = new Book()));
    return book;
  }

  /** @param {string | null | undefined} channelId @param {string | null | undefined} id */
  message(channelId, id) {
    return channelId && id ? this.books.get(channelId)?.byId.get(id) : undefined;
  }

  /** @returns {Channel | undefined} */
  get channel() {
    return this.selected ? this.channels.get(this.selected) : undefined;
  }

  get botId() {
    return this.setup?.bot.user_id ?? "";
  }

  /** @param {string} userId @returns {string} */
  name(userId) {
    const user = this.users.get(userId);
    return this.members.get(userId)?.nick || user?.global_name || user?.username || "somebody";
  }

  /** The colour a member's name has: their own in the sandbox, else their highest role's. @param {string} userId */
  colour(userId) {
    const persona = this.setup?.members.find((member) => member.id === userId);
    if (persona) return persona.colour;
    const role = this.rolesOf(userId).find((each) => each.color);
    return role ? `#${role.color.toString(16).padStart(6, "0")}` : null;
  }

  /** A member's roles, the highest first, without @everyone. @param {string} userId */
  rolesOf(userId) {
    const ids = this.members.get(userId)?.roles ?? [];
    const roles = ids.map((id) => this.roles.get(id)).filter((role) => role !== undefined);
    return roles.sort((one, other) => other.position - one.position);
  }

  /**
   * Whether somebody, this member unless told, may do something in a channel; in a thread its parent's rules hold.
   * @param {bigint} permission
   * @param {Channel | undefined} [channel]
   * @param {string} [who]
   */
  may(permission, channel = this.channel, who = this.me?.id) {
    if (!who || !channel || channel.type === DM) return true;
    const place = isThread(channel) ? this.channels.get(channel.parent_id ?? "") : channel;
    const person = {
      me: who,
      guildId: this.guildId,
      roleIds: this.members.get(who)?.roles ?? [],
      roles: [...this.roles.values()],
    };
    return Boolean(inChannel(person, place?.permission_overwrites ?? []) & permission);
  }

  /** Whether a message is this member's own words, which a forward is not. @param {Message} message */
  mayEdit(message) {
    return message.author.id === this.me?.id && !message.sending && !message.message_snapshots?.length;
  }

  /** Whether a message answers what this member pressed, chose or ran. @param {Message} message */
  answersMe(message) {
    return Boolean(this.me) && message.interaction_metadata?.user.id === this.me?.id;
  }

  /** Why this member cannot write in a channel, or null. @param {Channel | undefined} [channel] */
  silence(channel = this.channel) {
    if (!channel || channel.type === DM) return null;
    if (channel.thread_metadata?.locked && !this.may(MANAGE_THREADS, channel)) return "This thread is locked.";
    return this.may(isThread(channel) ? SEND_MESSAGES_IN_THREADS : SEND_MESSAGES, channel)
      ? null
      : "You can read here, but not write.";
  }

  /** Whether the bot may write in a channel, and so paint there. @param {Channel | undefined} [channel] */
  paintsIn(channel = this.channel) {
    return this.may(isThread(channel) ? SEND_MESSAGES_IN_THREADS : SEND_MESSAGES, channel, this.botId);
  }

  /** @param {Channel} channel */
  title(channel) {
    if (channel.type === DM)
      return channel.recipients?.map((user) => this.name(user.id)).join(", ") || "Direct message";
    return channel.name ?? "unnamed";
  }

  /** Everything that can be mentioned here. @returns {import("../text/mentions.js").Named[]} */
  names() {
    const users = [...this.users.keys()].map((id) => ({
      kind: /** @type {const} */ ("user"),
      id,
      name: this.name(id),
    }));
    const roles = [...this.roles.values()]
      .filter((role) => role.id !== this.guildId && !this.#isBotRole(role))
      .map((role) => ({ kind: /** @type {const} */ ("role"), id: role.id, name: role.name }));
    const channels = [...this.channels.values()]
      .filter((channel) => channel.type !== DM && channel.type !== CATEGORY)
      .map((channel) => ({ kind: /** @type {const} */ ("channel"), id: channel.id, name: channel.name ?? "" }));
    return [...users, ...roles, ...channels.filter((channel) => channel.name)];
  }

  /** A bot's own role has the bot's name; `@Easel` must mean the bot. @param {import("./types.js").Role} role */
  #isBotRole(role) {
    return [...this.users.values()].some((user) => user.bot && user.username.toLowerCase() === role.name.toLowerCase());
  }
}

/** @param {Channel | undefined} channel */
export function isThread(channel) {
  return channel?.type === PUBLIC_THREAD || channel?.type === PRIVATE_THREAD || channel?.type === 10;
}
