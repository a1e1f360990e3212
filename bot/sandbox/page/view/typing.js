// @ts-check
// The line under the message box: who is at work, and what paints here.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

/** @typedef {import("../app.js").App} App */

const SENTENCE = /^.*?[.!?](?= |$)/;

/** @param {App} app @param {HTMLElement} root */
export function mountFoot(app, root) {
  const busy = h("p", { class: "busy", "data-testid": "typing", "aria-live": "polite" });
  const sign = h("p", { class: "sign", "data-testid": "painter-note" });
  root.append(busy, sign);
  app.state.on("setup", () => drawSign(sign, app.state.setup?.painter));
  const draw = () => drawBusy(app, busy);
  app.state.on("typing", draw);
  app.state.on("select", draw);
  setInterval(draw, 1_000);
}

/**
 * The first sentence about the painter; all of it hangs on the right.
 * @param {HTMLElement} sign
 * @param {import("../core/types.js").Painter | undefined} painter
 */
function drawSign(sign, painter) {
  const note = painter?.note ?? "";
  if (sign.dataset.note === note) return;
  sign.dataset.note = note;
  sign.title = note;
  const first = SENTENCE.exec(note)?.[0] ?? note;
  // A sentence that does not say who paints gets the painter's name in front.
  fill(sign, icon("brush", 14), h("span", null, /painter/i.test(first) ? first : `${painter?.name}. ${first}`));
}

/** @param {App} app @param {HTMLElement} line */
function drawBusy({ state }, line) {
  const here = state.typing.get(state.selected ?? "") ?? new Map();
  for (const [id, until] of here) if (until < Date.now()) here.delete(id);
  const ids = [...here.keys()];
  const words = phrase(
    ids.map((id) => state.name(id)),
    ids.length === 1 && ids[0] === state.botId,
  );
  if (line.dataset.words === words) return;
  line.dataset.words = words;
  if (words) fill(line, h("span", { class: "strokes", "aria-hidden": "true" }, h("i"), h("i"), h("i")), words);
  else fill(line);
}

/** @param {string[]} names @param {boolean} bot */
function phrase(names, bot) {
  if (!names.length) return "";
  if (bot) return `${names[0]} is at work…`;
  if (names.length === 1) return `${names[0]} is typing…`;
  return names.length === 2 ? `${names[0]} and ${names[1]} are typing…` : "Several people are typing…";
}
