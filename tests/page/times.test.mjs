import assert from "node:assert/strict";
import { test } from "node:test";
import { day, format, relative, stamp } from "../../bot/sandbox/page/text/times.js";

const reader = { now: 1_000_000, locale: "en-GB", zone: "UTC" };

test("a relative time says how far away it is, in the largest whole unit", () => {
  const cases = [
    [0, "now"],
    [5, "in 5 seconds"],
    [-59, "59 seconds ago"],
    [61, "in 1 minute"],
    [7200, "in 2 hours"],
    [-90_000, "yesterday"],
    [40 * 86_400, "next month"],
  ];
  for (const [away, words] of cases) assert.equal(relative(reader.now + away, reader.now, "en-GB"), words);
});

test("each of Discord's styles has its own words", () => {
  const seconds = 1_700_000_000;
  assert.equal(format(seconds, "t", reader), "22:13");
  assert.equal(format(seconds, "T", reader), "22:13:20");
  assert.equal(format(seconds, "d", reader), "14/11/2023");
  assert.equal(format(seconds, "D", reader), "14 November 2023");
  assert.match(format(seconds, "f", reader), /14 November 2023.*22:13/);
  assert.match(format(seconds, "F", reader), /Tuesday.* 14 November 2023.*22:13/);
  assert.equal(format(seconds, "?", reader), format(seconds, "f", reader));
});

test("a time outside the calendar is said to be so", () => {
  assert.equal(format(9_999_999_999_999, "f", reader), "an impossible time");
});

test("a message of today shows its time, an older one its day too", () => {
  const now = new Date(2026, 4, 10, 15, 0);
  assert.equal(stamp(new Date(2026, 4, 10, 9, 5), now, "en-GB"), "09:05");
  assert.equal(stamp(new Date(2026, 4, 9, 9, 5), now, "en-GB"), "Yesterday, 09:05");
  assert.equal(day(new Date(2026, 0, 2), now, "en-GB"), "2 January 2026");
});
