// @ts-check
// The line above a conversation: where you are, its threads, and the ways to the side bars on a phone.

import { threadsOf } from "../core/dispatch.js";
import { MANAGE_THREADS } from "../core/permissions.js";
import { DM, FORUM, TEXT, isThread } from "../core/state.js";
import { avatar } from "./avatar.js";
import { fill, h } from "./dom.js";
import { ask } from "./dialog.js";
import { icon } from "./icons.js";
import { complain } from "./live.js";
import { menu } from "./menu.js";
import { openThreads } from "./threads.js";

/**
 * @typedef {import("../core/types.js").Channel} Channel
 * @typedef {import("../app.js").App} App
 */

/** @param {App} app @param {HTMLElement} root @param {HTMLElement} connection */
export function mountHeader(app, root, connection) {
  const draw = () => drawHeader(app, root);
  for (const event of ["select", "channels", "people", "setup"]) app.state.on(event, draw);
  app.state.on("connection", () => drawConnection(app, connection));
}

/** @param {App} app @param {HTMLElement} root */
function drawHeader(app, root) {
  const channel = app.state.channel;
  if (root.contains(document.activeElement) && root.dataset.channel === channel?.id) return refreshTitle(app, root);
  root.dataset.channel = channel?.id ?? "";
  fill(
    root,
    h(
      "button",
      {
        class: "bare only-narrow",
        type: "button",
        "aria-label": "Channels",
        "data-testid": "open-channels",
        onclick: () => app.openSheet("channels"),
      },
      icon("menu"),
    ),
    channel ? title(app, channel) : h("h1", null, "Easel"),
    h(
      "div",
      { class: "actions" },
      channel ? actions(app, channel) : null,
      h(
        "button",
        {
          class: "bare",
          type: "button",
          "aria-label": "Keyboard shortcuts",
          title: "Keyboard shortcuts (?)",
          "data-testid": "help",
          onclick: () => app.help(),
        },
        icon("help"),
      ),
      h(
        "button",
        {
          class: "bare only-medium",
          type: "button",
          "aria-label": "The studio: painter, bot and members",
          title: "The studio",
          "data-testid": "open-studio",
          onclick: () => app.openSheet("studio"),
        },
        icon("panel"),
      ),
    ),
  );
}

/** @param {App} app @param {HTMLElement} root */
function refreshTitle(app, root) {
  const channel = app.state.channel;
  if (channel) root.querySelector(".title")?.replaceWith(title(app, channel));
}

/** @param {App} app @param {Channel} channel */
function title(app, channel) {
  const parent = channel.parent_id && isThread(channel) ? app.state.channels.get(channel.parent_id) : null;
  const kind = isThread(channel) ? "thread" : channel.type === FORUM ? "forum" : "hash";
  const face =
    channel.type === DM && channel.recipients?.[0] ? avatar(app.state, channel.recipients[0].id, "small") : icon(kind);
  const topic = channel.topic ?? (channel.type === DM ? "Only the two of you see this." : null);
  return h(
    "div",
    { class: "title" },
    parent &&
      h(
        "a",
        { class: "parent", href: `#/${parent.id}`, "aria-label": `Back to ${parent.name}` },
        icon("left", 18),
        h("span", null, `#${parent.name}`),
        h("span", { "aria-hidden": "true" }, "/"),
      ),
    !parent && face,
    h("h1", { "data-testid": "channel-title" }, app.state.title(channel)),
    channel.thread_metadata?.archived && h("span", { class: "tag" }, "archived"),
    channel.thread_metadata?.locked && h("span", { class: "tag" }, "locked"),
    topic && h("p", { class: "topic", title: topic }, topic),
  );
}

/** @param {App} app @param {Channel} channel */
function actions(app, channel) {
  if (isThread(channel)) return threadActions(app, channel);
  if (channel.type !== TEXT) return null;
  const count = threadsOf(app.state, channel.id).filter((thread) => !thread.thread_metadata?.archived).length;
  return h(
    "button",
    {
      class: "quiet compact",
      type: "button",
      "aria-haspopup": "dialog",
      "data-testid": "threads",
      onclick: (/** @type {MouseEvent} */ event) =>
        openThreads(app, channel, /** @type {HTMLElement} */ (event.currentTarget)),
    },
    icon("thread", 18),
    h("span", { class: "wide-only" }, "Threads"),
    count ? h("span", { class: "count" }, String(count)) : null,
  );
}

/** @param {App} app @param {Channel} thread */
function threadActions(app, thread) {
  const { archived, locked } = thread.thread_metadata ?? { archived: false, locked: false };
  const rename = async () => {
    const name = await ask({ title: "Rename the thread", label: "Name", yes: "Rename", value: thread.name });
    if (name) await app.actions.changeThread(thread, { name }).catch(complain);
  };
  const change = (/** @type {{archived?: boolean, locked?: boolean}} */ wanted) => () =>
    app.actions.changeThread(thread, wanted).catch(complain);
  const manages = app.state.may(MANAGE_THREADS);
  const lock = change({ locked: !locked, archived: !locked });
  const remove = () => app.deleteThread(thread);
  const items = [
    { label: "Rename", icon: "edit", run: rename, testid: "thread-rename" },
    {
      label: archived ? "Wake it up" : "Archive it",
      icon: "folder",
      run: change({ archived: !archived }),
      testid: "thread-archive",
    },
    manages && { label: locked ? "Unlock it" : "Lock it", icon: "lock", run: lock, testid: "thread-lock" },
    null,
    manages && { label: "Delete the thread", icon: "trash", danger: true, run: remove, testid: "thread-delete" },
  ];
  const open = (/** @type {MouseEvent} */ event) =>
    menu(/** @type {HTMLElement} */ (event.currentTarget), items, { label: "This thread", end: true });
  if (thread.owner_id !== app.state.me?.id && !manages) return null;
  return h(
    "button",
    {
      class: "bare",
      type: "button",
      "aria-label": "This thread",
      "aria-haspopup": "menu",
      "data-testid": "thread-menu",
      onclick: open,
    },
    icon("more"),
  );
}

/** @param {App} app @param {HTMLElement} box */
function drawConnection(app, box) {
  const words = {
    lost: "The connection was lost. Reconnecting…",
    refused: "The sandbox does not know this member. Restart it, or choose another one.",
    connecting: "",
    open: "",
  }[app.state.connection];
  box.hidden = !words;
  box.textContent = words;
}
