/** Surfaces painted on canvases: asphalt, paving, tiles, plaster, grass, leaves, signs. */
import * as THREE from 'three';

import { createRandom } from './random.js';

/** A canvas texture that repeats every `metres` (or `[x, y]` metres). `paint(context, width, height, random)`. */
export function paintTexture(seed, width, height, metres, paint) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  paint(context, width, height, createRandom(seed));
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = THREE.SRGBColorSpace;
  texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
  texture.anisotropy = 8;
  const [x, y] = Array.isArray(metres) ? metres : [metres, metres];
  texture.userData = { metresX: x, metresY: y };
  return texture;
}

/** Grain over everything painted so far: `amount` in levels of 255. */
export function grain(context, width, height, random, amount, size = 1) {
  const image = context.getImageData(0, 0, width, height);
  const data = image.data;
  for (let y = 0; y < height; y += size) {
    for (let x = 0; x < width; x += size) {
      const change = (random.next() + random.next() - 1) * amount;
      for (let dy = 0; dy < size && y + dy < height; dy++) {
        for (let dx = 0; dx < size && x + dx < width; dx++) {
          const at = ((y + dy) * width + x + dx) * 4;
          data[at] += change;
          data[at + 1] += change;
          data[at + 2] += change;
        }
      }
    }
  }
  context.putImageData(image, 0, 0);
}

/** Large soft stains that repeat without a seam. */
export function stains(context, width, height, random, count, colour, opacity) {
  for (let i = 0; i < count; i++) {
    const x = random.next() * width;
    const y = random.next() * height;
    const radius = random.range(0.06, 0.25) * width;
    for (const dx of [-width, 0, width]) {
      for (const dy of [-height, 0, height]) {
        const gradient = context.createRadialGradient(x + dx, y + dy, 0, x + dx, y + dy, radius);
        gradient.addColorStop(0, `rgba(${colour},${opacity * random.range(0.6, 1)})`);
        gradient.addColorStop(1, `rgba(${colour},0)`);
        context.fillStyle = gradient;
        context.fillRect(0, 0, width, height);
      }
    }
  }
}

const fill = (context, width, height, colour) => {
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
};

export function asphalt(seed) {
  return paintTexture(seed, 1024, 1024, 9, (c, w, h, random) => {
    fill(c, w, h, '#6b6c6e');
    stains(c, w, h, random, 14, '40,40,44', 0.22);
    stains(c, w, h, random, 10, '150,148,140', 0.14);
    grain(c, w, h, random, 26);
    c.strokeStyle = 'rgba(40,40,42,0.55)';
    for (let i = 0; i < 5; i++) {
      c.lineWidth = random.range(1, 2.2);
      c.beginPath();
      let x = random.next() * w;
      let y = random.next() * h;
      c.moveTo(x, y);
      const turn = random.next() * 6.28;
      for (let k = 0; k < 26; k++) {
        x += Math.cos(turn) * 12 + random.range(-9, 9);
        y += Math.sin(turn) * 12 + random.range(-9, 9);
        c.lineTo(x, y);
      }
      c.stroke();
    }
    c.fillStyle = 'rgba(66,66,70,0.6)';
    c.fillRect(w * 0.6, h * 0.2, w * 0.17, h * 0.26);
  });
}

export function concrete(seed, colour = '#a9a69e') {
  return paintTexture(seed, 512, 512, 4, (c, w, h, random) => {
    fill(c, w, h, colour);
    stains(c, w, h, random, 9, '80,78,72', 0.2);
    grain(c, w, h, random, 16);
    c.strokeStyle = 'rgba(70,68,64,0.7)';
    c.lineWidth = 3;
    c.strokeRect(0, 0, w, h);
  });
}

/** Concrete paving bricks laid in running bond, in two or three tints. */
export function paving(seed, tints = ['#a89c8c', '#9f8f80', '#b5aa9b'], metres = 1.5) {
  return paintTexture(seed, 768, 768, metres, (c, w, h, random) => {
    fill(c, w, h, '#6f6a62');
    const rows = 12;
    const columns = 6;
    for (let row = 0; row < rows; row++) {
      for (let column = -1; column < columns; column++) {
        c.fillStyle = random.pick(tints);
        const x = (column + (row % 2) / 2) * (w / columns);
        c.fillRect(x + 2, (row * h) / rows + 2, w / columns - 4, h / rows - 4);
        if (column === -1) c.fillRect(x + w + 2, (row * h) / rows + 2, w / columns - 4, h / rows - 4);
      }
    }
    stains(c, w, h, random, 8, '60,54,46', 0.2);
    grain(c, w, h, random, 18);
  });
}

