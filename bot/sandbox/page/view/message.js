// @ts-check
// One message: who, when, what it answers, its words and pictures, and what can be done with it.

import { picturesOf, isPicture, textOf } from "../text/pictures.js";
import { plain } from "../text/markdown.js";
import { format, stamp } from "../text/times.js";
import { avatar } from "./avatar.js";
import { componentsNode } from "./components.js";
import { h } from "./dom.js";
import { embedNode, forwarded, reactionsNode, systemNode, threadCard } from "./extras.js";
import { icon } from "./icons.js";
import { markup, naming } from "./markup.js";
import { fileCard, gallery, thumbnail } from "./pictures.js";

/**
 * @typedef {import("../core/types.js").Message} Message
 * @typedef {import("../app.js").App} App
 */

export const EPHEMERAL = 1 << 6,
  LOADING = 1 << 7,
  V2 = 1 << 15;
export const ORDINARY = new Set([0, 19, 20, 23]);

/**
 * @param {App} app
 * @param {Message} message
 * @param {boolean} grouped whether it goes on what the same author said just before
 */
export function messageNode(app, message, grouped) {
  if (!ORDINARY.has(message.type)) return systemNode(app, message);
  const { state } = app;
  const flags = message.flags ?? 0;
  const ids = { name: `author-${message.id}`, body: `body-${message.id}` };
  const classes = [
    "message",
    grouped && "grouped",
    flags & EPHEMERAL && "ephemeral",
    message.sending && "sending",
    message.sending?.error && "failed",
    mentionsMe(app, message) && "for-me",
    isNote(message) && "note",
  ];
  return h(
    "article",
    {
      class: classes.filter(Boolean).join(" "),
      tabindex: -1,
      "aria-labelledby": `${ids.name} ${ids.body}`,
      "data-testid": "message",
      "data-message-id": message.id,
      "data-author": message.author.id,
      oncontextmenu: (/** @type {MouseEvent} */ event) => app.messageMenu(message, event),
    },
    replyQuote(app, message),
    message.interaction_metadata && usedLine(app, message),
    h(
      "div",
      { class: "gutter" },
      grouped
        ? h(
            "time",
            { class: "small-time", datetime: message.timestamp },
            format(Date.parse(message.timestamp) / 1000, "t"),
          )
        : avatar(state, message.author.id),
    ),
    h(
      "div",
      { class: "main" },
      header(app, message, grouped, ids.name),
      h("div", { class: "body", id: ids.body }, body(app, message)),
      footers(app, message),
    ),
    !message.sending && !(flags & LOADING) && toolbar(app, message),
  );
}

/** @param {App} app @param {Message} message @param {boolean} grouped @param {string} id */
function header({ state }, message, grouped, id) {
  const date = new Date(message.timestamp);
  const colour = state.colour(message.author.id);
  const name = h("span", { class: "name", style: colour ? { "--name": colour } : {} }, state.name(message.author.id));
  const when = h(
    "time",
    { datetime: message.timestamp, title: format(date.getTime() / 1000, "F") },
    stamp(date, new Date()),
  );
  return h(
    "h3",
    { class: grouped ? "author sr" : "author", id },
    name,
    message.author.bot && h("span", { class: "tag" }, "app"),
    " ",
    when,
  );
}

