// @ts-check
// A slash command being filled in: its needed options as fields, the others a press away.

import { called, described, interactionData, problem } from "../text/slash.js";
import { fieldFor } from "./command_fields.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { complain } from "./live.js";

/**
 * @typedef {import("../core/types.js").CommandOption} CommandOption
 * @typedef {import("../text/slash.js").Leaf} Leaf
 * @typedef {import("../text/slash.js").Raw} Raw
 * @typedef {import("../app.js").App} App
 * @typedef {import("./command_fields.js").Field} Field
 */

export class CommandForm {
  /**
   * @param {App} app
   * @param {Leaf} leaf
   * @param {{values?: Record<string, Raw>, done: () => void}} options
   */
  constructor(app, leaf, { values = {}, done }) {
    this.app = app;
    this.leaf = leaf;
    this.done = done;
    /** @type {Map<string, Field>} */
    this.fields = new Map();
    this.rows = h("div", { class: "fields" });
    this.extras = h("div", { class: "extras" });
    this.run = h(
      "button",
      { class: "primary", "data-testid": "slash-run" },
      "Run",
      h("kbd", { "aria-hidden": "true" }, "↵"),
    );
    const onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#submit();
    };
    this.node = h(
      "form",
      {
        class: "command-form",
        novalidate: true,
        "aria-label": `Command ${leaf.name}`,
        "data-testid": "slash-form",
        onsubmit,
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      },
      h(
        "header",
        null,
        h("strong", { class: "command-name" }, `/${leaf.name}`),
        h("span", { class: "description" }, leaf.description),
        h(
          "button",
          {
            class: "bare",
            type: "button",
            "aria-label": "Leave the command",
            "data-testid": "slash-cancel",
            onclick: done,
          },
          icon("close", 18),
        ),
      ),
      this.rows,
      h("footer", null, this.extras, this.run),
    );
    for (const option of leaf.options)
      if (option.required || option.name in values) this.#add(option, values[option.name]);
    this.#drawExtras();
  }

  focus() {
    const empty = [...this.fields.values()].find((field) => !field.value());
    (empty ?? { focus: () => this.run.focus() }).focus();
  }

  /** @param {CommandOption} option @param {Raw} [value] */
  #add(option, value) {
    const field = fieldFor(this, option, value);
    this.fields.set(option.name, field);
    this.rows.append(
      h(
        "div",
        { class: "command-field", "data-option": option.name },
        h(
          "span",
          { class: "field-label", id: `option-${option.name}` },
          called(option),
          option.required && h("span", { class: "needed", "aria-hidden": "true" }, " *"),
        ),
        h(
          "div",
          null,
          field.node,
          h("p", { class: "help" }, described(option)),
          h("p", { class: "wrong", role: "alert", hidden: true }),
        ),
      ),
    );
    return field;
  }

  #drawExtras() {
    const left = this.leaf.options.filter((option) => !this.fields.has(option.name));
    this.extras.replaceChildren(
      ...left.map((option) =>
        h(
          "button",
          {
            class: "chip",
            type: "button",
            title: described(option),
            "data-testid": "slash-option",
            "data-option": option.name,
            onclick: () => {
              this.#add(option).focus();
              this.#drawExtras();
            },
          },
          icon("plus", 14),
          called(option),
        ),
      ),
    );
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.done();
    } else if (
      event.key === "Enter" &&
      event.target instanceof HTMLTextAreaElement &&
      !event.shiftKey &&
      !event.isComposing
    ) {
      event.preventDefault();
      this.#submit();
    }
  }

  /** Everything that is filled in. @returns {Record<string, Raw>} */
  values() {
    return Object.fromEntries([...this.fields].map(([name, field]) => [name, field.value()]));
  }

  async #submit() {
    if (!this.#valid() || this.run.getAttribute("aria-busy")) return;
    const { data, files } = interactionData(this.leaf, this.values());
    this.run.setAttribute("aria-busy", "true");
    try {
      this.app.actions.noteCommand(this.app.state.selected ?? "");
      await this.app.interactions.command(this.leaf.command, data, { files });
      this.done();
    } catch (error) {
      complain(error);
    } finally {
      this.run.removeAttribute("aria-busy");
    }
  }

  #valid() {
    let first = null;
    for (const option of this.leaf.options) {
      const field = this.fields.get(option.name);
      const row = this.rows.querySelector(`[data-option="${option.name}"] .wrong`);
      if (!field || !(row instanceof HTMLElement)) continue;
      const wrong = problem(option, field.value());
      row.hidden = !wrong;
      row.textContent = wrong;
      if (wrong) first ??= field;
    }
    first?.focus();
    return !first;
  }
}
