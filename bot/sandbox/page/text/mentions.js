// @ts-check
// Mentions between the two forms they have: `@Easel` as people type it, `<@123>` as it travels.

/**
 * @typedef {{kind: "user" | "role" | "channel", id: string, name: string}} Named
 */

const MARKS = { user: "@", role: "@&", channel: "#" };
const TRAVELLING = /<(@!?|@&|#)(\d+)>/g;

/** @param {Named} named how it is typed: `@Easel`, `#studio` */
export function typed(named) {
  return (named.kind === "channel" ? "#" : "@") + named.name;
}

/**
 * Turns typed names into mentions; the longest name wins, and code is left alone.
 * @param {string} text
 * @param {Named[]} names
 */
export function encode(text, names) {
  const byLength = [...names].sort((a, b) => b.name.length - a.name.length);
  return text
    .split(/(```[\s\S]*?```|`[^`\n]*`)/)
    .map((piece, index) => (index % 2 ? piece : prose(piece, byLength)))
    .join("");
}

/** @param {string} text @param {Named[]} names */
function prose(text, names) {
  let out = "";
  for (let at = 0; at < text.length;) {
    const named = starts(text, at) ? names.find((candidate) => isAt(text, at, candidate)) : undefined;
    if (named) {
      out += `<${MARKS[named.kind]}${named.id}>`;
      at += typed(named).length;
    } else {
      out += text[at++];
    }
  }
  return out;
}

/** @param {string} text @param {number} at a mention begins a word, so that addresses like a@b stay what they are */
function starts(text, at) {
  return (text[at] === "@" || text[at] === "#") && !/[\w<]/.test(text[at - 1] ?? "");
}

/** @param {string} text @param {number} at @param {Named} named */
function isAt(text, at, named) {
  const wanted = typed(named);
  const found = text.slice(at, at + wanted.length);
  return found.toLowerCase() === wanted.toLowerCase() && !/[\w-]/.test(text[at + wanted.length] ?? "");
}

/**
 * Turns mentions back into what a person would type, for editing.
 * @param {string} text
 * @param {Named[]} names
 */
export function decode(text, names) {
  return text.replace(TRAVELLING, (whole, mark, id) => {
    const kind = mark === "#" ? "channel" : mark === "@&" ? "role" : "user";
    const named = names.find((candidate) => candidate.kind === kind && candidate.id === id);
    return named ? typed(named) : whole;
  });
}

/**
 * The name being typed just before the caret, or null.
 * @param {string} text
 * @param {number} caret
 * @returns {{mark: "@" | "#", query: string, from: number} | null}
 */
export function typing(text, caret) {
  const found = /(?:^|[\s(])([@#])([\w-]{0,32})$/.exec(text.slice(0, caret));
  if (!found) return null;
  return { mark: /** @type {"@" | "#"} */ (found[1]), query: found[2], from: caret - found[2].length - 1 };
}
