// @ts-check
// The conversation: keeps the newest in sight, older ones a scroll away, and changes only what has changed.

import { goesOn } from "../text/grouping.js";
import { LOADING, messageNode } from "./message.js";
import { day, sameDay } from "../text/times.js";
import { readAloud } from "./aloud.js";
import { fill, h, still } from "./dom.js";
import { editInPlace } from "./edit.js";
import { intro } from "./empty.js";
import { icon } from "./icons.js";
import { complain } from "./live.js";
import { keepImages } from "./pictures.js";
import { Reading } from "./reading.js";
import { rove } from "./roving.js";

/**
 * @typedef {import("../core/types.js").Message} Message
 * @typedef {import("../app.js").App} App
 * @typedef {{item: HTMLElement, message: Message | null, grouped: boolean}} Shown
 */

export class MessagesView {
  /** @param {App} app @param {HTMLElement} root */
  constructor(app, root) {
    this.app = app;
    /** @type {Map<string, Shown>} */
    this.shown = new Map();
    this.loading = false;
    this.missed = 0;
    this.faces = "";
    this.top = h("div", { class: "beginning" });
    this.list = h("ol", { class: "list", "data-testid": "messages" });
    this.scroller = h("div", { class: "scroll", onscroll: () => this.#scrolled() }, this.top, this.list);
    this.pill = h("button", {
      class: "pill",
      type: "button",
      hidden: true,
      "data-testid": "to-latest",
      onclick: () => this.toLatest(),
    });
    root.append(this.scroller, this.pill);
    rove(this.list, "article.message", { wrap: false });
    this.reading = new Reading(this.scroller, this.list);
    app.state.on("select", () => this.#start());
    app.state.on("messages", ({ channelId, arrived }) => channelId === app.state.selected && this.sync(arrived));
    app.state.on("message", ({ channelId, id }) => channelId === app.state.selected && this.redraw(id));
    app.state.on("people", () => this.#renamed());
    app.state.on("setup", () => this.#renamed());
  }

  #start() {
    this.shown.clear();
    this.list.replaceChildren();
    this.missed = 0;
    this.sync(null);
    this.reading.toEnd();
  }

  /** Shows what the book holds. @param {string | null} arrived the id of a message that was just said */
  sync(arrived) {
    const { state } = this.app;
    const channel = state.channel;
    if (!channel) return;
    const book = state.book(channel.id);
    this.reading.keep(() => {
      const wanted = this.#entries(book.list());
      this.#forget(new Set(wanted.map(([key]) => key)));
      wanted.forEach(([, item], at) => {
        if (this.list.children[at] !== item) this.list.insertBefore(item, this.list.children[at] ?? null);
      });
      this.#beginning(book.complete, book.fresh, wanted.length);
    });
    this.#tabStop();
    if (arrived) this.#arrived(arrived);
    this.#pill(book.adrift);
  }

  /** Takes away what is not here any more; a focus in it goes to its neighbour. @param {Set<string>} keys */
  #forget(keys) {
    for (const [key, { item }] of this.shown) {
      if (keys.has(key)) continue;
      const held = item.contains(document.activeElement);
      const near = item.previousElementSibling ?? item.nextElementSibling;
      item.remove();
      this.shown.delete(key);
      if (held) /** @type {HTMLElement | null | undefined} */ (near?.querySelector("article"))?.focus();
    }
  }

  /** @param {Message[]} messages @returns {[string, HTMLElement][]} */
  #entries(messages) {
    /** @type {[string, HTMLElement][]} */
    const entries = [];
    messages.forEach((message, at) => {
      const previous = messages[at - 1];
      const date = new Date(message.timestamp);
      if (!previous || !sameDay(new Date(previous.timestamp), date)) entries.push(this.#divider(date));
      entries.push([message.id, this.#item(message, goesOn(message, previous))]);
    });
    return entries;
  }

  /** @param {Date} date @returns {[string, HTMLElement]} */
  #divider(date) {
    const key = `day-${date.toDateString()}`;
    const known = this.shown.get(key) ?? {
      item: h("li", { class: "day" }, h("span", null, day(date, new Date()))),
      message: null,
      grouped: false,
    };
    this.shown.set(key, known);
    return [key, known.item];
  }

  /** @param {Message} message @param {boolean} grouped */
  #item(message, grouped) {
    const known = this.shown.get(message.id);
    if (known && known.message === message && known.grouped === grouped) return known.item;
    if (known) return this.#replace(known, message, grouped);
    const item = h("li", null, messageNode(this.app, message, grouped));
    this.shown.set(message.id, { item, message, grouped });
    return item;
  }

  /**
   * Draws a message anew; the focus stays where it was in it.
   * @param {Shown} known
   * @param {Message} message
   * @param {boolean} grouped
   */
  #replace(known, message, grouped) {
    known.message = message;
    known.grouped = grouped;
    const old = known.item.firstElementChild;
    if (old?.classList.contains("editing")) return known.item;
    const active = document.activeElement;
    const held = old?.contains(active) ? active : null;
    const node = messageNode(this.app, message, grouped);
    node.tabIndex = old instanceof HTMLElement ? old.tabIndex : -1;
    if (old) keepImages(old, node);
    known.item.replaceChildren(node);
    if (held instanceof HTMLElement) this.#refocus(node, held);
    return known.item;
  }

  /** @param {HTMLElement} node @param {HTMLElement} held */
  #refocus(node, held) {
    const { customId, testid } = held.dataset;
    const same = customId
      ? node.querySelector(`[data-custom-id="${CSS.escape(customId)}"]`)
      : testid
        ? node.querySelector(`[data-testid="${testid}"]`)
        : node;
    const target = same instanceof HTMLElement && !same.matches(":disabled") ? same : node;
    target.focus({ preventScroll: true });
  }

  /** @param {string} id */
  redraw(id) {
    const known = this.shown.get(id);
    const message = this.app.state.message(this.app.state.selected, id);
    if (!known || !message) return;
    const thought = (known.message?.flags ?? 0) & LOADING;
    this.#replace(known, message, known.grouped);
    if (!thought || (message.flags ?? 0) & LOADING) return;
    readAloud(this.app.state, message);
    if (this.reading.atEnd && this.app.state.answersMe(message)) this.reading.show(known.item);
  }

  /** Draws all anew, but only if a name, a colour or a role has changed. */
  #renamed() {
    const { state } = this.app;
    const faces = JSON.stringify(
      [...state.users.keys()].map((id) => [id, state.name(id), state.colour(id), state.members.get(id)?.roles]),
    );
    if (faces === this.faces) return;
    this.faces = faces;
    for (const id of this.shown.keys()) this.redraw(id);
    if (state.channel) this.sync(null);
  }

