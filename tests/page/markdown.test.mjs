import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, plain } from "../../bot/sandbox/page/text/markdown.js";
import { inline } from "../../bot/sandbox/page/text/inline.js";

const text = (value) => ({ type: "text", text: value });

test("emphasis nests", () => {
  assert.deepEqual(inline("**bold and *leaning***"), [
    { type: "strong", children: [text("bold and "), { type: "em", children: [text("leaning")] }] },
  ]);
});

test("bold that leans from its first letter keeps both marks", () => {
  assert.deepEqual(inline("***both***"), [{ type: "strong", children: [{ type: "em", children: [text("both")] }] }]);
});

test("two underscores underline, one leans, and snake_case stays as it is", () => {
  assert.deepEqual(inline("__u__ _e_ snake_case_name"), [
    { type: "underline", children: [text("u")] },
    text(" "),
    { type: "em", children: [text("e")] },
    text(" snake_case_name"),
  ]);
});

test("a lone star, a sum and an unclosed mark stay plain", () => {
  for (const line of ["2 * 3 * 4", "a ** b", "**never closed", "* ", "||", "~~", "__"]) {
    assert.deepEqual(inline(line), [text(line)]);
  }
});

test("code keeps its marks, and closes no emphasis around it", () => {
  assert.deepEqual(inline("*a `*` b*"), [
    { type: "em", children: [text("a "), { type: "code", text: "*" }, text(" b")] },
  ]);
});

test("a backslash keeps a mark as it is", () => {
  assert.deepEqual(inline("\\*not leaning\\*"), [text("*not leaning*")]);
});

test("mentions, times, emoji and command mentions are read", () => {
  assert.deepEqual(
    inline("<@1><@!2><@&3><#4><t:5:R><t:6><:hat:7></quota set:8>@here").map((node) => node.type),
    ["mention", "mention", "mention", "mention", "timestamp", "timestamp", "emoji", "command", "mention"],
  );
});

test("only web addresses become links", () => {
  assert.deepEqual(inline("[go](javascript:alert(1))"), [text("[go](javascript:alert(1))")]);
  assert.deepEqual(inline("[go](https://a.example/b_(c))"), [
    { type: "link", url: "https://a.example/b_(c)", children: [text("go")] },
  ]);
  assert.equal(inline("see https://a.example/b.")[1].url, "https://a.example/b");
  assert.equal(inline("<https://a.example/x>")[0].url, "https://a.example/x");
});

test("markup from people stays text", () => {
  assert.deepEqual(inline("<img src=x onerror=alert(1)>"), [text("<img src=x onerror=alert(1)>")]);
});

test("a spoiler may hold other emphasis", () => {
  assert.deepEqual(inline("||a **b**||"), [
    { type: "spoiler", children: [text("a "), { type: "strong", children: [text("b")] }] },
  ]);
});

test("code blocks stand between paragraphs and know their language", () => {
  assert.deepEqual(
    parse("before\n```js\nlet a;\n```\nafter").map((block) => block.type),
    ["paragraph", "code", "paragraph"],
  );
  assert.deepEqual(parse("```py\nx = 1\n```"), [{ type: "code", language: "py", text: "x = 1" }]);
});

test("an unclosed fence is just text", () => {
  assert.deepEqual(
    parse("```oops").map((block) => block.type),
    ["paragraph"],
  );
});

test("headings, subtext, quotes and lists are blocks", () => {
  const types = parse("# Big\n-# small\n> said\n> more\n- one\n- two\n1. first").map((block) => block.type);
  assert.deepEqual(types, ["heading", "subtext", "quote", "list", "list"]);
});

test("a list keeps what is nested under an item", () => {
  const [list] = parse("- one\n  - inner\n- two");
  assert.equal(list.items.length, 2);
  assert.deepEqual(
    list.items[0].map((block) => block.type),
    ["paragraph", "list"],
  );
});

test("three marks quote everything that follows", () => {
  const [quote] = parse(">>> a\nb\n- c");
  assert.deepEqual(
    quote.children.map((block) => block.type),
    ["paragraph", "list"],
  );
});

test("a line break inside a paragraph is kept", () => {
  assert.deepEqual(
    parse("a\nb")[0].children.map((node) => node.type),
    ["text", "break", "text"],
  );
});

test("the plain form of a message has no marks and hides spoilers", () => {
  assert.equal(
    plain("# Hi\n**there** <@1> ||secret||\n-# small", () => "@ana"),
    "Hi there @ana (spoiler) small",
  );
});

test("long runs of marks are read in reasonable time", () => {
  const started = performance.now();
  for (const mark of ["*", "_", "**a", "||", "`", "[a](", "> ", "~~x", "- "]) parse(mark.repeat(4000 / mark.length));
  assert.ok(performance.now() - started < 2000);
});
