// @ts-check
// Which messages go on what the same author said just before, and so need no name of their own.

import { sameDay } from "./times.js";

/** @typedef {import("../core/types.js").Message} Message */

const WITHIN = 7 * 60_000;
const EPHEMERAL = 64;
const ORDINARY = 0,
  REPLY = 19,
  COMMAND = 20;

/**
 * @param {Message} message
 * @param {Message | undefined} previous
 */
export function goesOn(message, previous) {
  if (!previous || previous.author.id !== message.author.id) return false;
  const kinds = [ORDINARY, COMMAND].includes(message.type) && [ORDINARY, REPLY, COMMAND].includes(previous.type);
  const whispered = (/** @type {Message} */ each) => (each.flags ?? 0) & EPHEMERAL;
  return (
    kinds && !message.interaction_metadata && whispered(message) === whispered(previous) && soonAfter(message, previous)
  );
}

/** @param {Message} message @param {Message} previous */
function soonAfter(message, previous) {
  const [now, then] = [new Date(message.timestamp), new Date(previous.timestamp)];
  return sameDay(now, then) && now.getTime() - then.getTime() < WITHIN;
}
