/** Devices: what cameras hang on. */
import { v7 as newId } from 'uuid';
import type { Actor, Changes } from '../audit/change.ts';
import { applyPatch } from '../compounds/patch.ts';
import type { Patch } from '../compounds/patch.ts';
import type { Device } from '../contract/cameras.ts';
import type { Database, Queryable } from '../database/connect.ts';
import { DomainError } from '../http/problem.ts';
import { findCompoundOfSiteLink, insertDevice, loadDevices, loadTakenChannels, lockDevice, updateDevice } from './device-store.ts';
import { isCompoundKnown } from './store.ts';

export type DeviceDraft = Omit<Device, 'id'>;

export interface DeviceService {
  /** Up to `limit` + 1 devices in the order of ids. */
  page(filter: { readonly compoundId: string | null; readonly after: string | null; readonly limit: number }): Promise<readonly Device[]>;
  /** @throws {DomainError} `validation-failed` for an unknown compound or another compound's site link. */
  create(actor: Actor, draft: DeviceDraft): Promise<Device>;
  /** @throws {DomainError} as `create`, `not-found`, `in-use` when cameras hold channels beyond the new count. */
  update(actor: Actor, id: string, patch: Patch<Omit<DeviceDraft, 'kind'>>): Promise<Device>;
}

export function createDeviceService(options: { readonly db: Database; readonly changes: Changes }): DeviceService {
  const { db, changes } = options;
  return {
    page: (filter) => loadDevices(db, { ...filter, limit: filter.limit + 1 }),

    create: (actor, draft) =>
      changes.make(actor, async (change) => {
        const device: Device = { id: newId(), ...draft };
        await refuseMisplaced(change.tx, device);
        await insertDevice(change.tx, device, change.at);
        change.audit({ action: 'device.created', subjectKind: 'device', subjectId: device.id, detail: device });
        change.announce({ name: 'district.changed' });
        return device;
      }),

    update: (actor, id, patch) =>
      changes.make(actor, async (change) => {
        const before = await lockDevice(change.tx, id);
        if (before === null) throw new DomainError('not-found');
        const after = applyPatch<Device>(before, patch);
        await refuseMisplaced(change.tx, after);
        const highest = (await loadTakenChannels(change.tx, id)).at(-1) ?? 0;
        if (highest > after.channelCount) throw new DomainError('in-use', { detail: `A camera holds channel ${highest}` });
        await updateDevice(change.tx, after);
        change.audit({ action: 'device.changed', subjectKind: 'device', subjectId: id, detail: { before, after } });
        change.announce({ name: 'district.changed' });
        return after;
      }),
  };
}

async function refuseMisplaced(tx: Queryable, device: Device): Promise<void> {
  if (device.compoundId !== null && !(await isCompoundKnown(tx, device.compoundId))) refuse('body.compoundId', 'There is no such compound');
  if (device.siteLinkId !== null && (await findCompoundOfSiteLink(tx, device.siteLinkId)) !== device.compoundId) {
    refuse('body.siteLinkId', 'There is no such site link in the compound');
  }
}

function refuse(path: string, message: string): never {
  throw new DomainError('validation-failed', { errors: [{ path, message }] });
}
