// @ts-check
// What a bot puts under or in place of its words: rows of buttons and selects, and the blocks of Components V2.

import { plain } from "../text/markdown.js";
import { picturesOf } from "../text/pictures.js";
import { h, local } from "./dom.js";
import { icon } from "./icons.js";
import { complain } from "./live.js";
import { inPage, markup, naming } from "./markup.js";
import { gallery } from "./pictures.js";
import { selectBox } from "./select.js";

/**
 * @typedef {import("../core/types.js").Component} Component
 * @typedef {import("../core/types.js").Message} Message
 * @typedef {import("../core/state.js").State} State
 * @typedef {import("../app.js").App} App
 * @typedef {{app: App, message: Message, about?: string}} Place where, and what the words before it say
 */

const ROW = 1,
  BUTTON = 2,
  STRING_SELECT = 3,
  USER_SELECT = 5,
  ROLE_SELECT = 6,
  MENTIONABLE_SELECT = 7,
  CHANNEL_SELECT = 8,
  SECTION = 9,
  TEXT = 10,
  THUMBNAIL = 11,
  GALLERY = 12,
  FILE = 13,
  SEPARATOR = 14,
  CONTAINER = 17;
const STYLES = ["", "primary", "secondary", "success", "danger", "link", "primary"];
const LINK = 5;

/**
 * @param {App} app
 * @param {Message} message
 * @returns {HTMLElement | null}
 */
export function componentsNode(app, message) {
  if (!message.components?.length) return null;
  return h("div", { class: "components" }, all({ app, message }, message.components));
}

/**
 * Blocks one after the other; a select without words of its own is called by the line of text above it.
 * @param {Place} place
 * @param {Component[]} components
 */
function all(place, components) {
  let about = place.about;
  return components.map((component) => {
    if (component.type === TEXT) about = plain(component.content ?? "", naming(place.app.state)).split("\n").pop();
    return node({ ...place, about }, component);
  });
}

/** @param {Place} place @param {Component} component @returns {HTMLElement | null} */
function node(place, component) {
  const inner = () => all(place, component.components ?? []);
  switch (component.type) {
    case ROW:
      return h("div", { class: "action-row" }, inner());
    case BUTTON:
      return button(place, component);
    case SECTION:
      return h(
        "div",
        { class: "section" },
        h("div", null, inner()),
        component.accessory && node(place, component.accessory),
      );
    case TEXT:
      return h("div", { class: "text content" }, markup(place.app.state, component.content ?? ""));
    case THUMBNAIL:
    case GALLERY:
      return pictures(place, component);
    case FILE:
      return file(component);
    case SEPARATOR:
      return h("hr", {
        class: component.divider === false ? "separator bare" : "separator",
        "data-spacing": component.spacing ?? 1,
      });
    case CONTAINER:
      return container(component, inner());
    default:
      return component.custom_id && component.type >= STRING_SELECT ? select(place, component) : null;
  }
}

/** @param {Component} component @param {(HTMLElement | null)[]} inner */
function container(component, inner) {
  const accent = component.accent_color;
  const colour = accent === null || accent === undefined ? null : `#${accent.toString(16).padStart(6, "0")}`;
  return h(
    "div",
    { class: colour ? "container accented" : "container", style: colour ? { "--accent-line": colour } : {} },
    inner,
  );
}

/** @param {Place} place @param {Component} component */
function pictures({ app, message }, component) {
  const all = picturesOf(message);
  const urls =
    component.type === GALLERY ? (component.items ?? []).map((item) => item.media.url) : [component.media?.url];
  const shown = all.filter((picture) => urls.includes(picture.url));
  const grid = gallery(app, shown);
  if (component.type === THUMBNAIL) grid?.classList.add("accessory");
  return grid;
}

/** @param {Component} component */
function file(component) {
  const url = component.file?.url ?? "";
  return h(
    "a",
    { class: "file", href: local(url), download: component.name ?? "" },
    icon("file"),
    h("span", null, component.name ?? "file"),
  );
}

