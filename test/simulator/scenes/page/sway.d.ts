/** Types of `sway.js`, which both the browser's page and the builder can load. */
export function createSway(
  base: Uint8Array,
  weights: Uint8Array,
  wind: number,
  size: { readonly width: number; readonly height: number },
): (seconds: number, pixels: Uint8Array) => void;
