import assert from "node:assert/strict";
import { test } from "node:test";
import { goesOn } from "../../bot/sandbox/page/text/grouping.js";

const said = (minute, more) => ({
  type: 0,
  author: { id: "1" },
  flags: 0,
  timestamp: new Date(2026, 4, 10, 12, minute).toISOString(),
  ...more,
});

test("what one author says within minutes stands under one name", () => {
  assert.equal(goesOn(said(3), said(0)), true);
  assert.equal(goesOn(said(20), said(0)), false);
  assert.equal(goesOn(said(3), said(0, { author: { id: "2" } })), false);
  assert.equal(goesOn(said(3), undefined), false);
});

test("replies, whispers and answers to commands stand for themselves", () => {
  assert.equal(goesOn(said(1, { type: 19 }), said(0)), false);
  assert.equal(goesOn(said(1, { flags: 64 }), said(0)), false);
  assert.equal(goesOn(said(1, { interaction_metadata: { id: "9" } }), said(0)), false);
  assert.equal(goesOn(said(1), said(0, { type: 19 })), true);
});
