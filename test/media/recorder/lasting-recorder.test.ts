import { describe, expect, it } from 'vitest';
import { LastingRecorder } from '../../../media/recorder/lasting-recorder.ts';
import type { Recorder, RecordingFault } from '../../../media/recorder/recorder-contract.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';

class FragileRecorder implements Recorder {
  readonly fault = null;
  readonly droppedFrames = 0;
  readonly breaksAt: number;
  tracks = 0;
  frames = 0;
  firstIsKeyFrame: boolean | null = null;
  isClosed = false;
  constructor(breaksAt: number) {
    this.breaksAt = breaksAt;
  }
  get isRecording(): boolean {
    return this.frames > 3;
  }
  onTracks(): void {
    this.tracks++;
  }
  onFrame(frame: { readonly isKeyFrame: boolean }): void {
    this.firstIsKeyFrame ??= frame.isKeyFrame;
    if (++this.frames === this.breaksAt) throw new RangeError('an odd frame');
  }
  onInterrupted(): void {}
  async close(): Promise<void> {
    this.isClosed = true;
  }
}

/** `breaksAt`: which frame kills the n-th recorder; the last entry stands for all further ones. */
function setUp(breaksAt: readonly number[]) {
  const clock = new FakeClock();
  const hub = new ClipHub();
  const made: FragileRecorder[] = [];
  const faults: (RecordingFault | null)[] = [];
  const recorder = new LastingRecorder({
    create: () => {
      const next = new FragileRecorder(breaksAt[made.length] ?? breaksAt.at(-1) ?? 0);
      made.push(next);
      return next;
    },
    onFault: (fault) => faults.push(fault),
    cameraId: 'gate',
    clock,
    log: silentLog,
  });
  hub.addSink(recorder, 'cached-group');
  const advance = (frames: number): void => {
    for (let frame = 0; frame < frames; frame++) {
      hub.advance(1);
      clock.advance(1000 / 15);
    }
  };
  return { clock, hub, made, faults, recorder, advance };
}

describe('LastingRecorder', () => {
  it('replaces a recorder that threw, at a key frame with the tracks, and tells the fault until there is video again', () => {
    const { made, faults, recorder, advance } = setUp([10, 0]);
    advance(12);
    expect([made.length, made[0]?.isClosed, recorder.fault?.detail]).toEqual([1, true, 'the recorder failed: an odd frame']);
    advance(60);
    expect([made.length, made[1]?.tracks, made[1]?.firstIsKeyFrame]).toEqual([2, 1, true]);
    expect(faults.map((fault) => fault?.detail ?? null)).toEqual(['the recorder failed: an odd frame', null]);
    expect([recorder.fault, recorder.isRecording, recorder.droppedFrames > 0]).toEqual([null, true, true]);
  });

  it('tries ever more seldom when every recorder fails, and again soon once one has worked for a minute', () => {
    const { made, advance } = setUp([1]);
    advance(15 * 3600);
    // 1 + 2 + 4 … + 256 s are nine minutes, then one in five minutes.
    expect(made.length).toBeGreaterThan(15);
    expect(made.length).toBeLessThanOrEqual(9 + 1 + 12);
    const other = setUp([1, 15 * 70, 0]);
    other.advance(15 * 90);
    expect(other.made).toHaveLength(3);
  });

  it('stays closed', async () => {
    const { made, recorder, advance } = setUp([5]);
    advance(4);
    await recorder.close();
    advance(100);
    expect([made.length, made[0]?.isClosed]).toEqual([1, true]);
  });
});
