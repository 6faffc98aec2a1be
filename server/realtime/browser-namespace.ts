/**
 * The default Socket.io namespace: browsers, each with the rights of its session.
 *
 * A browser that comes back names the last event it has seen. While what it missed is still in the outbox, it is replayed
 * first, then `stream.ready`; else `stream.reset`, and the browser reads its lists again. Events that arrive during the
 * replay wait in a queue, so that every browser sees numbers grow and none twice.
 */
import type { Namespace, Server, Socket } from 'socket.io';
import { z } from 'zod';
import type { RealtimeEvent, ServerToBrowser } from '../contract/realtime.ts';
import type { SessionUser } from '../contract/accounts.ts';
import type { Clock } from '../clock/clock.ts';
import type { Database } from '../database/connect.ts';
import { readCredentials } from '../http/authentication.ts';
import type { SessionReader } from '../http/authentication.ts';
import type { Log } from '../http/log.ts';
import { rightToRead } from './event.ts';
import type { RealtimeOutbox } from './outbox.ts';
import { loadEventsAfter, loadOldestId } from './store.ts';

export interface BrowserNamespaceOptions {
  readonly io: Server;
  readonly outbox: RealtimeOutbox;
  readonly sessions: SessionReader;
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
}

interface BrowserData {
  token: string;
  user: SessionUser;
  lastEventId: bigint | null;
}

type BrowserSocket = Socket<Record<string, never>, ServerToBrowser, Record<string, never>, BrowserData>;

const authSchema = z.object({
  token: z.string().max(200).nullish(),
  lastEventId: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullish(),
});

const replayBatch = 500;
/** Beyond this, reading the lists again is quicker for everybody. */
const maxReplayed = 5_000;
/** A session that ended keeps its socket at most this long. */
const sessionCheckMs = 30_000;

/** Opens the namespace. Returns what ends it; the sockets themselves close with the Socket.io server. */
export function openBrowserNamespace(options: BrowserNamespaceOptions): () => void {
  const { io, outbox, clock, log } = options;
  // The server is typed for any event; browsers send none, and what is sent is typed here.
  const namespace = io.of('/') as Namespace<Record<string, never>, ServerToBrowser, Record<string, never>, BrowserData>;
  const browsers = new Map<string, Browser>();

  namespace.use((socket, admit) => {
    authenticate(socket, options.sessions).then(
      (refusal) => admit(refusal),
      () => admit(new Error('unavailable')),
    );
  });
  namespace.on('connection', (socket) => {
    const browser = new Browser(socket, options);
    browsers.set(socket.id, browser);
    socket.on('disconnect', () => void browsers.delete(socket.id));
    browser.resume().catch((error: unknown) => {
      log.error({ err: error }, 'realtime.resume-failed');
      // Closing the connection makes the browser dial again; `disconnect()` would tell it to stay away.
      socket.conn.close();
    });
  });
  const unsubscribe = outbox.subscribe((events) => {
    for (const browser of browsers.values()) browser.receive(events);
  });

  let cancelCheck = (): void => {};
  const scheduleCheck = (): void => {
    cancelCheck = clock.setTimer(sessionCheckMs, () => {
      checkSessions([...browsers.values()], options.sessions)
        .catch((error: unknown) => log.error({ err: error }, 'realtime.session-check-failed'))
        .finally(scheduleCheck);
    });
  };
  scheduleCheck();

  return () => {
    unsubscribe();
    cancelCheck();
  };
}

