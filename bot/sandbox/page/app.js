// @ts-check
// The start: connects one member's client to the server this page came from, and lets the views speak to it.

import { Actions } from "./core/actions.js";
import { dispatch } from "./core/dispatch.js";
import { Gateway } from "./core/gateway.js";
import { History } from "./core/history.js";
import { Interactions } from "./core/interactions.js";
import { Languages } from "./core/languages.js";
import { Outbox } from "./core/outbox.js";
import { Rest } from "./core/rest.js";
import { Sandbox } from "./core/sandbox.js";
import { DM, State } from "./core/state.js";
import { mountChannels } from "./view/channels.js";
import { Composer } from "./view/composer.js";
import { confirm } from "./view/dialog.js";
import { byId } from "./view/dom.js";
import { mountDrop } from "./view/drop.js";
import { Forum } from "./view/forum.js";
import { mountHeader } from "./view/header.js";
import { mountHints } from "./view/hints.js";
import { listen, showShortcuts } from "./view/keyboard.js";
import { complain, toast } from "./view/live.js";
import { mountMembers } from "./view/members.js";
import { deleteAsked, openMessageMenu } from "./view/message_menu.js";
import { MessagesView } from "./view/messages.js";
import { openModal } from "./view/modal.js";
import { Navigator } from "./view/navigator.js";
import { mountPanel } from "./view/panel.js";
import { mountSheets } from "./view/sheets.js";
import { startTicking } from "./view/ticker.js";
import { mountFoot } from "./view/typing.js";

/**
 * @typedef {import("./core/types.js").Message} Message
 * @typedef {import("./core/types.js").Command} Command
 * @typedef {import("./core/types.js").Channel} Channel
 */

const MEMBER = "easel-member";
const TRY_AGAIN = 1_500;

export class App {
  constructor() {
    this.state = new State();
    this.token = "";
    this.rest = new Rest("/api/v10", "");
    /** @type {Gateway | null} */
    this.gateway = null;
    this.restarting = false;
    /** For whom, where and which bot the known commands hold. */
    this.commandsFor = "";
    /** @type {Map<string, State["books"]>} what each member has seen, whispers included */
    this.shelves = new Map();
    const rest = () => this.rest;
    this.actions = new Actions(this.state, rest);
    this.history = new History(this.state, rest);
    this.outbox = new Outbox(this.state, rest, this.history, (channelId, text) =>
      this.actions.noteAsk(channelId, text),
    );
    this.interactions = new Interactions(this.state, rest);
    this.sandbox = new Sandbox(this.state, () => this.state.emit("setup"));
    this.languages = new Languages(this.sandbox);
    this.messages = new MessagesView(this, byId("messages"));
    this.composer = new Composer(this, byId("composer"));
    this.navigator = new Navigator(this);
    this.sheets = mountSheets();
    this.#mount();
    this.#hear();
  }

