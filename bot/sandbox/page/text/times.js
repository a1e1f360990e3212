// @ts-check
// Times as Discord writes them: `<t:SECONDS:STYLE>` in the reader's own language and zone.

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/**
 * The time in words. Styles are Discord's; an unknown one reads as `f`.
 * @param {number} seconds since 1970
 * @param {string} style
 * @param {{now?: number, locale?: string, zone?: string}} [reader] `now` in seconds
 */
export function format(seconds, style, reader = {}) {
  if (style === "R") return relative(seconds, reader.now ?? Date.now() / 1000, reader.locale);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "an impossible time";
  const options = { ...(STYLES[style] ?? STYLES.f), timeZone: reader.zone };
  return new Intl.DateTimeFormat(reader.locale, options).format(date);
}

/**
 * How far away the time is: "in 5 minutes", "2 hours ago".
 * @param {number} seconds
 * @param {number} now
 * @param {string} [locale]
 */
export function relative(seconds, now, locale) {
  const away = Math.round(seconds - now);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const [unit, size] = UNITS.find(([, length]) => Math.abs(away) >= length) ?? UNITS[UNITS.length - 1];
  return words.format(Math.trunc(away / size), unit);
}

/**
 * How a message's time reads beside its author's name.
 * @param {Date} date
 * @param {Date} now
 * @param {string} [locale]
 */
export function stamp(date, now, locale) {
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "short" }).format(date);
  return sameDay(date, now) ? time : `${day(date, now, locale)}, ${time}`;
}

/**
 * The day in words: "Today", "Yesterday", else the date.
 * @param {Date} date
 * @param {Date} now
 * @param {string} [locale]
 */
export function day(date, now, locale) {
  if (sameDay(date, now)) return "Today";
  if (sameDay(date, new Date(now.getTime() - 86_400_000))) return "Yesterday";
  return new Intl.DateTimeFormat(locale, { dateStyle: "long" }).format(date);
}

/** @param {Date} one @param {Date} other */
export function sameDay(one, other) {
  return one.toDateString() === other.toDateString();
}
