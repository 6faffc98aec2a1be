/**
 * One live picture: runs the state machine of `live-machine.ts`, opens and closes drivers as it says, keeps the ticket, and
 * measures the age of what is on screen. Everything ends with the scope that called it.
 */
import { computed, onScopeDispose, readonly, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue';
import type { Camera, LiveTicket } from '../../server/contract/cameras.ts';
import { useApi } from '../api/injection.ts';
import { problemCodeOf } from '../api/problem.ts';
import { useServerClock } from '../clock/server-clock.ts';
import type { DriverListener, Interruption, LiveDriver, SlowPart } from './driver.ts';
import { HlsDriver } from './hls-driver.ts';
import { nextLiveState, reachableOf, whyOtherStream, type LiveEffect, type LiveInput, type LiveState, type PlayFailureCode } from './live-machine.ts';
import { failureOfTicketProblem, PlayError } from './media-failure.ts';
import { nodeBaseUrlOf } from './node-clock.ts';
import { judgePicture, type PictureVerdict } from './picture-age.ts';
import { usePlayerResources } from './player-resources.ts';
import { keepLastPicture } from './still-picture.ts';
import { planStreams, transports, type PlannedStream, type PlayCandidate, type StreamRole, type Transport } from './stream-plan.ts';
import { TicketKeeper } from './ticket-keeper.ts';
import { WebSocketDriver } from './websocket-driver.ts';
import { WhepDriver } from './whep-driver.ts';

export interface LivePictureOptions {
  readonly video: Readonly<Ref<HTMLVideoElement | null>>;
  /** Takes the last picture before a connection is given up. */
  readonly lastPicture: Readonly<Ref<HTMLCanvasElement | null>>;
  readonly camera: MaybeRefOrGetter<Camera | undefined>;
  /** As they were measured last. */
  readonly streams: MaybeRefOrGetter<readonly PlannedStream[]>;
  readonly wantedRole: MaybeRefOrGetter<StreamRole>;
  readonly pinnedTransport: MaybeRefOrGetter<Transport | null>;
  /** False while nobody can see the picture: then nothing is fetched and nothing decoded. */
  readonly isWanted: MaybeRefOrGetter<boolean>;
  /** True while the picture is to be heard. */
  readonly isSoundWanted: MaybeRefOrGetter<boolean>;
}

/** This viewer was too slow: what could not keep up, how often it skipped to a later key frame, and when last. */
export interface SlowViewing {
  readonly part: SlowPart;
  readonly skips: number;
  /** By the server's clock, ms since 1970. */
  readonly lastAtMs: number;
}

/** How often age and health are looked at; the text shows tenths of a second only below ten. */
const lookEveryMs = 500;

export function useLivePicture(options: LivePictureOptions) {
  const api = useApi();
  const serverClock = useServerClock();
  const resources = usePlayerResources();

  const state = shallowRef<LiveState>({ kind: 'off' });
  const verdict = shallowRef<PictureVerdict>('old');
  /** Age of the picture on screen, or of the last one when the stream is gone; null before the first. */
  const ageMs = shallowRef<number | null>(null);
  /** Why another stream than the wanted one is shown. */
  const because = computed(() => whyOtherStream(state.value));
  /** As far as it is a fault of the browser or the path, which a person should see. */
  const fellBack = computed(() => (because.value === 'h265' || because.value === 'slow' ? because.value : null));
  const plannedSoundWays = shallowRef<readonly PlayCandidate[] | null>(null);
  /** Ways by which the camera could be heard here, best first; null while nothing is planned. */
  const soundWays = computed(() => (plannedSoundWays.value === null ? null : reachableOf(state.value, plannedSoundWays.value)));
  const hasLastPicture = shallowRef(false);
  const interruption = shallowRef<Interruption | null>(null);
  /** Of the way that plays now; null as long as it keeps up. */
  const slow = shallowRef<SlowViewing | null>(null);
  /** Why ways of playing failed here, until they work again. */
  const failures = shallowRef<ReadonlyMap<Transport, PlayFailureCode>>(new Map());
  /** Ways that did not get through for other tiles. */
  const avoided = shallowRef<readonly Transport[]>([]);

  let driver: LiveDriver | null = null;
  let nodeBaseUrl: string | null = null;
  /** Arrival of the newest picture ever shown here, node clock. */
  let lastArrivedAtMs: number | null = null;
  let wakeTimer: ReturnType<typeof setTimeout> | undefined;
  let keepers = new Map<StreamRole, TicketKeeper<LiveTicket>>();

  function feed(input: LiveInput): void {
    const step = nextLiveState(state.value, input, Date.now(), Math.random());
    state.value = step.state;
    for (const effect of step.effects) perform(effect);
  }

  function perform(effect: LiveEffect): void {
    switch (effect.kind) {
      case 'open':
        open(effect.candidate);
        return;
      case 'close':
        close();
        return;
      case 'wake-at':
        clearTimeout(wakeTimer);
        wakeTimer = setTimeout(() => feed({ kind: 'due' }), effect.atMs - Date.now() + 5);
    }
  }

  function open(candidate: PlayCandidate): void {
    const video = options.video.value;
    const camera = toValue(options.camera);
    if (!video || !camera) return;
    const keeper = keeperFor(camera.id, candidate.role);
    const tell = (input: Extract<LiveInput, { kind: 'first-frame' | 'failed' }>): void => {
      // A driver that was replaced has nothing to say any more.
      if (driver !== opened) return;
      noteOutcome(candidate.transport, input);
      if (input.kind === 'failed' && input.failure.code === 'ticket-refused') keeper.discard();
      learn(camera, candidate.transport, input);
      feed(input);
      // No way would do better: it stays, and the person is told.
      if (input.kind === 'failed' && input.failure.kind === 'bandwidth' && driver === opened) {
        slow.value = { part: 'network', skips: (slow.value?.skips ?? 0) + 1, lastAtMs: serverClock.read() };
      }
      // Judged at once: a picture that has just come must not be shown as old until the next look.
      if (input.kind === 'first-frame') look();
    };
    const opened = createDriver(
      candidate,
      { video, cameraId: camera.id, keeper },
      {
        firstFrame: () => tell({ kind: 'first-frame' }),
        failed: (failure) => tell({ kind: 'failed', failure }),
        interrupted: (what) => {
          if (driver !== opened) return;
          interruption.value = what;
          look();
        },
        fellBehind: (part, skips) => {
          if (driver === opened) slow.value = { part, skips, lastAtMs: serverClock.read() };
        },
      },
    );
    driver = opened;
    opened.open();
  }

  function noteOutcome(transport: Transport, input: Extract<LiveInput, { kind: 'first-frame' | 'failed' }>): void {
    const next = new Map(failures.value);
    if (input.kind === 'first-frame') next.delete(transport);
    else next.set(transport, input.failure.code);
    failures.value = next;
  }

  /** Tells the other tiles whether this way gets through to the node. */
  function learn(camera: Camera, transport: Transport, input: LiveInput): void {
    const nodeId = camera.mediaNodeId ?? '';
    if (input.kind === 'first-frame') resources.transportMemory.noteWorked(nodeId, transport);
    else if (input.kind === 'failed' && input.failure.code === 'not-connected') resources.transportMemory.noteFailed(nodeId, transport);
  }

  /** Ways that did not get through lately. The one that plays here is none of them, whatever happened to others. */
  function avoidedTransports(camera: Camera): readonly Transport[] {
    const current = state.value.kind === 'playing' ? state.value.candidate.transport : null;
    const nodeId = camera.mediaNodeId ?? '';
    return transports.filter((transport) => transport !== current && resources.transportMemory.isAvoided(nodeId, transport));
  }

  function createDriver(
    candidate: PlayCandidate,
    { video, cameraId, keeper }: { video: HTMLVideoElement; cameraId: string; keeper: TicketKeeper<LiveTicket> },
    listener: DriverListener,
  ): LiveDriver {
    const driverOptions = { video, ticket: () => keeper.current(), rendition: candidate.video, listener };
    if (candidate.transport === 'webrtc') return new WhepDriver(driverOptions);
    if (candidate.transport === 'websocket') {
      return new WebSocketDriver({ ...driverOptions, sockets: resources.liveSockets, cameraId, role: candidate.role });
    }
    const giveBack = resources.hlsBudget.take();
    return new HlsDriver({ ...driverOptions, isLowLatency: giveBack !== null, onClosed: () => giveBack?.() });
  }

  function close(): void {
    clearTimeout(wakeTimer);
    if (!driver) return;
    look();
    const { value: video } = options.video;
    const { value: canvas } = options.lastPicture;
    if (video && canvas && driver.newFrameAtMs() !== null && keepLastPicture(video, canvas)) hasLastPicture.value = true;
    driver.close();
    driver = null;
    interruption.value = null;
    slow.value = null;
  }

  function keeperFor(cameraId: string, role: StreamRole): TicketKeeper<LiveTicket> {
    let keeper = keepers.get(role);
    if (!keeper) {
      keeper = new TicketKeeper({ nowMs: () => serverClock.read(), fetchTicket: () => fetchTicket(cameraId, role) });
      keepers.set(role, keeper);
    }
    return keeper;
  }

  async function fetchTicket(cameraId: string, role: StreamRole): Promise<LiveTicket> {
    try {
      const ticket = await api.post<LiveTicket>(`/cameras/${encodeURIComponent(cameraId)}/tickets`, { right: 'live', stream: role });
      nodeBaseUrl = nodeBaseUrlOf(ticket.urls.hls);
      return ticket;
    } catch (error) {
      throw new PlayError(failureOfTicketProblem(problemCodeOf(error)));
    }
  }

  /** Measures the picture on screen and reacts when it is too old. */
  function look(): void {
    if (nodeBaseUrl === null) return;
    const nodeNowMs = resources.nodeClocks.nowMs(nodeBaseUrl);
    lastArrivedAtMs = driver?.pictureArrivedAtMs() ?? lastArrivedAtMs;
    ageMs.value = nodeNowMs === null || lastArrivedAtMs === null ? null : nodeNowMs - lastArrivedAtMs;
    const newFrameAtMs = driver?.newFrameAtMs() ?? null;
    const camera = toValue(options.camera);
    if (state.value.kind !== 'playing' || newFrameAtMs === null || !camera) {
      verdict.value = 'old';
      return;
    }
    verdict.value = judgePicture({
      ageMs: ageMs.value,
      sinceNewFrameMs: performance.now() - newFrameAtMs,
      status: camera.state.status,
      statusForMs: serverClock.read() - Date.parse(camera.state.since),
      isInterrupted: interruption.value !== null,
    });
    if (verdict.value === 'stalled') tellStalled();
    else if (verdict.value === 'source-gone') feed({ kind: 'failed', failure: { kind: 'source', code: 'stream-unavailable' } });
  }

  function tellStalled(): void {
    if (state.value.kind === 'playing') failures.value = new Map(failures.value).set(state.value.candidate.transport, 'stalled');
    feed({ kind: 'failed', failure: { kind: 'transport', code: 'stalled' } });
  }

  function forgetCamera(): void {
    feed({ kind: 'stop' });
    keepers = new Map();
    nodeBaseUrl = null;
    lastArrivedAtMs = null;
    ageMs.value = null;
    hasLastPicture.value = false;
    failures.value = new Map();
    plannedSoundWays.value = null;
  }

  function replan(): void {
    const camera = toValue(options.camera);
    if (!camera || !options.video.value || !toValue(options.isWanted)) {
      feed({ kind: 'stop' });
      return;
    }
    avoided.value = avoidedTransports(camera);
    const plan = planStreams({
      wantedRole: toValue(options.wantedRole),
      pinnedTransport: toValue(options.pinnedTransport),
      streams: toValue(options.streams),
      browser: resources.browser,
      avoided: avoided.value,
      isSoundWanted: toValue(options.isSoundWanted),
    });
    plannedSoundWays.value = 'soundWays' in plan ? plan.soundWays : null;
    feed({ kind: 'plan', plan });
  }

  watch(() => toValue(options.camera)?.id, forgetCamera);
  watch(
    () => [
      toValue(options.camera)?.id,
      toValue(options.streams),
      toValue(options.wantedRole),
      toValue(options.pinnedTransport),
      toValue(options.isWanted),
      toValue(options.isSoundWanted),
      resources.transportMemoryVersion.value,
      options.video.value,
    ],
    replan,
    { immediate: true, flush: 'post' },
  );
  watch(
    () => toValue(options.camera)?.state.status,
    (status) => {
      if (status === 'online' || status === 'degraded' || status === 'idle') feed({ kind: 'source-back' });
    },
  );

  const lookTimer = setInterval(look, lookEveryMs);
  onScopeDispose(() => {
    clearInterval(lookTimer);
    feed({ kind: 'stop' });
    close();
  });

  return {
    state: readonly(state),
    verdict: readonly(verdict),
    ageMs: readonly(ageMs),
    because,
    fellBack,
    soundWays,
    hasLastPicture: readonly(hasLastPicture),
    interruption: readonly(interruption),
    slow: readonly(slow),
    failures,
    avoided,
    /** What came in since this way of playing was opened; null while none is. */
    received: async () => (await driver?.received()) ?? null,
  };
}
