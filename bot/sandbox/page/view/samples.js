// @ts-check
// Sample pictures, drawn here and now, so that attaching can be tried without a file at hand.

import { h } from "./dom.js";

const WIDTH = 1200,
  HEIGHT = 900;

/**
 * @typedef {CanvasRenderingContext2D} Pen
 * @typedef {{name: string, file: string, draw: (pen: Pen) => void}} Sample
 */

/** @type {Sample[]} */
export const SAMPLES = [
  { name: "Harbour at noon", file: "harbour.png", draw: harbour },
  { name: "Lemons on a table", file: "lemons.png", draw: lemons },
  { name: "A cat at the window", file: "cat.png", draw: cat },
];

/** @param {Sample} sample @returns {Promise<File>} */
export function sampleFile(sample) {
  const canvas = drawn(sample, 1);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => {
      if (blob) resolve(new File([blob], sample.file, { type: "image/png" }));
      else reject(new Error("The picture could not be drawn."));
    }, "image/png"),
  );
}

/** @param {Sample} sample */
export function samplePreview(sample) {
  const canvas = drawn(sample, 0.1);
  canvas.className = "sample";
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

/** @param {Sample} sample @param {number} scale */
function drawn(sample, scale) {
  const canvas = h("canvas", { width: WIDTH * scale, height: HEIGHT * scale });
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.scale(scale, scale);
    sample.draw(pen);
  }
  return canvas;
}

/** @param {Pen} pen @param {number[]} box x, y, width, height @param {string[]} colours from top to bottom */
function wash(pen, [x, y, width, height], colours) {
  const gradient = pen.createLinearGradient(0, y, 0, y + height);
  colours.forEach((colour, at) => gradient.addColorStop(at / (colours.length - 1), colour));
  pen.fillStyle = gradient;
  pen.fillRect(x, y, width, height);
}

/** @param {Pen} pen @param {string} colour @param {string} path as in SVG */
function shape(pen, colour, path) {
  pen.fillStyle = colour;
  pen.fill(new Path2D(path));
}

/**
 * Draws around another origin, larger or smaller.
 * @param {Pen} pen
 * @param {number[]} place x, y, scale
 * @param {() => void} draw
 */
function around(pen, [x, y, scale = 1], draw) {
  pen.save();
  pen.translate(x, y);
  pen.scale(scale, scale);
  draw();
  pen.restore();
}

/** @param {Pen} pen @param {string} colour @param {number[]} oval x, y, half width, half height, turn */
function oval(pen, colour, [x, y, across, down, turn = 0]) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.ellipse(x, y, across, down, turn, 0, Math.PI * 2);
  pen.fill();
}

/** @param {Pen} pen */
function harbour(pen) {
  wash(pen, [0, 0, 1200, 560], ["#9fc9dd", "#dcebe9", "#f7e9d2"]);
  oval(pen, "#fff6df", [930, 170, 74, 74]);
  shape(pen, "#8fa6a3", "M0 560V430L210 350 420 470 640 400 900 500 1200 430V560Z");
  around(pen, [90, 330], () => house(pen, "#c7553f", 230));
  around(pen, [225, 290], () => house(pen, "#e2b661", 270));
  around(pen, [360, 350], () => house(pen, "#f3ead9", 210));
  around(pen, [470, 310], () => house(pen, "#6f8f86", 250));
  wash(pen, [0, 560, 1200, 340], ["#4f94a8", "#2f6a86", "#214e6b"]);
  for (let at = 0; at < 46; at++) {
    pen.fillStyle = "rgba(255, 250, 235, 0.22)";
    pen.fillRect((at * 263) % 1200, 580 + ((at * 97) % 300), 40 + ((at * 37) % 90), 4);
  }
  around(pen, [780, 660], () => boat(pen));
  around(pen, [1010, 610, 0.55], () => boat(pen));
  around(pen, [420, 760, 1.25], () => boat(pen));
}

/** @param {Pen} pen @param {string} colour @param {number} height */
function house(pen, colour, height) {
  shape(pen, colour, `M0 0H118V${height}H0Z`);
  shape(pen, "#7d3f32", "M-10 0 59-62 128 0Z");
  shape(pen, "#35515c", "M22 36h28v38h-28zM70 36h28v38h-28zM22 110h28v38h-28zM70 110h28v38h-28z");
}

