// @ts-check
// Elements from plain values. Text always becomes text nodes: no string is ever read as HTML.

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

/**
 * Makes an element. Functions named `on…` listen; `true` sets a bare attribute; null, false and undefined set none.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any> | null} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  append(element, children);
  return element;
}

/** @param {HTMLElement} element @param {string} name @param {any} value */
function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "style")
    for (const [key, each] of Object.entries(value)) element.style.setProperty(key, String(each));
  else if (name === "value" || name === "checked" || name === "selected") Reflect.set(element, name, value);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** @param {Element | DocumentFragment} parent @param {Child[]} children */
export function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child);
    else parent.append(child instanceof Node ? child : String(child));
  }
}

/** Replaces everything in an element. @param {Element} parent @param {...Child} children */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/** The element with this id, which index.html promises. @param {string} id */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** Pictures come from the server that served the page, whatever name it was called by. @param {string} url */
export function local(url) {
  if (url.startsWith("blob:") || url.startsWith("data:")) return url;
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}

/** Whether the reader asked for less movement. */
export function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
