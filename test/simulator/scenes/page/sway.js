/** Leaves in the wind: pixels of the still picture, moved by a pixel or two where leaves are. Runs in the builder. */

/**
 * Returns `sway(seconds, pixels)`, which fills `pixels` with the still picture at a moment. `weights` is a picture whose red
 * channel says how leafy a place is. The gusts are those of the background shader, so that parts fit in.
 */
export function createSway(base, weights, wind, { width, height }) {
  const places = [];
  if (wind > 0) {
    for (let y = 4; y < height - 4; y++) {
      for (let x = 4; x < width - 4; x++) if (weights[(y * width + x) * 4] > 10) places.push(y * width + x);
    }
  }
  const leafy = Uint32Array.from(places);
  // sin(a + b) from the sines and cosines of columns and rows: no sine per pixel.
  const columns = new Float32Array(width * 3);
  const rows = new Float32Array(height * 3);
  return (seconds, pixels) => {
    pixels.set(base);
    const turn = (seconds * Math.PI * 2) / 16;
    const strength = (wind * (0.75 + 0.25 * Math.sin(turn))) / 255;
    for (let x = 0; x < width; x++) {
      columns[x * 3] = Math.sin(turn * 5 + (x / width) * 17);
      columns[x * 3 + 1] = Math.cos(turn * 5 + (x / width) * 17);
      columns[x * 3 + 2] = 0.5 * Math.sin(turn * 7 + (x / width) * 23);
    }
    for (let y = 0; y < height; y++) {
      const v = 1 - y / height;
      rows[y * 3] = Math.cos(v * 6);
      rows[y * 3 + 1] = Math.sin(v * 6);
      rows[y * 3 + 2] = 0.5 * Math.sin(turn * 11 + v * 40);
    }
    for (const place of leafy) {
      const x = place % width;
      const y = (place - x) / width;
      const weight = weights[place * 4] * strength;
      const fromX = x + (columns[x * 3] * rows[y * 3] + columns[x * 3 + 1] * rows[y * 3 + 1] + rows[y * 3 + 2]) * weight;
      const fromY = y - columns[x * 3 + 2] * weight;
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      const fx = fromX - left;
      const fy = fromY - top;
      const a = (top * width + left) * 4;
      const b = a + width * 4;
      const to = place * 4;
      const [w00, w10, w01, w11] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
      pixels[to] = base[a] * w00 + base[a + 4] * w10 + base[b] * w01 + base[b + 4] * w11;
      pixels[to + 1] = base[a + 1] * w00 + base[a + 5] * w10 + base[b + 1] * w01 + base[b + 5] * w11;
      pixels[to + 2] = base[a + 2] * w00 + base[a + 6] * w10 + base[b + 2] * w01 + base[b + 6] * w11;
    }
  };
}
