// @ts-check
// A forum: its posts as cards with their first picture, and a form for a new one.

import { threadsOf } from "../core/dispatch.js";
import { later, madeAt } from "../core/ids.js";
import { FORUM } from "../core/state.js";
import { picturesOf } from "../text/pictures.js";
import { plain } from "../text/markdown.js";
import { dialog } from "./dialog.js";
import { fill, h, local } from "./dom.js";
import { icon } from "./icons.js";
import { naming } from "./markup.js";
import { rove } from "./roving.js";
import { fileField } from "./tray.js";
import { time } from "./ticker.js";

/**
 * @typedef {import("../core/types.js").Channel} Channel
 * @typedef {import("../core/types.js").Message} Message
 * @typedef {import("../app.js").App} App
 */

export class Forum {
  /** @param {App} app @param {HTMLElement} root @param {HTMLElement} messages what a forum takes the place of */
  constructor(app, root, messages) {
    this.app = app;
    this.root = root;
    this.messages = messages;
    /** @type {Map<string, Message | null>} the first message of each post */
    this.firsts = new Map();
    this.list = h("ul", { class: "posts", "data-testid": "posts" });
    this.drawn = "";
    rove(this.list, "a.post", { wrap: false });
    for (const event of ["select", "channels"]) app.state.on(event, () => this.#draw());
  }

  #draw() {
    const { state } = this.app;
    const forum = state.channel?.type === FORUM ? state.channel : null;
    this.root.hidden = !forum;
    this.messages.hidden = Boolean(forum);
    if (!forum) {
      this.drawn = "";
      return;
    }
    if (this.drawn !== forum.id) this.#open(forum);
    const posts = threadsOf(state, forum.id);
    const focused = this.list.contains(document.activeElement)
      ? /** @type {HTMLElement} */ (document.activeElement).dataset.threadId
      : null;
    fill(
      this.list,
      posts.map((post) => h("li", null, this.#card(post))),
      !posts.length && h("li", { class: "nothing" }, "No posts yet. Begin one: its first message can call Easel."),
    );
    this.list.querySelector("a.post")?.setAttribute("tabindex", "0");
    if (focused) /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-thread-id="${focused}"]`))?.focus();
    for (const post of posts) this.#look(post);
  }

  /** @param {Channel} forum */
  #open(forum) {
    this.drawn = forum.id;
    fill(
      this.root,
      h(
        "header",
        { class: "forum-head" },
        h("div", null, h("h2", null, forum.name ?? ""), forum.topic && h("p", null, forum.topic)),
        h(
          "button",
          { class: "primary", type: "button", "data-testid": "new-post", onclick: () => this.#form(forum) },
          icon("plus", 18),
          "New post",
        ),
      ),
      this.list,
    );
  }

  /** @param {Channel} post */
  #card(post) {
    const { state } = this.app;
    const first = this.firsts.get(post.id);
    const picture = first && picturesOf(first)[0];
    const tags =
      state.channels.get(post.parent_id ?? "")?.available_tags?.filter((tag) => post.applied_tags?.includes(tag.id)) ??
      [];
    const last = madeAt(later(post.last_message_id, post.id) ?? post.id).getTime() / 1000;
    return h(
      "a",
      { class: "post", href: `#/${post.id}`, tabindex: -1, "data-testid": "post", "data-thread-id": post.id },
      h(
        "span",
        { class: "words" },
        h("strong", null, post.name ?? ""),
        first && h("span", { class: "excerpt" }, plain(first.content, naming(state)).slice(0, 160)),
        h(
          "small",
          null,
          tags.map((tag) => h("span", { class: "tag" }, tag.name)),
          post.owner_id && `${state.name(post.owner_id)} · `,
          `${post.message_count ?? 0} messages · `,
          time(last, "R"),
          post.thread_metadata?.archived && " · resting",
        ),
      ),
      picture && h("img", { src: local(picture.url), alt: "", decoding: "async" }),
    );
  }

  /** Fetches a post's first message once; in a forum it has the post's own id. @param {Channel} post */
  async #look(post) {
    if (this.firsts.has(post.id)) return;
    this.firsts.set(post.id, null);
    const first = await this.app.rest.get(`/channels/${post.id}/messages/${post.id}`).catch(() => null);
    if (!first) return;
    this.firsts.set(post.id, first);
    const card = this.list.querySelector(`[data-thread-id="${post.id}"]`);
    card?.replaceWith(this.#card(this.app.state.channels.get(post.id) ?? post));
  }

  /** @param {Channel} forum */
  #form(forum) {
    const name = h("input", {
      class: "field",
      name: "title",
      maxlength: 100,
      required: true,
      autocomplete: "off",
      "data-testid": "post-title",
    });
    const text = h("textarea", {
      class: "field",
      rows: 4,
      "data-testid": "post-text",
      placeholder: "@Easel a red house by the sea at sunset",
    });
    const field = fileField({ label: "Pictures", most: 10, attributes: { "data-testid": "post-file" } });
    const tags = (forum.available_tags ?? []).map((tag) => ({ tag, box: h("input", { type: "checkbox" }) }));
    const wrong = h("p", { class: "wrong", role: "alert", hidden: true });
    const button = h("button", { class: "primary", "data-testid": "post-submit" }, "Post");
    const refuse = (/** @type {string} */ words) => {
      wrong.hidden = false;
      wrong.textContent = words;
    };
    const onsubmit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (button.getAttribute("aria-busy")) return;
      if (!name.value.trim()) {
        name.focus();
        return refuse("A title is needed.");
      }
      if (!text.value.trim() && !field.files().length) {
        text.focus();
        return refuse("A post needs words or a picture.");
      }
      button.setAttribute("aria-busy", "true");
      try {
        const chosen = tags.filter(({ box }) => box.checked).map(({ tag }) => tag.id);
        const post = await this.app.actions.post({
          channelId: forum.id,
          name: name.value.trim(),
          text: text.value.trim(),
          files: field.files(),
          tags: chosen,
        });
        element.close();
        location.hash = `#/${post.id}`;
      } catch (error) {
        refuse(/** @type {Error} */ (error).message);
      }
      return button.removeAttribute("aria-busy");
    };
    const element = dialog(
      "A new post",
      h(
        "form",
        { novalidate: true, onsubmit },
        h("label", { class: "labelled" }, h("span", null, "Title"), name),
        h("label", { class: "labelled" }, h("span", null, "First message"), text),
        h("div", { class: "labelled" }, h("span", null, "Pictures"), field.node),
        tags.length > 0 &&
          h(
            "fieldset",
            { class: "labelled ticks" },
            h("legend", null, "Tags"),
            tags.map(({ tag, box }) => h("label", { class: "tick" }, box, tag.name)),
          ),
        wrong,
        h(
          "footer",
          null,
          h("button", { class: "quiet", type: "button", onclick: () => element.close() }, "Cancel"),
          button,
        ),
      ),
      { testid: "post-dialog", wide: true },
    );
    name.focus();
  }
}
