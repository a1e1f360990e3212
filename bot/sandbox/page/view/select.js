// @ts-check
// One widget for everything that is chosen from a list: a message's selects, a modal's, a command's choices.

import { h } from "./dom.js";
import { float } from "./float.js";
import { icon } from "./icons.js";
import { rove } from "./roving.js";

/**
 * @typedef {object} Choice
 * @property {string} label
 * @property {string} value
 * @property {string} [description]
 * @property {{name: string}} [emoji]
 * @property {string | null} [colour]
 *
 * @typedef {object} Settings
 * @property {Choice[]} choices
 * @property {string} label
 * @property {string} [placeholder]
 * @property {number} [least]
 * @property {number} [most]
 * @property {string[]} [values]
 * @property {boolean} [disabled]
 * @property {boolean} [search] whether few choices can be searched too
 * @property {Record<string, unknown>} [attributes]
 * @property {(values: string[]) => void} [changed]
 */

const MANY = 9;

/** @param {Settings} settings @returns {{node: HTMLElement, values: () => string[]}} */
export function selectBox(settings) {
  const { choices, label, placeholder = "Choose…", most = 1, disabled = false } = settings;
  let values = (settings.values ?? []).filter((value) => choices.some((choice) => choice.value === value));
  const shown = h("span", { class: "shown" });
  const node = h(
    "button",
    {
      class: "select",
      type: "button",
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-controls": "",
      "aria-expanded": "false",
      disabled,
      ...settings.attributes,
    },
    shown,
    icon("down", 16),
  );
  const refresh = () => {
    const chosen = choices.filter((choice) => values.includes(choice.value)).map((choice) => choice.label);
    shown.textContent = chosen.join(", ") || placeholder;
    shown.classList.toggle("placeholder", !chosen.length);
    const said = chosen.join(", ") || placeholder;
    node.setAttribute("aria-label", said === label ? label : `${label}: ${said}`);
  };
  const choose = (/** @type {string[]} */ next) => {
    values = next;
    refresh();
    node.focus({ preventScroll: true }); // the list goes, and what is chosen may draw all of this anew
    settings.changed?.(values);
  };
  const open = () => node.getAttribute("aria-busy") !== "true" && openList(node, settings, values, choose);
  node.addEventListener("click", open);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open();
  });
  node.dataset.most = String(most);
  refresh();
  return { node, values: () => values };
}

/**
 * @param {HTMLElement} anchor
 * @param {Settings} settings
 * @param {string[]} values
 * @param {(values: string[]) => void} choose
 */
function openList(anchor, settings, values, choose) {
  if (anchor.getAttribute("aria-expanded") === "true") return;
  const most = settings.most ?? 1;
  const chosen = new Set(values);
  const id = `list-${settings.attributes?.["data-custom-id"] ?? settings.label}`.replace(/\W+/g, "-");
  const list = h("div", {
    role: "listbox",
    class: "options",
    id,
    "aria-label": settings.label,
    "aria-multiselectable": most > 1 ? "true" : "false",
  });
  const nothing = h("p", { class: "nothing", hidden: settings.choices.length > 0 }, "Nothing to choose from.");
  const searched = settings.search || settings.choices.length > MANY;
  const panel = h("div", { class: "list-panel" }, searched && filter(list), list, nothing);
  const close = () => shut();
  const toggle = (/** @type {string} */ value) => {
    if (most === 1) {
      choose(chosen.has(value) && (settings.least ?? 1) === 0 ? [] : [value]);
      return close();
    }
    if (chosen.has(value)) chosen.delete(value);
    else if (chosen.size < most) chosen.add(value);
    for (const option of list.children)
      option.setAttribute("aria-selected", String(chosen.has(/** @type {HTMLElement} */ (option).dataset.value ?? "")));
  };
  list.append(...settings.choices.map((choice) => optionNode(choice, chosen.has(choice.value), toggle)));
  if (most > 1)
    panel.append(
      h("button", { type: "button", class: "primary compact", "data-testid": "select-done", onclick: close }, "Done"),
    );
  const changed = () =>
    most > 1 && chosen.size >= (settings.least ?? 1) && [...chosen].sort().join() !== [...values].sort().join();
  const shut = float(anchor, panel, {
    closed: () => {
      if (changed()) choose([...chosen]);
    },
  });
  anchor.setAttribute("aria-controls", id);
  rove(list, "[role=option]");
  const first = list.querySelector("[aria-selected=true]") ?? list.firstElementChild;
  /** @type {HTMLElement | null} */ (panel.querySelector("input") ?? first)?.focus();
}

/** @param {Choice} choice @param {boolean} selected @param {(value: string) => void} toggle */
function optionNode(choice, selected, toggle) {
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    toggle(choice.value);
  };
  return h(
    "div",
    {
      class: "option",
      role: "option",
      tabindex: -1,
      "data-value": choice.value,
      "data-testid": "option",
      "aria-selected": String(selected),
      onclick: () => toggle(choice.value),
      onkeydown,
    },
    choice.emoji && h("span", { class: "emoji" }, choice.emoji.name),
    choice.colour && h("span", { class: "dot", style: { "--dot": choice.colour } }),
    h(
      "span",
      { class: "words" },
      h("span", null, choice.label),
      choice.description && h("small", null, choice.description),
    ),
    icon("check", 16),
  );
}

/** @param {HTMLElement} list */
function filter(list) {
  const oninput = (/** @type {Event} */ event) => {
    const wanted = /** @type {HTMLInputElement} */ (event.target).value.toLowerCase();
    for (const option of list.children)
      /** @type {HTMLElement} */ (option).hidden = !option.textContent?.toLowerCase().includes(wanted);
  };
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    const first = /** @type {HTMLElement | undefined} */ (
      [...list.children].find((option) => !(/** @type {HTMLElement} */ (option).hidden))
    );
    if (event.key === "Enter") first?.click();
    else first?.focus();
  };
  return h("input", {
    type: "search",
    class: "field",
    placeholder: "Search",
    "aria-label": "Search the list",
    oninput,
    onkeydown,
  });
}
