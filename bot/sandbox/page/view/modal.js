// @ts-check
// A modal of the bot's as a dialog: labels, texts, choices and files; it stays open until the bot has taken it.

import { choicesFor } from "./components.js";
import { dialog } from "./dialog.js";
import { h } from "./dom.js";
import { grow } from "./edit.js";
import { markup } from "./markup.js";
import { selectBox } from "./select.js";
import { fileField } from "./tray.js";

/**
 * @typedef {import("../core/types.js").Component} Component
 * @typedef {import("../core/types.js").Modal} Modal
 * @typedef {import("../app.js").App} App
 * @typedef {{node: HTMLElement, answer: (files: File[]) => object, wrong: () => string | null}} Input
 */

const ROW = 1,
  TEXT_INPUT = 4,
  TEXT = 10,
  LABEL = 18,
  FILES = 19,
  RADIOS = 21,
  CHECKS = 22,
  CHECK = 23;
const PARAGRAPH = 2;

/** @param {App} app @param {Modal} modal */
export function openModal(app, modal) {
  const parts = modal.components.map((component) => part(app, component));
  const failure = h("p", { class: "wrong", role: "alert", hidden: true });
  const submit = h("button", { class: "primary", "data-testid": "modal-submit" }, "Submit");
  const onsubmit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!parts.every((each) => each.check()) || submit.getAttribute("aria-busy")) return;
    /** @type {File[]} */
    const files = [];
    const answers = parts.map((each) => each.answer(files)).filter((each) => each !== null);
    submit.setAttribute("aria-busy", "true");
    try {
      await app.interactions.submit(modal, answers, files);
      element.close();
    } catch (error) {
      failure.hidden = false;
      failure.textContent = /** @type {Error} */ (error).message;
    } finally {
      submit.removeAttribute("aria-busy");
    }
  };
  const form = h(
    "form",
    { class: "modal-form", novalidate: true, onsubmit },
    parts.map((each) => each.node),
    failure,
    h(
      "footer",
      null,
      h(
        "button",
        { class: "quiet", type: "button", "data-testid": "modal-cancel", onclick: () => element.close() },
        "Cancel",
      ),
      submit,
    ),
  );
  const element = dialog(modal.title, form, { testid: "modal" });
  element.dataset.customId = modal.custom_id;
  /** @type {HTMLElement | null} */ (form.querySelector("input:not([type=file]), textarea, button.select"))?.focus();
}

/**
 * @param {App} app
 * @param {Component} component
 * @returns {{node: Node, check: () => boolean, answer: (files: File[]) => object | null}}
 */
function part(app, component) {
  if (component.type === TEXT)
    return {
      node: h("div", { class: "content" }, markup(app.state, component.content ?? "")),
      check: () => true,
      answer: () => null,
    };
  const held = component.type === LABEL ? component.component : component.components?.[0];
  if (!held) return { node: h("div"), check: () => true, answer: () => null };
  const label = (component.type === LABEL ? component.label : held.label) ?? "";
  const input = inputFor(app, held, label);
  const wrong = h("p", { class: "wrong", role: "alert", hidden: true });
  const id = `modal-${held.custom_id}`;
  const grouped =
    held.type >= FILES || !(input.node instanceof HTMLInputElement || input.node instanceof HTMLTextAreaElement);
  input.node.id = grouped ? "" : id;
  const node = h(
    "div",
    { class: "labelled", role: grouped ? "group" : null, "aria-labelledby": grouped ? `${id}-label` : null },
    h(
      "label",
      { id: `${id}-label`, for: grouped ? null : id },
      label,
      held.required !== false && held.type !== CHECK && h("span", { class: "needed", "aria-hidden": "true" }, " *"),
    ),
    component.description && h("p", { class: "help" }, component.description),
    input.node,
    wrong,
  );
  const check = () => {
    const problem = input.wrong();
    wrong.hidden = !problem;
    wrong.textContent = problem;
    if (problem)
      /** @type {HTMLElement | null} */ (
        input.node.matches("input, textarea, button")
          ? input.node
          : input.node.querySelector("input:not([type=file]), button")
      )?.focus();
    return !problem;
  };
  const answer = (/** @type {File[]} */ files) =>
    component.type === ROW
      ? { type: ROW, components: [input.answer(files)] }
      : { type: LABEL, ...(component.id ? { id: component.id } : {}), component: input.answer(files) };
  return { node, check, answer };
}

