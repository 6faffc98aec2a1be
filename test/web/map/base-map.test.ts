import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BaseMapFile } from '../../../web/map/base-map-format.ts';
import { fromWorldPixel, isInView, metresPerPixel, readBaseMap, toWorldPixel } from '../../../web/map/base-map.ts';
import { placeLabels, textWidthOf } from '../../../web/map/base-map-labels.ts';
import { lineWidthOf, paintBaseMap } from '../../../web/map/base-map-paint.ts';
import type { PaintContext } from '../../../web/map/base-map-paint.ts';
import { DARK_PALETTE, LIGHT_PALETTE } from '../../../web/map/base-map-palette.ts';

const small: BaseMapFile = {
  format: 'yilan-base-map/1',
  attribution: '示意',
  originDeg: [104, 29],
  stepDeg: 1e-5,
  areas: [{ kind: 'river', rings: [[0, 0, 1000, 0, 0, 1000]] }],
  lines: [{ kind: 'primary', paths: [[0, 0, 2000, 0]], names: ['凤凰大道'] }],
  buildings: [{ storeys: 'low', rings: [[10, 10, 20, 0, 0, 20, -20, 0]] }],
  labels: [{ kind: 'park', name: '东湖公园', at: [500, 500] }],
};

describe('base map', () => {
  it('projects as web Mercator does: the equator in the middle, 85.05° at the edge', () => {
    expect(toWorldPixel(0, 0)).toEqual([128, 128]);
    expect(toWorldPixel(-180, 85.0511287798)[1]).toBeCloseTo(0, 6);
    const [x, y] = toWorldPixel(104.852, 29.7685);
    expect(fromWorldPixel(x, y).lat).toBeCloseTo(29.7685, 9);
    expect(fromWorldPixel(x, y).lng).toBeCloseTo(104.852, 9);
    expect(metresPerPixel(0, 0)).toBeCloseTo(156_543.03, 1);
  });

  it('unpacks differences into places', () => {
    const river = readBaseMap(small).areas.get('river')?.[0];
    const corners = [
      [104, 29],
      [104.01, 29],
      [104.01, 29.01],
    ].map(([longitude, latitude]) => toWorldPixel(longitude ?? 0, latitude ?? 0));
    expect([...(river?.points ?? [])]).toEqual(corners.flat().map((value) => expect.closeTo(value, 9) as number));
    expect(river?.minX).toBeCloseTo(corners[0]?.[0] ?? 0, 9);
    expect(river?.minY).toBeCloseTo(corners[2]?.[1] ?? 0, 9);
  });

  it('finds what a window shows', () => {
    const map = readBaseMap(small);
    const house = map.buildings.get('low')![0]!;
    const [x, y] = toWorldPixel(104.0001, 29.0001);
    const view = { zoom: 16, left: x * 2 ** 16 - 50, top: y * 2 ** 16 - 50, width: 100, height: 100 };
    expect(isInView(house, view, 0)).toBe(true);
    expect(isInView(house, { ...view, left: view.left + 5000 }, 0)).toBe(false);
  });

  it('keeps wide streets wider than narrow ones at every zoom', () => {
    for (let zoom = 11; zoom <= 19; zoom++) {
      const widths = (['primary', 'secondary', 'tertiary', 'residential'] as const).map((kind) => lineWidthOf(kind, zoom));
      expect(widths).toEqual(widths.toSorted((a, b) => b - a));
      expect(new Set(widths).size).toBe(4);
    }
  });

  it('paints the ground of the window first and only what it shows', () => {
    const painted: string[] = [];
    const context = recordingContext(painted);
    const [x, y] = toWorldPixel(104.005, 29.002);
    paintBaseMap(context, readBaseMap(small), { zoom: 15, left: x * 2 ** 15 - 128, top: y * 2 ** 15 - 128, width: 256, height: 256 }, DARK_PALETTE);
    expect(painted[0]).toBe(`rect ${DARK_PALETTE.outside}`);
    expect(painted).toContain(`fill ${DARK_PALETTE.areas.river}`);
    expect(painted).toContain(`stroke ${DARK_PALETTE.lines.primary.fill}`);
    expect(painted.indexOf(`fill ${DARK_PALETTE.areas.river}`)).toBeLessThan(painted.indexOf(`stroke ${DARK_PALETTE.lines.primary.casing}`));
    const elsewhere: string[] = [];
    paintBaseMap(recordingContext(elsewhere), readBaseMap(small), { zoom: 15, left: 0, top: 0, width: 256, height: 256 }, DARK_PALETTE);
    expect(elsewhere).toEqual([`rect ${DARK_PALETTE.outside}`]);
  });

  it('has both themes in quiet colours: none is as saturated as a state', () => {
    for (const palette of [DARK_PALETTE, LIGHT_PALETTE]) {
      for (const colour of [
        ...Object.values(palette.areas),
        ...Object.values(palette.buildings),
        ...Object.values(palette.lines).flatMap((line) => [line.fill, line.casing]),
      ]) {
        expect(saturationRange(colour), colour).toBeLessThan(0.35);
      }
    }
  });

  it('places names so that none touches another, at every zoom of the real map', () => {
    const map = readBaseMap(JSON.parse(readFileSync('web/public/base-map/zizhong.json', 'utf8')) as BaseMapFile);
    for (const zoom of [13, 15, 17]) {
      const labels = placeLabels(map, zoom);
      expect(labels.length).toBeGreaterThan(10);
      for (let index = 0; index < labels.length; index++) {
        const one = labels[index]!;
        const touching = labels
          .slice(index + 1)
          .find(
            (other) => Math.abs(one.x - other.x) < one.halfWidth + other.halfWidth && Math.abs(one.y - other.y) < one.halfHeight + other.halfHeight,
          );
        expect(touching && `${one.text} touches ${touching.text}`).toBeUndefined();
        expect(Math.abs(one.angleRad)).toBeLessThanOrEqual(Math.PI / 2);
      }
    }
  });

  it('measures Chinese as wide as it is high', () => {
    expect(textWidthOf('文庙路', 12)).toBe(36);
    expect(textWidthOf('A1', 10)).toBeCloseTo(11.2, 6);
  });
});

/** Difference of the strongest and the weakest channel, 0 to 1. */
function saturationRange(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  return Math.max(...channels) - Math.min(...channels);
}

/** The painter uses plain colours only; a gradient would not be one. */
function textOf(style: PaintContext['fillStyle']): string {
  return typeof style === 'string' ? style : 'not a colour';
}

function recordingContext(painted: string[]): PaintContext {
  const context: PaintContext = {
    fillStyle: '',
    strokeStyle: '',
    lineWidth: 1,
    lineCap: 'butt',
    lineJoin: 'miter',
    beginPath: () => undefined,
    moveTo: () => undefined,
    lineTo: () => undefined,
    closePath: () => undefined,
    setLineDash: () => undefined,
    fill: () => void painted.push(`fill ${textOf(context.fillStyle)}`),
    stroke: () => void painted.push(`stroke ${textOf(context.strokeStyle)}`),
    fillRect: () => void painted.push(`rect ${textOf(context.fillStyle)}`),
  };
  return context;
}
