/**
 * Brings the demo district into a server through its API. May be interrupted and repeated: what is there already (same
 * name under the same parent) is kept, so that the next start goes on where the last one ended.
 */
import type { Area, Building, Compound, MonitoringPoint, SiteLink } from '../../server/contract/district.ts';
import type { Camera, Device } from '../../server/contract/cameras.ts';
import type { ApiClient } from './api-client.ts';
import type { DemoCamera, DemoDistrict } from './district/types.ts';

export interface CameraAddress {
  readonly main: string;
  readonly sub: string;
}

type Ids = ReadonlyMap<string, string>;

/** Seeds everything; `addresses` in the order of `district.cameras`. `report` gets a short line now and then. */
export async function seedDistrict(
  api: ApiClient,
  district: DemoDistrict,
  addresses: readonly CameraAddress[],
  report: (line: string) => void,
): Promise<void> {
  const areas = await seedAreas(api, district);
  const compounds = await seedCompounds(api, district, areas);
  const buildings = await seedBuildings(api, district, compounds);
  const points = await seedPoints(api, district, compounds, buildings);
  const devices = await seedDevices(api, district, compounds);
  report(`district: ${areas.size} areas, ${compounds.size} compounds, ${points.size} monitoring points`);
  const cameras = await seedCameras(api, district, addresses, { compounds, buildings, devices });
  await linkCameras(api, district, points, cameras);
  for (const target of district.coverageTargets) {
    await api.send('PUT', '/coverage-targets', { areaId: idOf(areas, target.areaKey), kind: target.kind, target: target.target });
  }
  report(`cameras: ${cameras.size}`);
}

async function seedAreas(api: ApiClient, district: DemoDistrict): Promise<Ids> {
  const existing = await api.list<Area>('/areas');
  const ids = new Map<string, string>();
  for (const area of district.areas) {
    const parentId = area.parentKey === null ? null : idOf(ids, area.parentKey);
    const found = existing.find((candidate) => candidate.name === area.name && candidate.parentId === parentId);
    const body = { parentId, kind: area.kind, name: area.name, divisionCode: area.divisionCode };
    ids.set(area.key, (found ?? (await api.send<Area>('POST', '/areas', body))).id);
  }
  return ids;
}

async function seedCompounds(api: ApiClient, district: DemoDistrict, areas: Ids): Promise<Ids> {
  const existing = await api.list<Compound>('/compounds');
  const ids = new Map<string, string>();
  for (const compound of district.compounds) {
    const { key, areaKey, position, ...fields } = compound;
    const found = existing.find((candidate) => candidate.name === compound.name);
    const body = { ...fields, ...position, areaId: idOf(areas, areaKey) };
    ids.set(key, (found ?? (await api.send<Compound>('POST', '/compounds', body))).id);
  }
  return ids;
}

async function seedBuildings(api: ApiClient, district: DemoDistrict, compounds: Ids): Promise<Ids> {
  const existing = await api.list<Building>('/buildings');
  const ids = new Map<string, string>();
  for (const building of district.buildings) {
    const compoundId = idOf(compounds, building.compoundKey);
    const found = existing.find((candidate) => candidate.compoundId === compoundId && candidate.name === building.name);
    ids.set(building.key, (found ?? (await api.send<Building>('POST', '/buildings', { compoundId, name: building.name, ...building.position }))).id);
  }
  return ids;
}

async function seedPoints(api: ApiClient, district: DemoDistrict, compounds: Ids, buildings: Ids): Promise<Ids> {
  const existing = await api.list<MonitoringPoint>('/monitoring-points');
  const ids = new Map<string, string>();
  for (const point of district.monitoringPoints) {
    const compoundId = idOf(compounds, point.compoundKey);
    const found = existing.find((candidate) => candidate.compoundId === compoundId && candidate.name === point.name);
    const body = {
      compoundId,
      buildingId: point.buildingKey === null ? null : idOf(buildings, point.buildingKey),
      kind: point.kind,
      name: point.name,
      isRequired: point.isRequired,
      ...point.position,
    };
    ids.set(point.key, (found ?? (await api.send<MonitoringPoint>('POST', '/monitoring-points', body))).id);
  }
  return ids;
}

