import assert from "node:assert/strict";
import { test } from "node:test";
import { Book } from "../../bot/sandbox/page/core/book.js";
import { compare, fresh, later, madeAt } from "../../bot/sandbox/page/core/ids.js";

const message = (id, more = {}) => ({ id, content: id, flags: 0, ...more });

test("messages are kept in the order of their ids, whatever order they come in", () => {
  const book = new Book();
  for (const id of ["100", "99", "1000"]) book.put(message(id));
  assert.deepEqual(
    book.list().map((each) => each.id),
    ["99", "100", "1000"],
  );
});

test("a message said twice is kept once, and a change keeps what it does not name", () => {
  const book = new Book();
  book.put(message("1", { mine: true }));
  book.put(message("1", { content: "changed" }));
  assert.equal(book.list().length, 1);
  assert.deepEqual(book.list()[0], { id: "1", content: "changed", flags: 0, mine: true });
});

test("forgetting spares what is on its way and what only this member sees", () => {
  const book = new Book();
  book.put(message("1"));
  book.put(message("2", { flags: 64 }));
  book.put(message("3", { nonce: "3", sending: { progress: null, error: null, previews: [] } }));
  book.reset();
  assert.deepEqual(
    book.list().map((each) => each.id),
    ["2", "3"],
  );
  assert.equal(book.waiting(3).id, "3");
  assert.equal(book.waiting("4"), undefined);
});

test("ids are ordered as numbers and tell when they were made", () => {
  assert.ok(compare("9", "10") < 0);
  assert.equal(later("9", null), "9");
  assert.equal(later("9", "10"), "10");
  assert.equal(madeAt("0").toISOString(), "2015-01-01T00:00:00.000Z");
  assert.ok(compare(fresh(), fresh()) < 0);
});
