// @ts-check
// Files about to be sent: a preview each, and a way to take it back.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { toast, complain } from "./live.js";
import { bytes } from "./pictures.js";
import { SAMPLES, sampleFile, samplePreview } from "./samples.js";

const LARGEST = 10 * 1024 * 1024;

export class Tray {
  /** @param {{most?: number, changed?: (files: File[]) => void, testid?: string}} [options] */
  constructor({ most = 10, changed, testid = "tray" } = {}) {
    this.most = most;
    this.changed = changed;
    /** @type {File[]} */
    this.files = [];
    /** @type {WeakMap<File, string>} */
    this.urls = new WeakMap();
    this.node = h("ul", { class: "tray", hidden: true, "aria-label": "Pictures to send", "data-testid": testid });
  }

  /** Takes files in; what does not fit is said, not dropped silently. @param {Iterable<File>} files */
  add(files) {
    for (const file of files) {
      if (this.most === 1) this.files = [];
      if (file.size > LARGEST) toast(`${file.name} has ${bytes(file.size)}; 10 MB is the most.`, { kind: "problem" });
      else if (this.files.length >= this.most)
        toast(`${this.most} files are the most. ${file.name} stays behind.`, { kind: "problem" });
      else this.files = [...this.files, file];
    }
    this.#draw();
  }

  /** @param {File[]} files */
  set(files) {
    for (const file of this.files) if (!files.includes(file)) this.#forget(file);
    this.files = files;
    this.#draw();
  }

  #draw() {
    this.node.hidden = !this.files.length;
    fill(
      this.node,
      this.files.map((file, at) => this.#item(file, at)),
    );
    this.changed?.(this.files);
  }

  /** @param {File} file @param {number} at */
  #item(file, at) {
    const picture = file.type.startsWith("image/");
    return h(
      "li",
      { "data-testid": "upload" },
      picture ? h("img", { src: this.#url(file), alt: "" }) : icon("file", 32),
      h("span", { class: "words" }, h("span", null, file.name), h("small", null, bytes(file.size))),
      h(
        "button",
        {
          class: "bare",
          type: "button",
          "aria-label": `Take ${file.name} back`,
          "data-testid": "upload-remove",
          onclick: () => this.set(this.files.filter((_, other) => other !== at)),
        },
        icon("close", 16),
      ),
    );
  }

  /** @param {File} file */
  #forget(file) {
    const url = this.urls.get(file);
    if (url) URL.revokeObjectURL(url);
    this.urls.delete(file);
  }

  /** @param {File} file */
  #url(file) {
    const known = this.urls.get(file) ?? URL.createObjectURL(file);
    this.urls.set(file, known);
    return known;
  }
}

/**
 * Where a file may come from: the disk, or a brush in this page.
 * @param {HTMLElement} anchor
 * @param {HTMLInputElement} input
 * @param {(files: File[]) => void} take
 */
export function chooseFile(anchor, input, take) {
  menu(
    anchor,
    [
      { label: "Choose files…", icon: "folder", run: () => input.click(), testid: "choose-files" },
      null,
      ...SAMPLES.map((sample) => ({
        label: `Sample: ${sample.name}`,
        picture: samplePreview(sample),
        testid: `sample-${sample.file.split(".")[0]}`,
        run: () => {
          sampleFile(sample)
            .then((file) => take([file]))
            .catch(complain);
        },
      })),
    ],
    { label: "Attach a picture", above: true },
  );
}

/**
 * A field that takes files, in forms of commands and in modals.
 * @param {{label: string, most?: number, attributes?: Record<string, unknown>}} settings
 */
export function fileField({ label, most = 1, attributes }) {
  const tray = new Tray({ most, testid: "field-tray" });
  const input = h("input", {
    type: "file",
    hidden: true,
    multiple: most > 1,
    ...attributes,
    onchange: () => {
      tray.add(input.files ?? []);
      input.value = "";
    },
  });
  const open = h(
    "button",
    {
      class: "quiet",
      type: "button",
      "aria-label": `${label}: choose a file`,
      onclick: () => chooseFile(open, input, (files) => tray.add(files)),
    },
    icon("image", 18),
    most > 1 ? "Add pictures" : "Choose a picture",
  );
  const ondrop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    event.stopPropagation();
    tray.add(event.dataTransfer?.files ?? []);
  };
  const node = h(
    "div",
    { class: "file-field", ondrop, ondragover: (/** @type {Event} */ event) => event.preventDefault() },
    tray.node,
    open,
    input,
  );
  return { node, files: () => tray.files, set: (/** @type {File[]} */ files) => tray.set(files) };
}
