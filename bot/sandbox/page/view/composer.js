// @ts-check
// The message box: words, pictures, replies and commands; each channel keeps its own draft.

import { DM, FORUM, isThread } from "../core/state.js";
import { ATTACHMENT } from "../text/slash.js";
import { boxParts } from "./box.js";
import { CommandForm } from "./command_form.js";
import { Completer } from "./complete.js";
import { fill, h, still } from "./dom.js";
import { grow } from "./edit.js";
import { say, toast } from "./live.js";
import { drawReplyBar } from "./reply_bar.js";
import { Tray, chooseFile } from "./tray.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../core/types.js").Channel} Channel
 * @typedef {import("../text/slash.js").Leaf} Leaf
 * @typedef {import("../text/slash.js").Raw} Raw
 */

const LONGEST = 2000;
const WARN_AT = 200;
const HIGHEST = 220;
const KEY_PAUSE = 14;

export class Composer {
  /** @param {App} app @param {HTMLElement} root */
  constructor(app, root) {
    this.app = app;
    /** @type {Map<string, {text: string, files: File[]}>} */
    this.drafts = new Map();
    this.channelId = "";
    /** @type {CommandForm | null} */
    this.command = null;
    /** Grows whenever somebody types, so that a text being typed for them stops. */
    this.typist = 0;
    this.parts = boxParts(this.#behaviour(), LONGEST * 2);
    this.box = this.parts.box;
    this.completer = new Completer(app, this.box, {
      command: (leaf, values) => this.openCommand(leaf, values),
      typed: () => this.#changed(),
    });
    this.tray = new Tray({ changed: () => this.#buttons() });
    this.replyBar = h("div", { class: "reply-bar", hidden: true, "data-testid": "reply-bar" });
    this.form = this.#form();
    this.commandPlace = h("div", { class: "command-place", hidden: true });
    root.append(this.commandPlace, this.form);
    app.state.on("select", () => this.#select());
    app.state.on("reply", () => this.#drawReply());
    for (const event of ["channels", "people", "setup"]) app.state.on(event, () => this.#placeholder());
  }

  #behaviour() {
    return {
      changed: () => this.#typed(),
      key: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      paste: (/** @type {ClipboardEvent} */ event) => this.#paste(event),
      left: () => this.completer.suggest.hide(),
      pressed: () => this.completer.look(),
      attach: (/** @type {Iterable<File>} */ files) => this.attach(files),
      plus: () => chooseFile(this.parts.plus, this.parts.input, (files) => this.attach(files)),
      send: () => this.send(),
    };
  }

  #form() {
    const { box, plus, left, send, input } = this.parts;
    const onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.send();
    };
    const row = h("div", { class: "row" }, plus, box, left, send);
    const above = [this.completer.suggest.node, this.replyBar, this.tray.node];
    return h("form", { class: "composer", "data-testid": "composer-form", onsubmit }, above, row, input);
  }

  #select() {
    if (this.channelId === this.app.state.selected) return;
    this.typist++;
    if (this.channelId) this.drafts.set(this.channelId, { text: this.box.value, files: this.tray.files });
    this.leaveCommand();
    this.channelId = this.app.state.selected ?? "";
    const draft = this.drafts.get(this.channelId);
    this.box.value = draft?.text ?? "";
    this.tray.set(draft?.files ?? []);
    this.completer.suggest.hide();
    this.form.hidden = this.app.state.channel?.type === FORUM;
    this.#drawReply();
    this.#placeholder();
    this.#changed();
    if (matchMedia("(hover: hover)").matches) this.focus();
  }

  #placeholder() {
    const { channel } = this.app.state;
    if (!channel) return;
    const silence = this.app.state.silence();
    this.box.disabled = this.parts.plus.disabled = Boolean(silence);
    this.form.classList.toggle("silent", Boolean(silence));
    this.box.placeholder = silence ?? this.#invitation(channel);
    this.box.setAttribute("aria-label", this.box.placeholder);
  }

  /** @param {Channel} channel */
  #invitation(channel) {
    const name = this.app.state.title(channel);
    if (channel.type === DM) return `Write to ${name}`;
    if (this.app.actions.listens(channel)) return "Say what to change…";
    const place = `Write in ${isThread(channel) ? "" : "#"}${name}`;
    return this.app.state.paintsIn(channel) ? `${place}, or call @Easel` : place;
  }