async function seedDevices(api: ApiClient, district: DemoDistrict, compounds: Ids): Promise<Ids> {
  const existingLinks = await api.list<SiteLink>('/site-links');
  const links = new Map<string, string>();
  for (const link of district.siteLinks) {
    const compoundId = idOf(compounds, link.compoundKey);
    const found = existingLinks.find((candidate) => candidate.compoundId === compoundId && candidate.name === link.name);
    links.set(link.key, (found ?? (await api.send<SiteLink>('POST', '/site-links', { compoundId, name: link.name, provider: link.provider }))).id);
  }
  const existing = await api.list<Device>('/devices');
  const ids = new Map<string, string>();
  for (const device of district.devices) {
    const { key, compoundKey, siteLinkKey, ...fields } = device;
    const compoundId = idOf(compounds, compoundKey);
    const found = existing.find((candidate) => candidate.compoundId === compoundId && candidate.name === device.name);
    const body = { ...fields, host: '127.0.0.1', compoundId, siteLinkId: idOf(links, siteLinkKey) };
    ids.set(key, (found ?? (await api.send<Device>('POST', '/devices', body))).id);
  }
  return ids;
}

async function seedCameras(
  api: ApiClient,
  district: DemoDistrict,
  addresses: readonly CameraAddress[],
  ids: { readonly compounds: Ids; readonly buildings: Ids; readonly devices: Ids },
): Promise<Ids> {
  const existing = await api.list<Camera>('/cameras');
  const cameras = new Map<string, string>();
  for (const [index, camera] of district.cameras.entries()) {
    const address = addresses[index];
    if (address === undefined) throw new Error(`no address for camera ${camera.key}`);
    const found = existing.find((candidate) => candidate.name === camera.name);
    const saved = found === undefined ? await addCamera(api, camera, address, ids) : await updateAddress(api, found, address);
    if (camera.acceptance !== null && saved.acceptedOn === null) await api.send('PUT', `/cameras/${saved.id}/acceptance`, camera.acceptance);
    cameras.set(camera.key, saved.id);
  }
  return cameras;
}

function addCamera(
  api: ApiClient,
  camera: DemoCamera,
  address: CameraAddress,
  ids: { readonly compounds: Ids; readonly buildings: Ids; readonly devices: Ids },
): Promise<Camera> {
  return api.send<Camera>('POST', '/cameras', {
    name: camera.name,
    compoundId: idOf(ids.compounds, camera.compoundKey),
    buildingId: camera.buildingKey === null ? null : idOf(ids.buildings, camera.buildingKey),
    deviceId: idOf(ids.devices, camera.deviceKey),
    channel: camera.channel,
    ...camera.position,
    bearingDeg: camera.bearingDeg,
    mode: camera.mode,
    isKeyPlace: camera.isKeyPlace,
    streams: streamsAt(address),
  });
}

/** The simulator's ports may have changed since the last start. */
async function updateAddress(api: ApiClient, camera: Camera, address: CameraAddress): Promise<Camera> {
  const bare = (url: string): string => {
    const parsed = new URL(url);
    parsed.username = '';
    parsed.password = '';
    return parsed.href;
  };
  const known = new Map(camera.streams.map((stream) => [stream.role, stream.url]));
  if (known.get('main') === bare(address.main) && known.get('sub') === bare(address.sub)) return camera;
  return await api.send<Camera>('PATCH', `/cameras/${camera.id}`, { streams: streamsAt(address) });
}

function streamsAt(address: CameraAddress): readonly { readonly role: 'main' | 'sub'; readonly url: string }[] {
  return [
    { role: 'main', url: address.main },
    { role: 'sub', url: address.sub },
  ];
}

async function linkCameras(api: ApiClient, district: DemoDistrict, points: Ids, cameras: Ids): Promise<void> {
  const existing = new Map((await api.list<MonitoringPoint>('/monitoring-points')).map((point) => [point.id, point.cameraIds]));
  for (const point of district.monitoringPoints) {
    const pointId = idOf(points, point.key);
    const cameraIds = district.cameras.filter((camera) => camera.pointKeys.includes(point.key)).map((camera) => idOf(cameras, camera.key));
    const known = existing.get(pointId) ?? [];
    if (cameraIds.length === known.length && cameraIds.every((id) => known.includes(id))) continue;
    await api.send('PUT', `/monitoring-points/${pointId}/cameras`, { cameraIds });
  }
}

function idOf(ids: Ids, key: string): string {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`the demo district refers to ${key}, which is not there`);
  return id;
}