/** @param {Pen} pen */
function boat(pen) {
  shape(pen, "#fbf4e6", "M8-30V-210L118-40Z");
  shape(pen, "#d9694a", "M-8-30V-170L-84-40Z");
  shape(pen, "#5d3a2c", "M-110-20H120L84 30H-78Z");
}

/** @param {Pen} pen */
function lemons(pen) {
  wash(pen, [0, 0, 1200, 560], ["#2e4a4f", "#48686a"]);
  wash(pen, [0, 540, 1200, 360], ["#b8865b", "#8d5f3d"]);
  oval(pen, "rgba(40, 22, 10, 0.35)", [610, 745, 400, 52]);
  lemon(pen, 450, 500, -0.3);
  lemon(pen, 620, 470, 0.2);
  lemon(pen, 780, 510, 0.5);
  lemon(pen, 540, 420, 0.6);
  lemon(pen, 700, 400, -0.4);
  shape(pen, "#e9e2d3", "M300 530H920L800 740H420Z");
  shape(pen, "#cfc6b4", "M700 530H920L800 740H690Z");
  for (let at = 0; at < 7; at++)
    shape(pen, "#5f86a0", `M${335 + at * 84} 570H${365 + at * 82}L${350 + at * 81} 606Z`);
  lemon(pen, 1010, 705, 0.1);
  oval(pen, "#f6d25a", [215, 730, 92, 74]);
  oval(pen, "#fdf3c4", [215, 730, 76, 60]);
}

/** @param {Pen} pen @param {number} x @param {number} y @param {number} turn */
function lemon(pen, x, y, turn) {
  oval(pen, "#d9a92f", [x, y, 112, 80, turn]);
  oval(pen, "#f0c845", [x - 6, y - 8, 100, 70, turn]);
  oval(pen, "#d9a92f", [x + Math.cos(turn) * 112, y + Math.sin(turn) * 112, 20, 14, turn]);
  oval(pen, "#fbe58d", [x - 34, y - 32, 32, 16, turn - 0.3]);
}

/** @param {Pen} pen */
function cat(pen) {
  wash(pen, [0, 0, 1200, 900], ["#c9a98b", "#b08c6d"]);
  wash(pen, [230, 70, 740, 600], ["#f3b58a", "#f4d7ae", "#8fb0a8"]);
  oval(pen, "#fff1cf", [760, 300, 64, 64]);
  shape(pen, "#5f7f78", "M230 670V540L420 470 610 560 800 500 970 560V670Z");
  pen.strokeStyle = "#f4ece0";
  pen.lineWidth = 26;
  pen.strokeRect(230, 70, 740, 600);
  shape(pen, "#f4ece0", "M588 70h24v600h-24zM170 670h860v54h-860z");
  shape(pen, "#d8cbb8", "M190 724h820v22h-820z");
  sittingCat(pen);
  shape(pen, "#b5523a", "M838 560H962L940 672H860Z");
  oval(pen, "#4f7357", [880, 500, 18, 56, -0.6]);
  oval(pen, "#4f7357", [930, 490, 18, 56, 0.5]);
  oval(pen, "#4f7357", [900, 450, 18, 56, 0]);
  oval(pen, "#4f7357", [855, 525, 18, 56, -1.1]);
  oval(pen, "#4f7357", [958, 530, 18, 56, 1.1]);
}

/** @param {Pen} pen */
function sittingCat(pen) {
  const fur = "#39322f";
  oval(pen, fur, [430, 560, 104, 128]);
  oval(pen, fur, [430, 408, 76, 70]);
  shape(pen, fur, "M360 400 366 304 420 352ZM500 400 494 304 440 352Z");
  pen.strokeStyle = fur;
  pen.lineWidth = 30;
  pen.lineCap = "round";
  pen.stroke(new Path2D("M510 640C640 690 620 780 560 800"));
  oval(pen, "#e8c667", [404, 404, 13, 17]);
  oval(pen, "#e8c667", [456, 404, 13, 17]);
  oval(pen, fur, [404, 404, 4, 15]);
  oval(pen, fur, [456, 404, 4, 15]);
  oval(pen, "#d98f7c", [430, 434, 9, 6]);
}
