import { beforeEach, describe, expect, it } from 'vitest';
import { TransportMemory } from '../../../web/player/transport-memory.ts';

describe('TransportMemory', () => {
  let nowMs: number;
  let changes: number;
  let memory: TransportMemory;
  beforeEach(() => {
    nowMs = 0;
    changes = 0;
    memory = new TransportMemory({ nowMs: () => nowMs, onChange: () => changes++ });
  });

  it('avoids a way that failed for five minutes, at this node only, and tells the first time only', () => {
    memory.noteFailed('node-1', 'webrtc');
    memory.noteFailed('node-1', 'webrtc');
    expect([memory.isAvoided('node-1', 'webrtc'), memory.isAvoided('node-1', 'websocket'), memory.isAvoided('node-2', 'webrtc')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(changes).toBe(1);
    nowMs = 5 * 60_000;
    expect(memory.isAvoided('node-1', 'webrtc')).toBe(false);
  });

  it('takes one failure where others got through lately for bad luck', () => {
    memory.noteWorked('node-1', 'webrtc');
    nowMs = 60_000;
    memory.noteFailed('node-1', 'webrtc');
    expect([memory.isAvoided('node-1', 'webrtc'), changes]).toEqual([false, 0]);
    nowMs = 10 * 60_000;
    memory.noteFailed('node-1', 'webrtc');
    expect([memory.isAvoided('node-1', 'webrtc'), changes]).toEqual([true, 1]);
  });

  it('forgets a failure once a picture came that way', () => {
    memory.noteFailed('node-1', 'webrtc');
    nowMs = 1000;
    memory.noteWorked('node-1', 'webrtc');
    expect(memory.isAvoided('node-1', 'webrtc')).toBe(false);
  });
});
