// @ts-check
// One picture at a time, large: arrows go through the channel's pictures, plus and minus zoom, Escape leaves.

import { picturesOf } from "../text/pictures.js";
import { byId, fill, h, local } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @typedef {import("../core/types.js").Picture} Picture
 * @typedef {import("../app.js").App} App
 */

const STARTER = 21;
const STEPS = [1, 1.5, 2, 3, 4, 6];

/**
 * Opens the light box on a picture.
 * @param {App} app
 * @param {Picture} picture
 */
export function lightbox(app, picture) {
  // A thread begins with the pictures of the message it grew from.
  const shown = app.state
    .book(app.state.selected ?? "")
    .list()
    .map((message) => (message.type === STARTER && message.referenced_message) || message);
  const all = shown.flatMap(picturesOf);
  const here = all.findIndex((each) => each.url === picture.url && each.messageId === picture.messageId);
  new LightBox(app, here < 0 ? [picture] : all, Math.max(here, 0)).open();
}

class LightBox {
  /** @param {App} app @param {Picture[]} pictures @param {number} at */
  constructor(app, pictures, at) {
    this.app = app;
    this.pictures = pictures;
    this.at = at;
    /** How many times larger than what fits. */
    this.zoom = 1;
    this.image = h("img", { alt: "", draggable: "false" });
    this.stage = h("div", { class: "stage", tabindex: -1 }, this.image);
    this.caption = h("figcaption", { "aria-live": "polite", "data-testid": "lightbox-caption" });
    this.tools = h("div", { class: "tools" });
    this.element = h(
      "dialog",
      { class: "lightbox", "aria-label": "Picture", "data-testid": "lightbox" },
      h("figure", null, this.stage, this.caption),
      this.tools,
    );
  }

  open() {
    const before = document.activeElement;
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("close", () => {
      this.element.remove();
      if (before instanceof HTMLElement) before.focus();
    });
    this.stage.addEventListener("click", (event) => {
      if (event.target === this.stage) this.element.close();
    });
    this.image.addEventListener("click", () => this.#zoomTo(this.zoom === 1 ? 2 : 1));
    this.stage.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        this.#step(event.deltaY < 0 ? 1 : -1);
      },
      { passive: false },
    );
    byId("overlays").append(this.element);
    this.element.showModal();
    this.#show();
    this.stage.focus();
  }

  get picture() {
    return this.pictures[this.at];
  }

  #show() {
    const { picture } = this;
    this.image.src = local(picture.url);
    this.image.alt = picture.alt || picture.name;
    const size = picture.width ? `${picture.width} × ${picture.height}` : "";
    const place = this.pictures.length > 1 ? `${this.at + 1} of ${this.pictures.length}` : "";
    fill(
      this.caption,
      picture.version && h("strong", null, picture.version),
      h("span", { class: "alt" }, picture.alt || picture.name),
      h("small", null, [place, size].filter(Boolean).join(" · ")),
    );
    fill(
      this.tools,
      this.#tool("left", "Previous picture", () => this.#move(-1), this.at === 0),
      this.#tool("right", "Next picture", () => this.#move(1), this.at === this.pictures.length - 1),
      this.#tool("zoom-out", "Smaller", () => this.#step(-1)),
      this.#tool("zoom-in", "Larger", () => this.#step(1)),
      this.#tool("size", "Original size", () => this.#original()),
      this.#tool("reply", "Reply to this picture", () => this.#reply(), !this.#answerable),
      this.#link(),
      this.#tool("close", "Close", () => this.element.close()),
    );
    this.#zoomTo(1);
  }

  /** @param {string} name @param {string} label @param {() => void} run @param {boolean} [disabled] */
  #tool(name, label, run, disabled) {
    return h(
      "button",
      { class: "bare", type: "button", "aria-label": label, title: label, onclick: run, disabled },
      icon(name),
    );
  }

  #link() {
    return h(
      "a",
      {
        class: "bare",
        href: local(this.picture.url),
        target: "_blank",
        rel: "noopener",
        "aria-label": "Open the file in a new tab",
        title: "Open the file in a new tab",
      },
      icon("open"),
    );
  }

  /** Replies stay in their channel. */
  get #answerable() {
    const { state } = this.app;
    return Boolean(state.message(state.selected, this.picture.messageId)) && !state.silence();
  }

  #reply() {
    if (!this.#answerable) return;
    this.element.close();
    this.app.composer.reply(this.picture.messageId);
  }

  /** @param {number} by */
  #move(by) {
    const next = this.at + by;
    if (next < 0 || next >= this.pictures.length) return;
    this.at = next;
    this.#show();
  }

  /** @param {number} by */
  #step(by) {
    const nearest = STEPS.findIndex((step) => step >= this.zoom);
    this.#zoomTo(STEPS[Math.max(0, Math.min(STEPS.length - 1, nearest + by))]);
  }

  #original() {
    const fitted = this.image.getBoundingClientRect().width / this.zoom;
    this.#zoomTo(fitted && this.image.naturalWidth ? Math.max(1.01, this.image.naturalWidth / fitted) : 1);
  }

  /** @param {number} zoom */
  #zoomTo(zoom) {
    const middle = {
      x: this.#middle("scrollLeft", "clientWidth", "scrollWidth"),
      y: this.#middle("scrollTop", "clientHeight", "scrollHeight"),
    };
    if (this.zoom === 1) this.element.style.setProperty("--fit", `${this.image.getBoundingClientRect().width}px`);
    this.zoom = zoom;
    this.element.classList.toggle("zoomed", zoom > 1.001);
    this.element.style.setProperty("--zoom", String(zoom));
    this.stage.scrollLeft = middle.x * this.stage.scrollWidth - this.stage.clientWidth / 2;
    this.stage.scrollTop = middle.y * this.stage.scrollHeight - this.stage.clientHeight / 2;
  }

  /**
   * Where the middle of the view is, as a part of the whole.
   * @param {"scrollLeft" | "scrollTop"} from
   * @param {"clientWidth" | "clientHeight"} seen
   * @param {"scrollWidth" | "scrollHeight"} whole
   */
  #middle(from, seen, whole) {
    return (this.stage[from] + this.stage[seen] / 2) / Math.max(1, this.stage[whole]);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => this.#move(-1),
      ArrowRight: () => this.#move(1),
      Home: () => this.#move(-this.at),
      End: () => this.#move(this.pictures.length - 1 - this.at),
      "+": () => this.#step(1),
      "=": () => this.#step(1),
      "-": () => this.#step(-1),
      0: () => this.#zoomTo(1),
      1: () => this.#original(),
      r: () => this.#reply(),
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    if (this.zoom > 1.001 && event.key.startsWith("Arrow")) return;
    event.preventDefault();
    keys[event.key]();
  }
}
