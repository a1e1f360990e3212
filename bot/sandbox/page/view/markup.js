// @ts-check
// The markdown tree as elements.

import { parse } from "../text/markdown.js";
import { append, h } from "./dom.js";
import { time } from "./ticker.js";

/**
 * @typedef {import("../text/markdown.js").Block} Block
 * @typedef {import("../text/inline.js").Inline} Inline
 * @typedef {import("../core/state.js").State} State
 */

const MESSAGE_LINK = /^https?:\/\/[^/]+\/channels\/(\d+|@me)\/(\d+)(?:\/(\d+))?$/;

/** A message's text, ready to be put on the page. @param {State} state @param {string} source */
export function markup(state, source) {
  const fragment = document.createDocumentFragment();
  append(
    fragment,
    parse(source).map((block) => blockNode(state, block)),
  );
  return fragment;
}

/** @param {State} state @param {Block} block @returns {HTMLElement} */
function blockNode(state, block) {
  const inner = (/** @type {Inline[]} */ nodes) => nodes.map((node) => inlineNode(state, node));
  switch (block.type) {
    case "heading":
      return h(
        "p",
        { class: `heading level-${block.level}`, role: "heading", "aria-level": block.level + 3 },
        inner(block.children),
      );
    case "subtext":
      return h("p", { class: "subtext" }, inner(block.children));
    case "quote":
      return h(
        "blockquote",
        null,
        block.children.map((child) => blockNode(state, child)),
      );
    case "code":
      return h("pre", { tabindex: 0, "data-language": block.language || null }, h("code", null, block.text));
    case "list":
      return listNode(state, block);
    default:
      return h("p", null, inner(block.children));
  }
}

/** @param {State} state @param {import("../text/markdown.js").List} list */
function listNode(state, list) {
  const items = list.items.map((item) =>
    h(
      "li",
      null,
      item.map((child) => blockNode(state, child)),
    ),
  );
  return list.ordered ? h("ol", { start: list.start }, items) : h("ul", null, items);
}

/** @param {State} state @param {Inline} node @returns {Node | string} */
function inlineNode(state, node) {
  switch (node.type) {
    case "text":
      return node.text;
    case "break":
      return h("br");
    case "code":
      return h("code", null, node.text);
    case "link":
      return linkNode(state, node);
    case "mention":
      return mentionNode(state, node);
    case "command":
      return h("span", { class: "mention" }, `/${node.name}`);
    case "emoji":
      return h("span", { title: `:${node.name}:` }, `:${node.name}:`);
    case "timestamp":
      return time(node.seconds, node.style);
    case "spoiler":
      return spoiler(node.children.map((child) => inlineNode(state, child)));
    default:
      return spanNode(state, node);
  }
}

/** @param {State} state @param {import("../text/inline.js").Span} node */
function spanNode(state, node) {
  const tag = /** @type {const} */ ({ strong: "strong", em: "em", underline: "u", strike: "s", spoiler: "span" })[
    node.type
  ];
  return h(
    tag,
    null,
    node.children.map((child) => inlineNode(state, child)),
  );
}

/** Hidden until it is pressed. @param {(Node | string)[]} children */
function spoiler(children) {
  const inside = h("span", { class: "inside", "aria-hidden": "true" }, children);
  const show = () => {
    if (node.classList.contains("shown")) return;
    node.classList.add("shown");
    inside.removeAttribute("aria-hidden");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    show();
  };
  const node = h(
    "span",
    { class: "spoiler", role: "button", tabindex: 0, "aria-label": "Spoiler: press to read", onclick: show, onkeydown },
    inside,
  );
  return node;
}

/** Where a link to a message or a channel leads in this page. @param {State} state @param {string} url */
export function inPage(state, url) {
  const inside = MESSAGE_LINK.exec(url);
  return inside && state.channels.has(inside[2]) ? `#/${inside[2]}${inside[3] ? `/${inside[3]}` : ""}` : null;
}

/** @param {State} state @param {import("../text/inline.js").Link} node */
function linkNode(state, node) {
  const inside = MESSAGE_LINK.exec(node.url);
  const known = inside && state.channels.get(inside[2]);
  const href = inPage(state, node.url);
  if (known && href) {
    const label =
      node.children.length === 1 && node.children[0].type === "text" && node.children[0].text === node.url
        ? [`#${state.title(known)}`, inside[3] ? " › message" : ""]
        : node.children.map((child) => inlineNode(state, child));
    return h("a", { class: "mention", href }, label);
  }
  return h(
    "a",
    { href: node.url, target: "_blank", rel: "noopener noreferrer nofollow" },
    node.children.map((child) => inlineNode(state, child)),
  );
}

/** @param {State} state @param {import("../text/inline.js").Mention} node */
function mentionNode(state, { kind, id }) {
  if (kind === "channel") {
    const channel = state.channels.get(id);
    return channel
      ? h("a", { class: "mention", href: `#/${id}` }, `#${state.title(channel)}`)
      : h("span", { class: "mention" }, "#unknown");
  }
  const mine =
    kind === "everyone" ||
    id === state.me?.id ||
    (kind === "role" && state.members.get(state.me?.id ?? "")?.roles.includes(id));
  const name =
    kind === "everyone" ? id : kind === "role" ? (state.roles.get(id)?.name ?? "unknown role") : state.name(id);
  return h("span", { class: mine ? "mention mine" : "mention" }, `@${name}`);
}

/** How a mention reads in plain previews. @param {State} state */
export function naming(state) {
  return (/** @type {{kind: string, id: string}} */ { kind, id }) => {
    if (kind === "channel") return `#${state.channels.get(id)?.name ?? "unknown"}`;
    if (kind === "role") return `@${state.roles.get(id)?.name ?? "role"}`;
    return kind === "everyone" ? `@${id}` : `@${state.name(id)}`;
  };
}
