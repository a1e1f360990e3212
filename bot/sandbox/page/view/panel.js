// @ts-check
// The right side: what paints here, the bot and its restart, and who is in the room.

import { avatar } from "./avatar.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { complain, toast } from "./live.js";
import { menu } from "./menu.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app @param {HTMLElement} root */
export function mountPanel(app, root) {
  const painter = h("section", { class: "placard", "aria-labelledby": "placard-title", "data-testid": "painter" });
  const bot = h("section", { class: "card", "aria-labelledby": "bot-title" });
  const people = h("section", { class: "card", "aria-labelledby": "people-title" });
  root.append(
    h(
      "header",
      { class: "sheet-head only-narrow" },
      h("h2", null, "The studio"),
      h(
        "button",
        { class: "bare", type: "button", "aria-label": "Close", onclick: () => app.closeSheets() },
        icon("close"),
      ),
    ),
    painter,
    bot,
    people,
  );
  app.state.on("setup", () => {
    drawPainter(app, painter);
    drawBot(app, bot);
  });
  app.state.on("people", () => {
    drawBot(app, bot);
    drawPeople(app, people);
  });
  app.state.on("connection", () => drawBot(app, bot));
}

/** @param {App} app @param {HTMLElement} box */
function drawPainter(app, box) {
  const painter = app.state.setup?.painter;
  if (!painter || box.contains(document.activeElement)) return;
  const shown = h("output", { for: "pace" }, pace(painter.seconds));
  const oninput = (/** @type {Event} */ event) => {
    shown.textContent = pace(Number(/** @type {HTMLInputElement} */ (event.target).value));
  };
  const onchange = (/** @type {Event} */ event) =>
    app.sandbox
      .settings({ painter_seconds: Number(/** @type {HTMLInputElement} */ (event.target).value) })
      .catch(complain);
  fill(
    box,
    h("h2", { id: "placard-title" }, painter.name),
    h("p", null, painter.note),
    h("label", { class: "pace", for: "pace" }, h("span", null, "A picture takes"), shown),
    h("input", {
      id: "pace",
      type: "range",
      min: 0,
      max: 20,
      step: 1,
      value: String(painter.seconds),
      oninput,
      onchange,
      "data-testid": "painter-seconds",
    }),
  );
}

/** @param {number} seconds */
function pace(seconds) {
  if (!seconds) return "no time at all";
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}

/** @param {App} app @param {HTMLElement} box */
function drawBot(app, box) {
  const bot = app.state.setup?.bot;
  if (!bot) return;
  const focused = box.contains(document.activeElement);
  const reached = app.state.connection !== "lost";
  const words = !reached
    ? "Out of reach"
    : app.restarting
      ? "Restarting…"
      : bot.running
        ? "Awake, listening"
        : "Not connected";
  const restart = h(
    "button",
    {
      class: "quiet",
      type: "button",
      "data-testid": "restart",
      "aria-disabled": app.restarting ? "true" : null,
      onclick: () => !app.restarting && restartBot(app),
    },
    icon("restart", 18),
    bot.running || app.restarting ? "Restart the bot" : "Start the bot",
  );
  fill(
    box,
    h(
      "div",
      { class: "bot-line" },
      avatar(app.state, bot.user_id),
      h(
        "div",
        null,
        h("h2", { id: "bot-title" }, app.state.users.has(bot.user_id) ? app.state.name(bot.user_id) : "Easel"),
        h(
          "p",
          { class: "status", role: "status", "data-testid": "bot-status", "data-running": String(bot.running) },
          h("span", { class: `lamp ${!reached ? "off" : app.restarting ? "amber" : bot.running ? "green" : "off"}` }),
          words,
        ),
      ),
    ),
    bot.controllable === false
      ? h("p", { class: "fine" }, "This bot runs by itself: restart it where you started it.")
      : [
          restart,
          h(
            "p",
            { class: "fine" },
            "Restart it in the middle of a picture: the picture comes all the same, and is charged once.",
          ),
        ],
  );
  if (focused) restart.focus();
}

/** @param {App} app */
async function restartBot(app) {
  try {
    await app.restart();
  } catch (error) {
    complain(error);
    return;
  }
  toast(app.state.setup?.bot.running ? "The bot is back." : "The bot was asked to come back.");
}

/** @param {App} app @param {HTMLElement} box */
function drawPeople(app, box) {
  const { state } = app;
  const rows = [...state.members.keys()]
    .filter((id) => state.users.has(id))
    .map((id) =>
      h(
        "li",
        null,
        h(
          "button",
          {
            class: "member",
            type: "button",
            "aria-haspopup": "menu",
            "data-testid": "member",
            "data-user-id": id,
            onclick: (/** @type {MouseEvent} */ event) =>
              personMenu(app, id, /** @type {HTMLElement} */ (event.currentTarget)),
          },
          avatar(state, id, "small"),
          h(
            "span",
            { class: "words" },
            h(
              "span",
              null,
              state.name(id),
              id === state.me?.id && h("em", null, " you"),
              state.users.get(id)?.bot && h("span", { class: "tag" }, "app"),
            ),
            h(
              "small",
              null,
              state
                .rolesOf(id)
                .map((role) => role.name)
                .join(", ") || "no role",
            ),
          ),
        ),
      ),
    );
  fill(box, h("h2", { id: "people-title" }, "In the room"), h("ul", { class: "plain" }, rows));
}

/** @param {App} app @param {string} id @param {HTMLElement} anchor */
function personMenu(app, id, anchor) {
  const { state } = app;
  const persona = state.setup?.members.find((member) => member.id === id);
  const commands = state.commands.filter((command) => command.type === 2);
  const other = id !== state.me?.id;
  const direct = () => app.actions.direct(id).catch(complain);
  const become = () => persona && app.become(persona.token);
  menu(
    anchor,
    [
      { label: `Mention ${state.name(id)}`, icon: "message", run: () => app.composer.insert(`@${state.name(id)} `) },
      other && { label: "Write to them alone", icon: "lock", run: direct },
      other && persona !== undefined && { label: `Be ${persona.name}`, icon: "eye", run: become },
      null,
      ...commands.map((command) => ({
        label: command.name,
        icon: "brush",
        run: () => app.runMenuCommand(command, id),
      })),
      { label: "Copy id", icon: "copy", run: () => app.copy(id, "The id is on your clipboard.") },
    ],
    { label: `About ${state.name(id)}`, end: true },
  );
}
