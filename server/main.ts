/**
 * The server's process, and the only place that chooses implementations and puts the parts together:
 * data folder → database → platform → domain modules → HTTP and realtime → media node.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { sql } from 'drizzle-orm';
import { Server } from 'socket.io';
import { loadSettings, SettingsError } from '../config/load.ts';
import type { Settings } from '../config/settings.ts';
import { createAlarmsModule } from './alarms/module.ts';
import { createAreasModule } from './areas/module.ts';
import { createAccountService } from './accounts/account-service.ts';
import { createLoginLimits } from './accounts/login-limits.ts';
import { accountRoutes } from './accounts/routes.ts';
import { createSessionService } from './accounts/session-service.ts';
import { createChanges } from './audit/change.ts';
import { auditRoutes } from './audit/routes.ts';
import { createCredentialCipher, loadOrCreateCredentialKey } from './cameras/credential-cipher.ts';
import { createCamerasModule } from './cameras/module.ts';
import { systemClock } from './clock/clock.ts';
import { createCompoundsModule } from './compounds/module.ts';
import { createCoverageModule } from './coverage/module.ts';
import { openDatabase } from './database/open-database.ts';
import { createHealthModule } from './health/module.ts';
import { apiDocumentRouter } from './http/api-document.ts';
import { createApp } from './http/app.ts';
import { healthRouter, measureRequests } from './http/health.ts';
import { createLog } from './http/log.ts';
import type { Log } from './http/log.ts';
import { pagesRouter } from './http/pages.ts';
import { securityHeaders } from './http/security-headers.ts';
import { openLinkNamespace } from './media-nodes/link-namespace.ts';
import { nodeMetrics } from './media-nodes/metrics.ts';
import { NodeService } from './media-nodes/node-service.ts';
import { mediaNodeRoutes } from './media-nodes/routes.ts';
import { startEmbeddedNode } from './media-nodes/embedded-node.ts';
import { loadTicketSigner } from './media-nodes/ticket-signer.ts';
import type { DomainModule, Platform } from './platform.ts';
import { takeDataFolder } from './processes/data-folder.ts';
import { exitCodes, fatalForPort, FatalError } from './processes/exit.ts';
import { endWithParent, onEndSignal } from './processes/signals.ts';
import { openBrowserNamespace } from './realtime/browser-namespace.ts';
import { createRealtimeOutbox } from './realtime/outbox.ts';
import { createRecordingsModule } from './recordings/module.ts';
import { systemRoutes } from './system/routes.ts';
import { createWallViewsModule } from './wall-views/module.ts';

/** The domain folders, each made from the platform. Order is the order of starting; they stop in reverse. */
async function createDomainModules(platform: Platform, dataDir: string): Promise<readonly DomainModule[]> {
  const cipher = createCredentialCipher(await loadOrCreateCredentialKey(join(dataDir, 'keys', 'credentials.key')));
  const compounds = createCompoundsModule(platform);
  const { health, ...healthModule } = createHealthModule(platform);
  const { recordings, ...recordingsModule } = createRecordingsModule(platform);
  return [
    // Alarms listen before health has anything to tell.
    createAlarmsModule(platform, health),
    healthModule,
    createAreasModule(platform),
    compounds,
    createCamerasModule(platform, { cipher, health, sites: compounds.sites, findRegisterEntry: (id) => recordings.findRegisterEntry(id) }),
    recordingsModule,
    createCoverageModule(platform),
    createWallViewsModule(platform),
  ];
}

export interface RunningServer {
  /** Base URL on this machine. */
  readonly url: string;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly settings: Settings;
  readonly log: Log;
  /** Environment of child processes, and the setup token. */
  readonly env: NodeJS.ProcessEnv;
  /** A child process gave up for good. */
  readonly onFinalExit: (exitCode: number) => void;
}

