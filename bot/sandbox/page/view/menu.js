// @ts-check
// Menus: of a message, of a member, of the plus beside the message box.

import { h } from "./dom.js";
import { float } from "./float.js";
import { icon } from "./icons.js";
import { rove } from "./roving.js";

/**
 * @typedef {object} Item
 * @property {string} label
 * @property {() => void} run
 * @property {string} [icon]
 * @property {HTMLElement} [picture] shown in place of the icon
 * @property {string} [hint] the key that does the same
 * @property {boolean} [danger]
 * @property {string} [testid]
 */

/**
 * Opens a menu. Null separates groups, an empty group leaves no line; false is what is not offered.
 * @param {HTMLElement | {x: number, y: number}} anchor
 * @param {(Item | null | false)[]} offered
 * @param {{label: string, above?: boolean, end?: boolean}} options
 */
export function menu(anchor, offered, { label, above, end }) {
  const panel = h("div", { class: "menu", role: "menu", "aria-label": label, "data-testid": "menu" });
  const items = offered.filter((item) => item !== false);
  const groups = items.filter((item, at) => item || (at > 0 && items[at - 1] && items.slice(at + 1).some(Boolean)));
  const close = () => shut();
  for (const item of groups) panel.append(item ? entry(item, close) : h("hr"));
  const shut = float(anchor, panel, { above, end });
  rove(panel, "[role=menuitem]");
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Tab") shut();
  });
  /** @type {HTMLElement | null} */ (panel.querySelector("[role=menuitem]"))?.focus();
}

/** @param {Item} item @param {() => void} close */
function entry(item, close) {
  const run = () => {
    close();
    item.run();
  };
  return h(
    "button",
    {
      class: item.danger ? "item danger" : "item",
      type: "button",
      role: "menuitem",
      tabindex: -1,
      "data-testid": item.testid,
      onclick: run,
    },
    item.picture ?? (item.icon && icon(item.icon, 18)),
    h("span", null, item.label),
    item.hint && h("kbd", { "aria-hidden": "true" }, item.hint),
  );
}
