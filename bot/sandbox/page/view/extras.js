// @ts-check
// The rarer parts of a message: system lines, forwards, embeds, reactions, the thread that grew from it.

import { picturesOf, isPicture, textOf } from "../text/pictures.js";
import { compare } from "../core/ids.js";
import { format } from "../text/times.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { complain } from "./live.js";
import { markup } from "./markup.js";
import { fileCard, gallery } from "./pictures.js";
import { time } from "./ticker.js";

/**
 * @typedef {import("../core/types.js").Message} Message
 * @typedef {import("../app.js").App} App
 */

const PINNED = 6,
  THREAD_CREATED = 18,
  STARTER = 21;

/** A line of the server's own. @param {App} app @param {Message} message */
export function systemNode(app, message) {
  const name = h("strong", null, app.state.name(message.author.id));
  const words = systemWords(app, message, name);
  return h(
    "article",
    { class: "message system", tabindex: -1, "data-testid": "message", "data-message-id": message.id },
    h("div", { class: "gutter" }, icon(message.type === PINNED ? "pin" : "thread", 18)),
    h(
      "div",
      { class: "main" },
      h(
        "p",
        null,
        words,
        " ",
        h("time", { datetime: message.timestamp }, format(Date.parse(message.timestamp) / 1000, "t")),
      ),
      message.type === STARTER && message.referenced_message && gallery(app, picturesOf(message.referenced_message)),
    ),
  );
}

/** @param {App} app @param {Message} message @param {HTMLElement} name @returns {import("./dom.js").Child[]} */
function systemWords(app, message, name) {
  const reference = message.message_reference;
  switch (message.type) {
    case PINNED:
      return [
        name,
        " pinned ",
        h(
          "a",
          { href: `#/${reference?.channel_id ?? message.channel_id}/${reference?.message_id ?? ""}` },
          "a message",
        ),
        ".",
      ];
    case THREAD_CREATED:
      return [
        name,
        " opened the thread ",
        h("a", { href: `#/${reference?.channel_id ?? message.thread?.id ?? ""}` }, message.content),
        ".",
      ];
    case STARTER:
      return starter(app, message);
    default:
      return [name, ` did something this page has no words for (${message.type}).`];
  }
}

/** @param {App} app @param {Message} message @returns {import("./dom.js").Child[]} */
function starter(app, message) {
  const from = message.referenced_message;
  if (!from) return ["This thread grew from a message that was deleted."];
  return [
    "This thread grew from what ",
    h("strong", null, app.state.name(from.author.id)),
    " said: ",
    h(
      "a",
      { href: `#/${from.channel_id}/${from.id}` },
      from.content ? h("q", null, markup(app.state, from.content)) : "a picture",
    ),
  ];
}

/** A message passed on from elsewhere. @param {App} app @param {Message} message @param {Message} passed */
export function forwarded(app, message, passed) {
  const words = textOf(passed);
  const pictures = picturesOf(message).filter((picture) => picturesOf(passed).some((each) => each.url === picture.url));
  return h(
    "blockquote",
    { class: "forwarded" },
    h("p", { class: "label" }, icon("forward", 14), "Forwarded"),
    words && h("div", { class: "content" }, markup(app.state, words)),
    gallery(app, pictures),
    (passed.attachments ?? []).filter((file) => !isPicture(file)).map(fileCard),
  );
}

/** @param {App} app @param {import("../core/types.js").Embed} embed */
export function embedNode(app, embed) {
  const colour = embed.color ? `#${embed.color.toString(16).padStart(6, "0")}` : null;
  return h(
    "div",
    { class: "container accented embed", style: colour ? { "--accent-line": colour } : {} },
    embed.author && h("small", null, embed.author.name),
    embed.title && h("strong", null, markup(app.state, embed.title)),
    embed.description && h("div", { class: "content" }, markup(app.state, embed.description)),
    embed.fields &&
      h(
        "dl",
        null,
        embed.fields.map((field) =>
          h(
            "div",
            { class: field.inline ? "inline" : null },
            h("dt", null, field.name),
            h("dd", null, markup(app.state, field.value)),
          ),
        ),
      ),
    embed.footer && h("small", null, embed.footer.text),
  );
}

/** @param {App} app @param {Message} message */
export function reactionsNode(app, message) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions" },
    message.reactions.map((reaction) =>
      h(
        "button",
        {
          class: "reaction",
          type: "button",
          "aria-pressed": String(reaction.me),
          "data-testid": "reaction",
          "aria-label": `${reaction.emoji.name}, ${reaction.count}`,
          onclick: () => app.actions.react(message, reaction).catch(complain),
        },
        h("span", { class: "emoji" }, reaction.emoji.name),
        String(reaction.count),
      ),
    ),
  );
}

/**
 * The way into the thread that grew from a message.
 * @param {App} app
 * @param {import("../core/types.js").Channel} thread
 */
export function threadCard(app, thread) {
  const known = app.state.channels.get(thread.id) ?? thread;
  const count = known.message_count ?? 0;
  const last = known.last_message_id && compare(known.last_message_id, known.id) > 0 ? known.last_message_id : null;
  const when = last ? Number(BigInt(last) >> 22n) / 1000 + 1_420_070_400 : null;
  return h(
    "a",
    { class: "thread-card", href: `#/${known.id}`, "data-testid": "thread-card", "data-thread-id": known.id },
    icon("thread"),
    h(
      "span",
      { class: "words" },
      h("strong", null, known.name ?? "Thread"),
      h(
        "small",
        null,
        count === 1 ? "1 message" : `${count} messages`,
        when && [" · ", time(when, "R")],
        known.thread_metadata?.archived && " · archived",
      ),
    ),
    icon("right", 18),
  );
}
