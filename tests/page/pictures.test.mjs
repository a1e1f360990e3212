import assert from "node:assert/strict";
import { test } from "node:test";
import { fit, rows } from "../../bot/sandbox/page/text/grid.js";
import { picturesOf, textOf, versionIn } from "../../bot/sandbox/page/text/pictures.js";

const file = (filename, more = {}) => ({
  id: "1",
  filename,
  size: 1,
  url: `http://x/${filename}`,
  content_type: "image/png",
  width: 4,
  height: 3,
  ...more,
});
const message = (more) => ({
  id: "7",
  channel_id: "5",
  author: { id: "1", bot: true },
  content: "",
  attachments: [],
  components: [],
  embeds: [],
  ...more,
});

test("pictures are found in attachments, forwards, galleries, thumbnails and embeds", () => {
  const found = picturesOf(
    message({
      attachments: [file("a.png"), file("notes.txt", { content_type: "text/plain" })],
      message_snapshots: [{ message: message({ attachments: [file("b.png")] }) }],
      components: [
        {
          type: 17,
          components: [
            { type: 12, items: [{ media: { url: "http://x/c.png?ex=1" }, description: "a fox" }] },
            {
              type: 9,
              components: [{ type: 10, content: "words" }],
              accessory: { type: 11, media: { url: "http://x/d.png" } },
            },
          ],
        },
      ],
      embeds: [{ image: { url: "http://x/e.png" } }],
    }),
  );
  assert.deepEqual(
    found.map((picture) => picture.name),
    ["a.png", "b.png", "c.png", "d.png", "e.png"],
  );
  assert.equal(found[2].alt, "a fox");
  assert.equal(found[0].messageId, "7");
});

test("a painted picture's version stands in its file's name, and only the bot's counts", () => {
  assert.equal(versionIn("easel-123-v12.jpg"), "v12");
  assert.equal(versionIn("SPOILER_easel-123-v2.png"), "v2");
  assert.equal(versionIn("holiday-v2.jpg"), null);
  const [mine] = picturesOf(message({ author: { id: "2" }, attachments: [file("easel-1-v1.png")] }));
  assert.equal(mine.version, null);
});

test("the words of a message include its components'", () => {
  assert.equal(
    textOf(message({ content: "a", components: [{ type: 17, components: [{ type: 10, content: "b" }] }] })),
    "a\nb",
  );
});

test("rows of pictures are full from the second on", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 7, 10].map(rows), [[], [1], [2], [3], [2, 2], [2, 3], [1, 3, 3], [1, 3, 3, 3]]);
});

test("a picture is shown at its own size or smaller, in its own shape", () => {
  assert.deepEqual(fit(100, 50, { width: 480, height: 420 }), { width: 100, height: 50 });
  assert.deepEqual(fit(2000, 1000, { width: 400, height: 400 }), { width: 400, height: 200 });
  assert.deepEqual(fit(1000, 2000, { width: 400, height: 400 }), { width: 200, height: 400 });
  assert.equal(fit(0, 0, { width: 400, height: 400 }).width, 400);
});

test("a file that only its name makes a picture is shown as a file", () => {
  const attachments = [file("empty.png", { width: undefined }), file("a.avif", { content_type: "image/avif", width: 0 })];
  assert.deepEqual(
    picturesOf(message({ attachments })).map(({ name }) => name),
    ["a.avif"],
  );
});
