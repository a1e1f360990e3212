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

/** @param {Pen} pen @param {string} colour @param {number[][]} points */
function shape(pen, colour, points) {
  pen.fillStyle = colour;
  pen.beginPath();
  points.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
  pen.fill();
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
  shape(pen, "#8fa6a3", [
    [0, 560],
    [0, 430],
    [210, 350],
    [420, 470],
    [640, 400],
    [900, 500],
    [1200, 430],
    [1200, 560],
  ]);
  [
    ["#c7553f", 90, 330],
    ["#e2b661", 225, 290],
    ["#f3ead9", 360, 350],
    ["#6f8f86", 470, 310],
  ].forEach(([colour, x, y]) => house(pen, String(colour), Number(x), Number(y)));
  wash(pen, [0, 560, 1200, 340], ["#4f94a8", "#2f6a86", "#214e6b"]);
  for (let at = 0; at < 46; at++) {
    pen.fillStyle = "rgba(255, 250, 235, 0.22)";
    pen.fillRect((at * 263) % 1200, 580 + ((at * 97) % 300), 40 + ((at * 37) % 90), 4);
  }
  boat(pen, 780, 660, 1);
  boat(pen, 1010, 610, 0.55);
  boat(pen, 420, 760, 1.25);
}

/** @param {Pen} pen @param {string} colour @param {number} x @param {number} y */
function house(pen, colour, x, y) {
  pen.fillStyle = colour;
  pen.fillRect(x, y, 118, 560 - y);
  shape(pen, "#7d3f32", [
    [x - 10, y],
    [x + 59, y - 62],
    [x + 128, y],
  ]);
  for (const [dx, dy] of [
    [22, 36],
    [70, 36],
    [22, 110],
    [70, 110],
  ]) {
    pen.fillStyle = "#35515c";
    pen.fillRect(x + dx, y + dy, 28, 38);
  }
}

/** @param {Pen} pen @param {number} x @param {number} y @param {number} size */
function boat(pen, x, y, size) {
  const at = (/** @type {number[][]} */ points) => points.map(([dx, dy]) => [x + dx * size, y + dy * size]);
  shape(
    pen,
    "#fbf4e6",
    at([
      [8, -30],
      [8, -210],
      [118, -40],
    ]),
  );
  shape(
    pen,
    "#d9694a",
    at([
      [-8, -30],
      [-8, -170],
      [-84, -40],
    ]),
  );
  shape(
    pen,
    "#5d3a2c",
    at([
      [-110, -20],
      [120, -20],
      [84, 30],
      [-78, 30],
    ]),
  );
}

/** @param {Pen} pen */
function lemons(pen) {
  wash(pen, [0, 0, 1200, 560], ["#2e4a4f", "#48686a"]);
  wash(pen, [0, 540, 1200, 360], ["#b8865b", "#8d5f3d"]);
  oval(pen, "rgba(40, 22, 10, 0.35)", [610, 745, 400, 52]);
  for (const [x, y, turn] of [
    [450, 500, -0.3],
    [620, 470, 0.2],
    [780, 510, 0.5],
    [540, 420, 0.6],
    [700, 400, -0.4],
  ])
    lemon(pen, x, y, turn);
  shape(pen, "#e9e2d3", [
    [300, 530],
    [920, 530],
    [800, 740],
    [420, 740],
  ]);
  shape(pen, "#cfc6b4", [
    [700, 530],
    [920, 530],
    [800, 740],
    [690, 740],
  ]);
  for (let at = 0; at < 7; at++)
    shape(pen, "#5f86a0", [
      [335 + at * 84, 570],
      [365 + at * 82, 570],
      [350 + at * 81, 606],
    ]);
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
  shape(pen, "#5f7f78", [
    [230, 670],
    [230, 540],
    [420, 470],
    [610, 560],
    [800, 500],
    [970, 560],
    [970, 670],
  ]);
  pen.strokeStyle = "#f4ece0";
  pen.lineWidth = 26;
  pen.strokeRect(230, 70, 740, 600);
  pen.fillStyle = "#f4ece0";
  pen.fillRect(588, 70, 24, 600);
  pen.fillRect(170, 670, 860, 54);
  pen.fillStyle = "#d8cbb8";
  pen.fillRect(190, 724, 820, 22);
  sittingCat(pen);
  shape(pen, "#b5523a", [
    [838, 560],
    [962, 560],
    [940, 672],
    [860, 672],
  ]);
  for (const [x, y, turn] of [
    [880, 500, -0.6],
    [930, 490, 0.5],
    [900, 450, 0],
    [855, 525, -1.1],
    [958, 530, 1.1],
  ])
    oval(pen, "#4f7357", [x, y, 18, 56, turn]);
}

/** @param {Pen} pen */
function sittingCat(pen) {
  const fur = "#39322f";
  oval(pen, fur, [430, 560, 104, 128]);
  oval(pen, fur, [430, 408, 76, 70]);
  shape(pen, fur, [
    [360, 400],
    [366, 304],
    [420, 352],
  ]);
  shape(pen, fur, [
    [500, 400],
    [494, 304],
    [440, 352],
  ]);
  pen.strokeStyle = fur;
  pen.lineWidth = 30;
  pen.lineCap = "round";
  pen.beginPath();
  pen.moveTo(510, 640);
  pen.bezierCurveTo(640, 690, 620, 780, 560, 800);
  pen.stroke();
  oval(pen, "#e8c667", [404, 404, 13, 17]);
  oval(pen, "#e8c667", [456, 404, 13, 17]);
  oval(pen, fur, [404, 404, 4, 15]);
  oval(pen, fur, [456, 404, 4, 15]);
  oval(pen, "#d98f7c", [430, 434, 9, 6]);
}
