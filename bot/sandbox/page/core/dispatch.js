// @ts-check
// Gateway events into the state, one small function per event.

import { compare, later } from "./ids.js";
import { isThread } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Channel} Channel
 */

const TYPING_LASTS = 10_000;

/** @type {Record<string, (state: State, data: any) => void>} */
const HANDLERS = {
  READY: ready,
  GUILD_CREATE: guild,
  CHANNEL_CREATE: channelChanged,
  CHANNEL_UPDATE: channelChanged,
  CHANNEL_DELETE: channelGone,
  THREAD_CREATE: threadMade,
  THREAD_UPDATE: channelChanged,
  THREAD_DELETE: channelGone,
  MESSAGE_CREATE: messageMade,
  MESSAGE_UPDATE: messageChanged,
  MESSAGE_DELETE: (state, data) => messagesGone(state, data.channel_id, [data.id]),
  MESSAGE_DELETE_BULK: (state, data) => messagesGone(state, data.channel_id, data.ids),
  MESSAGE_REACTION_ADD: (state, data) => reacted(state, data, 1),
  MESSAGE_REACTION_REMOVE: (state, data) => reacted(state, data, -1),
  TYPING_START: typing,
  GUILD_MEMBER_UPDATE: memberChanged,
  GUILD_ROLE_CREATE: (state, data) => roleChanged(state, data.role),
  GUILD_ROLE_UPDATE: (state, data) => roleChanged(state, data.role),
};

/**
 * Takes one event in; unknown ones are left alone.
 * @param {State} state
 * @param {string} name
 * @param {any} data
 */
export function dispatch(state, name, data) {
  HANDLERS[name]?.(state, data);
}

/** @param {State} state @param {any} data */
function ready(state, data) {
  state.me = data.user;
  state.sessionId = data.session_id;
  state.channels.clear();
  state.unread.clear();
  state.typing.clear();
  for (const book of state.books.values()) book.fresh = false;
  know(state, data.user);
  for (const channel of data.private_channels ?? []) channelChanged(state, channel);
  state.emit("people");
}

/** @param {State} state @param {import("./types.js").Guild} data */
function guild(state, data) {
  state.guildId = data.id;
  state.guildName = data.name;
  state.roles = new Map(data.roles.map((role) => [role.id, role]));
  for (const member of data.members) if (member.user) memberChanged(state, { ...member, user: member.user });
  for (const channel of [...data.channels, ...(data.threads ?? [])])
    state.channels.set(channel.id, { ...channel, guild_id: data.id });
  state.emit("people");
  state.emit("channels");
  state.emit("ready");
}

/** @param {State} state @param {import("./types.js").User} user */
function know(state, user) {
  state.users.set(user.id, { ...state.users.get(user.id), ...user });
}

/** @param {State} state @param {Channel} channel */
function channelChanged(state, channel) {
  state.channels.set(channel.id, { ...state.channels.get(channel.id), ...channel });
  channel.recipients?.forEach((user) => know(state, user));
  state.emit("channels");
}

/** @param {State} state @param {Channel} thread */
function threadMade(state, thread) {
  const isNew = !state.channels.has(thread.id);
  channelChanged(state, thread);
  const starter = state.message(thread.parent_id, thread.id);
  if (starter) {
    state.book(starter.channel_id).put({ ...starter, thread });
    state.emit("message", { channelId: starter.channel_id, id: starter.id });
  }
  if (isNew && thread.newly_created !== false) state.emit("thread", { thread });
}

/** @param {State} state @param {{id: string}} data */
function channelGone(state, data) {
  const channel = state.channels.get(data.id);
  state.channels.delete(data.id);
  state.books.delete(data.id);
  state.unread.delete(data.id);
  state.emit("channels");
  if (state.selected === data.id) state.emit("gone", { channel });
}

/** @param {State} state @param {Message} message */
function messageMade(state, message) {
  know(state, message.author);
  message.mentions?.forEach((user) => know(state, user));
  if (message.member)
    state.members.set(message.author.id, { ...state.members.get(message.author.id), ...message.member });
  const book = state.book(message.channel_id);
  const waiting = message.author.id === state.me?.id ? book.waiting(message.nonce) : undefined;
  if (waiting) book.byId.delete(waiting.id);
  const repeated = book.byId.has(message.id);
  // While the page looks at the past, what is new waits for the way back; what one did is answered all the same.
  if (!book.adrift || waiting || state.answersMe(message)) book.put(message);
  state.typing.get(message.channel_id)?.delete(message.author.id);
  if (!repeated) touched(state, message);
  state.emit("typing");
  state.emit("messages", { channelId: message.channel_id, arrived: repeated ? null : message.id });
}

