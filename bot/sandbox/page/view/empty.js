// @ts-check
// How a conversation begins: what this place is, and what to try first, typed for you with one press.

import { DM, isThread } from "../core/state.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { complain } from "./live.js";
import { SAMPLES, sampleFile, samplePreview } from "./samples.js";

/**
 * @typedef {import("../core/types.js").Channel} Channel
 * @typedef {import("../app.js").App} App
 * @typedef {{words: string, kind: string, face: import("./dom.js").Child, run: () => void}} Example
 */

const [HARBOUR] = SAMPLES;
const TOGETHER = {
  title: "Tell Easel what to paint.",
  words: "Press one of these and it is typed for you. Send it: Easel opens a thread and paints there.",
};
const ALONE = {
  title: "Just you and Easel.",
  words: "No need to call it by name here: whatever you write is painted, and only the two of you see it.",
};
const READING = "Only a few may write here, the others read. Easel paints in the other channels.";
const WITHOUT = "Easel may not write here, so it does not paint here. It paints in the other channels.";
const CANVAS =
  "This thread is a canvas. Write what to change; reply to any picture to go on from exactly that one. " +
  "// in front of a message keeps it among people.";
const CONVERSATION = "A conversation among people. Mention @Easel, or reply to one of its pictures, and it joins in.";

/** @param {App} app @param {Channel} channel */
export function intro(app, channel) {
  if (isThread(channel)) return threadIntro(app, channel);
  const { state } = app;
  if (state.silence()) return plainly(app, channel, READING);
  if (!state.paintsIn()) return plainly(app, channel, WITHOUT);
  const bot = `@${state.users.has(state.botId) ? state.name(state.botId) : "Easel"} `;
  return channel.type === DM ? welcome(app, channel, ALONE, "") : welcome(app, channel, TOGETHER, bot);
}

/** @param {App} app @param {Channel} thread */
function threadIntro(app, thread) {
  const words = app.actions.listens(thread) ? CANVAS : CONVERSATION;
  return h("div", { class: "intro thread" }, h("h2", null, thread.name ?? "A thread"), h("p", null, words));
}

/** @param {App} app @param {Channel} channel @param {string} words */
function plainly(app, channel, words) {
  return h("div", { class: "intro" }, h("h2", null, app.state.title(channel)), h("p", null, words));
}

/**
 * @param {App} app
 * @param {Channel} channel
 * @param {{title: string, words: string}} greeting
 * @param {string} call what calls the bot here
 */
function welcome(app, channel, { title, words }, call) {
  return h(
    "section",
    { class: "intro", "aria-label": `Welcome to ${app.state.title(channel)}`, "data-testid": "empty" },
    h("img", { class: "mark", src: "art/easel.svg", alt: "", width: 84, height: 84 }),
    h("h2", null, title),
    h("p", null, words),
    h("div", { class: "examples" }, examples(app, call).map(card)),
  );
}

/** @param {App} app @param {string} call @returns {Example[]} */
function examples(app, call) {
  const write = (/** @type {string} */ text) => () => {
    app.composer.type(call + text);
  };
  const attach = async () => {
    app.composer.attach([await sampleFile(HARBOUR)]);
    await app.composer.type(`${call}make it a snowy evening`);
  };
  return [
    {
      kind: "From nothing",
      words: `${call}a red house by the sea at sunset`,
      face: icon("brush"),
      run: write("a red house by the sea at sunset"),
    },
    {
      kind: "From a picture",
      words: "attach a photo and say what to change",
      face: samplePreview(HARBOUR),
      run: () => {
        attach().catch(complain);
      },
    },
    {
      kind: "In a manner",
      words: `${call}two trees and a dog in the snow, as a watercolour`,
      face: icon("brush"),
      run: write("two trees and a dog in the snow, as a watercolour"),
    },
  ];
}

/** @param {Example} example */
function card({ kind, words, face, run }) {
  return h(
    "button",
    { class: "example", type: "button", "data-testid": "example", onclick: run },
    h("span", { class: "face" }, face),
    h("span", { class: "words" }, h("small", null, kind), h("span", null, words)),
  );
}
