// @ts-check
// The language that one reads Discord in, next to who one is.

import { LANGUAGES } from "../core/languages.js";
import { h } from "./dom.js";
import { complain } from "./live.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app @param {{token: string, locale: string}} member */
export function languageSelect(app, member) {
  const choose = (/** @type {Event} */ event) =>
    app.languages
      .choose(member.token, /** @type {HTMLSelectElement} */ (event.currentTarget).value)
      .catch(complain);
  const options = Object.entries(LANGUAGES).map(([locale, name]) =>
    h("option", { value: locale, selected: locale === member.locale, lang: locale }, name),
  );
  return h(
    "label",
    { class: "language" },
    h("span", null, "Language"),
    h("select", { "data-testid": "language", onchange: choose }, options),
  );
}
