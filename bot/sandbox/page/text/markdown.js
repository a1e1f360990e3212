// @ts-check
// Discord's markdown as a tree of plain values. Nothing here touches the page: view/markup.js turns the tree into
// elements, so text written by people never meets an HTML parser.

import { inline } from "./inline.js";
import { format } from "./times.js";

/**
 * @typedef {import("./inline.js").Inline} Inline
 * @typedef {{type: "paragraph" | "subtext", children: Inline[]}} Prose
 * @typedef {{type: "heading", level: number, children: Inline[]}} Heading
 * @typedef {{type: "quote", children: Block[]}} Quote
 * @typedef {{type: "list", ordered: boolean, start: number, items: Block[][]}} List
 * @typedef {{type: "code", language: string, text: string}} Code
 * @typedef {Prose | Heading | Quote | List | Code} Block
 */

const FENCE = /```(?:([a-z0-9_+\-.#]+)\n)?\n?([\s\S]*?)\n?```/gi;
const HEADING = /^(#{1,3}) +(.+)$/;
const SUBTEXT = /^-# +(.+)$/;
const ITEM = /^( *)(?:[-*]|(\d{1,9})\.) +(.*)$/;
const DEEPEST = 8;

/**
 * Parses a message's text into blocks.
 * @param {string} source
 * @returns {Block[]}
 */
export function parse(source) {
  /** @type {Block[]} */
  const blocks = [];
  let from = 0;
  for (const match of source.matchAll(FENCE)) {
    if (!match[2].trim()) continue;
    blocks.push(...lines(source.slice(from, match.index), 0));
    blocks.push({ type: "code", language: match[1] ?? "", text: match[2] });
    from = match.index + match[0].length;
  }
  blocks.push(...lines(source.slice(from), 0));
  return blocks;
}

/**
 * Parses text that has no code blocks in it.
 * @param {string} text
 * @param {number} depth
 * @returns {Block[]}
 */
function lines(text, depth) {
  /** @type {Block[]} */
  const blocks = [];
  const rows = text.split("\n");
  /** @type {string[]} */
  let prose = [];
  const flush = () => {
    const joined = prose.join("\n").replace(/^\n+|\n+$/g, "");
    if (joined) blocks.push({ type: "paragraph", children: inline(joined) });
    prose = [];
  };
  for (let at = 0; at < rows.length;) {
    const found = depth < DEEPEST ? special(rows, at, depth) : null;
    if (found) {
      flush();
      blocks.push(found.block);
      at = found.next;
    } else {
      prose.push(rows[at++]);
    }
  }
  flush();
  return blocks;
}

/**
 * The block that starts at row `at`, or null where plain prose goes on.
 * @param {string[]} rows
 * @param {number} at
 * @param {number} depth
 * @returns {{block: Block, next: number} | null}
 */
function special(rows, at, depth) {
  const row = rows[at];
  const heading = HEADING.exec(row);
  if (heading)
    return { block: { type: "heading", level: heading[1].length, children: inline(heading[2]) }, next: at + 1 };
  const subtext = SUBTEXT.exec(row);
  if (subtext) return { block: { type: "subtext", children: inline(subtext[1]) }, next: at + 1 };
  if (row.startsWith(">>> ")) {
    const rest = [row.slice(4), ...rows.slice(at + 1)].join("\n");
    return { block: { type: "quote", children: lines(rest, depth + 1) }, next: rows.length };
  }
  if (row.startsWith("> ") || row === ">") return quote(rows, at, depth);
  if (ITEM.test(row)) return list(rows, at, depth);
  return null;
}

/**
 * @param {string[]} rows
 * @param {number} at
 * @param {number} depth
 * @returns {{block: Quote, next: number}}
 */
function quote(rows, at, depth) {
  let next = at;
  while (next < rows.length && (rows[next].startsWith("> ") || rows[next] === ">")) next++;
  const text = rows
    .slice(at, next)
    .map((row) => row.slice(2))
    .join("\n");
  return { block: { type: "quote", children: lines(text, depth + 1) }, next };
}

/**
 * @param {string[]} rows
 * @param {number} at
 * @param {number} depth
 * @returns {{block: List, next: number}}
 */
function list(rows, at, depth) {
  const first = /** @type {RegExpExecArray} */ (ITEM.exec(rows[at]));
  const indent = first[1].length;
  const ordered = first[2] !== undefined;
  /** @type {string[][]} */
  const items = [];
  let next = at;
  for (; next < rows.length; next++) {
    const item = ITEM.exec(rows[next]);
    const deeper = /^ */.exec(rows[next])?.[0].length ?? 0;
    if (item && item[1].length === indent && (item[2] !== undefined) === ordered) items.push([item[3]]);
    else if (rows[next].trim() && deeper > indent) items[items.length - 1].push(rows[next].slice(indent + 2));
    else break;
  }
  const blocks = items.map((item) => lines(item.join("\n"), depth + 1));
  return { block: { type: "list", ordered, start: Number(first[2] ?? 1), items: blocks }, next };
}

/**
 * The text as one plain line, for previews and for what a screen reader is told.
 * @param {string} source
 * @param {(mention: {kind: string, id: string}) => string} [name]
 * @returns {string}
 */
export function plain(source, name = () => "@…") {
  /** @param {(Block | Inline)[]} nodes @returns {string} */
  const flat = (nodes) => nodes.map(words).join("");
  /** @param {Block | Inline} node @returns {string} */
  const words = (node) => {
    if (node.type === "text" || node.type === "code") return node.text;
    if (node.type === "break") return " ";
    if (node.type === "spoiler") return "(spoiler)";
    if (node.type === "mention") return name(node);
    if (node.type === "command") return `/${node.name}`;
    if (node.type === "emoji") return `:${node.name}:`;
    if (node.type === "timestamp") return format(node.seconds, node.style);
    if (node.type === "list") return node.items.map((item) => ` ${flat(item)}`).join("");
    return flat(node.children) + ("level" in node || node.type === "paragraph" || node.type === "subtext" ? " " : "");
  };
  return flat(parse(source)).replace(/\s+/g, " ").trim();
}
