// @ts-check
// Faces: an initial on the member's own colour, or the easel itself for the bot.

import { h } from "./dom.js";

/** @typedef {import("../core/state.js").State} State */

/**
 * @param {State} state
 * @param {string} userId
 * @param {"small" | "medium" | "large"} [size]
 */
export function avatar(state, userId, size = "medium") {
  if (userId === state.botId) return h("img", { class: `avatar bot ${size}`, src: "art/easel.svg", alt: "" });
  const colour = state.colour(userId) ?? "#8a7f72";
  const style = { "--face": colour, "--on-face": inkOn(colour) };
  return h(
    "span",
    { class: `avatar ${size}`, style, "aria-hidden": "true" },
    [...state.name(userId)][0]?.toUpperCase() ?? "?",
  );
}

/** Black or white, whichever reads better on the colour. @param {string} colour #rrggbb */
function inkOn(colour) {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  // From here on black stands out more than white; both reach 4.5 to 1 on either side.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}