/** Notes in the lists of channels that something was said. @param {State} state @param {Message} message */
function touched(state, message) {
  const channel = state.channels.get(message.channel_id);
  if (channel) {
    channel.last_message_id = later(channel.last_message_id, message.id);
    if (isThread(channel)) channel.message_count = (channel.message_count ?? 0) + 1;
  }
  const seen = state.selected === message.channel_id && document.visibilityState === "visible";
  if (!seen && message.author.id !== state.me?.id) {
    const unread = state.unread.get(message.channel_id) ?? { count: 0, mentions: 0 };
    const mine = message.mentions?.some((user) => user.id === state.me?.id) ? 1 : 0;
    state.unread.set(message.channel_id, { count: unread.count + 1, mentions: unread.mentions + mine });
  }
  state.emit("channels");
}

/** @param {State} state @param {Message} message */
function messageChanged(state, message) {
  const book = state.books.get(message.channel_id);
  if (!book?.byId.has(message.id)) return;
  book.put(message);
  for (const other of book.byId.values()) {
    if (other.referenced_message?.id !== message.id) continue;
    other.referenced_message = { ...other.referenced_message, ...message };
    state.emit("message", { channelId: message.channel_id, id: other.id });
  }
  state.emit("message", { channelId: message.channel_id, id: message.id });
}

/** @param {State} state @param {string} channelId @param {string[]} ids */
function messagesGone(state, channelId, ids) {
  const book = state.books.get(channelId);
  if (!book) return;
  for (const id of ids) book.byId.delete(id);
  const gone = new Set(ids);
  for (const other of book.byId.values()) {
    if (other.referenced_message && gone.has(other.referenced_message.id)) {
      other.referenced_message = null;
      state.emit("message", { channelId, id: other.id });
    }
  }
  const reply = state.replies.get(channelId);
  if (reply && gone.has(reply.messageId)) {
    state.replies.delete(channelId);
    state.emit("reply");
  }
  state.emit("messages", { channelId, arrived: null });
}

/**
 * @param {State} state
 * @param {{user_id: string, channel_id: string, message_id: string, emoji: {id?: string | null, name: string}}} data
 * @param {1 | -1} step
 */
function reacted(state, data, step) {
  const message = state.message(data.channel_id, data.message_id);
  if (!message) return;
  const same = (/** @type {{emoji: {id?: string | null, name: string}}} */ each) =>
    each.emoji.name === data.emoji.name && (each.emoji.id ?? null) === (data.emoji.id ?? null);
  const mine = data.user_id === state.me?.id;
  const known = message.reactions?.find(same) ?? { emoji: data.emoji, count: 0, me: false };
  const changed = { ...known, count: known.count + step, me: mine ? step > 0 : known.me };
  const others = message.reactions ?? [];
  const all = others.some(same) ? others.map((each) => (same(each) ? changed : each)) : [...others, changed];
  message.reactions = all.filter((each) => each.count > 0);
  state.emit("message", { channelId: data.channel_id, id: data.message_id });
}

/** @param {State} state @param {{channel_id: string, user_id: string}} data */
function typing(state, data) {
  if (data.user_id === state.me?.id) return;
  const here = state.typing.get(data.channel_id) ?? new Map();
  here.set(data.user_id, Date.now() + TYPING_LASTS);
  state.typing.set(data.channel_id, here);
  state.emit("typing");
}

/** @param {State} state @param {import("./types.js").GuildMember & {user: import("./types.js").User}} member */
function memberChanged(state, member) {
  know(state, member.user);
  state.members.set(member.user.id, { roles: member.roles, nick: member.nick });
  state.emit("people");
}

/** @param {State} state @param {import("./types.js").Role} role */
function roleChanged(state, role) {
  state.roles.set(role.id, role);
  state.emit("people");
}

/** The threads of a channel, the liveliest first. @param {State} state @param {string} parentId */
export function threadsOf(state, parentId) {
  return [...state.channels.values()]
    .filter((channel) => isThread(channel) && channel.parent_id === parentId)
    .sort((one, other) => compare(other.last_message_id ?? other.id, one.last_message_id ?? one.id));
}
