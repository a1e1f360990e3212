import assert from "node:assert/strict";
import { test } from "node:test";
import { MANAGE_MESSAGES, SEND_MESSAGES, base, inChannel } from "../../bot/sandbox/page/core/permissions.js";

const roles = [
  { id: "1", permissions: String(SEND_MESSAGES) },
  { id: "2", permissions: String(MANAGE_MESSAGES) },
  { id: "3", permissions: String(1n << 3n) },
];
const person = (...roleIds) => ({ me: "9", guildId: "1", roleIds, roles });
const rule = (id, allow, deny) => ({ id, type: 0, allow: String(allow), deny: String(deny) });

test("everyone's permissions and those of one's roles add up", () => {
  assert.equal(base(person()), SEND_MESSAGES);
  assert.equal(base(person("2")), SEND_MESSAGES | MANAGE_MESSAGES);
});

test("an administrator may do everything, whatever the channel says", () => {
  assert.ok(inChannel(person("3"), [rule("1", 0n, SEND_MESSAGES)]) & SEND_MESSAGES);
});

test("what is denied to everyone can be allowed to a role", () => {
  const overwrites = [rule("1", 0n, SEND_MESSAGES), rule("2", SEND_MESSAGES, 0n)];
  assert.equal(inChannel(person(), overwrites) & SEND_MESSAGES, 0n);
  assert.ok(inChannel(person("2"), overwrites) & SEND_MESSAGES);
});

test("among roles an allowance wins, and the person's own rule wins over all", () => {
  const overwrites = [rule("2", 0n, SEND_MESSAGES), rule("4", SEND_MESSAGES, 0n)];
  assert.ok(inChannel(person("2", "4"), overwrites) & SEND_MESSAGES);
  assert.equal(inChannel(person("2", "4"), [...overwrites, rule("9", 0n, SEND_MESSAGES)]) & SEND_MESSAGES, 0n);
});
