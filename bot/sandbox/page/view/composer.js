// @ts-check
// The message box: words, pictures, replies, names and commands; each channel keeps its own draft.

import { picturesOf, textOf } from "../text/pictures.js";
import { plain } from "../text/markdown.js";
import { typing } from "../text/mentions.js";
import { leaves, matches, read } from "../text/slash.js";
import { DM, FORUM, isThread } from "../core/state.js";
import { avatar } from "./avatar.js";
import { CommandForm } from "./command_form.js";
import { fill, h, still } from "./dom.js";
import { grow } from "./edit.js";
import { icon } from "./icons.js";
import { say, toast } from "./live.js";
import { naming } from "./markup.js";
import { thumbnail } from "./pictures.js";
import { Suggest } from "./suggest.js";
import { Tray, chooseFile } from "./tray.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../text/slash.js").Leaf} Leaf
 */

const LONGEST = 2000;

export class Composer {
  /** @param {App} app @param {HTMLElement} root */
  constructor(app, root) {
    this.app = app;
    /** @type {Map<string, {text: string, files: File[]}>} */
    this.drafts = new Map();
    this.channelId = "";
    /** @type {CommandForm | null} */
    this.command = null;
    this.typist = 0;
    this.box = h("textarea", { rows: 1, "data-testid": "composer", "aria-label": "Message", maxlength: LONGEST * 2, enterkeyhint: "send", oninput: () => this.#changed(true), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event), onpaste: (/** @type {ClipboardEvent} */ event) => this.#paste(event), onblur: () => this.suggest.hide(), onclick: () => this.#suggest() });
    this.suggest = new Suggest(this.box, "suggestions");
    this.tray = new Tray({ changed: () => this.#buttons() });
    this.input = h("input", { type: "file", multiple: true, hidden: true, "data-testid": "file-input", onchange: () => { this.attach(this.input.files ?? []); this.input.value = ""; } });
    this.plus = h("button", { class: "bare", type: "button", "aria-label": "Attach a picture", title: "Attach a picture", "aria-haspopup": "menu", "data-testid": "attach", onclick: () => chooseFile(this.plus, this.input, (files) => this.attach(files)) }, icon("image"));
    this.sendButton = h("button", { class: "send", "aria-label": "Send", title: "Send", "data-testid": "send" }, icon("send"));
    this.left = h("span", { class: "left", "aria-live": "polite" });
    this.replyBar = h("div", { class: "reply-bar", hidden: true, "data-testid": "reply-bar" });
    this.row = h("div", { class: "row" }, this.plus, this.box, this.left, this.sendButton);
    this.form = h("form", { class: "composer", "data-testid": "composer-form", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.send(); } }, this.suggest.node, this.replyBar, this.tray.node, this.row, this.input);
    this.commandPlace = h("div", { class: "command-place", hidden: true });
    root.append(this.commandPlace, this.form);
    app.state.on("select", () => this.#select());
    app.state.on("reply", () => this.#drawReply());
    for (const event of ["channels", "people", "setup"]) app.state.on(event, () => this.#placeholder());
  }

  #select() {
    if (this.channelId === this.app.state.selected) return;
    this.typist++;
    this.#keep();
    this.leaveCommand();
    this.channelId = this.app.state.selected ?? "";
    const draft = this.drafts.get(this.channelId);
    this.box.value = draft?.text ?? "";
    this.tray.set(draft?.files ?? []);
    this.suggest.hide();
    this.form.hidden = this.app.state.channel?.type === FORUM;
    this.#drawReply();
    this.#placeholder();
    this.#changed(false);
    if (matchMedia("(hover: hover)").matches) this.focus();
  }

  #keep() {
    if (this.channelId) this.drafts.set(this.channelId, { text: this.box.value, files: this.tray.files });
  }

  #placeholder() {
    const { channel } = this.app.state;
    if (!channel) return;
    const name = this.app.state.title(channel);
    const listens = this.app.actions.listens(channel);
    const silence = this.app.state.silence();
    this.box.disabled = this.plus.disabled = Boolean(silence);
    this.form.classList.toggle("silent", Boolean(silence));
    const words = silence ? silence : channel.type === DM ? `Write to ${name}` : listens ? "Say what to change…" : isThread(channel) ? `Write in ${name}` : `Write in #${name}, or call @Easel`;
    this.box.placeholder = words;
    this.box.setAttribute("aria-label", words);
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
    this.#changed(false);
  }

  /** Types for the visitor, visibly, so that it is clear what happened. @param {string} text */
  async type(text) {
    this.leaveCommand();
    const turn = ++this.typist;
    this.focus();
    const pace = still() ? text.length : 1;
    for (let at = 0; at < text.length && turn === this.typist; at += pace) {
      this.box.value = text.slice(0, at + pace);
      this.#changed(false);
      if (pace === 1) await new Promise((resolve) => setTimeout(resolve, 14));
    }
    this.suggest.hide();
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
    const { state } = this.app;
    const reply = state.replies.get(this.channelId);
    const message = reply && state.message(this.channelId, reply.messageId);
    this.replyBar.hidden = !message;
    if (!reply || !message) return;
    const picture = picturesOf(message)[0];
    const words = picture?.version ?? plain(textOf(message), naming(state));
    const toggle = () => { reply.ping = !reply.ping; this.#drawReply(); };
    fill(this.replyBar, picture ? thumbnail(picture) : avatar(state, message.author.id, "small"),
      h("p", null, "Replying to ", h("strong", null, state.name(message.author.id)), words ? h("span", null, ` · ${words}`) : null),
      h("button", { class: "textual", type: "button", "aria-pressed": String(reply.ping), title: "Whether they are notified", "data-testid": "reply-ping", onclick: toggle }, reply.ping ? "@ on" : "@ off"),
      h("button", { class: "bare", type: "button", "aria-label": "Do not reply", "data-testid": "reply-cancel", onclick: () => { this.stopReply(); this.focus(); } }, icon("close", 16)));
  }

  /** @param {boolean} byHand */
  #changed(byHand) {
    grow(this.box, 220);
    this.#buttons();
    if (byHand) {
      this.typist++;
      if (this.box.value && !this.box.value.startsWith("/")) this.app.actions.typing(this.channelId);
    }
    this.#suggest();
  }

  #buttons() {
    const left = LONGEST - this.box.value.length;
    this.left.textContent = left < 200 ? String(left) : "";
    this.left.classList.toggle("over", left < 0);
    this.sendButton.setAttribute("aria-disabled", String((!this.box.value.trim() && !this.tray.files.length) || left < 0));
  }

  #suggest() {
    const { value, selectionStart } = this.box;
    if (document.activeElement !== this.box) return this.suggest.hide();
    if (/^\/[^\n]*$/.test(value)) {
      // A bot that has just come back may have brought new commands.
      if (value === "/") this.app.actions.loadCommands().then(() => this.box.value === "/" && this.#suggestCommands("")).catch(() => undefined);
      return this.#suggestCommands(value.slice(1));
    }
    const found = typing(value, selectionStart);
    if (!found) return this.suggest.hide();
    const kinds = found.mark === "#" ? ["channel"] : ["user", "role"];
    const wanted = found.query.toLowerCase();
    const names = this.app.state.names().filter((named) => kinds.includes(named.kind) && named.name.toLowerCase().includes(wanted)).sort((a, b) => Number(b.id === this.app.state.botId) - Number(a.id === this.app.state.botId)).slice(0, 8);
    // A name typed out in full needs no list, and Enter then sends.
    if (names.length === 1 && names[0].name.toLowerCase() === wanted) return this.suggest.hide();
    return this.suggest.show(found.mark === "#" ? "Channels" : "People and roles", names.map((named) => ({
      key: named.id, label: named.name, detail: named.kind === "role" ? "role" : "", face: named.kind === "user" ? avatar(this.app.state, named.id, "small") : icon(named.kind === "role" ? "pin" : "hash", 18),
      run: () => { this.box.setRangeText(`${found.mark}${named.name} `, found.from, selectionStart, "end"); this.#changed(false); },
    })), "mention-popup");
  }

  /** @param {string} typed */
  #suggestCommands(typed) {
    const all = leaves(this.app.state.commands);
    const whole = read(all, typed);
    if (whole && (typed.includes(" ") && typed.length > whole.leaf.name.length)) return this.openCommand(whole.leaf, whole.values);
    const found = matches(all, typed).slice(0, 12);
    return this.suggest.show(found.length ? "Commands" : "", found.map((leaf) => ({ key: leaf.name, label: `/${leaf.name}`, detail: leaf.description, face: icon("slash", 18), run: () => this.openCommand(leaf) })), "slash-popup");
  }

  /** @param {Leaf} leaf @param {Record<string, string>} [values] */
  openCommand(leaf, values = {}) {
    /** @type {Record<string, import("../text/slash.js").Raw>} */
    const filled = { ...values };
    const slots = leaf.options.filter((option) => option.type === 11);
    this.tray.files.slice(0, slots.length).forEach((file, at) => { filled[slots[at].name] = file; });
    if (slots.length) this.tray.set(this.tray.files.slice(slots.length));
    this.box.value = "";
    this.suggest.hide();
    this.#changed(false);
    this.command = new CommandForm(this.app, leaf, { values: filled, done: () => { this.leaveCommand(); this.focus(); } });
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
    const files = [...event.clipboardData?.files ?? []];
    if (!files.length) return;
    event.preventDefault();
    this.attach(files);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.suggest.key(event)) return;
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
    if (text.length > LONGEST) return toast(`That is ${text.length - LONGEST} characters too long.`, { kind: "problem" });
    const { state } = this.app;
    const reply = state.replies.get(this.channelId);
    this.typist++;
    this.app.actions.send({ channelId: this.channelId, text, files, reply });
    this.box.value = "";
    this.tray.set([]);
    if (reply) this.stopReply();
    this.#changed(false);
    return this.focus();
  }
}