/** An error for the browser, or nothing when it has a session. */
async function authenticate(socket: BrowserSocket, sessions: SessionReader): Promise<Error | undefined> {
  const auth = authSchema.safeParse(socket.handshake.auth);
  if (!auth.success) return new Error('validation-failed');
  const { origin } = socket.handshake.headers;
  const given = auth.data.token;
  const hasOwnToken = given !== undefined && given !== null && given !== '';
  // A page of another site may open a socket, and the browser would add the cookie; a token of its own it must know.
  if (!hasOwnToken && origin !== undefined && hostOf(origin) !== hostOfSocket(socket)) return new Error('forbidden');
  const token = hasOwnToken ? given : readCredentials(socket.handshake.headers)?.token;
  const user = token === undefined ? null : await sessions.findUser(token);
  if (token === undefined || user === null) return new Error('unauthenticated');
  const { lastEventId } = auth.data;
  socket.data = { token, user, lastEventId: lastEventId === undefined || lastEventId === null ? null : BigInt(lastEventId) };
  return undefined;
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/** Host as the browser knows it; proxies that change it pass the original on. */
function hostOfSocket(socket: BrowserSocket): string | undefined {
  const forwarded = socket.handshake.headers['x-forwarded-host'];
  return typeof forwarded === 'string' ? forwarded : socket.handshake.headers.host;
}

async function checkSessions(browsers: readonly Browser[], sessions: SessionReader): Promise<void> {
  for (const browser of browsers) await browser.checkSession(sessions);
}

/** One browser: its place in the stream of events. */
class Browser {
  readonly #socket: BrowserSocket;
  readonly #options: BrowserNamespaceOptions;
  /** Newest event sent or passed over. */
  #position: bigint;
  /** Events that came in during the replay; null afterwards. */
  #waiting: RealtimeEvent[] | null = [];
  /** More came in than {@link #waiting} takes. */
  #isOverrun = false;

  constructor(socket: BrowserSocket, options: BrowserNamespaceOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#position = socket.data.lastEventId ?? options.outbox.newestId();
  }

  /** Replays what was missed, says where the stream stands, and lets waiting events through. */
  async resume(): Promise<void> {
    const isComplete = (await this.#replay()) && !this.#isOverrun;
    if (!isComplete) this.#position = this.#options.outbox.newestId();
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    const answer = { lastEventId: this.#position.toString(), serverTime: new Date(this.#options.clock.wallClockMs()).toISOString() };
    this.#socket.emit(isComplete ? 'stream.ready' : 'stream.reset', answer);
    this.receive(waiting);
  }

  receive(events: readonly RealtimeEvent[]): void {
    if (this.#waiting !== null) {
      // There is no point in keeping more than a replay would hold; what is not kept makes it a reset, which covers everything.
      this.#isOverrun ||= this.#waiting.length + events.length > maxReplayed;
      if (!this.#isOverrun) this.#waiting.push(...events);
      return;
    }
    for (const event of events) this.#send(event);
  }

  async checkSession(sessions: SessionReader): Promise<void> {
    const user = await sessions.findUser(this.#socket.data.token);
    if (user === null) this.#socket.disconnect(true);
    else this.#socket.data.user = user;
  }

  /** False when something between the browser's last event and now is no longer there. */
  async #replay(): Promise<boolean> {
    const { lastEventId } = this.#socket.data;
    const { db, outbox } = this.#options;
    const target = outbox.newestId();
    if (lastEventId === null || lastEventId === target) return true;
    if (lastEventId > target || target - lastEventId > BigInt(maxReplayed)) return false;
    const oldest = await loadOldestId(db);
    if (oldest === null || oldest > lastEventId + 1n) return false;
    while (this.#position < target) {
      const events = await loadEventsAfter(db, this.#position, replayBatch);
      if (events.length === 0) break;
      for (const event of events) this.#send(event);
    }
    return true;
  }

  #send(event: RealtimeEvent): void {
    const id = BigInt(event.id);
    if (id <= this.#position) return;
    this.#position = id;
    const { user } = this.#socket.data;
    // As over HTTP, whoever must change the password first reads nothing before.
    if (user.mustChangePassword || !user.rights.includes(rightToRead[event.name])) return;
    const { name, ...payload } = event;
    // Names and payloads belong together in `RealtimeEvent`; the emitter's overloads cannot follow a union.
    (this.#socket.emit as (name: string, payload: unknown) => boolean).call(this.#socket, name, payload);
  }
}
