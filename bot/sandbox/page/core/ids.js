// @ts-check
// Discord's ids: numbers too large for a JavaScript number, which grow with time.

const EPOCH = 1_420_070_400_000;
let last = 0;

/** Orders two ids by age. @param {string} one @param {string} other */
export function compare(one, other) {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}

/**
 * The later of two ids, either of which may be missing.
 * @param {string | null | undefined} one
 * @param {string | null | undefined} other
 */
export function later(one, other) {
  if (!one || !other) return one || other || null;
  return compare(one, other) < 0 ? other : one;
}

/** When the thing with this id was made. @param {string} id */
export function madeAt(id) {
  return new Date(Number(BigInt(id) >> 22n) + EPOCH);
}

/** A fresh id of the page's own, later than all it has made before: a nonce, or a message still on its way. */
export function fresh() {
  last = Math.max(Date.now() - EPOCH, last + 1);
  return String(BigInt(last) << 22n);
}
