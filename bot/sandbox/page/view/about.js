// @ts-check
// A message in short, for dialogs that are about it.

import { plain } from "../text/markdown.js";
import { picturesOf, textOf } from "../text/pictures.js";
import { h } from "./dom.js";
import { naming } from "./markup.js";
import { thumbnail } from "./pictures.js";

const SHOWN = 200;

/**
 * @param {import("../core/state.js").State} state
 * @param {import("../core/types.js").Message} message
 */
export function aboutNode(state, message) {
  const [picture] = picturesOf(message);
  const words = plain(textOf(message), naming(state)).slice(0, SHOWN);
  return h("blockquote", { class: "about" }, picture && thumbnail(picture), words && h("span", null, words));
}
