// @ts-check
// The page's few icons, drawn on a grid of 20 with one weight of line.

const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, string[]>} */
const PATHS = {
  hash: ["M7.5 3.5 6 16.5", "M14 3.5l-1.5 13", "M3.5 7.5h13.5", "M3 12.5h13.5"],
  forum: ["M3.5 4.5h13v8.5h-7l-3.5 3v-3h-2.5z", "M6.5 7.5h7", "M6.5 10h4"],
  thread: ["M5 3.5v5a3 3 0 0 0 3 3h7.5", "M12.5 8.5l3 3-3 3"],
  message: ["M3.5 4.5h13v9h-6l-4 3v-3h-3z"],
  reply: ["M8 5 3.5 9.5 8 14", "M3.5 9.5h7a6 6 0 0 1 6 6v.5"],
  forward: ["M12 5l4.5 4.5L12 14", "M16.5 9.5h-7a6 6 0 0 0-6 6v.5"],
  plus: ["M10 4v12", "M4 10h12"],
  send: ["M4 10h11", "M10.5 5.5 15.5 10l-5 4.5"],
  image: ["M3.5 4.5h13v11h-13z", "M3.5 13l4-3.5 3 2.5 2.5-2 3.5 3", "M12.5 8a.75.75 0 1 0 0-.01"],
  file: ["M5.5 3h6l3.5 3.5V17h-9.5z", "M11.5 3v3.5H15"],
  edit: ["M4 16l.7-3.3L13.5 4 16 6.5l-8.7 8.8z", "M11.5 6 14 8.5"],
  trash: ["M4 5.5h12", "M8 5.5V3.5h4v2", "M5.5 5.5l.7 11h7.6l.7-11"],
  more: ["M5 9.6v.8", "M10 9.6v.8", "M15 9.6v.8"],
  close: ["M5 5l10 10", "M15 5 5 15"],
  check: ["M4 10.5l4 4 8-9"],
  down: ["M5 8l5 5 5-5"],
  left: ["M12.5 4.5 7 10l5.5 5.5"],
  right: ["M7.5 4.5 13 10l-5.5 5.5"],
  "zoom-in": ["M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11", "M13 13l4 4", "M9 6.5v5", "M6.5 9h5"],
  "zoom-out": ["M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11", "M13 13l4 4", "M6.5 9h5"],
  open: ["M11 4h5v5", "M16 4l-7 7", "M8 5H4v11h11v-4"],
  copy: ["M7 7h9v9.5H7z", "M4 13V3.5h9"],
  link: ["M8.5 11.5l3-3", "M9.5 6.5l2-2a2.8 2.8 0 0 1 4 4l-2 2", "M10.5 13.5l-2 2a2.8 2.8 0 0 1-4-4l2-2"],
  help: ["M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14", "M7.9 8a2.1 2.1 0 1 1 3 1.9c-.7.3-.9.7-.9 1.4", "M10 13.8h.01"],
  restart: ["M15.5 10a5.5 5.5 0 1 1-1.6-3.9L16 8", "M16 4v4h-4"],
  menu: ["M3.5 6h13", "M3.5 10h13", "M3.5 14h13"],
  panel: ["M3.5 4.5h13v11h-13z", "M12 4.5v11"],
  smile: ["M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14", "M7.5 8.3h.01", "M12.5 8.3h.01", "M7 11.8c1.5 2 4.5 2 6 0"],
  slash: ["M12.5 4 7.5 16"],
  pin: ["M7 3.5h6", "M8 3.5v5l-2.5 3h9l-2.5-3v-5", "M10 11.5V17"],
  eye: ["M2.5 10S5.5 5 10 5s7.5 5 7.5 5-3 5-7.5 5-7.5-5-7.5-5", "M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4"],
  alert: ["M10 3.5 17 16H3z", "M10 8v4", "M10 14h.01"],
  lock: ["M5 9h10v7.5H5z", "M7 9V6.5a3 3 0 0 1 6 0V9"],
  brush: ["M16.5 3.5 9 11", "M9 11l2 2", "M8.5 11.5c-2 0-2.5 1.5-2.7 2.7-.2 1-.8 1.6-1.8 1.8 2.5 1 6 .5 6.5-2.5z"],
  size: ["M4 8V4h4", "M16 12v4h-4", "M4 4l4.5 4.5", "M16 16l-4.5-4.5"],
  folder: ["M3 5.5h5l1.5 2H17v8H3z"],
};

/**
 * @param {keyof typeof PATHS} name
 * @param {number} [size] in pixels
 */
export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = {
    viewBox: "0 0 20 20",
    width: size,
    height: size,
    class: "icon",
    "aria-hidden": "true",
    focusable: "false",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, String(value));
  for (const d of PATHS[name] ?? []) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
