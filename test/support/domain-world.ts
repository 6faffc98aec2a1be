/**
 * All domain folders on a real database, with a clock and media nodes that tests move by hand. `restart()` is a server that died and
 * came back: everything in memory is gone, the database stays.
 */
import { randomBytes } from 'node:crypto';
import { createAlarmsModule } from '../../server/alarms/module.ts';
import type { OfflineAlarms } from '../../server/alarms/offline-alarms.ts';
import { createAreasModule } from '../../server/areas/module.ts';
import { createChanges } from '../../server/audit/change.ts';
import { createCredentialCipher } from '../../server/cameras/credential-cipher.ts';
import { createCamerasModule } from '../../server/cameras/module.ts';
import type { Clock } from '../../server/clock/clock.ts';
import { createCompoundsModule } from '../../server/compounds/module.ts';
import { createCoverageModule } from '../../server/coverage/module.ts';
import { createHealthModule } from '../../server/health/module.ts';
import type { HealthService } from '../../server/health/service.ts';
import { createLog } from '../../server/http/log.ts';
import type { DomainModule, Platform } from '../../server/platform.ts';
import { createRealtimeOutbox } from '../../server/realtime/outbox.ts';
import { loadNewestId } from '../../server/realtime/store.ts';
import { createRecordingsModule } from '../../server/recordings/module.ts';
import { createWallViewsModule } from '../../server/wall-views/module.ts';
import { settingsSchema } from '../../config/settings.ts';
import type { NodeEvent } from '../../media/contract/link.ts';
import type { DesiredStream, ObservedStream } from '../../media/contract/streams.ts';
import type { RealtimeEvent } from '../../server/contract/realtime.ts';
import type { Role } from '../../server/contract/accounts.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeMediaNodes } from './fake-media-nodes.ts';
import { saveTestAccounts } from './test-accounts.ts';
import { createTestApi } from './test-api.ts';
import type { ApiAnswer, TestApi } from './test-api.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

export class DomainWorld {
  readonly clock = new FakeClock();
  readonly nodes = new FakeMediaNodes(this.clock);
  readonly database: TestDatabase;
  /** What was announced to browsers, oldest first. */
  readonly announced: RealtimeEvent[] = [];
  readonly #key = randomBytes(32);
  #parts: Parts | null = null;

  private constructor(database: TestDatabase) {
    this.database = database;
  }

  static async open(): Promise<DomainWorld> {
    const world = new DomainWorld(await createTestDatabase());
    await saveTestAccounts(world.database.db);
    await world.start();
    return world;
  }

  /** Address of the API, for answers that are looked at byte by byte. */
  get origin(): string {
    return this.#running().api.origin;
  }

  async start(): Promise<void> {
    const { nodes } = this;
    const clock = new MortalClock(this.clock);
    const { db } = this.database;
    const log = createLog({ level: 'silent', name: 'test' });
    const outbox = createRealtimeOutbox({ db, clock, log });
    const changes = createChanges({ db, outbox, clock });
    const settings = settingsSchema.parse({});
    const platform: Platform = { settings, log, clock, db, changes, outbox, mediaNodes: nodes };
    const compounds = createCompoundsModule(platform);
    const { health, ...healthModule } = createHealthModule(platform);
    const { recordings, ...recordingsModule } = createRecordingsModule(platform);
    const cipher = createCredentialCipher(this.#key);
    const alarms = createAlarmsModule(platform, health);
    const modules: readonly DomainModule[] = [
      alarms,
      healthModule,
      createAreasModule(platform),
      compounds,
      createCamerasModule(platform, { cipher, health, sites: compounds.sites, findRegisterEntry: (id) => recordings.findRegisterEntry(id) }),
      recordingsModule,
      createCoverageModule(platform),
      createWallViewsModule(platform),
    ];
    await outbox.start();
    outbox.subscribe((events) => this.announced.push(...events));
    for (const module of modules) await module.start?.();
    const api = await createTestApi(modules.flatMap((module) => module.routes));
    this.#parts = { platform, clock, modules, health, offlineAlarms: alarms.offlineAlarms, api };
    await this.settle();
  }

  /** The process is killed: nothing is told, nothing is written any more. */
  async kill(): Promise<void> {
    const { api, platform, clock } = this.#running();
    await this.settle();
    this.#parts = null;
    this.nodes.forgetListeners();
    clock.isDead = true;
    await platform.outbox.stop();
    await api.close();
  }

  async close(): Promise<void> {
    if (this.#parts !== null) {
      const { api, modules, platform } = this.#parts;
      await api.close();
      for (const module of modules.toReversed()) await module.stop?.();
      await platform.outbox.stop();
    }
    await this.database.close();
  }

  /** Calls the API; `expected` is the status that the test relies on. */
  // eslint-disable-next-line typescript/no-explicit-any -- tests compare whole values
  async call(role: Role, method: string, path: string, body?: unknown, expected?: number): Promise<any> {
    const answer = await this.answer(role, method, path, body);
    const isExpected = expected === undefined ? answer.status < 300 : answer.status === expected;
    if (!isExpected) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  answer(role: Role | null, method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    return this.#running().api.call(role, method, path, body);
  }

  /** Moves the clock, with whatever becomes due stored and announced. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  /** Waits until everything that was decided is stored and what was announced has arrived. */
  async settle(): Promise<void> {
    const { health, offlineAlarms, platform } = this.#running();
    await health.settled();
    await offlineAlarms.settled();
    const newest = await loadNewestId(platform.db);
    platform.outbox.wake();
    while (platform.outbox.newestId() < newest) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }

  /** What a node reports of these streams, now. */
  async observe(nodeId: string, streams: readonly ObservedStream[]): Promise<void> {
    this.nodes.observe(nodeId, streams);
    await this.settle();
  }

  async nodeEvent(nodeId: string, event: NodeEvent): Promise<void> {
    const { platform, modules } = this.#running();
    await platform.changes.make({ person: null, address: null }, async (change) => {
      for (const module of modules) await module.nodeEvents?.(change, nodeId, { sequence: 1, atMs: this.clock.wallClockMs(), event });
    });
  }

  async desiredStreams(nodeId: string): Promise<readonly DesiredStream[]> {
    const source = this.#running().modules.find((module) => module.desiredStateSource !== undefined)?.desiredStateSource;
    return (await source?.loadDesiredStreams(nodeId)) ?? [];
  }

  #running(): Parts {
    if (this.#parts === null) throw new Error('the server of this world is not running');
    return this.#parts;
  }
}

interface Parts {
  readonly platform: Platform;
  readonly clock: MortalClock;
  readonly modules: readonly DomainModule[];
  readonly health: HealthService;
  readonly offlineAlarms: OfflineAlarms;
  readonly api: TestApi;
}

/** The clock of one server: when that server is dead, its timers run no more. */
class MortalClock implements Clock {
  isDead = false;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wallClockMs(): number {
    return this.#clock.wallClockMs();
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  setTimer(delayMs: number, run: () => void): () => void {
    return this.#clock.setTimer(delayMs, () => {
      if (!this.isDead) run();
    });
  }
}
