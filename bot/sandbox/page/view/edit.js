// @ts-check
// Editing an own message where it stands.

import { decode } from "../text/mentions.js";
import { h } from "./dom.js";
import { complain } from "./live.js";

/**
 * @typedef {import("../core/types.js").Message} Message
 * @typedef {import("../app.js").App} App
 */

/**
 * Puts a text box in place of a message's words.
 * @param {App} app
 * @param {Message} message
 * @param {HTMLElement} article
 */
export function editInPlace(app, message, article) {
  const body = article.querySelector(".body");
  if (!body || article.classList.contains("editing")) return;
  const box = h("textarea", {
    class: "field",
    rows: 1,
    "aria-label": "Edit your message",
    "data-testid": "edit-box",
    value: decode(message.content, app.state.names()),
    maxlength: 2000,
  });
  const done = () => {
    article.classList.remove("editing");
    app.messages.redraw(message.id);
    app.composer.focus();
  };
  const save = async () => {
    const text = box.value.trim();
    try {
      if (!text && !message.attachments.length) await app.deleteMessage(message);
      else if (text !== decode(message.content, app.state.names())) await app.actions.edit(message, text);
      done();
    } catch (error) {
      complain(error);
    }
  };
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") done();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  box.addEventListener("keydown", onkeydown);
  box.addEventListener("input", () => grow(box));
  article.classList.add("editing");
  body.replaceChildren(
    box,
    h(
      "p",
      { class: "edit-hint" },
      "Enter to ",
      h("button", { class: "textual", type: "button", onclick: save }, "save"),
      ", Escape to ",
      h("button", { class: "textual", type: "button", onclick: done }, "leave it as it was"),
    ),
  );
  grow(box);
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}

/** Makes a text box as high as its text. @param {HTMLTextAreaElement} box @param {number} [most] in pixels */
export function grow(box, most = 260) {
  box.style.setProperty("height", "auto");
  box.style.setProperty("height", `${Math.min(box.scrollHeight + 2, most)}px`);
}
