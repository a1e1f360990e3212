"""How well text stands out, as WCAG 2.2 counts it: of every piece of text that can be seen on a page right now."""

from __future__ import annotations

from playwright.async_api import Page

# A canvas turns any colour that CSS can say into numbers. Text of an inactive control, and a background that is a
# picture, are left out as the standard does.
MEASURE = r"""
() => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const known = new Map();
  const rgba = colour => {
    if (!known.has(colour)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = (top, under) => {
    const mix = at => top[at] * top[3] + under[at] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  const chain = element => {
    const all = [];
    for (let each = element; each; each = each.parentElement) all.push(each);
    return all;
  };
  const ground = elements => {
    const layers = [];
    for (const each of elements) {
      const style = getComputedStyle(each);
      if (style.backgroundImage.includes("url(")) return null;
      const colour = rgba(style.backgroundColor);
      if (colour[3]) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const light = ([r, g, b]) => {
    const linear = each => each <= 10.31475 ? each / 3294.6 : ((each / 255 + 0.055) / 1.055) ** 2.4;
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const ratio = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const measure = (element, words, style) => {
    const elements = chain(element);
    const seen = elements.reduce((part, each) => part * Number(getComputedStyle(each).opacity), 1);
    const under = ground(elements);
    if (!under || !seen) return null;
    const [r, g, b, a] = rgba(style.color);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    return {words, got: ratio(over([r, g, b, a * seen], under), under), least: large ? 3 : 4.5};
  };
  const hidden = element => {
    const box = element.getBoundingClientRect();
    return box.width <= 1 || box.height <= 1 || element.closest(":disabled, [aria-disabled=true], [inert]")
      || !element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  };
  const found = [];
  const front = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const walker = document.createTreeWalker(front, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const words = walker.currentNode.data.trim();
    if (/[\p{L}\p{N}]/u.test(words) && !hidden(element)) found.push(measure(element, words, getComputedStyle(element)));
  }
  for (const box of front.querySelectorAll("textarea, input:not([type=range], [type=file])")) {
    if (hidden(box)) continue;
    const style = getComputedStyle(box, box.value ? null : "::placeholder");
    found.push(measure(box, box.value || box.placeholder, style));
  }
  return found.filter(each => each && each.words);
}
"""


async def faint(page: Page) -> list[str]:
    """The pieces of text with less contrast than level AA asks for; an open dialog is all there is."""
    measured = await page.evaluate(MEASURE)
    assert measured, "no text was found"
    return [
        f"“{each['words'][:40]}” {each['got']:.2f}, at least {each['least']}"
        for each in measured
        if each["got"] < each["least"]
    ]