  focus() {
    (this.command ?? this.box).focus();
  }

  get empty() {
    return !this.box.value.trim() && !this.tray.files.length && !this.command;
  }

  /** Puts words where the caret is. @param {string} text */
  insert(text) {
    const { selectionStart, selectionEnd } = this.box;
    this.box.setRangeText(text, selectionStart, selectionEnd, "end");
    this.focus();
    this.#changed();
  }

  /** Types for the visitor, visibly, so that it is clear what happened. @param {string} text */
  async type(text) {
    this.leaveCommand();
    const turn = ++this.typist;
    this.focus();
    const pace = still() ? text.length : 1;
    for (let at = 0; at < text.length && turn === this.typist; at += pace) {
      this.box.value = text.slice(0, at + pace);
      this.#changed();
      if (pace === 1) await new Promise((resolve) => setTimeout(resolve, KEY_PAUSE));
    }
    this.completer.suggest.hide();
    say("Typed for you. Press Enter to send it.");
  }

  /** @param {Iterable<File>} files */
  attach(files) {
    this.tray.add(files);
    this.focus();
  }

  /** Answers a message from now on. @param {string} messageId */
  reply(messageId) {
    this.app.state.replies.set(this.channelId, { messageId, ping: true });
    this.app.state.emit("reply");
    this.leaveCommand();
    this.focus();
  }

  stopReply() {
    this.app.state.replies.delete(this.channelId);
    this.app.state.emit("reply");
  }

  #drawReply() {
    const stop = () => {
      this.stopReply();
      this.focus();
    };
    drawReplyBar(this.app.state, this.replyBar, this.channelId, stop);
  }

  #typed() {
    this.typist++;
    if (this.box.value && !this.box.value.startsWith("/")) this.app.actions.typing(this.channelId);
    this.#changed();
  }

  #changed() {
    grow(this.box, HIGHEST);
    this.#buttons();
    this.completer.look();
  }

  #buttons() {
    const left = LONGEST - this.box.value.length;
    this.parts.left.textContent = left < WARN_AT ? String(left) : "";
    this.parts.left.classList.toggle("over", left < 0);
    const nothing = !this.box.value.trim() && !this.tray.files.length;
    this.parts.send.setAttribute("aria-disabled", String(nothing || left < 0));
  }

  /**
   * Turns the box into a command's form; pictures already attached go along.
   * @param {Leaf} leaf
   * @param {Record<string, string>} values
   */
  openCommand(leaf, values) {
    /** @type {Record<string, Raw>} */
    const filled = { ...values };
    const slots = leaf.options.filter((option) => option.type === ATTACHMENT);
    const going = this.tray.files.slice(0, slots.length);
    going.forEach((file, at) => (filled[slots[at].name] = file));
    this.tray.set(this.tray.files.slice(going.length));
    this.box.value = "";
    this.completer.suggest.hide();
    this.#changed();
    const done = () => {
      this.leaveCommand();
      this.focus();
    };
    this.command = new CommandForm(this.app, leaf, { values: filled, done });
    fill(this.commandPlace, this.command.node);
    this.commandPlace.hidden = false;
    this.form.hidden = true;
    this.command.focus();
  }

  leaveCommand() {
    if (!this.command) return;
    this.command = null;
    fill(this.commandPlace);
    this.commandPlace.hidden = true;
    this.form.hidden = this.app.state.channel?.type === FORUM;
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.attach(files);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.completer.suggest.key(event)) return;
    // On a phone's keyboard Enter is the only way to a new line.
    const byTouch = matchMedia("(pointer: coarse) and (hover: none)").matches;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !byTouch) this.send();
    else if (event.key === "Escape" && this.app.state.replies.has(this.channelId)) this.stopReply();
    else if (event.key === "ArrowUp" && !this.box.value && !event.altKey) this.app.editLast();
    else return;
    event.preventDefault();
  }

  send() {
    const text = this.box.value.trim();
    const { files } = this.tray;
    if (!text && !files.length) return this.focus();
    if (text.length > LONGEST) {
      return toast(`That is ${text.length - LONGEST} characters too long.`, { kind: "problem" });
    }
    const reply = this.app.state.replies.get(this.channelId);
    this.typist++;
    this.app.outbox.send({ channelId: this.channelId, text, files, reply });
    this.box.value = "";
    this.tray.set([]);
    if (reply) this.stopReply();
    this.#changed();
    return this.focus();
  }
}
