// @ts-check
// Relative times count by themselves: one timer for all of them.

import { format } from "../text/times.js";
import { h } from "./dom.js";

/**
 * A time in the reader's words; hovering tells it in full.
 * @param {number} seconds
 * @param {string} style one of Discord's
 */
export function time(seconds, style) {
  const date = new Date(seconds * 1000);
  const valid = !Number.isNaN(date.getTime());
  return h(
    "time",
    {
      class: "timestamp",
      datetime: valid && date.toISOString(),
      title: format(seconds, "F"),
      "data-relative": style === "R" && String(seconds),
    },
    format(seconds, style),
  );
}

export function startTicking() {
  setInterval(() => {
    if (document.hidden) return;
    for (const node of document.querySelectorAll("time[data-relative]")) {
      const words = format(Number(node.getAttribute("data-relative")), "R");
      if (node.textContent !== words) node.textContent = words;
    }
  }, 1_000);
}