  /** @param {boolean} complete @param {boolean} fresh @param {number} count */
  #beginning(complete, fresh, count) {
    const { state } = this.app;
    const { selected, setup } = state;
    const rules = [setup?.painter.name, state.silence(), state.paintsIn()];
    const key = [selected, complete, fresh || count > 0, count === 0, ...rules].join(":");
    if (this.top.dataset.key === key) return;
    this.top.dataset.key = key;
    this.scroller.classList.toggle("empty", count === 0 && fresh);
    if (!fresh && !count) fill(this.top, h("p", { class: "loading" }, "Fetching the conversation…"));
    else
      fill(
        this.top,
        complete && state.channel ? intro(this.app, state.channel) : h("p", { class: "loading" }, "Older messages…"),
      );
  }

  /** Exactly one message can be reached with Tab: the newest, until another has the focus. */
  #tabStop() {
    const all = [...this.list.querySelectorAll("article.message")];
    if (!all.length || all.some((each) => each.getAttribute("tabindex") === "0")) return;
    all[all.length - 1].setAttribute("tabindex", "0");
  }

  /** @param {string} id */
  #arrived(id) {
    const { state } = this.app;
    const message = state.message(state.selected, id);
    if (!message) {
      this.missed++;
      return;
    }
    if (message.author.id === state.me?.id) return this.reading.toEnd();
    readAloud(state, message);
    if (state.answersMe(message)) this.#answered(message);
    else if (!this.reading.atEnd) this.missed++;
  }

  /** What one did is answered: that is seen, and the keyboard goes on from there. @param {Message} message */
  async #answered(message) {
    const pressed = this.list.contains(document.activeElement);
    await this.toLatest();
    const article = this.article(message.id);
    if (!article) return;
    this.reading.show(article);
    if (pressed) article.focus({ preventScroll: true });
  }

  /** @param {boolean} adrift */
  #pill(adrift) {
    this.pill.hidden =
      !adrift &&
      (this.reading.atEnd || this.reading.left < 1.5) &&
      !this.missed;
    fill(this.pill, this.missed ? `${this.missed} new` : "To the newest", icon("down", 16));
  }

  async toLatest() {
    const { app } = this;
    if (app.state.selected && app.state.book(app.state.selected).adrift)
      await app.history.latest(app.state.selected).catch(complain);
    this.missed = 0;
    this.reading.toEnd();
    this.#pill(false);
  }

  #scrolled() {
    const book = this.app.state.book(this.app.state.selected ?? "");
    this.reading.scrolled(book.adrift);
    if (this.reading.atEnd) this.missed = 0;
    this.#pill(book.adrift);
    if (this.scroller.scrollTop < 300) this.#older();
  }

  async #older() {
    const { selected } = this.app.state;
    if (this.loading || !selected || !this.app.state.book(selected).fresh) return;
    this.loading = true;
    await this.app.history.older(selected).catch(complain);
    this.loading = false;
  }

  /** Brings a message into sight and lets it glow for a moment. @param {string} id */
  flash(id) {
    const article = this.article(id);
    if (!article) return;
    this.reading.leave();
    article.scrollIntoView({ block: "center", behavior: still() ? "auto" : "smooth" });
    article.classList.remove("flash");
    void article.offsetWidth;
    article.classList.add("flash");
    article.focus({ preventScroll: true });
  }

  /** @param {string} id @returns {HTMLElement | null} */
  article(id) {
    return this.shown.get(id)?.item.querySelector("article") ?? null;
  }

  /** @param {Message} message */
  edit(message) {
    const article = this.article(message.id);
    if (article) editInPlace(this.app, message, article);
  }

  focusNewest() {
    const all = this.list.querySelectorAll("article.message");
    /** @type {HTMLElement | undefined} */ (all[all.length - 1])?.focus();
  }
}
