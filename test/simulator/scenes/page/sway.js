/** Leaves in the wind: pixels of the still picture, moved by a pixel or two where leaves are. */

/**
 * Returns `sway(seconds, pixels)`, which fills `pixels` with the still picture at a moment. `weights` is a picture whose red
 * channel says how leafy a place is. The gusts are those of the background shader, so that parts fit in.
 */
export function createSway(base, weights, wind, { width, height }) {
  const places = [];
  if (wind > 0) {
    for (let y = 3; y < height - 3; y++) {
      for (let x = 3; x < width - 3; x++) if (weights[(y * width + x) * 4] > 10) places.push(y * width + x);
    }
  }
  const leafy = Uint32Array.from(places);
  return (seconds, pixels) => {
    pixels.set(base);
    const turn = (seconds * Math.PI * 2) / 16;
    const strength = wind * (0.75 + 0.25 * Math.sin(turn));
    for (const place of leafy) {
      const x = place % width;
      const y = (place - x) / width;
      const [u, v] = [x / width, 1 - y / height];
      const weight = (weights[place * 4] / 255) * strength;
      const fromX = x + (Math.sin(turn * 5 + u * 17 + v * 6) + 0.5 * Math.sin(turn * 11 + v * 40)) * weight;
      const fromY = y - 0.5 * Math.sin(turn * 7 + u * 23) * weight;
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      const [fx, fy] = [fromX - left, fromY - top];
      const a = (top * width + left) * 4;
      const b = a + width * 4;
      for (let channel = 0; channel < 3; channel++) {
        pixels[place * 4 + channel] =
          (base[a + channel] * (1 - fx) + base[a + 4 + channel] * fx) * (1 - fy) + (base[b + channel] * (1 - fx) + base[b + 4 + channel] * fx) * fy;
      }
    }
  };
}
