// @ts-check
// What the message box offers while one types: commands after a slash, people and roles after @, channels after #.

import { typing } from "../text/mentions.js";
import { leaves, matches, read } from "../text/slash.js";
import { avatar } from "./avatar.js";
import { icon } from "./icons.js";
import { Suggest } from "./suggest.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../text/slash.js").Leaf} Leaf
 * @typedef {import("../text/mentions.js").Named} Named
 * @typedef {import("./suggest.js").Suggestion} Suggestion
 */

const COMMAND_LINE = /^\/[^\n]*$/;
const NAMES_SHOWN = 8;
const COMMANDS_SHOWN = 12;

export class Completer {
  /**
   * @param {App} app
   * @param {HTMLTextAreaElement} box
   * @param {{command: (leaf: Leaf, values: Record<string, string>) => void, typed: () => void}} heard
   */
  constructor(app, box, heard) {
    this.app = app;
    this.box = box;
    this.heard = heard;
    this.suggest = new Suggest(box, "suggestions");
    app.state.on("commands", () => this.#again());
  }

  /** Looks at what is typed and offers what fits. */
  look() {
    const { value, selectionStart } = this.box;
    if (document.activeElement !== this.box) return this.suggest.hide();
    if (COMMAND_LINE.test(value)) return this.#commands(value.slice(1));
    const found = typing(value, selectionStart);
    return found ? this.#names(found) : this.suggest.hide();
  }

  /** A command can be typed before the page has learnt which there are. */
  #again() {
    if (this.box.value.length > 1 && COMMAND_LINE.test(this.box.value)) this.look();
  }

  /** @param {{mark: "@" | "#", query: string, from: number}} found */
  #names({ mark, query, from }) {
    const wanted = query.toLowerCase();
    const kinds = mark === "#" ? ["channel"] : ["user", "role"];
    const names = this.app.state
      .names()
      .filter((named) => kinds.includes(named.kind) && named.name.toLowerCase().includes(wanted))
      .sort((one, other) => Number(this.#isBot(other)) - Number(this.#isBot(one)))
      .slice(0, NAMES_SHOWN);
    // A name typed out in full needs no list, and Enter then sends.
    if (names.length === 1 && names[0].name.toLowerCase() === wanted) return this.suggest.hide();
    const items = names.map((named) => this.#name(named, `${mark}${named.name} `, from));
    return this.suggest.show(mark === "#" ? "Channels" : "People and roles", items, "mention-popup");
  }

  /** @param {Named} named */
  #isBot(named) {
    return named.id === this.app.state.botId;
  }

  /** @param {Named} named @param {string} typed @param {number} from @returns {Suggestion} */
  #name(named, typed, from) {
    const run = () => {
      this.box.setRangeText(typed, from, this.box.selectionStart, "end");
      this.heard.typed();
    };
    const face =
      named.kind === "user"
        ? avatar(this.app.state, named.id, "small")
        : icon(named.kind === "role" ? "pin" : "hash", 18);
    return { key: named.id, label: named.name, detail: named.kind === "role" ? "role" : "", face, run };
  }

  /** @param {string} typed what stands after the slash */
  #commands(typed) {
    if (!typed) this.#refresh();
    const all = leaves(this.app.state.commands);
    const whole = read(all, typed);
    if (whole && typed.length > whole.leaf.name.length) return this.heard.command(whole.leaf, whole.values);
    const items = matches(all, typed)
      .slice(0, COMMANDS_SHOWN)
      .map((leaf) => ({
        key: leaf.name,
        label: `/${leaf.name}`,
        detail: leaf.description,
        face: icon("slash", 18),
        run: () => this.heard.command(leaf, {}),
      }));
    return this.suggest.show("Commands", items, "slash-popup");
  }

  /** A bot that has just come back may have brought new commands. */
  async #refresh() {
    const before = JSON.stringify(this.app.state.commands);
    await this.app.actions.loadCommands().catch(() => undefined);
    if (this.box.value === "/" && JSON.stringify(this.app.state.commands) !== before) this.#commands("");
  }
}
