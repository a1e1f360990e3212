// @ts-check
// Pictures in a message: a grid that keeps their place before they load, and opens them in the light box.

import { fit, rows } from "../text/grid.js";
import { h, local } from "./dom.js";
import { icon } from "./icons.js";
import { lightbox } from "./lightbox.js";

/**
 * @typedef {import("../core/types.js").Picture} Picture
 * @typedef {import("../core/types.js").Message} Message
 * @typedef {import("../app.js").App} App
 */

const BOX = { width: 480, height: 420 };
const CELL = { width: 320, height: 240 };

/**
 * The pictures of a message or of one gallery in it.
 * @param {App} app
 * @param {Picture[]} pictures
 */
export function gallery(app, pictures) {
  if (!pictures.length) return null;
  if (pictures.length === 1) return h("div", { class: "gallery one" }, tile(app, pictures[0], true));
  const left = [...pictures];
  const lines = rows(pictures.length).map((count) =>
    h(
      "div",
      { class: `row of-${count}` },
      left.splice(0, count).map((each) => tile(app, each, false)),
    ),
  );
  return h("div", { class: "gallery many" }, lines);
}

/** @param {App} app @param {Picture} picture @param {boolean} alone */
function tile(app, picture, alone) {
  const size = fit(picture.width, picture.height, alone ? BOX : CELL);
  const name = `${picture.version ? `${picture.version}: ` : ""}${picture.alt || picture.name}`;
  const onclick = () => {
    if (button.classList.contains("veiled")) return unveil(button, name);
    return lightbox(app, picture);
  };
  const button = h(
    "button",
    {
      class: `picture${picture.spoiler ? " veiled" : ""}`,
      type: "button",
      "data-testid": "picture",
      style: { "--w": `${size.width}px`, "--ratio": `${size.width} / ${size.height}` },
      "aria-label": picture.spoiler ? "Hidden picture: press to see it" : `Open picture. ${name}`,
      onclick,
    },
    image(picture),
    picture.version && h("span", { class: "version", "aria-hidden": "true" }, picture.version),
    picture.spoiler && h("span", { class: "veil", "aria-hidden": "true" }, icon("eye"), "Spoiler"),
  );
  return button;
}

/** @param {HTMLElement} button @param {string} name */
function unveil(button, name) {
  button.classList.remove("veiled");
  button.querySelector(".veil")?.remove();
  button.setAttribute("aria-label", `Open picture. ${name}`);
}

/** @param {Picture} picture */
function image(picture) {
  const failed = () => node.closest(".picture")?.classList.add("broken");
  const loaded = () => node.classList.add("loaded");
  const node = h("img", {
    src: local(picture.url),
    alt: picture.alt || picture.name,
    decoding: "async",
    draggable: "false",
    "data-path": local(picture.url).split("?")[0],
    onerror: failed,
    onload: loaded,
  });
  return node;
}

/**
 * Lets pictures that are already there stay when their message is drawn anew, so that they do not flicker.
 * @param {Element} old
 * @param {Element} drawn
 */
export function keepImages(old, drawn) {
  for (const image of drawn.querySelectorAll("img[data-path]")) {
    const known = old.querySelector(`img[data-path="${CSS.escape(image.getAttribute("data-path") ?? "")}"].loaded`);
    if (!known) continue;
    known.setAttribute("alt", image.getAttribute("alt") ?? "");
    image.replaceWith(known);
  }
}

/** A small square of a picture, for quotes and previews. @param {Picture} picture */
export function thumbnail(picture) {
  return h("img", {
    class: picture.spoiler ? "thumb veiled" : "thumb",
    src: local(picture.url),
    alt: picture.version ?? "picture",
    decoding: "async",
  });
}

/** A file that is no picture. @param {import("../core/types.js").Attachment} file */
export function fileCard(file) {
  return h(
    "a",
    { class: "file", href: local(file.url), download: file.filename },
    icon("file"),
    h("span", { class: "words" }, h("span", null, file.filename), h("small", null, bytes(file.size))),
  );
}

/** @param {number} size */
export function bytes(size) {
  if (size < 1024) return `${size} bytes`;
  return size < 1024 * 1024 ? `${Math.round(size / 1024)} KB` : `${(size / 1024 / 1024).toFixed(1)} MB`;
}
