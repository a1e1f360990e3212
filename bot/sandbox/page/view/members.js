// @ts-check
// Who you are: one press makes you another member, with another member's roles.

import { avatar } from "./avatar.js";
import { fill, h } from "./dom.js";
import { languageSelect } from "./language.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app @param {HTMLElement} root */
export function mountMembers(app, root) {
  const box = h("section", { class: "you", "aria-label": "Who you are" });
  root.append(box);
  const draw = () => drawMembers(app, box);
  for (const event of ["setup", "people", "connection"]) app.state.on(event, draw);
}

/** @param {App} app @param {HTMLElement} box */
function drawMembers(app, box) {
  const focused = box.contains(document.activeElement);
  const choosing = focused && document.activeElement instanceof HTMLSelectElement;
  const members = app.state.setup?.members ?? [];
  const chosen = members.find((member) => member.token === app.token);
  const radios = members.map((member, at) =>
    h(
      "button",
      {
        class: "person",
        type: "button",
        role: "radio",
        "aria-checked": String(member === chosen),
        tabindex: member === chosen ? 0 : -1,
        "data-testid": `member-${member.token}`,
        title: `${member.name}: ${member.roles.join(", ") || "no roles"} (Alt+${at + 1})`,
        onclick: () => app.become(member.token),
      },
      avatar(app.state, member.id, "small"),
      h("span", null, member.name),
    ),
  );
  const group = h(
    "div",
    {
      class: "people",
      role: "radiogroup",
      "aria-label": "You are",
      "data-testid": "member-switch",
      onkeydown: (/** @type {KeyboardEvent} */ event) => arrows(event, radios),
    },
    radios,
  );
  fill(
    box,
    h("p", { class: "label" }, "You are"),
    group,
    h("p", { class: "roles", "data-testid": "roles" }, chosen?.roles.join(" · ") || "No special role"),
    chosen && languageSelect(app, chosen),
  );
  const last = choosing ? box.querySelector("select") : group.querySelector("[aria-checked=true]");
  if (focused) /** @type {HTMLElement | null} */ (last)?.focus();
}

/** In a group of radios the arrows choose. @param {KeyboardEvent} event @param {HTMLElement[]} radios */
function arrows(event, radios) {
  const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!move || event.altKey) return;
  event.preventDefault();
  const at = radios.findIndex((radio) => radio.getAttribute("aria-checked") === "true");
  const next = radios[(at + move + radios.length) % radios.length];
  next.focus();
  next.click();
}
