// @ts-check
// A slash command being filled in: its needed options as fields, the others a press away.

import { ATTACHMENT, BOOLEAN, CHANNEL, INTEGER, MENTIONABLE, NUMBER, ROLE, USER, interactionData, problem } from "../text/slash.js";
import { channels, people, roles } from "./components.js";
import { h } from "./dom.js";
import { grow } from "./edit.js";
import { icon } from "./icons.js";
import { complain } from "./live.js";
import { selectBox } from "./select.js";
import { Suggest } from "./suggest.js";
import { fileField } from "./tray.js";

/**
 * @typedef {import("../core/types.js").CommandOption} CommandOption
 * @typedef {import("../text/slash.js").Leaf} Leaf
 * @typedef {import("../text/slash.js").Raw} Raw
 * @typedef {import("../app.js").App} App
 * @typedef {{node: HTMLElement, value: () => Raw, focus: () => void}} Field
 */

const PAUSE = 250;

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
    this.run = h("button", { class: "primary", "data-testid": "slash-run" }, "Run", h("kbd", { "aria-hidden": "true" }, "↵"));
    const onsubmit = (/** @type {Event} */ event) => { event.preventDefault(); this.#submit(); };
    this.node = h("form", { class: "command-form", novalidate: true, "aria-label": `Command ${leaf.name}`, "data-testid": "slash-form", onsubmit, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) },
      h("header", null, h("strong", { class: "command-name" }, `/${leaf.name}`), h("span", { class: "description" }, leaf.description), h("button", { class: "bare", type: "button", "aria-label": "Leave the command", "data-testid": "slash-cancel", onclick: done }, icon("close", 18))),
      this.rows, h("footer", null, this.extras, this.run));
    for (const option of leaf.options) if (option.required || option.name in values) this.#add(option, values[option.name]);
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
    this.rows.append(h("div", { class: "command-field", "data-option": option.name }, h("span", { class: "field-label", id: `option-${option.name}` }, option.name, option.required && h("span", { class: "needed", "aria-hidden": "true" }, " *")),
      h("div", null, field.node, h("p", { class: "help" }, option.description), h("p", { class: "wrong", role: "alert", hidden: true }))));
    return field;
  }

  #drawExtras() {
    const left = this.leaf.options.filter((option) => !this.fields.has(option.name));
    this.extras.replaceChildren(...left.map((option) => h("button", {
      class: "chip", type: "button", title: option.description, "data-testid": "slash-option", "data-option": option.name,
      onclick: () => { this.#add(option).focus(); this.#drawExtras(); },
    }, icon("plus", 14), option.name)));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.done();
    } else if (event.key === "Enter" && event.target instanceof HTMLTextAreaElement && !event.shiftKey && !event.isComposing) {
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

/** @param {CommandForm} form @param {CommandOption} option @param {Raw} value @returns {Field} */
function fieldFor(form, option, value) {
  const { state } = form.app;
  const attributes = { "data-testid": `option-${option.name}` };
  if (option.type === ATTACHMENT) {
    const { node, files, set } = fileField({ label: option.name, attributes });
    if (value instanceof File) set([value]);
    return { node, value: () => files()[0], focus: () => node.querySelector("button")?.focus() };
  }
  const listed = choices(state, option);
  if (listed) {
    const { node, values } = selectBox({ choices: listed, label: option.name, least: option.required ? 1 : 0, values: value ? [byName(listed, String(value))] : [], attributes });
    return { node, value: () => values()[0], focus: () => node.focus() };
  }
  return option.autocomplete ? completed(form, option, value) : typedField(option, value, attributes);
}

/** @param {import("./select.js").Choice[]} listed @param {string} value what was typed may be a name or a value */
function byName(listed, value) {
  const wanted = value.replace(/^[@#]/, "").toLowerCase();
  return listed.find((choice) => choice.value === value || choice.label.replace(/^[@#]/, "").toLowerCase() === wanted)?.value ?? value;
}

/** @param {import("../core/state.js").State} state @param {CommandOption} option @returns {import("./select.js").Choice[] | null} */
function choices(state, option) {
  if (option.choices?.length) return option.choices.map(({ name, value }) => ({ label: name, value: String(value) }));
  if (option.type === BOOLEAN) return [{ label: "Yes", value: "true" }, { label: "No", value: "false" }];
  if (option.type === USER) return people(state);
  if (option.type === ROLE) return roles(state);
  if (option.type === CHANNEL) return channels(state, option.channel_types);
  return option.type === MENTIONABLE ? [...people(state), ...roles(state)] : null;
}

/** @param {CommandOption} option @param {Raw} value @param {Record<string, string>} attributes @returns {Field} */
function typedField(option, value, attributes) {
  const common = { class: "field", name: option.name, "aria-labelledby": `option-${option.name}`, value: value ?? "", autocomplete: "off", ...attributes };
  const number = option.type === INTEGER || option.type === NUMBER;
  const node = number ? h("input", { ...common, inputmode: option.type === INTEGER ? "numeric" : "decimal" }) : h("textarea", { ...common, rows: 1 });
  if (node instanceof HTMLTextAreaElement) node.addEventListener("input", () => grow(node, 160));
  return { node, value: () => node.value.trim(), focus: () => node.focus() };
}

/** A text that the bot helps to complete. @param {CommandForm} form @param {CommandOption} option @param {Raw} value @returns {Field} */
function completed(form, option, value) {
  const node = h("input", { class: "field", name: option.name, "aria-labelledby": `option-${option.name}`, value: value ?? "", autocomplete: "off", "data-testid": `option-${option.name}` });
  const suggest = new Suggest(node, `complete-${option.name}`);
  let chosen = { name: "", value: /** @type {string | number} */ ("") };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const pick = (/** @type {{name: string, value: string | number}} */ choice) => { chosen = choice; node.value = choice.name; };
  const ask = async () => {
    const { data } = interactionData(form.leaf, { ...form.values(), [option.name]: node.value }, option.name);
    const found = await form.app.interactions.complete(form.leaf.command, data).catch(() => []);
    if (document.activeElement === node) suggest.show(option.name, found.map((choice) => ({ key: String(choice.value), label: choice.name, run: () => pick(choice) })), "completions");
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); };
  node.addEventListener("input", later);
  node.addEventListener("focus", later);
  node.addEventListener("blur", () => suggest.hide());
  node.addEventListener("keydown", (event) => suggest.key(event));
  const wrapped = h("div", { class: "completing" }, suggest.node, node);
  return { node: wrapped, value: () => (chosen.name && node.value === chosen.name ? String(chosen.value) : node.value.trim()), focus: () => node.focus() };
}

