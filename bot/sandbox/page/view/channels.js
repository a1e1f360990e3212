// @ts-check
// The left side: channels with their threads, and the private conversation with the bot.

import { compare } from "../core/ids.js";
import { CATEGORY, DM, FORUM, isThread } from "../core/state.js";
import { threadsOf } from "../core/dispatch.js";
import { avatar } from "./avatar.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { complain } from "./live.js";
import { rove } from "./roving.js";
import { openThreads } from "./threads.js";

/**
 * @typedef {import("../core/types.js").Channel} Channel
 * @typedef {import("../app.js").App} App
 */

const THREADS_SHOWN = 5;

/** @param {App} app @param {HTMLElement} root */
export function mountChannels(app, root) {
  const list = h("div", { class: "channel-list" });
  root.append(
    h(
      "header",
      { class: "brand" },
      h("img", { src: "art/easel.svg", alt: "", width: 34, height: 34 }),
      h("div", null, h("p", { class: "name" }, "Easel"), h("p", null, "the sandbox")),
      h(
        "button",
        { class: "bare only-narrow", type: "button", "aria-label": "Close the list", onclick: () => app.closeSheets() },
        icon("close"),
      ),
    ),
    list,
  );
  rove(list, "a.channel", { wrap: false });
  const draw = () => drawList(app, list);
  for (const event of ["channels", "select", "people", "setup"]) app.state.on(event, draw);
}

/** @param {App} app @param {HTMLElement} list */
function drawList(app, list) {
  const focused = /** @type {HTMLElement | null} */ (
    list.contains(document.activeElement) ? document.activeElement : null
  )?.dataset.channelId;
  const all = [...app.state.channels.values()];
  const tops = all
    .filter((channel) => !isThread(channel) && channel.type !== DM && channel.type !== CATEGORY)
    .sort(byPlace);
  const groups = [null, ...all.filter((channel) => channel.type === CATEGORY).sort(byPlace)];
  fill(
    list,
    groups.map((group) =>
      groupNode(
        app,
        group,
        tops.filter((channel) => (channel.parent_id ?? null) === (group?.id ?? null)),
      ),
    ),
    direct(
      app,
      all.filter((channel) => channel.type === DM),
    ),
  );
  const current = list.querySelector("[aria-current=page]") ?? list.querySelector("a.channel");
  current?.setAttribute("tabindex", "0");
  if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`[data-channel-id="${focused}"]`))?.focus();
}

/** @param {Channel} one @param {Channel} other */
function byPlace(one, other) {
  return (one.position ?? 0) - (other.position ?? 0) || compare(one.id, other.id);
}

/** @param {App} app @param {Channel | null} group @param {Channel[]} channels */
function groupNode(app, group, channels) {
  if (!channels.length) return null;
  const rows = channels.map((channel) => h("li", null, channelLink(app, channel), threads(app, channel)));
  return h(
    "section",
    { "aria-label": group?.name ?? app.state.guildName },
    h("h2", null, group?.name ?? app.state.guildName),
    h("ul", null, rows),
  );
}

/** @param {App} app @param {Channel} channel */
function threads(app, channel) {
  const live = threadsOf(app.state, channel.id).filter(
    (thread) => !thread.thread_metadata?.archived || thread.id === app.state.selected,
  );
  if (!live.length) return null;
  const shown = live.filter(
    (thread, at) => at < THREADS_SHOWN || thread.id === app.state.selected || app.state.unread.has(thread.id),
  );
  const more = live.length - shown.length;
  const all =
    more > 0 &&
    h(
      "li",
      null,
      h(
        "button",
        {
          class: "channel thread more",
          type: "button",
          "aria-haspopup": "dialog",
          "data-testid": "more-threads",
          onclick: (/** @type {MouseEvent} */ event) =>
            openThreads(app, channel, /** @type {HTMLElement} */ (event.currentTarget)),
        },
        `${more} more`,
      ),
    );
  return h(
    "ul",
    { class: "threads", "aria-label": `Threads in ${channel.name}` },
    shown.map((thread) => h("li", null, channelLink(app, thread))),
    all,
  );
}

/** @param {App} app @param {Channel} channel */
function channelLink(app, channel) {
  const { state } = app;
  const unread = state.unread.get(channel.id);
  const name = state.title(channel);
  const kind = isThread(channel) ? "thread" : channel.type === FORUM ? "forum" : "hash";
  const other = channel.type === DM ? channel.recipients?.[0]?.id : null;
  const spoken = [name, kind !== "hash" && kind, unread && `${unread.count} unread`].filter(Boolean).join(", ");
  return h(
    "a",
    {
      class: ["channel", isThread(channel) && "thread", unread && "unread"].filter(Boolean).join(" "),
      href: `#/${channel.id}`,
      tabindex: -1,
      "aria-label": spoken,
      "aria-current": state.selected === channel.id ? "page" : null,
      "data-testid": isThread(channel) ? "thread" : "channel",
      "data-channel-id": channel.id,
      "data-name": name,
      onclick: () => app.closeSheets(),
    },
    other ? avatar(state, other, "small") : !isThread(channel) && icon(kind, 18),
    h("span", { class: "label" }, name),
    unread?.mentions ? h("span", { class: "badge" }, String(unread.mentions)) : null,
  );
}

/** @param {App} app @param {Channel[]} channels */
function direct(app, channels) {
  const { state } = app;
  const known = channels.sort((one, other) => compare(one.id, other.id));
  const hasBot = known.some((channel) => channel.recipients?.some((user) => user.id === state.botId));
  const start =
    !hasBot &&
    state.botId &&
    h(
      "li",
      null,
      h(
        "a",
        {
          class: "channel",
          href: "#",
          tabindex: -1,
          "data-testid": "channel",
          "data-name": "dm",
          onclick: (/** @type {Event} */ event) => {
            event.preventDefault();
            app.closeSheets();
            app.actions.direct(state.botId).catch(complain);
          },
        },
        avatar(state, state.botId, "small"),
        h("span", { class: "label" }, state.users.has(state.botId) ? state.name(state.botId) : "Easel"),
      ),
    );
  return h(
    "section",
    { "aria-label": "Direct messages" },
    h("h2", null, "Just you two"),
    h(
      "ul",
      null,
      known.map((channel) => h("li", null, channelLink(app, channel))),
      start,
    ),
  );
}
