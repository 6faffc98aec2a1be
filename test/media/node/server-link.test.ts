import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';
import type { DesiredState } from '../../../media/contract/streams.ts';
import { EventOutbox } from '../../../media/node/event-outbox.ts';
import { openServerLink, type ServerLink } from '../../../media/node/server-link.ts';
import { LinkServer } from '../../support/link-server.ts';

const waitLong = { timeout: 20_000, interval: 20 };

describe('openServerLink', () => {
  let server: LinkServer;
  let link: ServerLink;
  let applied: DesiredState[];
  let linkedCount: number;

  function dial(nodeKey = 'secret'): ServerLink {
    return openServerLink({
      serverUrl: server.url,
      nodeKey,
      hello: { epoch: 'e-1', version: '1', publicUrl: null, mediaPort: 1, usesTls: false, webRtcPort: 2, webRtcEngine: 'none', startedAtMs: 3 },
      outbox: new EventOutbox(),
      onDesired: (state) => applied.push(state),
      onLinked: () => linkedCount++,
      observe: () => ({
        generation: applied.at(-1)?.generation ?? 0,
        atMs: 1,
        streams: [],
        storage: { usedBytes: 0, quotaBytes: 1, freeBytes: 1, fault: null },
        transcoding: null,
      }),
      clock: systemClock,
      log: pino({ level: 'silent' }),
    });
  }

  function tell(number: number): void {
    link.tell({ kind: 'stream.changed', cameraId: `camera-${number}`, role: 'main', phase: 'streaming', reason: null });
  }

  function appliedCameras(): string[] {
    return server.applied.map(({ event }) => (event.kind === 'stream.changed' ? event.cameraId : event.kind));
  }

  beforeEach(async () => {
    applied = [];
    linkedCount = 0;
    server = new LinkServer();
    await server.start();
  });

  afterEach(async () => {
    await link.close();
    await server.stop();
  });

  it('says hello, applies the desired state and sends a snapshot at once', async () => {
    server.desired = { generation: 7, streams: [], ticketKeys: [] };
    link = dial();
    await vi.waitFor(() => expect(server.observed[0]?.generation).toBe(7), waitLong);
    expect(server.hellos).toHaveLength(1);
    expect(linkedCount).toBe(1);
    expect(link.isLinked).toBe(true);
  });

  it('takes a higher generation and ignores a lower one', async () => {
    link = dial();
    await vi.waitFor(() => expect(link.isLinked).toBe(true), waitLong);
    server.sendDesired({ generation: 5, streams: [], ticketKeys: [] });
    server.sendDesired({ generation: 4, streams: [], ticketKeys: [] });
    server.sendDesired({ generation: 6, streams: [], ticketKeys: [] });
    await vi.waitFor(() => expect(applied.map((state) => state.generation)).toEqual([1, 5, 6]), waitLong);
  });

  it('repeats snapshots without being asked', async () => {
    link = dial();
    await vi.waitFor(() => expect(server.observed.length).toBeGreaterThanOrEqual(3), waitLong);
  });

  it('loses and doubles nothing when answers get lost', async () => {
    link = dial();
    await vi.waitFor(() => expect(link.isLinked).toBe(true), waitLong);
    server.loseAnswers = 2;
    for (let number = 1; number <= 5; number++) tell(number);
    await vi.waitFor(() => expect(appliedCameras()).toHaveLength(5), waitLong);
    tell(6);
    await vi.waitFor(() => expect(appliedCameras()).toEqual([1, 2, 3, 4, 5, 6].map((number) => `camera-${number}`)), waitLong);
  });

  it('delivers what happened while the server was down, in order and once', async () => {
    link = dial();
    await vi.waitFor(() => expect(link.isLinked).toBe(true), waitLong);
    tell(1);
    await vi.waitFor(() => expect(appliedCameras()).toEqual(['camera-1']), waitLong);
    await server.stop();
    await vi.waitFor(() => expect(link.isLinked).toBe(false), waitLong);
    tell(2);
    tell(3);
    await server.start();
    await vi.waitFor(() => expect(appliedCameras()).toEqual(['camera-1', 'camera-2', 'camera-3']), waitLong);
    expect(linkedCount).toBe(2);
    expect(server.hellos.map((hello) => hello.epoch)).toEqual(['e-1', 'e-1']);
  });

  it('keeps dialling with a key the server does not know yet', async () => {
    link = dial('wrong');
    await vi.waitFor(() => expect(server.refusedKeys.length).toBeGreaterThanOrEqual(2), waitLong);
    expect(link.isLinked).toBe(false);
  });
});