/** Square floor tiles. */
export function tiles(seed, colour, joint, metresPerTile, count = 4, variation = 6) {
  return paintTexture(seed, 512, 512, metresPerTile * count, (c, w, h, random) => {
    fill(c, w, h, joint);
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++) {
        c.fillStyle = shade(colour, random.range(-variation, variation));
        c.fillRect((column * w) / count + 1, (row * h) / count + 1, w / count - 2, h / count - 2);
      }
    }
    stains(c, w, h, random, 4, '90,84,74', 0.08);
    grain(c, w, h, random, 7);
  });
}

export function plaster(seed, colour, dirt = 0.16) {
  return paintTexture(seed, 512, 512, 5, (c, w, h, random) => {
    fill(c, w, h, colour);
    stains(c, w, h, random, 8, '70,64,54', dirt);
    grain(c, w, h, random, 9);
  });
}

/** Small glazed facade tiles (马赛克), the skin of most compounds of the nineties. */
export function mosaic(seed, colour) {
  return paintTexture(seed, 512, 512, 2.4, (c, w, h, random) => {
    fill(c, w, h, shade(colour, -22));
    for (let row = 0; row < 40; row++) {
      for (let column = 0; column < 10; column++) {
        c.fillStyle = shade(colour, random.range(-7, 7));
        c.fillRect((column * w) / 10 + 1, (row * h) / 40 + 1, w / 10 - 2, h / 40 - 2);
      }
    }
    stains(c, w, h, random, 6, '70,60,48', 0.12);
  });
}

export function grass(seed) {
  return paintTexture(seed, 512, 512, 3, (c, w, h, random) => {
    fill(c, w, h, '#5d6e3c');
    stains(c, w, h, random, 12, '110,104,60', 0.35);
    for (let i = 0; i < 9000; i++) {
      c.strokeStyle = `rgba(${random.range(50, 110)},${random.range(85, 135)},${random.range(35, 62)},0.55)`;
      const x = random.next() * w;
      const y = random.next() * h;
      c.beginPath();
      c.moveTo(x, y);
      c.lineTo(x + random.range(-3, 3), y - random.range(2, 8));
      c.stroke();
    }
  });
}

/** A cluster of leaves with a transparent ground, for the cards of which trees are made. */
export function leaves(seed, hue) {
  const texture = paintTexture(seed, 256, 256, 1, (c, w, h, random) => {
    for (let i = 0; i < 130; i++) {
      const angle = random.next() * 6.28;
      const distance = Math.sqrt(random.next()) * w * 0.43;
      c.save();
      c.translate(w / 2 + Math.cos(angle) * distance, h / 2 + Math.sin(angle) * distance);
      c.rotate(random.next() * 6.28);
      c.fillStyle = `hsl(${hue + random.range(-14, 12)},${random.range(28, 48)}%,${random.range(20, 40)}%)`;
      c.beginPath();
      c.ellipse(0, 0, random.range(8, 15), random.range(4, 7), 0, 0, 6.28);
      c.fill();
      c.restore();
    }
  });
  texture.generateMipmaps = true;
  return texture;
}

/** A painted board: `lines` of `{text, size, colour?, y}` in parts of the height, on a colour. */
export function sign(width, height, background, lines, border = null) {
  return paintTexture(1, width, height, 1, (c, w, h) => {
    fill(c, w, h, background);
    if (border !== null) {
      c.strokeStyle = border;
      c.lineWidth = h * 0.05;
      c.strokeRect(h * 0.05, h * 0.05, w - h * 0.1, h - h * 0.1);
    }
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    for (const line of lines) {
      c.fillStyle = line.colour ?? '#fff';
      c.font = `${line.weight ?? 700} ${line.size * h}px "Noto Sans CJK SC"`;
      c.fillText(line.text, w * (line.x ?? 0.5), h * line.y, w * 0.94);
    }
  });
}

/** A colour made lighter or darker by `amount` levels. */
export function shade(colour, amount) {
  const value = Number.parseInt(colour.slice(1), 16);
  const channel = (shift) => Math.max(0, Math.min(255, Math.round(((value >> shift) & 255) + amount)));
  return `rgb(${channel(16)},${channel(8)},${channel(0)})`;
}
