// @ts-check
// Pressing, choosing, commanding: sends an interaction and waits for the gateway to say how it went.

import { fresh } from "./ids.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./rest.js").Rest} Rest
 * @typedef {import("./types.js").Message} Message
 * @typedef {"done" | "modal"} Outcome
 * @typedef {ReturnType<typeof setTimeout>} Timer
 * @typedef {{resolve: (value: any) => void, reject: (error: Error) => void, timer: Timer}} Waiting
 */

const PATIENCE = 20_000;
const NO_ANSWER = "Easel did not answer in time. Try again in a moment.";

export class Interactions {
  /** @param {State} state @param {() => Rest} rest */
  constructor(state, rest) {
    this.state = state;
    this.rest = rest;
    /** @type {Map<string, Waiting>} */
    this.waiting = new Map();
  }

  /** @param {string} name @param {any} data */
  dispatch(name, data) {
    if (name === "INTERACTION_SUCCESS") this.#settle(data.nonce, "done");
    else if (name === "INTERACTION_FAILURE") this.#fail(data.nonce, NO_ANSWER);
    else if (name === "APPLICATION_COMMAND_AUTOCOMPLETE_RESPONSE") this.#settle(data.nonce, data.choices ?? []);
    else if (name === "INTERACTION_MODAL_CREATE") {
      this.#settle(data.nonce, "modal");
      this.state.emit("modal", data);
    }
  }

  /**
   * Runs a slash command, or a message's or a member's menu command.
   * @param {import("./types.js").Command} command
   * @param {object} data
   * @param {{files?: File[], progress?: (part: number) => void}} [upload]
   * @returns {Promise<Outcome>}
   */
  command(command, data, upload) {
    return this.#send(2, { data }, command.application_id, upload);
  }

  /**
   * @param {import("./types.js").Command} command
   * @param {object} data
   * @returns {Promise<{name: string, value: string | number}[]>}
   */
  complete(command, data) {
    return this.#send(4, { data }, command.application_id);
  }

  /**
   * Presses a button or submits a select of a message.
   * @param {Message} message
   * @param {{component_type: number, custom_id: string, values?: string[]}} data
   */
  async press(message, data) {
    const key = `${message.id}:${data.custom_id}`;
    this.state.pending.add(key);
    this.state.emit("message", { channelId: message.channel_id, id: message.id });
    try {
      return await this.#send(
        3,
        { message_id: message.id, message_flags: message.flags ?? 0, data },
        message.application_id ?? message.author.id,
      );
    } finally {
      this.state.pending.delete(key);
      this.state.emit("message", { channelId: message.channel_id, id: message.id });
    }
  }

  /**
   * @param {import("./types.js").Modal & {application_id?: string, application?: {id: string}}} modal
   * @param {object[]} components
   * @param {File[]} files
   * @returns {Promise<Outcome>}
   */
  submit(modal, components, files) {
    const attachments = files.map((file, index) => ({ id: String(index), filename: file.name }));
    const data = { id: modal.id, custom_id: modal.custom_id, components, attachments };
    return this.#send(
      5,
      { data, channel_id: modal.channel_id ?? this.state.selected },
      modal.application_id ?? modal.application?.id,
      { files },
    );
  }

  /**
   * @param {number} type
   * @param {Record<string, unknown>} body
   * @param {string | undefined} applicationId
   * @param {{files?: File[], progress?: (part: number) => void}} [upload]
   * @returns {Promise<any>}
   */
  async #send(type, body, applicationId, upload) {
    const nonce = fresh();
    const channelId = this.state.selected;
    const guildId = channelId ? this.state.channels.get(channelId)?.guild_id : undefined;
    const settled = new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(nonce, NO_ANSWER), PATIENCE);
      this.waiting.set(nonce, { resolve, reject, timer });
    });
    const payload = {
      type,
      nonce,
      application_id: applicationId ?? this.state.setup?.bot.application_id,
      channel_id: channelId,
      ...(guildId ? { guild_id: guildId } : {}),
      session_id: this.state.sessionId,
      ...body,
    };
    this.rest()
      .post("/interactions", payload, upload)
      .catch((error) => this.#fail(nonce, error.message));
    return settled;
  }

  /** @param {string} nonce @param {any} value */
  #settle(nonce, value) {
    this.#take(nonce)?.resolve(value);
  }

  /** @param {string} nonce @param {string} reason */
  #fail(nonce, reason) {
    this.#take(nonce)?.reject(new Error(reason));
  }

  /** @param {string} nonce */
  #take(nonce) {
    const waiting = this.waiting.get(String(nonce));
    if (waiting) clearTimeout(waiting.timer);
    this.waiting.delete(String(nonce));
    return waiting;
  }
}