/** @param {Place} place @param {Component} component */
function button({ app, message }, component) {
  const face = [
    component.emoji && h("span", { class: "emoji" }, component.emoji.name),
    component.label && h("span", null, component.label),
  ];
  if (component.style === LINK) {
    const here = inPage(app.state, component.url ?? "");
    const outside = { href: component.url, target: "_blank", rel: "noopener noreferrer" };
    return h(
      "a",
      { class: "component link", ...(here ? { href: here } : outside), "data-testid": "link" },
      face,
      icon(here ? "forward" : "open", 16),
    );
  }
  const custom_id = component.custom_id ?? "";
  const pending = app.state.pending.has(`${message.id}:${custom_id}`);
  const press = () =>
    !pending && app.interactions.press(message, { component_type: BUTTON, custom_id }).catch(complain);
  return h(
    "button",
    {
      class: `component ${STYLES[component.style ?? 2] ?? "secondary"}`,
      type: "button",
      "data-testid": "button",
      "data-custom-id": custom_id,
      "aria-label": component.label ? null : component.emoji?.name,
      disabled: component.disabled,
      "aria-busy": pending ? "true" : null,
      onclick: press,
    },
    face,
  );
}

/** @param {Place} place @param {Component} component */
function select({ app, message, about }, component) {
  const custom_id = component.custom_id ?? "";
  const pending = app.state.pending.has(`${message.id}:${custom_id}`);
  const { node: box } = selectBox({
    ...choicesFor(app.state, component),
    label: component.placeholder ?? about ?? "Choose",
    placeholder: component.placeholder ?? "Choose…",
    least: component.min_values ?? 1,
    most: component.max_values ?? 1,
    disabled: component.disabled,
    attributes: { "data-testid": "select", "data-custom-id": custom_id, "aria-busy": pending ? "true" : null },
    changed: (values) =>
      app.interactions.press(message, { component_type: component.type, custom_id, values }).catch(complain),
  });
  return box;
}

/**
 * What a select offers: its own options, or the people, roles and channels of the server.
 * @param {State} state
 * @param {Component} component
 * @returns {{choices: import("./select.js").Choice[], values: string[]}}
 */
export function choicesFor(state, component) {
  const values = (component.default_values ?? []).map((each) => each.id);
  if (component.type === STRING_SELECT) {
    const options = component.options ?? [];
    return {
      choices: options.map(({ label, value, description, emoji }) => ({ label, value, description, emoji })),
      values: options.filter((option) => option.default).map((option) => option.value),
    };
  }
  if (component.type === CHANNEL_SELECT) return { choices: channels(state, component.channel_types), values };
  const both = component.type === MENTIONABLE_SELECT;
  return {
    choices: [
      ...(component.type === USER_SELECT || both ? people(state) : []),
      ...(component.type === ROLE_SELECT || both ? roles(state) : []),
    ],
    values,
  };
}

/** @param {State} state */
export function people(state) {
  return [...state.users.values()].map((user) => ({
    label: state.name(user.id),
    value: user.id,
    description: user.bot ? "app" : `@${user.username}`,
    colour: state.colour(user.id),
  }));
}

/** @param {State} state */
export function roles(state) {
  return [...state.roles.values()]
    .sort((one, other) => other.position - one.position)
    .map((role) => ({
      label: role.id === state.guildId ? "@everyone" : role.name,
      value: role.id,
      colour: role.color ? `#${role.color.toString(16).padStart(6, "0")}` : "#99938a",
    }));
}

/** @param {State} state @param {number[] | undefined} types */
export function channels(state, types) {
  return [...state.channels.values()]
    .filter((channel) => channel.name && (types?.length ? types.includes(channel.type) : channel.type !== 1))
    .map((channel) => ({ label: `${channel.type === 4 ? "" : "#"}${channel.name}`, value: channel.id }));
}
