// @ts-check
// Short notes: said aloud to screen readers, and shown for a moment where everybody should see them.

import { byId, h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN = 6_000;

/** Tells a screen reader something, without showing it. @param {string} words */
export function say(words) {
  const live = byId("live");
  live.append(h("p", null, words));
  while (live.childElementCount > 6) live.firstElementChild?.remove();
}

/**
 * Shows a note at the foot of the page.
 * @param {string} words
 * @param {{kind?: "calm" | "problem", action?: {label: string, run: () => void}}} [options]
 */
export function toast(words, { kind = "calm", action } = {}) {
  const note = h(
    "div",
    { class: `toast ${kind}`, "data-testid": "toast" },
    kind === "problem" && icon("alert"),
    h("p", null, words),
  );
  if (action)
    note.append(
      h(
        "button",
        {
          class: "quiet",
          type: "button",
          onclick: () => {
            note.remove();
            action.run();
          },
        },
        action.label,
      ),
    );
  note.append(
    h(
      "button",
      { class: "bare", type: "button", "aria-label": "Dismiss", onclick: () => note.remove() },
      icon("close", 16),
    ),
  );
  if (kind === "calm") byId("toasts").querySelector(".calm")?.remove(); // what was told before is no news any more
  byId("toasts").append(note);
  setTimeout(() => note.remove(), kind === "problem" ? SHOWN * 2 : SHOWN);
}

/** Shows why something went wrong. @param {unknown} error */
export function complain(error) {
  toast(error instanceof Error ? error.message : String(error), { kind: "problem" });
}
