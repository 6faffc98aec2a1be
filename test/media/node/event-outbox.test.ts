import { describe, expect, it } from 'vitest';
import type { NodeEvent } from '../../../media/contract/link.ts';
import { EventOutbox } from '../../../media/node/event-outbox.ts';

const changed: NodeEvent = { kind: 'stream.changed', cameraId: 'c', role: 'main', phase: 'streaming', reason: null };

function inventory(fileCount: number, cameraId = 'c'): NodeEvent {
  const file = { path: 'p', cameraId: 'c', role: 'main' as const, fromMs: 0, toMs: 1, sizeBytes: 1, isOpen: false };
  return { kind: 'recording.inventory', inventory: { cameraId, files: Array.from({ length: fileCount }, () => file) } };
}

function sequences(outbox: EventOutbox): number[] {
  return outbox.nextBatch().map((event) => event.sequence);
}

describe('EventOutbox', () => {
  it('keeps one inventory of a camera, the newest, however often the link flaps', () => {
    const outbox = new EventOutbox();
    outbox.append(changed, 1000);
    for (let linkUp = 0; linkUp < 100; linkUp++) outbox.append(inventory(linkUp), 1000);
    outbox.append(changed, 1000);
    expect(sequences(outbox)).toEqual([1, 101, 102]);
    outbox.acknowledge(101);
    expect(sequences(outbox)).toEqual([102]);
  });

  it('repeats what is not acknowledged, and nothing else', () => {
    const outbox = new EventOutbox();
    for (let count = 0; count < 4; count++) outbox.append(changed, 1000);
    expect(sequences(outbox)).toEqual([1, 2, 3, 4]);
    outbox.acknowledge(2);
    expect(sequences(outbox)).toEqual([3, 4]);
    outbox.acknowledge(1);
    expect(sequences(outbox)).toEqual([3, 4]);
    outbox.acknowledge(4);
    expect(sequences(outbox)).toEqual([]);
    outbox.append(changed, 1001);
    expect(sequences(outbox)).toEqual([5]);
  });

  it('ignores an acknowledgement from the future', () => {
    const outbox = new EventOutbox();
    outbox.append(changed, 1000);
    outbox.acknowledge(99);
    expect(sequences(outbox)).toEqual([1]);
  });

  it('drops the oldest at its bound and counts them', () => {
    const outbox = new EventOutbox(3);
    for (let count = 0; count < 5; count++) outbox.append(changed, 1000);
    expect(sequences(outbox)).toEqual([3, 4, 5]);
    expect(outbox.droppedEvents).toBe(2);
  });

  it('cuts messages by events and by files', () => {
    const outbox = new EventOutbox();
    outbox.append(inventory(1500, 'a'), 0);
    outbox.append(inventory(1500, 'b'), 0);
    outbox.append(inventory(9000, 'c'), 0);
    expect(sequences(outbox)).toEqual([1]);
    outbox.acknowledge(2);
    expect(sequences(outbox)).toEqual([3]);
    outbox.acknowledge(3);
    for (let count = 0; count < 500; count++) outbox.append(changed, 0);
    expect(outbox.nextBatch()).toHaveLength(200);
  });
});
