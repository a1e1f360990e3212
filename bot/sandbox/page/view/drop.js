// @ts-check
// Files may be dropped anywhere on the conversation.

import { FORUM } from "../core/state.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app @param {HTMLElement} room */
export function mountDrop(app, room) {
  const veil = h(
    "div",
    { class: "drop", hidden: true, "aria-hidden": "true" },
    h("p", null, icon("image", 28), "Let go to attach it"),
  );
  room.append(veil);
  let depth = 0;
  const files = (/** @type {DragEvent} */ event) =>
    event.dataTransfer?.types.includes("Files") && app.state.channel?.type !== FORUM;
  const show = (/** @type {number} */ change) => {
    depth = Math.max(0, depth + change);
    veil.hidden = depth === 0;
  };
  room.addEventListener("dragenter", (event) => {
    if (files(event)) show(1);
  });
  room.addEventListener("dragleave", (event) => {
    if (files(event)) show(-1);
  });
  room.addEventListener("dragover", (event) => {
    if (files(event)) event.preventDefault();
  });
  room.addEventListener("drop", (event) => {
    if (!files(event)) return;
    event.preventDefault();
    show(-depth);
    app.composer.attach(event.dataTransfer?.files ?? []);
  });
}
