// @ts-check
// The three addresses that only the sandbox has.

/** @typedef {import("./state.js").State} State */

const PACE = 4_000;

export class Sandbox {
  /** @param {State} state @param {() => void} changed */
  constructor(state, changed) {
    this.state = state;
    this.changed = changed;
  }

  /** Learns what there is, and keeps looking whether the bot is awake. */
  async start() {
    await this.look();
    setInterval(() => {
      if (!document.hidden) this.look().catch(() => undefined);
    }, PACE);
  }

  async look() {
    const before = JSON.stringify(this.state.setup);
    const answer = await fetch("/sandbox/state");
    if (!answer.ok) throw new Error("The sandbox does not answer.");
    this.state.setup = await answer.json();
    if (JSON.stringify(this.state.setup) !== before) this.changed();
  }

  /** @param {{painter_seconds: number}} settings */
  async settings(settings) {
    await this.#post("settings", settings);
    await this.look();
  }

  /** Restarts the bot and waits until it is there again, for as long as that is worth waiting for. */
  async restart() {
    await this.#post("bot/restart");
    for (let tries = 0; tries < 40; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await this.look();
      if (this.state.setup?.bot.running) return;
    }
  }

  /** @param {string} path @param {object} [body] */
  async #post(path, body) {
    const answer = await fetch(`/sandbox/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body ?? {}),
    });
    const value = await answer.json().catch(() => null);
    if (!answer.ok) throw new Error(value?.message ?? `The sandbox answered ${answer.status}.`);
  }
}
