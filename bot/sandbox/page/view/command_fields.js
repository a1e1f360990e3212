// @ts-check
// The fields of a slash command's form, one kind for each kind of option.

import {
  ATTACHMENT,
  BOOLEAN,
  CHANNEL,
  INTEGER,
  MENTIONABLE,
  NUMBER,
  ROLE,
  USER,
  called,
  interactionData,
} from "../text/slash.js";
import { channels, people, roles } from "./components.js";
import { h } from "./dom.js";
import { grow } from "./edit.js";
import { selectBox } from "./select.js";
import { Suggest } from "./suggest.js";
import { fileField } from "./tray.js";

/**
 * @typedef {import("../core/types.js").CommandOption} CommandOption
 * @typedef {import("../core/state.js").State} State
 * @typedef {import("../text/slash.js").Raw} Raw
 * @typedef {import("./command_form.js").CommandForm} CommandForm
 * @typedef {import("./select.js").Choice} Choice
 * @typedef {{node: HTMLElement, value: () => Raw, focus: () => void}} Field
 */

const PAUSE = 250;

/** @param {CommandForm} form @param {CommandOption} option @param {Raw} value @returns {Field} */
export function fieldFor(form, option, value) {
  const { state } = form.app;
  const attributes = { "data-testid": `option-${option.name}` };
  if (option.type === ATTACHMENT) {
    const { node, files, set } = fileField({ label: called(option), attributes });
    if (value instanceof File) set([value]);
    return { node, value: () => files()[0], focus: () => node.querySelector("button")?.focus() };
  }
  const listed = choices(state, option);
  if (listed) {
    const { node, values } = selectBox({
      choices: listed,
      label: called(option),
      least: option.required ? 1 : 0,
      values: value ? [byName(listed, String(value))] : [],
      attributes,
    });
    return { node, value: () => values()[0], focus: () => node.focus() };
  }
  return option.autocomplete ? completed(form, option, value) : typedField(option, value, attributes);
}

/** @param {Choice[]} listed @param {string} value what was typed may be a name or a value */
function byName(listed, value) {
  const wanted = value.replace(/^[@#]/, "").toLowerCase();
  return (
    listed.find((choice) => choice.value === value || choice.label.replace(/^[@#]/, "").toLowerCase() === wanted)
      ?.value ?? value
  );
}

/** @param {State} state @param {CommandOption} option @returns {Choice[] | null} */
function choices(state, option) {
  if (option.choices?.length) return option.choices.map((each) => ({ label: called(each), value: String(each.value) }));
  if (option.type === BOOLEAN)
    return [
      { label: "Yes", value: "true" },
      { label: "No", value: "false" },
    ];
  if (option.type === USER) return people(state);
  if (option.type === ROLE) return roles(state);
  if (option.type === CHANNEL) return channels(state, option.channel_types);
  return option.type === MENTIONABLE ? [...people(state), ...roles(state)] : null;
}

/** @param {CommandOption} option @param {Raw} value @param {Record<string, string>} attributes @returns {Field} */
function typedField(option, value, attributes) {
  const common = {
    class: "field",
    name: option.name,
    "aria-labelledby": `option-${option.name}`,
    value: value ?? "",
    autocomplete: "off",
    ...attributes,
  };
  const number = option.type === INTEGER || option.type === NUMBER;
  const node = number
    ? h("input", { ...common, inputmode: option.type === INTEGER ? "numeric" : "decimal" })
    : h("textarea", { ...common, rows: 1 });
  if (node instanceof HTMLTextAreaElement) node.addEventListener("input", () => grow(node, 160));
  return { node, value: () => node.value.trim(), focus: () => node.focus() };
}

/**
 * The form scrolls in itself, so what hangs over it is placed in the window.
 * @param {Element} box
 * @param {HTMLElement} list
 */
function above(box, list) {
  const { left, top, width } = box.getBoundingClientRect();
  list.style.setProperty("--left", `${left}px`);
  list.style.setProperty("--bottom", `${innerHeight - top}px`);
  list.style.setProperty("--width", `${width}px`);
  list.style.setProperty("--room", `${top}px`);
}

/**
 * A text that the bot helps to complete.
 * @param {CommandForm} form
 * @param {CommandOption} option
 * @param {Raw} value
 * @returns {Field}
 */
function completed(form, option, value) {
  const node = h("input", {
    class: "field",
    name: option.name,
    "aria-labelledby": `option-${option.name}`,
    value: value ?? "",
    autocomplete: "off",
    "data-testid": `option-${option.name}`,
  });
  const suggest = new Suggest(node, `complete-${option.name}`);
  let chosen = { name: "", value: /** @type {string | number} */ ("") };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const pick = (/** @type {{name: string, value: string | number}} */ choice) => {
    chosen = choice;
    node.value = choice.name;
  };
  const ask = async () => {
    const { data } = interactionData(form.leaf, { ...form.values(), [option.name]: node.value }, option.name);
    const found = await form.app.interactions.complete(form.leaf.command, data).catch(() => []);
    if (document.activeElement !== node) return;
    above(node, suggest.node);
    suggest.show(
      option.name,
      found.map((choice) => ({ key: String(choice.value), label: choice.name, run: () => pick(choice) })),
      "completions",
    );
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };
  node.addEventListener("input", later);
  node.addEventListener("focus", later);
  node.addEventListener("blur", () => suggest.hide());
  node.addEventListener("keydown", (event) => suggest.key(event));
  const wrapped = h("div", { class: "completing" }, suggest.node, node);
  return {
    node: wrapped,
    value: () => (chosen.name && node.value === chosen.name ? String(chosen.value) : node.value.trim()),
    focus: () => node.focus(),
  };
}