/** Starts everything; resolves when requests are answered. What was begun is undone when it fails. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { settings, log, env, onFinalExit } = options;
  const clock = systemClock;
  const version = readVersion();
  const endings: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) {
      await end().catch((error: unknown) => log.error({ err: error }, 'server.ending-failed'));
    }
  };
  try {
    const { folder, lock } = await takeDataFolder(settings.dataDir);
    endings.push(() => lock.release());
    const database = await openDatabase({ settings, dataDir: folder, clock, log, onFinalExit });
    endings.push(() => database.close());
    const { db, engine } = database;

    const outbox = createRealtimeOutbox({ db, clock, log });
    const changes = createChanges({ db, outbox, clock });
    const nodes = new NodeService({ db, changes, outbox, clock, log, signer: await loadTicketSigner(folder) });
    await outbox.start();
    endings.push(() => outbox.stop());
    const modules = await createDomainModules({ settings, log, clock, db, changes, outbox, mediaNodes: nodes.facade() }, folder);

    const limits = createLoginLimits(settings.sessions);
    const sessions = createSessionService({ db, changes, clock, limits, rules: settings.sessions });
    const accounts = createAccountService({ db, changes, clock, sessions, isDemo: settings.installation.demo });
    const routes = [
      ...systemRoutes({ settings, version, engine, clock, isSetUp: () => accounts.isSetUp() }),
      ...accountRoutes({ accounts, sessions, limits, isCookieSecure: settings.http.secureCookie }),
      ...auditRoutes(db),
      ...mediaNodeRoutes(db, nodes.links),
      ...modules.flatMap((module) => module.routes),
    ];

    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    for (const metric of nodeMetrics(nodes)) registry.registerMetric(metric);
    const app = createApp({
      routes,
      sessions,
      log,
      trustProxy: settings.http.trustProxy,
      isAnswerChecked: false,
      headers: [
        measureRequests(registry),
        securityHeaders({ mediaOrigins: (request) => mediaOrigins(nodes, settings, request), isHttps: settings.http.secureCookie }),
      ],
      extras: [
        healthRouter(
          [
            { name: 'database', findFault: () => db.execute(sql`select 1`).then(() => null) },
            { name: 'media-node', findFault: async () => (nodes.links.linkedIds().length > 0 ? null : 'no media node is linked') },
          ],
          registry,
        ),
        apiDocumentRouter(routes, version),
      ],
      pages: [pagesRouter(fileURLToPath(new URL('../web/dist', import.meta.url)))],
    });

    const http = createServer(app);
    const io = new Server(http, {
      serveClient: false,
      pingInterval: 5_000,
      pingTimeout: 10_000,
      maxHttpBufferSize: 16_000_000,
      cors: { origin: false },
    });
    await nodes.start({
      source: modules.find((module) => module.desiredStateSource !== undefined)?.desiredStateSource ?? { loadDesiredStreams: async () => [] },
      handlers: modules.flatMap((module) => module.nodeEvents ?? []),
    });
    for (const module of modules) {
      await module.start?.();
      endings.push(async () => module.stop?.());
    }
    openLinkNamespace(io, nodes, log);
    const closeBrowsers = openBrowserNamespace({ io, outbox, sessions, db, clock, log });
    const port = await listen(http, settings);
    endings.push(async () => {
      closeBrowsers();
      await nodes.stop();
      const closed = io.close();
      http.closeAllConnections();
      await closed;
    });
    const url = `http://${localHost(settings.http.host)}:${port}`;

    const givenToken = env['YILAN_SETUP_TOKEN'] ?? null;
    const setupToken = await accounts.prepareSetup(givenToken);
    if (settings.media.embeddedNode) {
      const { key } = await nodes.registerEmbedded();
      const child = startEmbeddedNode({ serverUrl: url, nodeKey: key, env, clock, log, onFinalExit });
      endings.push(() => child.stop());
    } else if (settings.media.nodeKey !== null) {
      await nodes.registerWithKey('流媒体节点', settings.media.nodeKey);
    }
    log.info({ version, runtime: process.version, url, dataDir: folder, database: engine, databaseVersion: database.version }, 'server.started');
    // Whoever gave a token in the environment knows it.
    if (setupToken !== null && givenToken === null) log.info(`Nobody can log in yet: open ${url}/setup and enter the setup token ${setupToken}`);
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where pages may load media from: every known node, and the one that is about to start. */
function mediaOrigins(nodes: NodeService, settings: Settings, request: { readonly protocol: string; readonly hostname: string }): readonly string[] {
  const { publicUrl, port, tls } = settings.media;
  const expected = publicUrl ?? `${tls === null ? request.protocol : 'https'}://${request.hostname}:${port}`;
  return [...new Set([expected, ...nodes.baseUrls(request)].filter((url) => URL.canParse(url)).map((url) => new URL(url).origin))];
}

async function listen(http: ReturnType<typeof createServer>, settings: Settings): Promise<number> {
  const { port, host } = settings.http;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  http.once('error', (error) => reject(fatalForPort(error, port, 'YILAN_HTTP_PORT') ?? error));
  http.listen(port, host, resolve);
  await promise;
  return (http.address() as AddressInfo).port;
}

/** Host under which this machine reaches an address it listens on. */
function localHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function readVersion(): string {
  const description = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return description.version;
}

async function run(): Promise<void> {
  const leave = (error: unknown): never => {
    if (error instanceof FatalError) process.stderr.write(`${error.message}\n`);
    else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(error instanceof FatalError ? error.exitCode : 1);
  };
  // Timers of the clock do not hold the process, and while a child is about to be started again nothing else does.
  setInterval(() => {}, 2 ** 30);
  try {
    const settings = loadSettings({ env: process.env });
    const log = createLog({ level: settings.logLevel, name: 'server' });
    const ending = Promise.withResolvers<number>();
    onEndSignal((signal) => {
      log.info({ signal }, 'server.ending');
      ending.resolve(0);
    });
    endWithParent(() => ending.resolve(0));
    const server = await startServer({ settings, log, env: process.env, onFinalExit: ending.resolve });
    const exitCode = await ending.promise;
    await server.close();
    process.exit(exitCode);
  } catch (error) {
    leave(error instanceof SettingsError ? new FatalError(exitCodes.badConfiguration, error.message) : error);
  }
}

if (import.meta.main) await run();
