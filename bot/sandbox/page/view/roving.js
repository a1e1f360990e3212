// @ts-check
// One tab stop for a whole list; arrows move inside it.

/**
 * @param {HTMLElement} list
 * @param {string} items selects what can be focused in it
 * @param {{across?: boolean, both?: boolean, wrap?: boolean}} [options] `across`: left and right move, not up and down
 */
export function rove(list, items, { across = false, both = false, wrap = true } = {}) {
  const forward = both ? ["ArrowDown", "ArrowRight"] : [across ? "ArrowRight" : "ArrowDown"];
  const backward = both ? ["ArrowUp", "ArrowLeft"] : [across ? "ArrowLeft" : "ArrowUp"];
  list.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const all = /** @type {HTMLElement[]} */ (
      [...list.querySelectorAll(items)].filter((each) => each instanceof HTMLElement && each.offsetParent)
    );
    const at = all.findIndex((each) => each === document.activeElement);
    if (at < 0 || !all.length) return;
    const next = step(event.key, at, all.length, { forward, backward, wrap });
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
 * @param {{forward: string[], backward: string[], wrap: boolean}} keys
 */
function step(key, at, count, { forward, backward, wrap }) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const move = forward.includes(key) ? 1 : backward.includes(key) ? -1 : 0;
  if (!move) return null;
  return wrap ? (at + move + count) % count : Math.max(0, Math.min(count - 1, at + move));
}
