// @ts-check
// Slash commands as values: finding one by what was typed, reading typed options, and the shape Discord expects.

/**
 * @typedef {import("../core/types.js").CommandOption} CommandOption
 * @typedef {import("../core/types.js").Command} Command
 * @typedef {{command: Command, name: string, path: string[], description: string, options: CommandOption[]}} Leaf
 * @typedef {string | boolean | File | null | undefined} Raw
 * @typedef {{name: string, name_localized?: string}} Named
 */

export const SUB = 1,
  GROUP = 2,
  STRING = 3,
  INTEGER = 4,
  BOOLEAN = 5,
  USER = 6,
  CHANNEL = 7,
  ROLE = 8,
  MENTIONABLE = 9,
  NUMBER = 10,
  ATTACHMENT = 11;
const LARGEST = 9_007_199_254_740_991;

/**
 * Every command that can be run, sub commands as entries of their own ("quota set").
 * @param {Command[]} commands
 * @returns {Leaf[]}
 */
export function leaves(commands) {
  return commands
    .filter((command) => (command.type ?? 1) === 1)
    .flatMap((command) => below(command, command, [command.name]));
}

/**
 * @param {Command} command
 * @param {{description?: string, description_localized?: string, options?: CommandOption[]}} node
 * @param {string[]} path
 * @returns {Leaf[]}
 */
function below(command, node, path) {
  const options = node.options ?? [];
  const nested = options.filter((option) => option.type === SUB || option.type === GROUP);
  if (nested.length) return nested.flatMap((option) => below(command, option, [...path, option.name]));
  return [{ command, name: path.join(" "), path, description: described(node), options }];
}

/** What it is called in the reader's language; what is sent is always its name. @param {Named} node */
export function called(node) {
  return node.name_localized ?? node.name;
}

/** What it says of itself in the reader's language. @param {{description?: string, description_localized?: string}} node */
export function described(node) {
  return node.description_localized ?? node.description ?? "";
}

/**
 * The commands that fit what was typed after the slash, best first.
 * @param {Leaf[]} all
 * @param {string} query
 */
export function matches(all, query) {
  const wanted = query.trim().toLowerCase();
  return all
    .map((leaf) => ({ leaf, rank: rank(leaf, wanted) }))
    .filter((entry) => entry.rank < 9)
    .sort((a, b) => a.rank - b.rank || a.leaf.name.localeCompare(b.leaf.name))
    .map((entry) => entry.leaf);
}

/** @param {Leaf} leaf @param {string} wanted */
function rank(leaf, wanted) {
  const name = leaf.name.toLowerCase();
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.split(/[ -]/).some((word) => word.startsWith(wanted))) return 2;
  if (name.includes(wanted)) return 3;
  return leaf.description.toLowerCase().includes(wanted) ? 4 : 9;
}

/**
 * Reads a whole typed line, "/quota set role:@Painters pictures:5"; null while it names no command.
 * Words before the first `name:` belong to the first text option.
 * @param {Leaf[]} all
 * @param {string} text
 * @returns {{leaf: Leaf, values: Record<string, string>} | null}
 */
export function read(all, text) {
  const line = text.replace(/^\//, "");
  const leaf = [...all]
    .sort((a, b) => b.name.length - a.name.length)
    .find((each) => line.toLowerCase() === each.name || line.toLowerCase().startsWith(`${each.name} `));
  if (!leaf) return null;
  return { leaf, values: values(leaf.options, line.slice(leaf.name.length)) };
}

/**
 * @param {CommandOption[]} options
 * @param {string} rest
 * @returns {Record<string, string>}
 */
function values(options, rest) {
  /** @type {Record<string, string>} */
  const found = {};
  const known = new Map(options.flatMap((option) => [called(option), option.name].map((name) => [name, option.name])));
  const names = [...known.keys()].map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
  const pieces = names ? rest.split(new RegExp(`(?:^|\\s)(${names}):`, "i")) : [rest];
  const first =
    options.find((option) => option.type === STRING) ?? options.find((option) => option.type !== ATTACHMENT);
  if (first && pieces[0].trim()) found[first.name] = pieces[0].trim();
  for (let at = 1; at < pieces.length; at += 2) found[known.get(pieces[at].toLowerCase()) ?? ""] = pieces[at + 1].trim();
  return found;
}

/**
 * What is wrong with a value, in words, or null.
 * @param {CommandOption} option
 * @param {Raw} raw
 * @returns {string | null}
 */
export function problem(option, raw) {
  if (raw === undefined || raw === null || raw === "") return option.required ? "This one is needed." : null;
  if (option.type === INTEGER || option.type === NUMBER) return numberProblem(option, String(raw));
  if (option.type === STRING) return lengthProblem(option, String(raw));
  if (option.type === ATTACHMENT) return raw instanceof File ? null : "Choose a file.";
  if (option.type >= USER && option.type <= MENTIONABLE)
    return /^\d+$/.test(String(raw)) ? null : "Choose one from the list.";
  return null;
}

/** @param {CommandOption} option @param {string} raw */
function numberProblem(option, raw) {
  const value = Number(raw);
  const whole = option.type === INTEGER;
  if (!raw.trim() || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
    return whole ? "A whole number, please." : "A number, please.";
  const least = option.min_value ?? -LARGEST;
  const most = option.max_value ?? LARGEST;
  if (value < least) return `At least ${least}, please.`;
  return value > most ? `At most ${most}, please.` : null;
}

/** @param {CommandOption} option @param {string} raw */
function lengthProblem(option, raw) {
  if (option.choices?.length && !option.choices.some((choice) => String(choice.value) === raw))
    return "Choose one from the list.";
  if (raw.length < (option.min_length ?? 0)) return `At least ${option.min_length} characters, please.`;
  return raw.length > (option.max_length ?? 6000) ? `At most ${option.max_length ?? 6000} characters, please.` : null;
}

/**
 * The interaction's `data` and the files that go with it.
 * @param {Leaf} leaf
 * @param {Record<string, Raw>} raws
 * @param {string} [focused] the option that is being completed
 */
export function interactionData(leaf, raws, focused) {
  /** @type {File[]} */
  const files = [];
  let options = leaf.options
    .filter((option) => given(raws[option.name]) || option.name === focused)
    .map((option) => ({
      type: option.type,
      name: option.name,
      value: value(option, raws[option.name], files),
      ...(option.name === focused ? { focused: true } : {}),
    }));
  for (const [depth, name] of [...leaf.path.entries()].slice(1).reverse()) {
    const type = depth === leaf.path.length - 1 ? SUB : GROUP;
    options = /** @type {any} */ ([{ type, name, options }]);
  }
  const { id, version, name } = leaf.command;
  const attachments = files.map((file, index) => ({ id: String(index), filename: file.name }));
  return { data: { id, version, name, type: 1, options, attachments }, files };
}

/** @param {Raw} raw */
function given(raw) {
  return raw !== undefined && raw !== null && raw !== "";
}

/** @param {CommandOption} option @param {Raw} raw @param {File[]} files grows by an attachment's file */
function value(option, raw, files) {
  if (raw instanceof File) return String(files.push(raw) - 1);
  if (option.type === BOOLEAN) return raw === true || raw === "true";
  if (option.type === INTEGER || option.type === NUMBER)
    return raw === "" || Number.isNaN(Number(raw)) ? raw : Number(raw);
  return raw ?? "";
}
