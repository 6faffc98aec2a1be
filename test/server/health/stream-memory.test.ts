import { describe, expect, it } from 'vitest';
import type { ObservedStream } from '../../../media/contract/streams.ts';
import { LOSS_WINDOW_MS, nextStreamMemory } from '../../../server/health/stream-memory.ts';
import type { StreamMemory } from '../../../server/health/stream-memory.ts';

const NOW = 1_800_000_000_000;
/** The node's clock is two minutes ahead of ours. */
const AHEAD = 120_000;

function observed(over: Partial<ObservedStream>): ObservedStream {
  return {
    cameraId: 'c',
    role: 'main',
    phase: 'streaming',
    reason: null,
    sinceMs: NOW + AHEAD,
    retryAtMs: null,
    codec: 'h264',
    audioCodec: null,
    width: 1920,
    height: 1080,
    framesPerSecond: 25,
    bitrateBps: 4_000_000,
    lastFrameAtMs: NOW + AHEAD,
    keyFrameIntervalMs: 2000,
    lostPackets: 0,
    clock: null,
    viewers: 0,
    slowViewers: 0,
    droppedFrames: 0,
    isRecording: true,
    ...over,
  };
}

function remember(before: StreamMemory | null, over: Partial<ObservedStream>, nowMs = NOW): StreamMemory {
  return nextStreamMemory(before, observed(over), AHEAD, nowMs);
}

describe('nextStreamMemory', () => {
  it('takes the last picture as the moment of loss, in our clock', () => {
    const memory = remember(remember(null, {}), { phase: 'waiting', reason: 'no-packets', lastFrameAtMs: NOW + AHEAD - 2500 });
    expect(memory.facts).toMatchObject({ pictureLostAtMs: NOW - 2500, lastFailure: 'no-packets', soundSinceMs: null });
  });

  it('knows that a stream that is still open shows nothing when its last picture is old', () => {
    const still = remember(remember(null, {}), { reason: 'no-packets', lastFrameAtMs: NOW + AHEAD - 3100 });
    expect(still.facts).toMatchObject({ pictureLostAtMs: NOW - 3100, lastFailure: 'no-packets', soundSinceMs: null });
    const later = remember(still, { phase: 'waiting', reason: 'no-packets', lastFrameAtMs: NOW + AHEAD - 3100 }, NOW + 7000);
    expect(later.facts).toMatchObject({ pictureLostAtMs: NOW - 3100, lastFailure: 'no-packets' });
    const flawed = remember(remember(null, {}), { reason: 'no-key-frame', lastFrameAtMs: NOW + AHEAD - 40 });
    expect(flawed.facts).toMatchObject({ pictureLostAtMs: null, lastFailure: null });
  });

  it('keeps moment and failure over attempts, and takes the newer failure', () => {
    let memory = remember(null, { phase: 'waiting', reason: 'no-packets', lastFrameAtMs: NOW + AHEAD - 2500 });
    memory = remember(memory, { phase: 'connecting', reason: null, lastFrameAtMs: NOW + AHEAD }, NOW + 5000);
    expect(memory.facts).toMatchObject({ pictureLostAtMs: NOW - 2500, lastFailure: 'no-packets' });
    memory = remember(memory, { phase: 'waiting', reason: 'connection-refused' }, NOW + 6000);
    expect(memory.facts).toMatchObject({ pictureLostAtMs: NOW - 2500, lastFailure: 'connection-refused' });
  });

  it('does not let waiting for a turn hide the measured reason', () => {
    const memory = remember(remember(null, { phase: 'waiting', reason: 'no-answer' }), { phase: 'waiting', reason: 'waiting-for-budget' });
    expect(memory.facts.lastFailure).toBe('no-answer');
  });

  it('counts from the first attempt when there never was a picture', () => {
    const memory = remember(null, { phase: 'connecting', lastFrameAtMs: null, sinceMs: NOW + AHEAD - 700 });
    expect(memory.facts).toMatchObject({ pictureLostAtMs: NOW - 700, lastFailure: null });
  });

  it('does not blame a watched on-demand stream for the time it was idle', () => {
    const idle = remember(null, { phase: 'idle', lastFrameAtMs: NOW + AHEAD - 3_600_000 });
    const memory = remember(idle, { phase: 'connecting', lastFrameAtMs: NOW + AHEAD - 3_600_000, sinceMs: NOW + AHEAD });
    expect(memory.facts.pictureLostAtMs).toBe(NOW);
  });

  it('forgets all trouble when the picture is back', () => {
    const memory = remember(remember(null, { phase: 'waiting', reason: 'no-answer' }), {});
    expect(memory.facts).toMatchObject({ pictureLostAtMs: null, lastFailure: null, soundSinceMs: NOW });
  });

  it('measures losses over whole windows only', () => {
    let memory = remember(null, { lostPackets: 100 });
    memory = remember(memory, { lostPackets: 200 }, NOW + 1000);
    expect(memory.facts.lossRatio).toBe(0);
    memory = remember(memory, { lostPackets: 300 }, NOW + LOSS_WINDOW_MS);
    // 200 lost, 4 Mbps × 10 s ÷ 9,600 bit ≈ 4,167 received.
    expect(memory.facts.lossRatio).toBeCloseTo(200 / 4366.7, 4);
    expect(memory.facts.soundSinceMs).toBeNull();
    memory = remember(memory, { lostPackets: 300 }, NOW + 2 * LOSS_WINDOW_MS);
    expect(memory.facts).toMatchObject({ lossRatio: 0, soundSinceMs: NOW });
  });

  it('begins a new window when the counter starts over with a new connection', () => {
    const memory = remember(remember(null, { lostPackets: 500 }), { lostPackets: 0 }, NOW + LOSS_WINDOW_MS);
    expect(memory.facts.lossRatio).toBe(0);
    expect(memory.lossWindow).toEqual({ atMs: NOW + LOSS_WINDOW_MS, lostPackets: 0 });
  });
});
