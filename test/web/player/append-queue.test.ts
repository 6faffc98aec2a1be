import { beforeEach, describe, expect, it } from 'vitest';
import { AppendQueue, type BufferLike } from '../../../web/player/append-queue.ts';

class FakeBuffer extends EventTarget implements BufferLike {
  updating = false;
  readonly done: string[] = [];
  range: readonly [number, number] | null = null;
  /** Appends that find the buffer full. */
  fullTimes = 0;

  get buffered(): TimeRanges {
    const { range } = this;
    return { length: range === null ? 0 : 1, start: () => range?.[0] ?? 0, end: () => range?.[1] ?? 0 };
  }

  appendBuffer(bytes: BufferSource): void {
    if (this.updating) throw new DOMException('', 'InvalidStateError');
    if (this.fullTimes > 0) {
      this.fullTimes--;
      throw new DOMException('', 'QuotaExceededError');
    }
    this.updating = true;
    this.done.push(`append ${bytes.byteLength}`);
  }

  remove(start: number, end: number): void {
    this.updating = true;
    this.range = [end, this.range?.[1] ?? end];
    this.done.push(`remove ${start}-${end}`);
  }

  changeType(mimeType: string): void {
    this.done.push(mimeType);
  }

  finish(): void {
    this.updating = false;
    this.dispatchEvent(new Event('updateend'));
  }
}

const segment = (sizeBytes: number) => new Uint8Array(sizeBytes);

describe('AppendQueue', () => {
  let buffer: FakeBuffer;
  let queue: AppendQueue;
  let currentSeconds: number;
  let appended: number;
  let failures: number;
  beforeEach(() => {
    buffer = new FakeBuffer();
    currentSeconds = 0;
    appended = 0;
    failures = 0;
    queue = new AppendQueue({ buffer, currentSeconds: () => currentSeconds, onAppended: () => appended++, onFailed: () => failures++ });
  });

  it('appends one after the other, and changes the type in its place', () => {
    queue.append(segment(1));
    queue.append(segment(2));
    queue.changeType('video/mp4; codecs="hvc1"');
    queue.append(segment(3));
    expect(buffer.done).toEqual(['append 1']);
    buffer.finish();
    buffer.finish();
    expect(buffer.done).toEqual(['append 1', 'append 2', 'video/mp4; codecs="hvc1"', 'append 3']);
    expect(appended).toBe(2);
  });

  it('removes played video in pieces', () => {
    buffer.range = [0, 12];
    currentSeconds = 11.9;
    queue.append(segment(1));
    expect(buffer.done).toEqual(['append 1']);
    buffer.finish();
    currentSeconds = 12.5;
    queue.append(segment(2));
    expect(buffer.done).toEqual(['append 1', 'remove 0-6.5']);
    buffer.finish();
    expect(buffer.done.at(-1)).toBe('append 2');
  });

  it('empties a full buffer and tries again', () => {
    buffer.range = [0, 5];
    currentSeconds = 5;
    buffer.fullTimes = 1;
    queue.append(segment(1));
    expect(buffer.done).toEqual(['remove 0-4']);
    buffer.finish();
    expect([buffer.done.at(-1), failures]).toEqual(['append 1', 0]);
  });

  it('fails once when a buffer stays full, or nothing can be removed', () => {
    buffer.range = [0, 5];
    currentSeconds = 5;
    buffer.fullTimes = 2;
    queue.append(segment(1));
    buffer.finish();
    queue.append(segment(2));
    expect([failures, buffer.done]).toEqual([1, ['remove 0-4']]);
  });

  it('fails when the browser cannot parse what came', () => {
    queue.append(segment(1));
    buffer.dispatchEvent(new Event('error'));
    buffer.finish();
    expect([failures, appended]).toEqual([1, 0]);
  });

  it('says when too much waits', () => {
    for (let count = 0; count < 401; count++) queue.append(segment(1));
    expect(queue.hasRoom).toBe(false);
    buffer.finish();
    expect(queue.hasRoom).toBe(true);
  });

  it('is silent after its end', () => {
    queue.append(segment(1));
    queue.append(segment(2));
    queue.close();
    buffer.finish();
    expect([buffer.done, appended]).toEqual([['append 1'], 0]);
  });
});
