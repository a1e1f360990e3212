// @ts-check
// On a narrow window the side bars are sheets that slide over the conversation.

import { byId } from "./dom.js";

export function mountSheets() {
  const scrim = byId("scrim");
  /** @type {HTMLElement | null} */
  let opener = null;
  const close = () => {
    if (!document.body.dataset.sheet) return;
    delete document.body.dataset.sheet;
    byId("room").inert = false;
    scrim.hidden = true;
    opener?.focus();
  };
  const open = (/** @type {"channels" | "studio"} */ name) => {
    opener = /** @type {HTMLElement | null} */ (document.activeElement);
    document.body.dataset.sheet = name;
    byId("room").inert = true;
    scrim.hidden = false;
    /** @type {HTMLElement | null} */ (byId(name).querySelector("[aria-current=page], button, a"))?.focus();
  };
  scrim.addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !document.body.dataset.sheet || document.querySelector(":popover-open")) return;
    event.preventDefault();
    close();
  });
  matchMedia("(min-width: 1100px)").addEventListener("change", close);
  return { open, close };
}
