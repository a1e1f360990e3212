// @ts-check
// A channel's threads, the lively and the resting, and a way to open a new one.

import { threadsOf } from "../core/dispatch.js";
import { later, madeAt } from "../core/ids.js";
import { CREATE_PUBLIC_THREADS } from "../core/permissions.js";
import { ask } from "./dialog.js";
import { fill, h } from "./dom.js";
import { float } from "./float.js";
import { icon } from "./icons.js";
import { complain } from "./live.js";
import { rove } from "./roving.js";
import { time } from "./ticker.js";

/**
 * @typedef {import("../core/types.js").Channel} Channel
 * @typedef {import("../app.js").App} App
 */

/** @param {App} app @param {Channel} channel @param {HTMLElement} anchor */
export function openThreads(app, channel, anchor) {
  const list = h("div", { class: "thread-lists" });
  const start = async () => {
    close();
    const name = await ask({ title: "A new thread", label: "Name", yes: "Open it" });
    if (!name) return;
    const thread = await app.actions.thread(channel.id, name).catch(complain);
    if (thread) location.hash = `#/${thread.id}`;
  };
  const panel = h(
    "section",
    {
      class: "threads-panel",
      role: "dialog",
      "aria-label": `Threads in ${channel.name}`,
      "data-testid": "threads-panel",
    },
    h(
      "header",
      null,
      h("h2", null, "Threads"),
      app.state.may(CREATE_PUBLIC_THREADS, channel) &&
        h(
          "button",
          { class: "quiet compact", type: "button", "data-testid": "new-thread", onclick: start },
          icon("plus", 16),
          "New",
        ),
    ),
    list,
  );
  const go = () => {
    close();
    app.closeSheets();
  };
  const live = threadsOf(app.state, channel.id).filter((thread) => !thread.thread_metadata?.archived);
  fill(list, group(app, "Active", live, go), h("p", { class: "loading" }, "Looking for resting ones…"));
  const close = float(anchor, panel, { end: true });
  rove(panel, "a.thread-row", { wrap: false });
  /** @type {HTMLElement | null} */ (panel.querySelector("a.thread-row, button"))?.focus();
  app.history
    .archivedThreads(channel.id)
    .catch(() => /** @type {Channel[]} */ ([]))
    .then((archived) => {
      if (!panel.isConnected) return;
      list.lastElementChild?.remove();
      list.append(
        ...[
          group(app, "Resting", archived, go),
          !live.length &&
            !archived.length &&
            h("p", { class: "nothing" }, "No threads yet. Ask Easel for a picture and it opens one."),
        ].filter((node) => node instanceof Node),
      );
    });
}

/** @param {App} app @param {string} name @param {Channel[]} threads @param {() => void} go */
function group(app, name, threads, go) {
  if (!threads.length) return null;
  return h(
    "section",
    { "aria-label": name },
    h("h3", null, name),
    threads.map((thread) => row(app, thread, go)),
  );
}

/** @param {App} app @param {Channel} thread @param {() => void} go */
function row(app, thread, go) {
  const last = madeAt(later(thread.last_message_id, thread.id) ?? thread.id).getTime() / 1000;
  return h(
    "a",
    {
      class: "thread-row",
      href: `#/${thread.id}`,
      "data-testid": "thread-row",
      "data-thread-id": thread.id,
      onclick: go,
    },
    h("strong", null, thread.name ?? "Thread"),
    h(
      "small",
      null,
      thread.owner_id ? `by ${app.state.name(thread.owner_id)} · ` : "",
      `${thread.message_count ?? 0} messages · `,
      time(last, "R"),
    ),
  );
}
