// @ts-check
// Dialogs: the browser keeps the focus inside, Escape closes, and what opened it has the focus again.

import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @param {string} title
 * @param {import("./dom.js").Child} body
 * @param {{testid?: string, wide?: boolean, closed?: () => void}} [options]
 */
export function dialog(title, body, { testid, wide, closed } = {}) {
  const titleId = `dialog-${Math.random().toString(36).slice(2)}`;
  const element = h(
    "dialog",
    { class: wide ? "dialog wide" : "dialog", "aria-labelledby": titleId, "data-testid": testid },
    h(
      "header",
      null,
      h("h2", { id: titleId }, title),
      h(
        "button",
        { class: "bare", type: "button", "aria-label": "Close", onclick: () => element.close() },
        icon("close"),
      ),
    ),
    body,
  );
  const before = document.activeElement;
  element.addEventListener("close", () => {
    element.remove();
    closed?.();
    if (document.activeElement === document.body && before instanceof HTMLElement && before.isConnected) before.focus();
  });
  element.addEventListener("pointerdown", (event) => {
    if (event.target === element) element.close();
  });
  document.body.append(element);
  element.showModal();
  return element;
}

/**
 * Asks before something that cannot be taken back.
 * @param {{title: string, words: string, yes: string}} question
 * @param {import("./dom.js").Child} [shown]
 * @returns {Promise<boolean>}
 */
export function confirm({ title, words, yes }, shown) {
  return new Promise((resolve) => {
    const answer = (/** @type {boolean} */ value) => {
      resolve(value);
      element.close();
    };
    const element = dialog(
      title,
      [
        h("p", { class: "say" }, words),
        shown,
        h(
          "footer",
          null,
          h("button", { type: "button", class: "quiet", onclick: () => answer(false) }, "Cancel"),
          h(
            "button",
            { type: "button", class: "danger", autofocus: true, "data-testid": "confirm", onclick: () => answer(true) },
            yes,
          ),
        ),
      ],
      { testid: "confirm-dialog", closed: () => resolve(false) },
    );
  });
}

/**
 * Asks for one line of text.
 * @param {{title: string, label: string, yes: string, value?: string, longest?: number}} question
 * @returns {Promise<string | null>}
 */
export function ask({ title, label, yes, value = "", longest = 100 }) {
  return new Promise((resolve) => {
    const input = h("input", {
      class: "field",
      name: "answer",
      value,
      maxlength: longest,
      required: true,
      autofocus: true,
      autocomplete: "off",
    });
    const onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      resolve(input.value.trim() || null);
      element.close();
    };
    const form = h(
      "form",
      { onsubmit },
      h("label", { class: "labelled" }, h("span", null, label), input),
      h(
        "footer",
        null,
        h("button", { type: "button", class: "quiet", onclick: () => element.close() }, "Cancel"),
        h("button", { class: "primary" }, yes),
      ),
    );
    const element = dialog(title, form, { testid: "ask-dialog", closed: () => resolve(null) });
    input.select();
  });
}
