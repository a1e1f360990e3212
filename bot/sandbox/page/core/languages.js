// @ts-check
// In which language each member reads Discord; this browser remembers it for the sandbox's next start.

import { Rest } from "./rest.js";

/** @typedef {import("./sandbox.js").Sandbox} Sandbox */

const KEPT = "easel-languages";

/** Discord's locales that are worth a try here, by their own names. */
export const LANGUAGES = {
  "en-US": "English",
  de: "Deutsch",
  fr: "Français",
  "es-ES": "Español",
  "pt-BR": "Português do Brasil",
  ja: "日本語",
};

export class Languages {
  /** @param {Sandbox} sandbox */
  constructor(sandbox) {
    this.sandbox = sandbox;
  }

  /** Tells the sandbox what was chosen before. */
  async restore() {
    const members = this.sandbox.state.setup?.members ?? [];
    const kept = remembered();
    const others = members.filter(({ token, locale }) => kept[token] && kept[token] !== locale);
    await Promise.all(others.map(({ token }) => tell(token, kept[token])));
    if (others.length) await this.sandbox.look();
  }

  /** From now on. @param {string} token @param {string} locale */
  async choose(token, locale) {
    await tell(token, locale);
    localStorage.setItem(KEPT, JSON.stringify({ ...remembered(), [token]: locale }));
    await this.sandbox.look();
  }
}

/** @param {string} token @param {string} locale */
function tell(token, locale) {
  return new Rest("/api/v10", token).patch("/users/@me/settings", { locale });
}

/** @returns {Record<string, string>} */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}
