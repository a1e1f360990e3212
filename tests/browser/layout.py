"""What of a page can't be seen or reached at its size: measured in the page, told by the beginnings of the elements."""

from __future__ import annotations

from playwright.async_api import Locator, Page

SIDEWAYS = """
() => [...document.querySelectorAll("*")]
  .filter(each => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 1)
  .filter(each => each === document.documentElement || ["auto", "scroll"].includes(getComputedStyle(each).overflowX))
  .filter(each => !each.matches("pre, .tray"))
  .map(each => each.outerHTML.slice(0, 80))
"""
OUT_OF_REACH = """
part => [...part.querySelectorAll("button, a, input, textarea")]
  .filter(each => !each.closest(".tray"))
  .filter(each => each.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}))
  .filter(each => {
    const {left, right, width, height} = each.getBoundingClientRect();
    return left < 0 || right > innerWidth || Math.min(width, height) < 16;
  })
  .map(each => each.outerHTML.slice(0, 80))
"""
# An ellipsis says that there is more; code and files to send scroll sideways on purpose.
CUT_OFF = """
() => {
  const may = each => getComputedStyle(each).textOverflow === "ellipsis" || each.matches("pre, .tray, .sr, .side");
  const ends = node => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range.getBoundingClientRect();
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const box = ends(walker.currentNode);
    if (box.left >= 0 && box.right <= innerWidth + 1) continue;
    let each = walker.currentNode.parentElement;
    if (!each.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) continue;
    while (each && !may(each)) each = each.parentElement;
    if (!each) found.push(walker.currentNode.data.slice(0, 40));
  }
  return found;
}
"""


async def sideways(page: Page) -> list[str]:
    """What scrolls to the side."""
    return list(await page.evaluate(SIDEWAYS))


async def out_of_reach(part: Locator) -> list[str]:
    """Controls that stick out of the window, or are too small for a finger's tip."""
    return list(await part.evaluate(OUT_OF_REACH))


async def cut_off(page: Page) -> list[str]:
    """Words that run out of the window."""
    return list(await page.evaluate(CUT_OFF))
