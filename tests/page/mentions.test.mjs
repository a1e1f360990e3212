import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode, typing } from "../../bot/sandbox/page/text/mentions.js";

const names = [
  { kind: "user", id: "1", name: "Easel" },
  { kind: "user", id: "2", name: "Easel Fan" },
  { kind: "role", id: "3", name: "Moderator" },
  { kind: "channel", id: "4", name: "studio" },
];

test("typed names travel as mentions, whatever their case", () => {
  assert.equal(encode("@easel paint #studio for @Moderator", names), "<@1> paint <#4> for <@&3>");
});

test("the longest name wins, and a longer word is no name", () => {
  assert.equal(encode("@Easel Fan, @Easels, @Easel!", names), "<@2>, @Easels, <@1>!");
});

test("addresses and code are left alone", () => {
  assert.equal(encode("me@Easel `@Easel` ```@Easel```", names), "me@Easel `@Easel` ```@Easel```");
});

test("what travels comes back as it was typed", () => {
  const line = "@Easel see #studio, @Moderator";
  assert.equal(decode(encode(line, names), names), line);
  assert.equal(decode("<@99>", names), "<@99>");
});

test("the name before the caret is the one being typed", () => {
  assert.deepEqual(typing("hello @Ea", 9), { mark: "@", query: "Ea", from: 6 });
  assert.deepEqual(typing("#", 1), { mark: "#", query: "", from: 0 });
  assert.equal(typing("a@b", 3), null);
  assert.equal(typing("@Easel ", 7), null);
});
