// @ts-check
// What can be done with a message, the bot's own menu commands among it.

import { CREATE_PUBLIC_THREADS, MANAGE_MESSAGES } from "../core/permissions.js";
import { TEXT } from "../core/state.js";
import { called } from "../text/slash.js";
import { aboutNode } from "./about.js";
import { ask, confirm } from "./dialog.js";
import { forwardAsked } from "./forward.js";
import { complain } from "./live.js";
import { menu } from "./menu.js";
import { EPHEMERAL } from "./message.js";

/**
 * @typedef {import("../core/types.js").Message} Message
 * @typedef {import("../app.js").App} App
 */

const REACTIONS = ["👍", "❤️"];

/** @param {App} app @param {Message} message @param {MouseEvent | HTMLElement} from */
export function openMessageMenu(app, message, from) {
  if (message.sending) return;
  const at = from instanceof HTMLElement ? from : anchor(from);
  if (!at) return;
  const ephemeral = Boolean((message.flags ?? 0) & EPHEMERAL);
  menu(
    at,
    ephemeral
      ? whispered(app, message)
      : [...ordinary(app, message), ...appItems(app, message), null, ...last(app, message)],
    { label: "Message", end: at instanceof HTMLElement && !at.matches("article") },
  );
}

/** Where the menu opens; a press on a link or in marked text keeps the browser's own menu. @param {MouseEvent} event */
function anchor(event) {
  if (event.type !== "contextmenu") return /** @type {HTMLElement} */ (event.currentTarget);
  if (/** @type {HTMLElement} */ (event.target).closest("a[target], textarea, input") || !getSelection()?.isCollapsed)
    return null;
  event.preventDefault();
  const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  return event.clientX || event.clientY
    ? { x: event.clientX, y: event.clientY }
    : { x: box.left + 60, y: box.top + 20 };
}

/** @param {App} app @param {Message} message */
function whispered(app, message) {
  return [
    { label: "Copy its words", icon: "copy", run: () => app.copy(message.content, "Copied.") },
    { label: "Dismiss", icon: "close", run: () => app.actions.dismiss(message) },
  ];
}

/** @param {App} app @param {Message} message @returns {(import("./menu.js").Item | null | false)[]} */
function ordinary(app, message) {
  const { state } = app;
  const thread = async () => {
    const name = await ask({
      title: "A thread from this message",
      label: "Name",
      yes: "Open it",
      value: message.content.slice(0, 60) || "A new canvas",
    });
    const made = name && (await app.actions.threadFrom(message, name).catch(complain));
    if (made) location.hash = `#/${made.id}`;
  };
  const grows = state.channel?.type === TEXT && !message.thread && state.may(CREATE_PUBLIC_THREADS);
  const guild = state.channel?.guild_id ?? "@me";
  const link = `https://discord.com/channels/${guild}/${message.channel_id}/${message.id}`;
  const copyLink = () => app.copy(link, "The link is on your clipboard.");
  const react = (/** @type {string} */ name) => {
    const me = message.reactions?.find((each) => each.emoji.name === name)?.me ?? false;
    app.actions.react(message, { emoji: { name }, me }).catch(complain);
  };
  return [
    { label: "Reply", icon: "reply", hint: "R", run: () => app.composer.reply(message.id), testid: "menu-reply" },
    grows && { label: "Open a thread", icon: "thread", run: thread, testid: "menu-thread" },
    { label: "Forward", icon: "forward", hint: "F", run: () => forwardAsked(app, message), testid: "menu-forward" },
    ...REACTIONS.map((name) => ({ label: `React with ${name}`, icon: "smile", run: () => react(name) })),
    { label: "Copy its words", icon: "copy", hint: "C", run: () => app.copy(message.content, "Copied.") },
    { label: "Copy a link to it", icon: "link", run: copyLink, testid: "menu-link" },
    null,
  ];
}

/**
 * The bot's own commands for messages.
 * @param {App} app
 * @param {Message} message
 * @returns {import("./menu.js").Item[]}
 */
function appItems(app, message) {
  return app.state.commands
    .filter((command) => command.type === 3)
    .map((command) => ({
      label: called(command),
      icon: "brush",
      run: () => app.runMenuCommand(command, message.id),
      testid: "menu-command",
    }));
}

/** @param {App} app @param {Message} message @returns {(import("./menu.js").Item | false)[]} */
function last(app, message) {
  const { state } = app;
  const edit = { label: "Edit", icon: "edit", hint: "E", run: () => app.startEdit(message), testid: "menu-edit" };
  const remove = { label: "Delete", icon: "trash", hint: "Del", danger: true, testid: "menu-delete" };
  return [
    state.mayEdit(message) && edit,
    mayDelete(state, message) && { ...remove, run: () => app.deleteMessage(message) },
  ];
}

/** @param {import("../core/state.js").State} state @param {Message} message */
function mayDelete(state, message) {
  return message.author.id === state.me?.id || state.may(MANAGE_MESSAGES);
}

/** @param {App} app @param {Message} message */
export async function deleteAsked(app, message) {
  const mine = message.author.id === app.state.me?.id;
  if (message.sending || !mayDelete(app.state, message)) return;
  const sure = await confirm(
    {
      title: "Delete this message?",
      words: mine ? "Deleting what you asked also takes the ask back, if it still waits." : "It is gone for everybody.",
      yes: "Delete",
    },
    aboutNode(app.state, message),
  );
  if (sure) await app.actions.remove(message).catch(complain);
}
