// @ts-check
// Panels that float beside what opened them; on a phone the style sheet makes them sheets at the foot.

import { byId } from "./dom.js";

const GAP = 6;

/**
 * Shows a panel beside an anchor until it is closed, by Escape or a press elsewhere too.
 * @param {HTMLElement | {x: number, y: number}} anchor
 * @param {HTMLElement} panel
 * @param {{above?: boolean, end?: boolean, closed?: () => void}} [options]
 * @returns {() => void} closes it
 */
export function float(anchor, panel, { above = false, end = false, closed } = {}) {
  const element = anchor instanceof HTMLElement ? anchor : null;
  const before = element ?? /** @type {HTMLElement | null} */ (document.activeElement);
  panel.setAttribute("popover", "auto");
  panel.classList.add("float");
  home(element).append(panel);
  panel.showPopover();
  place(panel, element ? element.getBoundingClientRect() : point(anchor), { above, end });
  element?.setAttribute("aria-expanded", "true");
  const close = () => panel.isConnected && panel.hidePopover();
  panel.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    const inside = panel.contains(document.activeElement) || document.activeElement === document.body;
    panel.remove();
    element?.setAttribute("aria-expanded", "false");
    if (inside && before?.isConnected) before.focus({ preventScroll: true });
    closed?.();
  });
  return close;
}

/**
 * Inside an open dialog all else is out of reach; otherwise a panel belongs to its anchor's part of the page.
 * @param {HTMLElement | null} anchor
 */
function home(anchor) {
  return anchor?.closest("dialog, main, nav, aside") ?? document.querySelector("dialog[open]") ?? byId("room");
}

/** @param {HTMLElement | {x: number, y: number}} anchor */
function point(anchor) {
  const { x, y } = /** @type {{x: number, y: number}} */ (anchor);
  return new DOMRect(x, y, 0, 0);
}

/** @param {HTMLElement} panel @param {DOMRect} at @param {{above: boolean, end: boolean}} side */
function place(panel, at, { above, end }) {
  const { width, height } = panel.getBoundingClientRect();
  const over = at.top - height - GAP;
  const under = at.bottom + GAP;
  const fits = above ? over >= GAP : under + height > innerHeight - GAP && over >= GAP;
  const top = fits ? over : Math.max(GAP, Math.min(under, innerHeight - height - GAP));
  const left = Math.max(GAP, Math.min(end ? at.right - width : at.left, innerWidth - width - GAP));
  panel.style.setProperty("--left", `${left}px`);
  panel.style.setProperty("--top", `${top}px`);
}
