/** Cameras: entering, changing, accepting and removing them, and what their media nodes shall do. */
import { v7 as newId } from 'uuid';
import { systemActor } from '../audit/change.ts';
import type { Actor, Change } from '../audit/change.ts';
import { applyPatch } from '../compounds/patch.ts';
import type { Patch } from '../compounds/patch.ts';
import type { SiteService } from '../compounds/site-service.ts';
import type { Camera } from '../contract/cameras.ts';
import type { Queryable } from '../database/connect.ts';
import { composeCameraState } from '../health/camera-state.ts';
import type { HealthService } from '../health/service.ts';
import { DomainError } from '../http/problem.ts';
import type { DesiredStateSource } from '../media-nodes/media-nodes.ts';
import type { Platform } from '../platform.ts';
import { buildDesiredStreams, chooseNode } from './desired-state.ts';
import type { CredentialCipher } from './credential-cipher.ts';
import { insertDevice, loadTakenChannels, lockDevice, markDeviceRemoved } from './device-store.ts';
import { readStreams, sealStreams, withoutSecret } from './stream-draft.ts';
import type { StreamDraft } from './stream-draft.ts';
import {
  assignOrphans,
  countOrphans,
  findCompoundOfBuilding,
  insertCamera,
  isCompoundKnown,
  loadAssignedStreams,
  loadCamera,
  loadCameras,
  loadNodeLoads,
  loadStreams,
  lockCamera,
  markCameraRemoved,
  saveAcceptance,
  saveStreams,
  updateCamera,
} from './store.ts';
import type { CameraColumns, CameraFilter, StoredCamera } from './store.ts';

export type CameraDraft = Omit<CameraColumns, 'deviceId' | 'channel'> & {
  /** Null: a device is made for it. */
  readonly deviceId: string | null;
  /** Null: the first free channel. */
  readonly channel: number | null;
  readonly streams: readonly StreamDraft[];
};

export type CameraPatch = Patch<Omit<CameraColumns, 'deviceId' | 'channel'>> & { readonly streams?: readonly StreamDraft[] | undefined };

export interface CameraService {
  /** Up to `limit` + 1 cameras in the order of ids. */
  page(filter: CameraFilter): Promise<readonly Camera[]>;
  /** @throws {DomainError} `not-found`. */
  find(id: string): Promise<Camera>;
  /** @throws {DomainError} `validation-failed` for addresses and references, `conflict` for a taken channel. */
  create(actor: Actor, draft: CameraDraft): Promise<Camera>;
  /** @throws {DomainError} as `create`, `not-found`. */
  update(actor: Actor, id: string, patch: CameraPatch): Promise<Camera>;
  /** Signed off on a day by a person, or taken back with both null. */
  accept(actor: Actor, id: string, acceptance: Pick<Camera, 'acceptedOn' | 'acceptedBy'>): Promise<Camera>;
  /** The camera goes; its history, alarms and recordings stay. */
  remove(actor: Actor, id: string): Promise<void>;
  /** Gives cameras without a node to this one. */
  adoptOrphans(nodeId: string): Promise<void>;
  readonly desiredState: DesiredStateSource;
}

export interface CameraServiceOptions {
  readonly platform: Pick<Platform, 'db' | 'changes' | 'log' | 'mediaNodes'>;
  readonly cipher: CredentialCipher;
  readonly health: HealthService;
  readonly sites: Pick<SiteService, 'forgetCamera'>;
}