/** @param {App} app @param {Message} message */
function body(app, message) {
  const flags = message.flags ?? 0;
  if (flags & LOADING)
    return h(
      "p",
      { class: "thinking", role: "status" },
      h("span", { class: "strokes", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
      `${app.state.name(message.author.id)} is thinking…`,
    );
  const attachments = message.attachments ?? [];
  const v2 = Boolean(flags & V2);
  return [
    message.content &&
      !v2 &&
      h(
        "div",
        { class: "content" },
        markup(app.state, message.content),
        message.edited_timestamp && h("small", { class: "edited" }, "(edited)"),
      ),
    message.message_snapshots?.map((snapshot) => forwarded(app, message, snapshot.message)),
    !v2 &&
      gallery(
        app,
        picturesOf(message).filter((picture) => attachments.some((file) => file.url === picture.url)),
      ),
    !v2 && attachments.filter((file) => !isPicture(file)).map(fileCard),
    message.sending && sendingNode(app, message),
    message.embeds?.map((embed) => embedNode(app, embed)),
    componentsNode(app, message),
  ];
}

/** @param {App} app @param {Message} message */
function footers(app, message) {
  const ephemeral = Boolean((message.flags ?? 0) & EPHEMERAL);
  return [
    reactionsNode(app, message),
    message.thread && threadCard(app, message.thread),
    ephemeral &&
      h(
        "p",
        { class: "only-you" },
        icon("eye", 16),
        "Only you can see this. ",
        h(
          "button",
          { class: "textual", type: "button", "data-testid": "dismiss", onclick: () => app.actions.dismiss(message) },
          "Dismiss",
        ),
      ),
  ];
}

/** @param {App} app @param {Message} message */
function sendingNode(app, message) {
  const { progress, error, previews } = /** @type {import("../core/types.js").Sending} */ (message.sending);
  const shown =
    previews.length > 0 &&
    h(
      "div",
      { class: "previews" },
      previews.map(({ url, name }) => h("img", { src: url, alt: name })),
    );
  if (!error)
    return [shown, progress !== null && h("progress", { max: 1, value: progress, "aria-label": "Uploading" })];
  return [
    shown,
    h(
      "p",
      { class: "failure", role: "alert" },
      icon("alert", 16),
      `This was not sent. ${error} `,
      h(
        "button",
        {
          class: "textual",
          type: "button",
          "data-testid": "send-again",
          onclick: () => app.outbox.settle(message, true),
        },
        "Send again",
      ),
      " ",
      h("button", { class: "textual", type: "button", onclick: () => app.outbox.settle(message, false) }, "Forget it"),
    ),
  ];
}

/** What it answers, with a small copy of the picture it answers. @param {App} app @param {Message} message */
function replyQuote(app, message) {
  if (message.type !== 19) return null;
  const replied = message.referenced_message;
  if (!replied)
    return h("p", { class: "quote" }, h("span", { class: "gone" }, "The message this answers was deleted."));
  const picture = picturesOf(replied)[0];
  const said = plain(textOf(replied), naming(app.state)) || (picture ? "a picture" : "");
  const words = picture?.version ? `${picture.version} · ${said}` : said;
  const name = app.state.name(replied.author.id);
  const jump = () => app.navigator.jump(message.message_reference?.channel_id ?? message.channel_id, replied.id);
  return h(
    "button",
    {
      class: "quote",
      type: "button",
      "data-testid": "reply-quote",
      "aria-label": `In reply to ${name}: ${words}. Go there`,
      onclick: jump,
    },
    picture && thumbnail(picture),
    avatar(app.state, replied.author.id, "small"),
    h("span", { class: "name" }, name),
    h("span", { class: "said" }, words),
  );
}

/** @param {App} app @param {Message} message */
function usedLine({ state }, message) {
  const used = message.interaction_metadata;
  if (!used || !used.name || message.type === 19) return null;
  return h(
    "p",
    { class: "quote used" },
    avatar(state, used.user.id, "small"),
    h("span", { class: "name" }, state.name(used.user.id)),
    " used ",
    h("span", { class: "mention" }, message.type === 20 ? `/${used.name}` : used.name),
  );
}

/** @param {App} app @param {Message} message */
function toolbar(app, message) {
  const tool = (
    /** @type {string} */ name,
    /** @type {string} */ label,
    /** @type {() => void} */ onclick,
    /** @type {string} */ testid,
  ) =>
    h(
      "button",
      { class: "bare", type: "button", "aria-label": label, title: label, "data-testid": testid, onclick },
      icon(name, 18),
      painted && name === "reply" && h("span", null, "Reply to this"),
    );
  const ephemeral = Boolean((message.flags ?? 0) & EPHEMERAL);
  const painted = message.author.id === app.state.botId && picturesOf(message).length > 0 && !ephemeral;
  return h(
    "div",
    { class: painted ? "toolbar painted" : "toolbar", role: "group", "aria-label": "Message actions" },
    !ephemeral && tool("reply", "Reply", () => app.composer.reply(message.id), "reply"),
    app.state.mayEdit(message) && !ephemeral && tool("edit", "Edit", () => app.startEdit(message), "edit"),
    h(
      "button",
      {
        class: "bare",
        type: "button",
        "aria-label": "More",
        title: "More",
        "aria-haspopup": "menu",
        "data-testid": "message-menu",
        onclick: (/** @type {MouseEvent} */ event) => app.messageMenu(message, event),
      },
      icon("more", 18),
    ),
  );
}

/** @param {App} app @param {Message} message */
function mentionsMe({ state }, message) {
  const me = state.me?.id;
  if (!me || message.author.id === me) return false;
  const roles = state.members.get(me)?.roles ?? [];
  return message.mentions?.some((user) => user.id === me) || message.mention_roles?.some((id) => roles.includes(id));
}

/** Two slashes in front: for the people in the room, not for the bot. @param {Message} message */
function isNote(message) {
  return !message.author.bot && message.content.startsWith("//");
}
