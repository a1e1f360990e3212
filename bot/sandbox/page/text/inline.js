// @ts-check
// The part of Discord's markdown that lives inside a line of text: emphasis, code, links, mentions, times.

/**
 * @typedef {{type: "text", text: string}} Text
 * @typedef {{type: "break"}} Break
 * @typedef {{type: "strong" | "em" | "underline" | "strike" | "spoiler", children: Inline[]}} Span
 * @typedef {{type: "code", text: string}} InlineCode
 * @typedef {{type: "link", url: string, children: Inline[]}} Link
 * @typedef {{type: "mention", kind: "user" | "role" | "channel" | "everyone", id: string}} Mention
 * @typedef {{type: "command", name: string, id: string}} CommandMention
 * @typedef {{type: "emoji", name: string, id: string}} Emoji
 * @typedef {{type: "timestamp", seconds: number, style: string}} Timestamp
 * @typedef {Text | Break | Span | InlineCode | Link | Mention | CommandMention | Emoji | Timestamp} Inline
 * @typedef {{node: Inline, end: number}} Found
 */

const DEEPEST = 12;
/** Longer marks first, so that `**` is not read as two of `*`. */
const SPANS = /** @type {const} */ ([
  ["**", "strong"],
  ["__", "underline"],
  ["~~", "strike"],
  ["||", "spoiler"],
  ["*", "em"],
  ["_", "em"],
]);
const TICKS = /`+/g;
const MENTION = /<(@!?|@&|#)(\d{1,20})>/y;
const COMMAND = /<\/([^:<>\n]{1,100}):(\d{1,20})>/y;
const EMOJI = /<a?:(\w{1,64}):(\d{1,20})>/y;
const TIME = /<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y;
const ANGLE = /<(https?:\/\/[^\s<>]+)>/y;
const MASKED = /\[((?:\\.|[^\[\]\\\n])+)\]\(<?(https?:\/\/[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)>?\)/y;
const BARE = /https?:\/\/[^\s<]+[^\s<.,:;"'\])}!?*_~|]/y;
const EVERYONE = /@(everyone|here)\b/y;

/**
 * Parses one run of text.
 * @param {string} text
 * @param {number} [depth]
 * @returns {Inline[]}
 */
export function inline(text, depth = 0) {
  /** @type {Inline[]} */
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push({ type: "text", text: plain });
    plain = "";
  };
  for (let at = 0; at < text.length;) {
    if (text[at] === "\\" && /[^\w\s]/.test(text[at + 1] ?? "")) {
      plain += text[at + 1];
      at += 2;
      continue;
    }
    const found = token(text, at, depth);
    if (found?.node.type === "text") {
      plain += found.node.text;
      at = found.end;
    } else if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at++];
    }
  }
  flush();
  return nodes;
}

/**
 * @param {RegExp} rule
 * @param {string} text
 * @param {number} at
 */
function match(rule, text, at) {
  rule.lastIndex = at;
  return rule.exec(text);
}

/**
 * The special thing that begins at `at`, or null.
 * @param {string} text
 * @param {number} at
 * @param {number} depth
 * @returns {Found | null}
 */
function token(text, at, depth) {
  switch (text[at]) {
    case "\n":
      return { node: { type: "break" }, end: at + 1 };
    case "`":
      return code(text, at);
    case "<":
      return angle(text, at);
    case "[":
      return masked(text, at, depth);
    case "h":
      return bare(text, at);
    case "@":
      return everyone(text, at);
    default:
      return span(text, at, depth);
  }
}

/**
 * Code, or the ticks themselves where no run of as many ticks closes it.
 * @param {string} text
 * @param {number} at
 * @returns {Found}
 */