  #mount() {
    mountChannels(this, byId("channels"));
    mountMembers(this, byId("channels"));
    mountHeader(this, byId("head"), byId("connection"));
    mountHints(this, byId("hints"));
    mountFoot(this, byId("foot"));
    mountPanel(this, byId("studio"));
    mountDrop(this, byId("room"));
    this.forum = new Forum(this, byId("forum"), byId("messages"));
    listen(this);
    startTicking();
  }

  #hear() {
    const { state } = this;
    state.on("ready", () => this.#ready());
    state.on("select", () => this.#learnCommands());
    state.on("setup", () => this.#learnCommands());
    state.on("modal", (modal) => openModal(this, modal));
    state.on("gone", ({ channel }) => this.#gone(channel));
    window.addEventListener("online", () => this.gateway?.hurry());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.gateway?.hurry();
      if (state.selected) this.history.seen(state.selected);
    });
  }

  /** After a new session: the open conversation is brought up to date, or the address is followed. */
  #ready() {
    this.commandsFor = "";
    this.#learnCommands();
    const { selected, channels } = this.state;
    if (selected && channels.has(selected) && location.hash.includes(selected)) {
      this.history.refresh(selected).catch(complain);
    } else {
      this.navigator.route();
    }
  }

  /** Commands differ in a DM and by language, and may after the bot has come back. */
  #learnCommands() {
    const { channel, setup, guildId } = this.state;
    const locale = setup?.members.find((member) => member.token === this.token)?.locale;
    const scope = `${this.token} ${locale} ${channel?.type === DM ? channel.id : guildId} ${setup?.bot.running}`;
    if (!guildId || scope === this.commandsFor) return;
    this.commandsFor = scope;
    this.actions.loadCommands().catch(() => undefined);
  }

  /** The open conversation was deleted. @param {Channel | undefined} channel */
  #gone(channel) {
    toast("This conversation was deleted.");
    const parent = channel?.parent_id;
    this.navigator.show(parent && this.state.channels.has(parent) ? parent : this.navigator.home());
  }

  async start() {
    try {
      await this.sandbox.start();
      await this.languages.restore();
    } catch {
      this.state.connection = "lost";
      this.state.emit("connection");
      setTimeout(() => this.start(), TRY_AGAIN);
      return;
    }
    const members = this.state.setup?.members ?? [];
    const last = sessionStorage.getItem(MEMBER) ?? localStorage.getItem(MEMBER);
    const remembered = members.find((member) => member.token === last) ?? members[0];
    if (remembered) this.become(remembered.token);
  }

  /** Leaves one member's client and opens another's. @param {string} token */
  become(token) {
    if (token === this.token) return;
    const { state } = this;
    this.gateway?.close();
    if (this.token) {
      this.shelves.set(this.token, state.books);
      toast(`You are ${state.setup?.members.find((member) => member.token === token)?.name ?? token} now.`);
    }
    this.token = token;
    sessionStorage.setItem(MEMBER, token); // a tab stays who it is, whoever the others become
    localStorage.setItem(MEMBER, token);
    this.rest = new Rest("/api/v10", token);
    state.books = this.shelves.get(token) ?? new Map();
    state.replies.clear();
    this.actions.forgetAsk();
    state.commands = [];
    state.selected = null;
    this.#connect();
  }

  #connect() {
    const { state } = this;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const gateway = new Gateway(`${scheme}://${location.host}/gateway?v=10&encoding=json`, this.token);
    this.gateway = gateway;
    gateway.addEventListener("status", (event) => {
      state.connection = /** @type {CustomEvent} */ (event).detail;
      state.emit("connection");
    });
    gateway.addEventListener("dispatch", (event) => {
      const { t, d } = /** @type {CustomEvent} */ (event).detail;
      dispatch(state, t, d);
      this.interactions.dispatch(t, d);
    });
    gateway.open();
  }

  /** @param {Message} message @param {MouseEvent | HTMLElement} from */
  messageMenu(message, from) {
    openMessageMenu(this, message, from);
  }

  /** @param {Message} message */
  startEdit(message) {
    if (this.state.mayEdit(message)) this.messages.edit(message);
  }

  editLast() {
    const all = this.state.book(this.state.selected ?? "").list();
    const mine = all.filter((message) => this.state.mayEdit(message) && [0, 19].includes(message.type));
    const last = mine[mine.length - 1];
    if (last) this.startEdit(last);
  }

  /** @param {Message} message */
  deleteMessage(message) {
    return deleteAsked(this, message);
  }

  /** @param {Channel} thread */
  async deleteThread(thread) {
    const words = "All its messages and pictures are gone for everybody.";
    const sure = await confirm({ title: "Delete this thread?", words, yes: "Delete the thread" });
    if (sure) await this.rest.delete(`/channels/${thread.id}`).catch(complain);
  }

  /** A command from a menu: about a message or about a member. @param {Command} command @param {string} targetId */
  runMenuCommand(command, targetId) {
    const { id, version, name, type } = command;
    this.actions.noteCommand(this.state.selected ?? "");
    this.interactions.command(command, { id, version, name, type, target_id: targetId }).catch(complain);
  }

  async restart() {
    this.restarting = true;
    this.state.emit("setup");
    try {
      await this.sandbox.restart();
    } finally {
      this.restarting = false;
      this.state.emit("setup");
    }
  }

  /** @param {string} text @param {string} done */
  copy(text, done) {
    navigator.clipboard.writeText(text).then(() => toast(done), complain);
  }

  help() {
    showShortcuts();
  }

  /** @param {"channels" | "studio"} name */
  openSheet(name) {
    this.sheets.open(name);
  }

  closeSheets() {
    this.sheets.close();
  }
}

new App().start();
