/**
 * One live picture: runs the state machine of `live-machine.ts`, opens and closes drivers as it says, keeps the ticket, and
 * measures the age of what is on screen. Everything ends with the scope that called it.
 */
import { onScopeDispose, readonly, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue';
import type { Camera, LiveTicket } from '../../server/contract/cameras.ts';
import { useApi } from '../api/injection.ts';
import { problemCodeOf } from '../api/problem.ts';
import { useServerClock } from '../clock/server-clock.ts';
import type { LiveDriver } from './driver.ts';
import { HlsDriver } from './hls-driver.ts';
import { nextLiveState, type LiveEffect, type LiveInput, type LiveState } from './live-machine.ts';
import { failureOfTicketProblem, PlayError } from './media-failure.ts';
import { nodeBaseUrlOf } from './node-clock.ts';
import { judgePicture, type PictureVerdict } from './picture-age.ts';
import { usePlayerResources } from './player-resources.ts';
import { keepLastPicture } from './still-picture.ts';
import { planStreams, transports, type PlayCandidate, type StreamRole, type Transport } from './stream-plan.ts';
import { TicketKeeper } from './ticket-keeper.ts';
import { WebSocketDriver } from './websocket-driver.ts';
import { WhepDriver } from './whep-driver.ts';

export interface LivePictureOptions {
  readonly video: Readonly<Ref<HTMLVideoElement | null>>;
  /** Takes the last picture before a connection is given up. */
  readonly lastPicture: Readonly<Ref<HTMLCanvasElement | null>>;
  readonly camera: MaybeRefOrGetter<Camera | undefined>;
  readonly wantedRole: MaybeRefOrGetter<StreamRole>;
  readonly pinnedTransport: MaybeRefOrGetter<Transport | null>;
  /** False while nobody can see the picture: then nothing is fetched and nothing decoded. */
  readonly isWanted: MaybeRefOrGetter<boolean>;
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
  const fellBack = shallowRef<'h265' | null>(null);
  const hasLastPicture = shallowRef(false);

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
    const opened = createDriver(candidate, { video, cameraId: camera.id, keeper }, (input) => {
      // A driver that was replaced has nothing to say any more.
      if (driver !== opened) return;
      if (input.kind === 'failed' && input.failure.code === 'ticket-refused') keeper.discard();
      learn(camera, candidate.transport, input);
      feed(input);
      // Judged at once: a picture that has just come must not be shown as old until the next look.
      if (input.kind === 'first-frame') look();
    });
    driver = opened;
    opened.open();
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
    tell: (input: LiveInput) => void,
  ): LiveDriver {
    const driverOptions = {
      video,
      ticket: () => keeper.current(),
      rendition: candidate.video,
      listener: {
        firstFrame: () => tell({ kind: 'first-frame' }),
        failed: (failure: Extract<LiveInput, { kind: 'failed' }>['failure']) => tell({ kind: 'failed', failure }),
      },
    };
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
    });
    if (verdict.value === 'stalled') feed({ kind: 'failed', failure: { kind: 'transport', code: 'stalled' } });
    else if (verdict.value === 'source-gone') feed({ kind: 'failed', failure: { kind: 'source', code: 'stream-unavailable' } });
  }

  function forgetCamera(): void {
    feed({ kind: 'stop' });
    keepers = new Map();
    nodeBaseUrl = null;
    lastArrivedAtMs = null;
    ageMs.value = null;
    hasLastPicture.value = false;
  }

  function replan(): void {
    const camera = toValue(options.camera);
    if (!camera || !options.video.value || !toValue(options.isWanted)) {
      feed({ kind: 'stop' });
      return;
    }
    const streams = camera.streams.map(({ role }) => ({ role, codec: camera.state.streams.find((stream) => stream.role === role)?.codec ?? null }));
    const plan = planStreams({
      wantedRole: toValue(options.wantedRole),
      pinnedTransport: toValue(options.pinnedTransport),
      streams,
      browser: resources.browser,
      avoided: avoidedTransports(camera),
    });
    fellBack.value = 'fellBack' in plan ? plan.fellBack : null;
    feed({ kind: 'plan', candidates: plan.candidates, unplayable: 'unplayable' in plan ? plan.unplayable : null });
  }

  watch(() => toValue(options.camera)?.id, forgetCamera);
  watch(
    () => [
      toValue(options.camera)?.id,
      toValue(options.camera)
        ?.state.streams.map((stream) => `${stream.role}:${stream.codec}`)
        .join(),
      toValue(options.camera)
        ?.streams.map((stream) => stream.role)
        .join(),
      toValue(options.wantedRole),
      toValue(options.pinnedTransport),
      toValue(options.isWanted),
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
    fellBack: readonly(fellBack),
    hasLastPicture: readonly(hasLastPicture),
  };
}