/** @param {App} app @param {Component} component @param {string} label @returns {Input} */
function inputFor(app, component, label) {
  if (component.type === TEXT_INPUT) return textInput(component);
  if (component.type === FILES) return filesInput(component, label);
  if (component.type === RADIOS || component.type === CHECKS) return group(component);
  if (component.type === CHECK) return checkbox(component);
  return select(app, component, label);
}

/** @param {Component} component @returns {Input} */
function textInput(component) {
  const { custom_id, style, placeholder, max_length = 4000, min_length = 0, required = true } = component;
  const common = {
    class: "field",
    placeholder,
    maxlength: max_length,
    "data-testid": "modal-input",
    "data-custom-id": custom_id,
    value: component.value ?? "",
    autocomplete: "off",
  };
  const node = style === PARAGRAPH ? h("textarea", { ...common, rows: 3 }) : h("input", common);
  if (node instanceof HTMLTextAreaElement) {
    node.addEventListener("input", () => grow(node));
    queueMicrotask(() => grow(node));
  }
  const wrong = () => {
    const length = node.value.trim().length;
    if (!length) return required ? "This one is needed." : null;
    return length < min_length ? `At least ${min_length} characters, please.` : null;
  };
  return { node, wrong, answer: () => ({ type: TEXT_INPUT, custom_id, value: node.value }) };
}

/** @param {Component} component @param {string} label @returns {Input} */
function filesInput({ custom_id, min_values = 1, max_values = 1, required = true }, label) {
  const { node, files } = fileField({
    label,
    most: max_values,
    attributes: { "data-testid": "modal-file", "data-custom-id": custom_id },
  });
  const least = required ? Math.max(1, min_values) : min_values;
  const wrong = () =>
    files().length < least && (required || files().length)
      ? least === 1
        ? "A picture is needed."
        : `At least ${least} pictures, please.`
      : null;
  const answer = (/** @type {File[]} */ all) => ({
    type: FILES,
    custom_id,
    values: files().map((file) => String(all.push(file) - 1)),
  });
  return { node, wrong, answer };
}

/** @param {App} app @param {Component} component @param {string} label @returns {Input} */
function select(app, component, label) {
  const { type, custom_id, min_values = 1, max_values = 1, required = true } = component;
  const { node, values } = selectBox({
    ...choicesFor(app.state, component),
    label,
    placeholder: component.placeholder,
    most: max_values,
    least: required ? min_values : 0,
    attributes: { "data-testid": "modal-select", "data-custom-id": custom_id },
  });
  return {
    node,
    wrong: () => (required && !values().length ? "Choose one, please." : null),
    answer: () => ({ type, custom_id, values: values() }),
  };
}

/** Radio buttons, or boxes to tick. @param {Component} component @returns {Input} */
function group({ type, custom_id, options = [], min_values = 1, max_values = options.length, required = true }) {
  const kind = type === RADIOS ? "radio" : "checkbox";
  const boxes = options.map((option) =>
    h("input", { type: kind, name: `modal-${custom_id}`, value: option.value, checked: option.default }),
  );
  const rows = options.map((option, at) =>
    h(
      "label",
      { class: "tick" },
      boxes[at],
      h(
        "span",
        { class: "words" },
        h("span", null, option.label),
        option.description && h("small", null, option.description),
      ),
    ),
  );
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const wrong = () => {
    if (chosen().length > max_values) return `At most ${max_values}, please.`;
    const least = required ? Math.max(1, kind === "radio" ? 1 : min_values) : 0;
    return chosen().length < least ? (least === 1 ? "Choose one, please." : `At least ${least}, please.`) : null;
  };
  const answer = () =>
    type === RADIOS ? { type, custom_id, value: chosen()[0] ?? null } : { type, custom_id, values: chosen() };
  return {
    node: h("div", { class: "ticks", "data-testid": "modal-choices", "data-custom-id": custom_id }, rows),
    wrong,
    answer,
  };
}

/** @param {Component} component @returns {Input} */
function checkbox({ type, custom_id, default: checked }) {
  const box = h("input", { type: "checkbox", checked, "data-testid": "modal-check", "data-custom-id": custom_id });
  return {
    node: h("label", { class: "tick" }, box, h("span", null, "Yes")),
    wrong: () => null,
    answer: () => ({ type, custom_id, value: box.checked }),
  };
}