export function createCameraService(options: CameraServiceOptions): CameraService {
  const { platform, cipher, health, sites } = options;
  const { db, changes, log, mediaNodes } = platform;

  const present = ({ status, ...camera }: StoredCamera): Camera => ({ ...camera, state: composeCameraState(status, health.measurements(camera.id)) });
  const find = async (id: string): Promise<Camera> => present(found(await loadCamera(db, id)));

  /** After a commit that changed what a node shall do or how a camera is judged. */
  const spread = async (id: string): Promise<Camera> => {
    const camera = found(await loadCamera(db, id));
    health.watch({ id, mode: camera.mode, isKeyPlace: camera.isKeyPlace, nodeId: camera.mediaNodeId });
    mediaNodes.desiredStateChanged();
    await health.settled();
    return find(id);
  };

  return {
    page: async (filter) => (await loadCameras(db, { ...filter, limit: filter.limit + 1 })).map(present),
    find,

    async create(actor, draft) {
      const { streams, deviceId, channel, ...rest } = draft;
      const addresses = readStreams(streams);
      const id = newId();
      const nodeId = chooseNode((await loadNodeLoads(db)).map((load) => ({ ...load, isLinked: mediaNodes.linkOf(load.id).isLinked })));
      await changes.make(actor, async (change) => {
        const place = await placeOf(change.tx, rest, deviceId);
        const socket =
          deviceId === null
            ? await makeDevice(change, rest.name, place.compoundId, addresses[0]?.host ?? null)
            : await takeChannel(change.tx, deviceId, channel);
        const columns: CameraColumns = { ...rest, ...place, ...socket };
        await insertCamera(change.tx, { id, ...columns, mediaNodeId: nodeId }, change.at);
        const sealed = sealStreams(id, addresses, [], cipher);
        await saveStreams(change.tx, id, sealed);
        await health.beginHistory(change, { id, mode: draft.mode, isKeyPlace: draft.isKeyPlace, nodeId });
        tell(change, 'camera.created', id, { ...columns, mediaNodeId: nodeId, streams: sealed.map(withoutSecret) });
      });
      return spread(id);
    },

    async update(actor, id, patch) {
      const { streams, ...columnsPatch } = patch;
      const addresses = streams === undefined ? null : readStreams(streams);
      await changes.make(actor, async (change) => {
        if (!(await lockCamera(change.tx, id))) throw new DomainError('not-found');
        const before = columnsOf(found(await loadCamera(change.tx, id)));
        const after = applyPatch<CameraColumns>(before, columnsPatch);
        const isMoved = after.compoundId !== before.compoundId || after.buildingId !== before.buildingId;
        await updateCamera(change.tx, id, isMoved ? { ...after, ...(await placeOf(change.tx, after, null)) } : after);
        const sealed = addresses === null ? null : sealStreams(id, addresses, await loadStreams(change.tx, id), cipher);
        if (sealed !== null) await saveStreams(change.tx, id, sealed);
        tell(change, 'camera.changed', id, { before, after, streams: sealed?.map(withoutSecret) ?? 'unchanged' });
      });
      return spread(id);
    },

    async accept(actor, id, acceptance) {
      await changes.make(actor, async (change) => {
        if (!(await lockCamera(change.tx, id))) throw new DomainError('not-found');
        await saveAcceptance(change.tx, id, acceptance);
        tell(change, acceptance.acceptedOn === null ? 'camera.acceptance-withdrawn' : 'camera.accepted', id, acceptance);
      });
      return find(id);
    },

    async remove(actor, id) {
      await changes.make(actor, async (change) => {
        if (!(await lockCamera(change.tx, id))) throw new DomainError('not-found');
        const camera = found(await loadCamera(change.tx, id));
        await markCameraRemoved(change.tx, id, change.at);
        await sites.forgetCamera(change, id);
        await health.endHistory(change, id);
        const device = await lockDevice(change.tx, camera.deviceId);
        if (device?.kind === 'ipc' && (await loadTakenChannels(change.tx, device.id)).length === 0)
          await markDeviceRemoved(change.tx, device.id, change.at);
        tell(change, 'camera.removed', id, columnsOf(camera));
      });
      health.unwatch(id);
      mediaNodes.desiredStateChanged();
    },

    async adoptOrphans(nodeId) {
      if ((await countOrphans(db)) === 0) return;
      const ids = await changes.make(systemActor, async (change) => {
        const adopted = await assignOrphans(change.tx, nodeId);
        for (const id of adopted) tell(change, 'camera.assigned', id, { mediaNodeId: nodeId });
        return adopted;
      });
      for (const id of ids) await spread(id);
    },

    desiredState: {
      loadDesiredStreams: async (nodeId) =>
        buildDesiredStreams(await loadAssignedStreams(db, nodeId), cipher, ({ cameraId, role }, error) =>
          log.error({ err: error, cameraId, role }, 'cameras.credentials-unreadable'),
        ),
    },
  };
}

/** Compound and building that fit together: a building implies its compound, a device's compound is the default. */
async function placeOf(
  tx: Queryable,
  wanted: Pick<CameraColumns, 'compoundId' | 'buildingId'>,
  deviceId: string | null,
): Promise<Pick<CameraColumns, 'compoundId' | 'buildingId'>> {
  if (wanted.buildingId !== null) {
    const compoundId = await findCompoundOfBuilding(tx, wanted.buildingId);
    if (compoundId === null || (wanted.compoundId !== null && wanted.compoundId !== compoundId)) {
      refuse('body.buildingId', 'There is no such building in the compound');
    }
    return { compoundId, buildingId: wanted.buildingId };
  }
  if (wanted.compoundId !== null && !(await isCompoundKnown(tx, wanted.compoundId))) refuse('body.compoundId', 'There is no such compound');
  const ofDevice = wanted.compoundId === null && deviceId !== null ? ((await lockDevice(tx, deviceId))?.compoundId ?? null) : null;
  return { compoundId: wanted.compoundId ?? ofDevice, buildingId: null };
}

/** A camera without a recorder is a device of its own. */
async function makeDevice(change: Change, name: string, compoundId: string | null, host: string | null) {
  const device = { id: newId(), kind: 'ipc' as const, name, vendor: null, model: null, host, compoundId, siteLinkId: null, channelCount: 1 };
  await insertDevice(change.tx, device, change.at);
  change.audit({ action: 'device.created', subjectKind: 'device', subjectId: device.id, detail: device });
  return { deviceId: device.id, channel: 1 };
}

async function takeChannel(tx: Queryable, deviceId: string, wanted: number | null) {
  const device = await lockDevice(tx, deviceId);
  if (device === null) return refuse('body.deviceId', 'There is no such device');
  const taken = await loadTakenChannels(tx, deviceId);
  const free = Array.from({ length: device.channelCount }, (_, index) => index + 1).find((channel) => !taken.includes(channel));
  const channel = wanted ?? free;
  if (channel === undefined) throw new DomainError('conflict', { detail: 'Every channel of the device is taken' });
  if (channel > device.channelCount) refuse('body.channel', `The device has ${device.channelCount} channels`);
  if (taken.includes(channel)) throw new DomainError('conflict', { detail: `Channel ${channel} of the device is taken` });
  return { deviceId, channel };
}

function columnsOf(camera: CameraColumns): CameraColumns {
  const { name, deviceId, channel, compoundId, buildingId, longitude, latitude, bearingDeg, mode, isRecorded, retentionDays, isKeyPlace } = camera;
  return { name, deviceId, channel, compoundId, buildingId, longitude, latitude, bearingDeg, mode, isRecorded, retentionDays, isKeyPlace };
}

function tell(change: Change, action: string, cameraId: string, detail: unknown): void {
  change.audit({ action, subjectKind: 'camera', subjectId: cameraId, detail });
  change.announce({ name: 'district.changed' });
}

function found<Thing>(thing: Thing | null): Thing {
  if (thing === null) throw new DomainError('not-found');
  return thing;
}

function refuse(path: string, message: string): never {
  throw new DomainError('validation-failed', { errors: [{ path, message }] });
}
