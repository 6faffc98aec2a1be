/**
 * Puts the demo district together: the hand-written plans of `compounds.ts` on the sites of `sites.json`.
 */
import { DEMO_AREAS } from './areas.ts';
import { COMPOUND_PLANS } from './compounds.ts';
import type { CameraPlan, CompoundPlan } from './compounds.ts';
import type { Anchor, Site } from './city/sites.ts';
import type { DemoBuilding, DemoCamera, DemoCompound, DemoDevice, DemoDistrict, DemoMonitoringPoint, DemoPosition, DemoSiteLink } from './types.ts';
import sitesFile from './sites.json' with { type: 'json' };

/** The whole district; the same on every call. Throws when a plan names a place that its site does not have. */
export function composeDemoDistrict(): DemoDistrict {
  const placed = COMPOUND_PLANS.map((plan) => placeCompound(plan, siteOf(plan.key)));
  return {
    areas: DEMO_AREAS,
    compounds: placed.map((part) => part.compound),
    buildings: placed.flatMap((part) => part.buildings),
    monitoringPoints: placed.flatMap((part) => part.monitoringPoints),
    siteLinks: placed.map((part) => part.siteLink),
    devices: placed.flatMap((part) => part.devices),
    cameras: placed.flatMap((part) => part.cameras),
    coverageTargets: [
      { areaKey: 'zizhong', kind: 'A', target: 0.85 },
      { areaKey: 'zizhong', kind: 'B', target: 0.85 },
    ],
  };
}

interface PlacedCompound {
  readonly compound: DemoCompound;
  readonly buildings: readonly DemoBuilding[];
  readonly monitoringPoints: readonly DemoMonitoringPoint[];
  readonly siteLink: DemoSiteLink;
  readonly devices: readonly DemoDevice[];
  readonly cameras: readonly DemoCamera[];
}

/** JSON has no tuples, so the compiler knows the file's pairs only as lists. */
const SITES = sitesFile as unknown as readonly Site[];

function siteOf(key: string): Site {
  const site = SITES.find((candidate) => candidate.key === key);
  if (site === undefined) throw new Error(`sites.json has no site ${key}`);
  return site;
}

function placeCompound(plan: CompoundPlan, site: Site): PlacedCompound {
  const { key } = plan;
  const first = site.boundary[0];
  if (first === undefined) throw new Error(`site ${key} has no boundary`);
  const siteLink: DemoSiteLink = { key: `${key}/link`, compoundKey: key, name: `${shortName(plan.name)}上联链路`, provider: plan.provider };
  const points = [
    ...plan.requiredPoints.map((anchor) => ({ anchor, isRequired: true })),
    ...(plan.otherPoints ?? []).map((anchor) => ({ anchor, isRequired: false })),
  ];
  const { devices, cameras } = placeCameras(plan, site, siteLink.key);
  return {
    compound: {
      key,
      areaKey: plan.areaKey,
      name: plan.name,
      address: plan.address,
      category: plan.category,
      phase: plan.phase,
      state: plan.state,
      position: positionOf(site.position),
      boundary: { type: 'Polygon', coordinates: [[...site.boundary, first]] },
    },
    buildings: site.buildings.map((building, index) => ({
      key: buildingKey(key, index + 1),
      compoundKey: key,
      name: building.name,
      position: middleOf(building.footprint),
    })),
    monitoringPoints: points.map(({ anchor: anchorKey, isRequired }) => {
      const anchor = anchorOf(site, anchorKey);
      return {
        key: `${key}/${anchorKey}`,
        compoundKey: key,
        buildingKey: buildingOfAnchor(key, anchor),
        kind: anchor.kind,
        name: anchor.name,
        isRequired,
        position: positionOf(anchor.position),
      };
    }),
    siteLink,
    devices,
    cameras,
  };
}

function placeCameras(plan: CompoundPlan, site: Site, siteLinkKey: string): { readonly devices: DemoDevice[]; readonly cameras: DemoCamera[] } {
  const devices: DemoDevice[] = [];
  const cameras: DemoCamera[] = [];
  const head = { compoundKey: plan.key, siteLinkKey, vendor: '仿真设备' };
  const nvrCameras = plan.nvr === null ? [] : plan.cameras.filter((camera) => camera.isOwnDevice !== true);
  if (plan.nvr !== null)
    devices.push({ ...head, key: `${plan.key}/nvr`, kind: 'nvr', name: plan.nvr, model: 'SIM-NVR', channelCount: nvrCameras.length });
  plan.cameras.forEach((camera, index) => {
    const key = `${plan.key}/camera-${index + 1}`;
    const channel = nvrCameras.indexOf(camera) + 1;
    const deviceKey = channel > 0 ? `${plan.key}/nvr` : `${plan.key}/ipc-${index + 1}`;
    if (channel === 0)
      devices.push({
        ...head,
        key: deviceKey,
        kind: 'ipc',
        name: camera.name,
        model: camera.codec === 'h265' ? 'SIM-IPC-265' : 'SIM-IPC-264',
        channelCount: 1,
      });
    cameras.push(placeCamera(plan, site, camera, { key, deviceKey, channel: Math.max(1, channel) }));
  });
  return { devices, cameras };
}

function placeCamera(
  plan: CompoundPlan,
  site: Site,
  camera: CameraPlan,
  place: { readonly key: string; readonly deviceKey: string; readonly channel: number },
): DemoCamera {
  const anchor = anchorOf(site, camera.at);
  const seen = camera.sees ?? [camera.at];
  return {
    ...place,
    compoundKey: plan.key,
    buildingKey: buildingOfAnchor(plan.key, anchor),
    name: camera.name,
    position: positionOf(anchor.position),
    bearingDeg: anchor.bearingDeg,
    mode: 'always',
    isKeyPlace: camera.isKeyPlace ?? false,
    acceptance: plan.acceptance,
    pointKeys: seen.map((anchorKey) => `${plan.key}/${anchorKey}`),
    clip: { place: camera.place, light: camera.light ?? 'day' },
    codec: camera.codec ?? 'h264',
    audio: camera.audio ?? 'none',
    fault: camera.fault ?? null,
  };
}

function anchorOf(site: Site, key: string): Anchor {
  const anchor = site.anchors.find((candidate) => candidate.key === key);
  if (anchor === undefined) throw new Error(`site ${site.key} has no ${key}; it has ${site.anchors.map((known) => known.key).join(', ')}`);
  return anchor;
}

/** `building-entrance:3.2` belongs to building 3. */
function buildingOfAnchor(compoundKey: string, anchor: Anchor): string | null {
  const number = /^building-entrance:(\d+)\./.exec(anchor.key)?.[1];
  return number === undefined ? null : buildingKey(compoundKey, Number(number));
}

function buildingKey(compoundKey: string, number: number): string {
  return `${compoundKey}/building-${number}`;
}

/** What people call it: without the brackets that registers add. */
function shortName(name: string): string {
  return name.replace(/（.*$/, '');
}

function middleOf(ring: readonly (readonly [number, number])[]): DemoPosition {
  const sum = ring.reduce((total, [longitude, latitude]) => [total[0] + longitude, total[1] + latitude] as const, [0, 0] as const);
  return { longitude: round7(sum[0] / ring.length), latitude: round7(sum[1] / ring.length) };
}

function positionOf([longitude, latitude]: readonly [number, number]): DemoPosition {
  return { longitude, latitude };
}

function round7(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}