function code(text, at) {
  TICKS.lastIndex = at;
  const opened = /** @type {RegExpExecArray} */ (TICKS.exec(text))[0];
  for (let run = TICKS.exec(text); run; run = TICKS.exec(text)) {
    if (run[0].length !== opened.length) continue;
    const inside = text.slice(at + opened.length, run.index);
    return { node: { type: "code", text: inside.replace(/^ (`.*`) $/, "$1") }, end: run.index + opened.length };
  }
  return { node: { type: "text", text: opened }, end: at + opened.length };
}

/** @param {string} text @param {number} at @returns {Found | null} */
function angle(text, at) {
  const mention = match(MENTION, text, at);
  if (mention) {
    const kind = mention[1] === "#" ? "channel" : mention[1] === "@&" ? "role" : "user";
    return { node: { type: "mention", kind, id: mention[2] }, end: at + mention[0].length };
  }
  const time = match(TIME, text, at);
  if (time)
    return { node: { type: "timestamp", seconds: Number(time[1]), style: time[2] ?? "f" }, end: at + time[0].length };
  const command = match(COMMAND, text, at);
  if (command) return { node: { type: "command", name: command[1], id: command[2] }, end: at + command[0].length };
  const emoji = match(EMOJI, text, at);
  if (emoji) return { node: { type: "emoji", name: emoji[1], id: emoji[2] }, end: at + emoji[0].length };
  const link = match(ANGLE, text, at);
  return (
    link && {
      node: { type: "link", url: link[1], children: [{ type: "text", text: link[1] }] },
      end: at + link[0].length,
    }
  );
}

/** @param {string} text @param {number} at @param {number} depth @returns {Found | null} */
function masked(text, at, depth) {
  const found = depth < DEEPEST ? match(MASKED, text, at) : null;
  if (!found) return null;
  const children = inline(found[1], depth + 1).filter((node) => node.type !== "link");
  return { node: { type: "link", url: found[2], children }, end: at + found[0].length };
}

/** @param {string} text @param {number} at @returns {Found | null} */
function bare(text, at) {
  const found = /\w/.test(text[at - 1] ?? "") ? null : match(BARE, text, at);
  return (
    found && {
      node: { type: "link", url: found[0], children: [{ type: "text", text: found[0] }] },
      end: at + found[0].length,
    }
  );
}

/** @param {string} text @param {number} at @returns {Found | null} */
function everyone(text, at) {
  const found = match(EVERYONE, text, at);
  return found && { node: { type: "mention", kind: "everyone", id: found[1] }, end: at + found[0].length };
}

/** @param {string} text @param {number} at @param {number} depth @returns {Found | null} */
function span(text, at, depth) {
  if (depth >= DEEPEST) return null;
  for (const [mark, type] of SPANS) {
    if (!text.startsWith(mark, at)) continue;
    const end = closing(text, at, mark);
    if (end < 0) continue;
    const children = inline(text.slice(at + mark.length, end), depth + 1);
    return { node: { type, children }, end: end + mark.length };
  }
  return null;
}

/**
 * Where the mark that opened at `at` closes, or -1. Escapes and code between are stepped over.
 * @param {string} text
 * @param {number} at
 * @param {string} mark
 */
function closing(text, at, mark) {
  const single = mark.length === 1;
  const from = at + mark.length;
  if (single && /\s|^$/.test(text[from] ?? "")) return -1;
  if (mark === "_" && /\w/.test(text[at - 1] ?? "")) return -1;
  for (let here = from; here < text.length; here++) {
    if (text[here] === "\\") {
      here++;
      continue;
    }
    if (text[here] === "`") {
      here = code(text, here).end - 1;
      continue;
    }
    if (!text.startsWith(mark, here)) continue;
    if (single && text[here + 1] === mark) {
      here++;
      continue;
    }
    if (here === from || (single && /\s/.test(text[here - 1]))) continue;
    if (mark === "_" && /\w/.test(text[here + 1] ?? "")) continue;
    return !single && text[here + mark.length] === mark[0] ? here + 1 : here;
  }
  return -1;
}
