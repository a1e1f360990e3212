// @ts-check
// The keys that work everywhere, and the list of them under "?".

import { dialog } from "./dialog.js";
import { h } from "./dom.js";
import { forwardAsked } from "./forward.js";

/** @typedef {import("../app.js").App} App */

/** @type {[string, [string, string][]][]} */
const SHORTCUTS = [
  [
    "Anywhere",
    [
      ["?", "This list"],
      ["Alt ↑ ↓", "Previous and next channel"],
      ["Alt 1 2 3", "Be Ana, Ben or Cleo"],
      ["Escape", "Back to the message box"],
      ["Shift Tab", "From the box to the messages"],
    ],
  ],
  [
    "On a message",
    [
      ["↑ ↓", "Previous and next message"],
      ["Home End", "Oldest and newest shown"],
      ["Enter", "Open its picture"],
      ["R", "Reply to it"],
      ["F", "Forward it"],
      ["E", "Edit your own"],
      ["Delete", "Delete it"],
      ["C", "Copy its words"],
      ["M", "Its menu"],
    ],
  ],
  [
    "In the message box",
    [
      ["Enter", "Send"],
      ["Shift Enter", "A new line"],
      ["@ # /", "People, channels, commands"],
      ["↑", "Edit your last message, when the box is empty"],
      ["Ctrl V", "Paste a picture"],
    ],
  ],
  [
    "In the light box",
    [
      ["← →", "Previous and next picture"],
      ["+ −", "Zoom"],
      ["1", "Original size"],
      ["0", "Fit to the window"],
      ["R", "Reply to this picture"],
    ],
  ],
];

/** @param {App} app */
export function listen(app) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.altKey && !event.ctrlKey && !event.metaKey) alt(app, event);
    else if (!event.ctrlKey && !event.metaKey) plain(app, event);
  });
}

/** @param {App} app @param {KeyboardEvent} event */
function alt(app, event) {
  const digit = /^Digit([1-9])$/.exec(event.code);
  const member = digit && app.state.setup?.members[Number(digit[1]) - 1];
  if (member) app.become(member.token);
  else if (event.key === "ArrowUp" || event.key === "ArrowDown") app.navigator.step(event.key === "ArrowDown" ? 1 : -1);
  else return;
  event.preventDefault();
}

/** @param {App} app @param {KeyboardEvent} event */
function plain(app, event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const writing = target.matches("input:not([type=range]), textarea, [contenteditable]");
  if (event.key === "Escape" && !writing && !document.querySelector(":popover-open")) {
    app.closeSheets();
    app.composer.focus();
  } else if (event.key === "?" && !writing) {
    app.help();
  } else if (target.matches("article.message") && target.dataset.messageId) {
    if (!onMessage(app, event, target)) return;
  } else {
    return;
  }
  event.preventDefault();
}

/** @param {App} app @param {KeyboardEvent} event @param {HTMLElement} article */
function onMessage(app, event, article) {
  const message = app.state.message(app.state.selected, article.dataset.messageId);
  if (!message) return false;
  /** @type {Record<string, () => unknown>} */
  const keys = {
    r: () => app.composer.reply(message.id),
    f: () => forwardAsked(app, message),
    e: () => app.startEdit(message),
    Delete: () => app.deleteMessage(message),
    c: () => app.copy(message.content, "Copied."),
    m: () => app.messageMenu(message, article),
    Enter: () => /** @type {HTMLElement | null} */ (article.querySelector(".picture"))?.click(),
  };
  const run = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  run?.();
  return Boolean(run);
}

export function showShortcuts() {
  const groups = SHORTCUTS.map(([title, rows]) =>
    h(
      "section",
      null,
      h("h3", null, title),
      h(
        "dl",
        { class: "keys" },
        rows.map(([keys, words]) =>
          h(
            "div",
            null,
            h(
              "dt",
              null,
              keys.split(" ").map((key) => h("kbd", null, key)),
            ),
            h("dd", null, words),
          ),
        ),
      ),
    ),
  );
  dialog("Keys", h("div", { class: "shortcuts" }, groups), { testid: "shortcuts", wide: true });
}
