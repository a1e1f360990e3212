// @ts-check
// The list above a text box: commands after a slash, names after an @. The focus stays in the box.

import { fill, h } from "./dom.js";

/**
 * @typedef {{key: string, face?: import("./dom.js").Child, label: string, detail?: string, run: () => void}} Suggestion
 */

export class Suggest {
  /** @param {HTMLElement} box the text box @param {string} id */
  constructor(box, id) {
    this.box = box;
    this.id = id;
    /** @type {Suggestion[]} */
    this.items = [];
    this.at = 0;
    this.node = h("div", {
      class: "suggest",
      role: "listbox",
      id,
      hidden: true,
      "aria-label": "Suggestions",
      onpointerdown: (/** @type {Event} */ event) => event.preventDefault(),
    });
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", id);
    if (box instanceof HTMLInputElement) box.setAttribute("role", "combobox");
  }

  get open() {
    return this.items.length > 0;
  }

  /** @param {string} heading @param {Suggestion[]} items @param {string} testid */
  show(heading, items, testid) {
    const same = items.length === this.items.length && items.every((item, at) => item.key === this.items[at].key);
    this.items = items;
    if (!same) this.at = 0;
    this.node.hidden = !items.length;
    if (this.box.role) this.box.setAttribute("aria-expanded", String(this.open));
    this.node.dataset.testid = testid;
    fill(
      this.node,
      h("p", { class: "suggest-head", role: "presentation" }, heading),
      items.map((item, at) =>
        h(
          "div",
          {
            class: "suggestion",
            role: "option",
            id: `${this.id}-${at}`,
            "data-testid": "suggestion",
            "data-name": item.key,
            onclick: () => this.#pick(at),
          },
          item.face,
          h("strong", null, item.label),
          item.detail && h("small", null, item.detail),
        ),
      ),
    );
    this.#mark();
  }

  hide() {
    if (this.open) this.show("", [], "");
  }

  /** Whether the key was for the list. @param {KeyboardEvent} event */
  key(event) {
    if (!this.open || event.isComposing) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#move(event.key === "ArrowDown" ? 1 : -1);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") this.#pick(this.at);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** @param {number} by */
  #move(by) {
    this.at = (this.at + by + this.items.length) % this.items.length;
    this.#mark();
  }

  /** @param {number} at */
  #pick(at) {
    const item = this.items[at];
    this.hide();
    item?.run();
  }

  #mark() {
    const options = this.node.querySelectorAll("[role=option]");
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.at)));
    if (this.open) this.box.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
    else this.box.removeAttribute("aria-activedescendant");
    options[this.at]?.scrollIntoView({ block: "nearest" });
  }
}
