/**
 * Raises and clears the alarms of offline cameras: feeds news of statuses and the passing of time to the pure transition and
 * carries out its effects.
 *
 * After a restart the state of every troubled camera is added up from the stored intervals, so that a debounce that was
 * running goes on; the unique index on active alarms makes raising twice impossible whatever happens in between.
 */
import { v7 as newId } from 'uuid';
import { systemActor } from '../audit/change.ts';
import type { Change } from '../audit/change.ts';
import { createDueTimes } from '../health/due-times.ts';
import type { HealthService, StatusNews } from '../health/service.ts';
import type { Platform } from '../platform.ts';
import { nextOfflineAlarm, QUIET, recallOfflineAlarm } from './offline-alarm.ts';
import type { OfflineAlarmEffect, OfflineAlarmState } from './offline-alarm.ts';
import {
  insertAlarm,
  loadActiveAlarms,
  loadActiveOfRemovedCameras,
  loadAlarmsById,
  loadTroubledIntervals,
  saveCleared,
  saveReason,
} from './store.ts';

export interface OfflineAlarms {
  /** Recalls what was running. Before health starts, so that no news is missed. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Settles when every effect so far is stored. */
  settled(): Promise<void>;
}

export type AlarmsPlatform = Pick<Platform, 'db' | 'changes' | 'clock' | 'log' | 'settings'>;

export function createOfflineAlarms(platform: AlarmsPlatform, health: Pick<HealthService, 'onNews'>): OfflineAlarms {
  return new Watch(platform, health);
}

interface Effect {
  readonly cameraId: string;
  readonly effect: OfflineAlarmEffect;
}

/** Effects of one transaction; each is a few statements. */
const BATCH = 100;
const RETRY_MS = 1_000;

class Watch implements OfflineAlarms {
  readonly #platform: AlarmsPlatform;
  readonly #health: Pick<HealthService, 'onNews'>;
  /** Cameras that are not quiet. */
  readonly #states = new Map<string, OfflineAlarmState>();
  /** Newest news of the cameras above. */
  readonly #news = new Map<string, StatusNews>();
  readonly #due;
  #queue: Effect[] = [];
  #writing: Promise<void> | null = null;
  #cancelRetry: (() => void) | null = null;
  #endNews: (() => void) | null = null;
  #isStopped = false;

  constructor(platform: AlarmsPlatform, health: Pick<HealthService, 'onNews'>) {
    this.#platform = platform;
    this.#health = health;
    this.#due = createDueTimes(platform.clock, (cameraIds) => {
      for (const cameraId of cameraIds) this.#step(cameraId);
      this.#flush();
    });
  }

  async start(): Promise<void> {
    const { db, clock } = this.#platform;
    const active = new Map((await loadActiveAlarms(db)).map((alarm) => [alarm.cameraId, alarm]));
    for (const [cameraId, { beganAtMs, reason }] of active) this.#states.set(cameraId, recallOfflineAlarm({ beganAtMs, reason }, []));
    for (const [cameraId, intervals] of Map.groupBy(await loadTroubledIntervals(db), (interval) => interval.cameraId)) {
      const present = intervals.at(-1);
      if (present === undefined) continue;
      if (!active.has(cameraId)) this.#states.set(cameraId, recallOfflineAlarm(null, intervals));
      this.#news.set(cameraId, present);
    }
    const nowMs = clock.wallClockMs();
    for (const cameraId of await loadActiveOfRemovedCameras(db)) {
      this.#news.set(cameraId, { cameraId, isKeyPlace: false, status: 'removed', reason: null, sinceMs: nowMs, pictureLostAtMs: null });
      this.#step(cameraId);
    }
    this.#endNews = this.#health.onNews((news) => {
      for (const one of news) {
        this.#news.set(one.cameraId, one);
        this.#step(one.cameraId);
      }
      this.#flush();
    });
    this.#flush();
    await this.settled();
  }

  async stop(): Promise<void> {
    this.#endNews?.();
    this.#due.stop();
    this.#flush();
    this.#isStopped = true;
    await this.settled();
    this.#cancelRetry?.();
  }

  async settled(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  #step(cameraId: string): void {
    const news = this.#news.get(cameraId);
    if (news === undefined || this.#isStopped) return;
    const { alarms } = this.#platform.settings;
    const debounceMs = (news.isKeyPlace ? alarms.keyPlaceDebounceSeconds : alarms.offlineDebounceSeconds) * 1000;
    const step = nextOfflineAlarm(this.#states.get(cameraId) ?? QUIET, news, { debounceMs }, this.#platform.clock.wallClockMs());
    this.#due.set(cameraId, step.dueAtMs);
    if (step.effect !== null) this.#queue.push({ cameraId, effect: step.effect });
    if (step.state.kind === 'quiet') {
      this.#states.delete(cameraId);
      this.#news.delete(cameraId);
    } else {
      this.#states.set(cameraId, step.state);
    }
  }

  #flush(): void {
    if (this.#writing !== null || this.#cancelRetry !== null || this.#queue.length === 0 || this.#isStopped) return;
    this.#writing = this.#writeQueue().finally(() => {
      this.#writing = null;
    });
  }

  async #writeQueue(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, BATCH);
      try {
        await this.#platform.changes.make(systemActor, (change) => carryOut(change, batch));
        this.#queue.splice(0, batch.length);
      } catch (error) {
        this.#platform.log.error({ err: error, count: this.#queue.length }, 'alarms.write-failed');
        this.#cancelRetry = this.#platform.clock.setTimer(RETRY_MS, () => {
          this.#cancelRetry = null;
          this.#flush();
        });
        return;
      }
    }
  }
}

async function carryOut(change: Change, effects: readonly Effect[]): Promise<void> {
  const raised: string[] = [];
  const changed = new Set<string>();
  for (const { cameraId, effect } of effects) {
    switch (effect.kind) {
      case 'raise': {
        const id = newId();
        const isNew = await insertAlarm(change.tx, { id, cameraId, reason: effect.reason, beganAt: new Date(effect.beganAtMs), raisedAt: change.at });
        if (isNew) raised.push(id);
        break;
      }
      case 'change-reason':
        for (const id of await saveReason(change.tx, cameraId, effect.reason)) changed.add(id);
        break;
      case 'clear':
        for (const id of await saveCleared(change.tx, cameraId, new Date(effect.clearedAtMs))) changed.add(id);
        break;
    }
  }
  for (const alarm of await loadAlarmsById(change.tx, [...raised, ...changed])) {
    const isRaised = raised.includes(alarm.id);
    const action = isRaised ? 'alarm.raised' : alarm.condition === 'cleared' ? 'alarm.cleared' : 'alarm.reason-changed';
    change.audit({ action, subjectKind: 'alarm', subjectId: alarm.id, detail: { cameraId: alarm.cameraId, reason: alarm.reason } });
    change.announce({ name: isRaised ? 'alarm.raised' : 'alarm.changed', alarm });
  }
}
