/**
 * The symbols of cameras on the map as SVG text: one shape per state, and donuts of states for clusters. Pure.
 */
import { stateShapes } from '../controls/state-shapes.ts';
import { countStates } from './camera-clusters.ts';
import type { CameraCluster, PlacedCamera } from './camera-clusters.ts';

/** How a symbol stands out. */
export interface SymbolEmphasis {
  readonly isSelected: boolean;
  readonly isHighlighted: boolean;
}

/** Pixels a symbol takes on the screen: single cameras 26, clusters by the number of their digits. */
export function symbolSize(cluster: CameraCluster): number {
  const count = cluster.cameras.length;
  if (count === 1) return 26;
  return count < 10 ? 38 : count < 100 ? 44 : 52;
}

/** The SVG of a cluster or of the single camera in it. Holds numbers and names of CSS variables only, never text from outside. */
export function symbolSvg(cluster: CameraCluster, emphasis: SymbolEmphasis): string {
  const [only] = cluster.cameras;
  return cluster.cameras.length === 1 && only !== undefined ? cameraSvg(only, emphasis) : donutSvg(cluster, emphasis);
}

/** The parts of a ring as SVG path data, clockwise from the top. `radius` is the ring's middle; parts add up to the whole. */
export function donutArcs(counts: readonly number[], centre: number, radius: number): readonly string[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let before = 0;
  return counts.map((count) => {
    const from = (before / total) * 2 * Math.PI;
    before += count;
    const to = (before / total) * 2 * Math.PI;
    // One arc cannot end where it began, so a full ring is drawn as two halves.
    if (count === total)
      return `M${centre} ${centre - radius}A${radius} ${radius} 0 1 1 ${centre} ${centre + radius}A${radius} ${radius} 0 1 1 ${centre} ${centre - radius}`;
    return `M${onRing(centre, radius, from)}A${radius} ${radius} 0 ${to - from > Math.PI ? 1 : 0} 1 ${onRing(centre, radius, to)}`;
  });
}

function cameraSvg(camera: PlacedCamera, emphasis: SymbolEmphasis): string {
  const shape = stateShapes[camera.status];
  const stroke =
    shape.kind === 'filled'
      ? `fill="${shape.color}"`
      : `fill="none" stroke="${shape.color}" stroke-width="1.8"${shape.kind === 'dashed' ? ' stroke-dasharray="3 2"' : ''}`;
  return `<svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">${ringOf(13, 11.5, emphasis, camera.isAlarmed)}<circle cx="13" cy="13" r="9.5" class="symbol-ground"/><g transform="translate(7 7)"><path d="${shape.path}" ${stroke}/></g></svg>`;
}

function donutSvg(cluster: CameraCluster, emphasis: SymbolEmphasis): string {
  const size = symbolSize(cluster);
  const centre = size / 2;
  const radius = centre - 5;
  const states = countStates(cluster.cameras);
  const arcs = donutArcs(
    states.map((state) => state.count),
    centre,
    radius,
  );
  const ring = states
    .map((state, index) => `<path d="${arcs[index] ?? ''}" fill="none" stroke="${stateShapes[state.status].color}" stroke-width="5"/>`)
    .join('');
  const worst = states.find((state) => state.status === 'offline' || state.status === 'degraded');
  const badge =
    worst === undefined
      ? ''
      : `<g transform="translate(${centre - 4} ${size - 15}) scale(0.66)"><path d="${stateShapes[worst.status].path}" fill="${stateShapes[worst.status].color}"/></g>`;
  const lift = worst === undefined ? 0 : 3;
  const isAlarmed = cluster.cameras.some((camera) => camera.isAlarmed);
  return `<svg width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" aria-hidden="true">${ringOf(centre, centre - 1, emphasis, isAlarmed)}<circle cx="${centre}" cy="${centre}" r="${radius}" class="symbol-ground"/>${ring}<text x="${centre}" y="${centre - lift}" class="symbol-count">${cluster.cameras.length}</text>${badge}</svg>`;
}

function ringOf(centre: number, radius: number, emphasis: SymbolEmphasis, isAlarmed: boolean): string {
  const kind = emphasis.isSelected ? 'selected' : emphasis.isHighlighted ? 'highlighted' : isAlarmed ? 'alarmed' : null;
  return kind === null ? '' : `<circle cx="${centre}" cy="${centre}" r="${radius}" class="symbol-ring ${kind}"/>`;
}

function onRing(centre: number, radius: number, angleRad: number): string {
  return `${round2(centre + radius * Math.sin(angleRad))} ${round2(centre - radius * Math.cos(angleRad))}`;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
