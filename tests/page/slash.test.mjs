import assert from "node:assert/strict";
import { test } from "node:test";
import { called, described, interactionData, leaves, matches, problem, read } from "../../bot/sandbox/page/text/slash.js";

const paint = {
  id: "10",
  version: "1",
  application_id: "5",
  type: 1,
  name: "paint",
  description: "Paint a picture",
  options: [
    { type: 3, name: "prompt", description: "what to paint", required: true, max_length: 20 },
    { type: 4, name: "variations", description: "how many", min_value: 1, max_value: 4 },
    { type: 11, name: "image", description: "a picture" },
    { type: 5, name: "quiet", description: "only for you" },
  ],
};
const quota = {
  id: "11",
  version: "1",
  application_id: "5",
  type: 1,
  name: "quota",
  description: "Limits",
  options: [
    { type: 1, name: "show", description: "Show them" },
    {
      type: 2,
      name: "role",
      description: "Of a role",
      options: [
        {
          type: 1,
          name: "set",
          description: "Set them",
          options: [{ type: 8, name: "role", description: "which", required: true }],
        },
      ],
    },
  ],
};
const menu = { id: "12", version: "1", application_id: "5", type: 3, name: "Edit this picture" };
const all = leaves([paint, quota, menu]);
const named = (name) => all.find((leaf) => leaf.name === name);

test("sub commands are commands of their own, and message commands are not", () => {
  assert.deepEqual(
    all.map((leaf) => leaf.name),
    ["paint", "quota show", "quota role set"],
  );
});

test("the best fit comes first", () => {
  assert.deepEqual(
    matches(all, "show").map((leaf) => leaf.name),
    ["quota show"],
  );
  assert.equal(matches(all, "pa")[0].name, "paint");
  assert.equal(matches(all, "").length, 3);
  assert.equal(matches(all, "zebra").length, 0);
});

test("a typed line is read into a command and its values", () => {
  const { leaf, values } = read(all, "/paint a fox: red variations:2 quiet:true");
  assert.equal(leaf.name, "paint");
  assert.deepEqual(values, { prompt: "a fox: red", variations: "2", quiet: "true" });
  assert.equal(read(all, "/quota role set role:7").leaf.name, "quota role set");
  assert.equal(read(all, "/quota"), null);
});

test("values travel in Discord's own types", () => {
  const { data } = interactionData(named("paint"), { prompt: "a fox", variations: "2", quiet: "true" });
  assert.deepEqual(data.options, [
    { type: 3, name: "prompt", value: "a fox" },
    { type: 4, name: "variations", value: 2 },
    { type: 5, name: "quiet", value: true },
  ]);
});

test("an attached file is named by its place among the files", () => {
  const file = new File(["x"], "cat.png", { type: "image/png" });
  const { data, files } = interactionData(named("paint"), { prompt: "a fox", image: file });
  assert.deepEqual(data.attachments, [{ id: "0", filename: "cat.png" }]);
  assert.deepEqual(data.options.at(-1), { type: 11, name: "image", value: "0" });
  assert.deepEqual(files, [file]);
});

test("sub commands nest as deep as their path", () => {
  const { data } = interactionData(named("quota role set"), { role: "7" });
  assert.deepEqual(data.options, [
    { type: 2, name: "role", options: [{ type: 1, name: "set", options: [{ type: 8, name: "role", value: "7" }] }] },
  ]);
  assert.equal(data.name, "quota");
});

test("the option being completed says so, even while it is empty", () => {
  const { data } = interactionData(named("paint"), {}, "prompt");
  assert.deepEqual(data.options, [{ type: 3, name: "prompt", value: "", focused: true }]);
});

test("what is wrong with a value is said in words", () => {
  const [prompt, variations, image] = paint.options;
  assert.equal(problem(prompt, ""), "This one is needed.");
  assert.equal(problem(prompt, "x".repeat(21)), "At most 20 characters, please.");
  assert.equal(problem(variations, "two"), "A whole number, please.");
  assert.equal(problem(variations, "9"), "At most 4, please.");
  assert.equal(problem(variations, ""), null);
  assert.equal(problem(image, "cat.png"), "Choose a file.");
});

test("a command is read in one's own language, typed in it too, and sent by its names", () => {
  const prompt = { type: 3, name: "prompt", name_localized: "beschreibung", description: "What", required: true };
  const size = { type: 3, name: "size", name_localized: "größe", description: "Size", description_localized: "Wie groß" };
  const [leaf] = leaves([{ id: "1", application_id: "2", version: "3", name: "paint", description: "Paint", description_localized: "Male", options: [prompt, size] }]);
  assert.equal(leaf.description, "Male");
  assert.deepEqual([called(size), described(size)], ["größe", "Wie groß"]);
  assert.deepEqual(read([leaf], "/paint beschreibung:ein Fuchs größe:2K").values, { prompt: "ein Fuchs", size: "2K" });
  assert.deepEqual(interactionData(leaf, { size: "2K" }).data.options, [{ type: 3, name: "size", value: "2K" }]);
});
