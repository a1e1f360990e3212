// @ts-check
// Discord's rule for who may do what where: roles first, then the channel's overwrites. Pure.

/**
 * @typedef {{id: string, type: number, allow: string, deny: string}} Overwrite
 * @typedef {{id: string, permissions: string}} Granted
 * @typedef {{me: string, guildId: string, roleIds: string[], roles: Granted[]}} Person
 */

export const MANAGE_MESSAGES = 1n << 13n,
  SEND_MESSAGES = 1n << 11n,
  MANAGE_THREADS = 1n << 34n,
  CREATE_PUBLIC_THREADS = 1n << 35n,
  SEND_MESSAGES_IN_THREADS = 1n << 38n;
const ADMINISTRATOR = 1n << 3n;
const ALL = (1n << 60n) - 1n;

/**
 * What a person may do in the whole server.
 * @param {Person} person
 */
export function base({ guildId, roleIds, roles }) {
  const bits = roles
    .filter((role) => role.id === guildId || roleIds.includes(role.id))
    .reduce((sum, role) => sum | BigInt(role.permissions), 0n);
  return bits & ADMINISTRATOR ? ALL : bits;
}

/**
 * What a person may do in a channel. Everyone's overwrite goes first, then all roles' together, then the person's own.
 * @param {Person} person
 * @param {Overwrite[]} overwrites
 */
export function inChannel(person, overwrites) {
  const start = base(person);
  if (start === ALL) return ALL;
  const everyone = overwrites.filter((each) => each.id === person.guildId);
  const roles = overwrites.filter((each) => each.id !== person.guildId && person.roleIds.includes(each.id));
  const own = overwrites.filter((each) => each.id === person.me);
  return [everyone, roles, own].reduce((bits, step) => (bits & ~sum(step, "deny")) | sum(step, "allow"), start);
}

/** @param {Overwrite[]} overwrites @param {"allow" | "deny"} side */
function sum(overwrites, side) {
  return overwrites.reduce((bits, each) => bits | BigInt(each[side]), 0n);
}
