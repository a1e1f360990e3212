// @ts-check
// The line above the message box that says what is being answered.

import { plain } from "../text/markdown.js";
import { picturesOf, textOf } from "../text/pictures.js";
import { avatar } from "./avatar.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { naming } from "./markup.js";
import { thumbnail } from "./pictures.js";

/** @typedef {import("../core/state.js").State} State */

/**
 * @param {State} state
 * @param {HTMLElement} bar
 * @param {string} channelId
 * @param {() => void} stop
 */
export function drawReplyBar(state, bar, channelId, stop) {
  const reply = state.replies.get(channelId);
  const message = reply && state.message(channelId, reply.messageId);
  bar.hidden = !message;
  if (!reply || !message) return;
  const picture = picturesOf(message)[0];
  const words = picture?.version ?? plain(textOf(message), naming(state));
  const toggle = () => {
    reply.ping = !reply.ping;
    drawReplyBar(state, bar, channelId, stop);
    /** @type {HTMLElement | null} */ (bar.querySelector("[aria-pressed]"))?.focus();
  };
  const ping = {
    class: "textual",
    type: "button",
    title: "Whether they are notified",
    "aria-pressed": String(reply.ping),
    "data-testid": "reply-ping",
    onclick: toggle,
  };
  const cancel = { class: "bare", type: "button", "aria-label": "Do not reply", "data-testid": "reply-cancel" };
  fill(
    bar,
    picture ? thumbnail(picture) : avatar(state, message.author.id, "small"),
    h(
      "p",
      null,
      "Replying to ",
      h("strong", null, state.name(message.author.id)),
      words && h("span", null, ` · ${words}`),
    ),
    h("button", ping, reply.ping ? "@ on" : "@ off"),
    h("button", { ...cancel, onclick: stop }, icon("close", 16)),
  );
}
