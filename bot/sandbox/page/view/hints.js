// @ts-check
// One hint at the right moment: after the first picture, how replying to it makes a branch.

import { picturesOf } from "../text/pictures.js";
import { EPHEMERAL } from "./message.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../core/types.js").Message} Message
 */

const KEY = "easel-hint-reply";

/** @param {App} app @param {HTMLElement} root */
export function mountHints(app, root) {
  const draw = () => drawHint(app, root);
  for (const event of ["messages", "message", "select", "reply"]) app.state.on(event, draw);
}

/** @param {App} app @param {HTMLElement} root */
function drawHint(app, root) {
  const { state } = app;
  if (localStorage.getItem(KEY)) return root.replaceChildren();
  const painted = state.selected
    ? state
        .book(state.selected)
        .list()
        .filter((message) => isPainting(app, message))
    : [];
  if (painted.length && state.replies.has(state.selected ?? "")) return done(root);
  if (!painted.length) return root.replaceChildren();
  const first = painted[0];
  if (root.dataset.message === first.id && root.childElementCount) return undefined;
  root.dataset.message = first.id;
  fill(
    root,
    h(
      "div",
      { class: "hint", role: "note", "data-testid": "hint" },
      icon("reply"),
      h(
        "p",
        null,
        h("strong", null, "Reply to a picture to go on from exactly that one. "),
        h(
          "span",
          null,
          app.actions.listens(state.channel)
            ? "Or just write on: that changes the newest."
            : "Two replies to one picture make two branches.",
        ),
      ),
      h(
        "button",
        {
          class: "quiet compact",
          type: "button",
          onclick: () => {
            app.composer.reply(first.id);
          },
        },
        "Reply to it",
      ),
      h(
        "button",
        { class: "bare", type: "button", "aria-label": "Put the hint away", onclick: () => done(root) },
        icon("close", 16),
      ),
    ),
  );
  return undefined;
}

/** @param {HTMLElement} root */
function done(root) {
  localStorage.setItem(KEY, "seen");
  root.replaceChildren();
}

/** @param {App} app @param {Message} message */
function isPainting(app, message) {
  return message.author.id === app.state.botId && !((message.flags ?? 0) & EPHEMERAL) && picturesOf(message).length > 0;
}
