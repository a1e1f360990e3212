// @ts-check
// Passing a message on: to another channel, a thread, or somebody alone.

import { compare } from "../core/ids.js";
import { threadsOf } from "../core/dispatch.js";
import { CATEGORY, DM, FORUM, isThread } from "../core/state.js";
import { aboutNode } from "./about.js";
import { dialog } from "./dialog.js";
import { h } from "./dom.js";
import { toast } from "./live.js";
import { EPHEMERAL, ORDINARY } from "./message.js";
import { selectBox } from "./select.js";

/**
 * @typedef {import("../core/types.js").Channel} Channel
 * @typedef {import("../core/types.js").Message} Message
 * @typedef {import("../core/state.js").State} State
 * @typedef {import("../app.js").App} App
 */

/** Whether there is anything that others could see. @param {Message} message */
export function canForward(message) {
  return ORDINARY.has(message.type) && !message.sending && !((message.flags ?? 0) & EPHEMERAL);
}

/** Asks where to, and sends it there. @param {App} app @param {Message} message */
export function forwardAsked(app, message) {
  if (!canForward(message)) return;
  const { node, values } = selectBox({
    label: "Where to",
    placeholder: "Choose a channel, a thread or somebody",
    choices: places(app.state).map((place) => choice(app.state, place)),
    search: true,
    attributes: { "data-testid": "forward-to" },
    changed: () => send.focus(),
  });
  const wrong = h("p", { class: "wrong", role: "alert", hidden: true });
  const send = h("button", { class: "primary", "data-testid": "forward-send" }, "Forward");
  const refuse = (/** @type {string} */ words) => {
    wrong.hidden = false;
    wrong.textContent = words;
  };
  const onsubmit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const [channelId] = values();
    if (!channelId) return refuse("Choose where it shall go.");
    if (send.getAttribute("aria-busy")) return undefined;
    send.setAttribute("aria-busy", "true");
    try {
      await app.actions.forward(message, channelId);
      element.close();
      arrived(app, channelId);
    } catch (error) {
      refuse(/** @type {Error} */ (error).message);
    }
    return send.removeAttribute("aria-busy");
  };
  const cancel = h("button", { class: "quiet", type: "button", onclick: () => element.close() }, "Cancel");
  const footer = h("footer", null, cancel, send);
  const form = h("form", { class: "modal-form", onsubmit }, aboutNode(app.state, message), node, wrong, footer);
  const element = dialog("Forward this message", form, { testid: "forward-dialog" });
  node.focus();
}

/** Says where it went, with a way to go after it. @param {App} app @param {string} channelId */
function arrived(app, channelId) {
  const place = app.state.channels.get(channelId);
  if (!place || channelId === app.state.selected) return;
  const action = { label: "Go there", run: () => app.navigator.show(channelId) };
  toast(`Forwarded to ${choice(app.state, place).label}.`, { action });
}

/** Where this member may write: each channel with its lively threads, then the people. @param {State} state */
function places(state) {
  const all = [...state.channels.values()];
  const tops = all.filter((channel) => !isThread(channel) && channel.type !== DM && channel.type !== CATEGORY);
  tops.sort((one, other) => (one.position ?? 0) - (other.position ?? 0) || compare(one.id, other.id));
  const people = all.filter((channel) => channel.type === DM);
  return [...tops.flatMap((channel) => [channel, ...threadsOf(state, channel.id)]), ...people].filter(
    (place) => place.type !== FORUM && !place.thread_metadata?.archived && !state.silence(place),
  );
}

/** @param {State} state @param {Channel} place @returns {import("./select.js").Choice} */
function choice(state, place) {
  const name = state.title(place);
  if (place.type === DM) return { label: name, value: place.id, description: "only the two of you" };
  if (!isThread(place)) return { label: `#${name}`, value: place.id };
  return { label: name, value: place.id, description: `in #${state.channels.get(place.parent_id ?? "")?.name ?? ""}` };
}
