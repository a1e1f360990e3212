// @ts-check
// What the message box is made of; composer.js gives it its behaviour.

import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @typedef {object} Behaviour
 * @property {() => void} changed a hand has typed
 * @property {(event: KeyboardEvent) => void} key
 * @property {(event: ClipboardEvent) => void} paste
 * @property {() => void} left the focus has gone elsewhere
 * @property {() => void} pressed the caret may have moved
 * @property {(files: Iterable<File>) => void} attach
 * @property {() => void} plus
 * @property {() => void} send
 */

/** @param {Behaviour} does @param {number} longest how many characters can be typed at all */
export function boxParts(does, longest) {
  const box = h("textarea", {
    rows: 1,
    maxlength: longest,
    enterkeyhint: "send",
    "aria-label": "Message",
    "data-testid": "composer",
    oninput: does.changed,
    onkeydown: does.key,
    onpaste: does.paste,
    onblur: does.left,
    onclick: does.pressed,
  });
  const chosen = () => {
    does.attach(input.files ?? []);
    input.value = "";
  };
  const input = h("input", {
    type: "file",
    multiple: true,
    hidden: true,
    "data-testid": "file-input",
    onchange: chosen,
  });
  return { box, input, ...buttons(does), left: h("span", { class: "left", "aria-live": "polite" }) };
}

/** @param {Behaviour} does */
function buttons(does) {
  const plusProps = { "aria-label": "Attach a picture", title: "Attach a picture", "data-testid": "attach" };
  const plus = h(
    "button",
    { class: "bare", type: "button", "aria-haspopup": "menu", ...plusProps, onclick: does.plus },
    icon("image"),
  );
  const send = h("button", { class: "send", "aria-label": "Send", title: "Send", "data-testid": "send" }, icon("send"));
  return { plus, send };
}
