// @ts-check
// Where one is: the address names the channel, and sometimes a message in it.

import { TEXT } from "../core/state.js";
import { complain, say } from "./live.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../core/types.js").Channel} Channel
 */

const FOLLOW_WITHIN = 20_000;

export class Navigator {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    window.addEventListener("hashchange", () => this.route());
    app.state.on("thread", ({ thread }) => this.#follow(thread));
  }

  /** Shows what the address names: `#/channel` or `#/channel/message`. */
  async route() {
    const { state, history, messages } = this.app;
    const [, channelId, messageId] = location.hash.split("/");
    if (!state.channels.size) return;
    try {
      await history.open(channelId || this.home());
      if (messageId && (await history.reach(channelId, messageId))) messages.flash(messageId);
      document.title = state.channel ? `${state.title(state.channel)} · Easel sandbox` : "Easel sandbox";
    } catch (error) {
      if (channelId && channelId !== this.home()) this.show(this.home());
      else complain(error);
    }
  }

  /** The channel where a visit begins. */
  home() {
    const texts = [...this.app.state.channels.values()].filter((channel) => channel.type === TEXT);
    texts.sort((one, other) => (one.position ?? 0) - (other.position ?? 0));
    return (texts.find((channel) => channel.name === "studio") ?? texts[0])?.id ?? "";
  }

  /** @param {string} channelId @param {string} [messageId] */
  show(channelId, messageId) {
    const target = `#/${channelId}${messageId ? `/${messageId}` : ""}`;
    if (location.hash === target) this.route();
    else location.hash = target;
  }

  /**
   * Goes to a message; in the same channel the address stays as it is.
   * @param {string} channelId
   * @param {string} messageId
   */
  async jump(channelId, messageId) {
    const { state, history, messages } = this.app;
    if (channelId !== state.selected) return this.show(channelId, messageId);
    const found = await history.reach(channelId, messageId).catch(complain);
    if (found) messages.flash(messageId);
  }

  /** The previous or next channel of the list. @param {1 | -1} by */
  step(by) {
    const links = [...document.querySelectorAll("a.channel[data-channel-id]")];
    const at = links.findIndex((link) => link.getAttribute("aria-current") === "page");
    const next = links[(at + by + links.length) % links.length];
    if (next instanceof HTMLElement) next.click();
  }

  /** Goes along when the bot opens the thread one just asked for. @param {Channel} thread */
  #follow(thread) {
    const { state, actions, composer } = this.app;
    const { channelId, at } = actions.lastAsk;
    const asked = thread.owner_id === state.botId && thread.parent_id === channelId && Date.now() - at < FOLLOW_WITHIN;
    if (!asked || state.selected !== thread.parent_id || !composer.empty) return;
    actions.forgetAsk();
    say(`Easel opened the thread ${thread.name}. You are in it now.`);
    this.show(thread.id);
  }
}
