// @ts-check
// What a screen reader hears of a message that came.

import { plain } from "../text/markdown.js";
import { picturesOf, textOf } from "../text/pictures.js";
import { say } from "./live.js";
import { naming } from "./markup.js";
import { EPHEMERAL } from "./message.js";

/** @param {import("../core/state.js").State} state @param {import("../core/types.js").Message} message */
export function readAloud(state, message) {
  const pictures = picturesOf(message).map((picture) => `Picture: ${picture.alt || picture.name}.`);
  const whisper = (message.flags ?? 0) & EPHEMERAL ? "Only you can see this." : "";
  const words = plain(textOf(message), naming(state));
  say([`${state.name(message.author.id)}:`, words, ...pictures, whisper].filter(Boolean).join(" "));
}
