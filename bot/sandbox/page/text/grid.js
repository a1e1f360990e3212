// @ts-check
// How pictures share a row: sizes only, no elements.

/**
 * The rows that a number of pictures fall into: four stand two by two, not three and a rest.
 * @param {number} count
 * @returns {number[]}
 */
export function rows(count) {
  if (count <= 1) return count ? [1] : [];
  if (count === 2) return [2];
  if (count === 4) return [2, 2];
  const rest = count % 3;
  const threes = Array(Math.floor(count / 3)).fill(3);
  return rest ? [rest, ...threes] : threes;
}

/**
 * The size at which a picture is shown: never larger than it is, never larger than the box.
 * @param {number} width
 * @param {number} height
 * @param {{width: number, height: number}} box
 */
export function fit(width, height, box) {
  if (!width || !height) return { width: box.width, height: Math.round(box.width * 0.75) };
  const scale = Math.min(1, box.width / width, box.height / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}
