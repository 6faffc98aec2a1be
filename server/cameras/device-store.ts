/** Queries of devices. */
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Device } from '../contract/cameras.ts';
import type { Queryable } from '../database/connect.ts';
import { cameras, devices } from './schema.ts';

export async function loadDevices(
  db: Queryable,
  filter: { readonly compoundId: string | null; readonly after: string | null; readonly limit: number },
): Promise<readonly Device[]> {
  return db
    .select(deviceColumns)
    .from(devices)
    .where(
      and(
        isNull(devices.removedAt),
        filter.compoundId === null ? undefined : eq(devices.compoundId, filter.compoundId),
        filter.after === null ? undefined : gt(devices.id, filter.after),
      ),
    )
    .orderBy(asc(devices.id))
    .limit(filter.limit);
}

/** A device that exists; nobody else changes it or takes a channel until the transaction ends. */
export async function lockDevice(tx: Queryable, id: string): Promise<Device | null> {
  const [row] = await tx
    .select(deviceColumns)
    .from(devices)
    .where(and(eq(devices.id, id), isNull(devices.removedAt)))
    .for('update');
  return row ?? null;
}

export async function insertDevice(tx: Queryable, device: Device, at: Date): Promise<void> {
  await tx.insert(devices).values({ ...device, createdAt: at });
}

export async function updateDevice(tx: Queryable, { id, ...columns }: Device): Promise<void> {
  await tx.update(devices).set(columns).where(eq(devices.id, id));
}

export async function markDeviceRemoved(tx: Queryable, id: string, at: Date): Promise<void> {
  await tx.update(devices).set({ removedAt: at }).where(eq(devices.id, id));
}

/** Channels of the device that cameras hold, ascending. */
export async function loadTakenChannels(tx: Queryable, deviceId: string): Promise<readonly number[]> {
  const rows = await tx
    .select({ channel: cameras.channel })
    .from(cameras)
    .where(and(eq(cameras.deviceId, deviceId), isNull(cameras.removedAt)))
    .orderBy(asc(cameras.channel));
  return rows.map((row) => row.channel);
}

/** Compound of a site link, or null when there is no such link. */
export async function findCompoundOfSiteLink(tx: Queryable, siteLinkId: string): Promise<string | null> {
  const [row] = await tx.execute<{ compound_id: string }>(sql`select compound_id from site_links where id = ${siteLinkId}::uuid`);
  return row?.compound_id ?? null;
}

const deviceColumns = {
  id: devices.id,
  kind: devices.kind,
  name: devices.name,
  vendor: devices.vendor,
  model: devices.model,
  host: devices.host,
  compoundId: devices.compoundId,
  siteLinkId: devices.siteLinkId,
  channelCount: devices.channelCount,
};
