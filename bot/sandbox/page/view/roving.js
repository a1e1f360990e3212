// @ts-check
// One tab stop for a whole list; arrows move inside it.

/**
 * @param {HTMLElement} list
 * @param {string} items selects what can be focused in it
 * @param {{wrap?: boolean}} [options] whether the end leads to the start again
 */
export function rove(list, items, { wrap = true } = {}) {
  list.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const all = /** @type {HTMLElement[]} */ (
      [...list.querySelectorAll(items)].filter((each) => each instanceof HTMLElement && each.offsetParent)
    );
    const at = all.findIndex((each) => each === document.activeElement);
    if (at < 0 || !all.length) return;
    const next = step(event.key, at, all.length, wrap);
    if (next === null) return;
    event.preventDefault();
    all[next].focus();
  });
  list.addEventListener("focusin", (event) => {
    const focused = event.target instanceof HTMLElement && event.target.closest(items);
    if (!focused) return;
    for (const each of list.querySelectorAll(items)) each.setAttribute("tabindex", each === focused ? "0" : "-1");
  });
}

/**
 * @param {string} key
 * @param {number} at
 * @param {number} count
 * @param {boolean} wrap
 */
function step(key, at, count, wrap) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const move = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (!move) return null;
  return wrap ? (at + move + count) % count : Math.max(0, Math.min(count - 1, at + move));
}
