import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { NodeEvent } from '../../../media/contract/link.ts';
import type { DesiredState, DesiredStream } from '../../../media/contract/streams.ts';
import { createHlsPackager } from '../../../media/hls/packager.ts';
import { MediaNode } from '../../../media/node/node.ts';
import { ServedStream } from '../../../media/node/served-stream.ts';
import { TicketChecker } from '../../../media/node/ticket-check.ts';
import { ClipStream, desiredStream } from '../../support/clip-stream.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';

describe('MediaNode', () => {
  let sources: Map<string, ClipStream>;
  let told: NodeEvent[];
  let changes: number;
  let tickets: TicketChecker;
  let node: MediaNode;
  const clock = new FakeClock();

  beforeEach(() => {
    sources = new Map();
    told = [];
    changes = 0;
    tickets = new TicketChecker();
    node = new MediaNode({
      tickets,
      createStream: (desired, onChange) =>
        new ServedStream({
          desired,
          createManaged: (stream, onManagedChange) => {
            const source = new ClipStream(stream, onManagedChange);
            source.phase = 'connecting';
            // As an `always` stream does: it changes before its constructor is done.
            onManagedChange();
            sources.set(stream.cameraId, source);
            return source;
          },
          createPackager: () => createHlsPackager({ clock }),
          createTranscoded: () => {
            throw new Error('nothing is transcoded here');
          },
          createRecorder: () => {
            throw new Error('nothing is recorded here');
          },
          onChange,
          onFailed: () => {},
          clock,
        }),
      observeStorage: () => ({ usedBytes: 1, quotaBytes: 2, freeBytes: 3, fault: null }),
      observeTranscoding: () => ({ running: 1, limit: 2, encoder: 'libx264' }),
      tell: (event) => told.push(event),
      onChange: () => changes++,
      wallClockMs: () => 5000,
      log: pino({ level: 'silent' }),
    });
  });

  function apply(generation: number, streams: readonly DesiredStream[]): void {
    const state: DesiredState = { generation, streams, ticketKeys: [] };
    node.apply(state);
  }

  function source(cameraId: string): ClipStream {
    const found = sources.get(cameraId);
    if (found === undefined) throw new Error(`${cameraId} was not started`);
    return found;
  }

  it('starts, updates and stops streams, and leaves neighbours alone', async () => {
    apply(1, [desiredStream('a'), desiredStream('b')]);
    const [a, b] = [source('a'), source('b')];
    apply(2, [desiredStream('a'), desiredStream('c'), desiredStream('b', { url: 'rtsp://elsewhere/' })]);
    expect([a.isStopped, a.updates]).toEqual([false, []]);
    expect([b.isStopped, b.updates.map((update) => update.url)]).toEqual([false, ['rtsp://elsewhere/']]);
    apply(3, [desiredStream('c')]);
    await node.close();
    expect([a.isStopped, b.isStopped, source('c').isStopped]).toEqual([true, true, true]);
  });

  it('tells each change of phase or reason once', () => {
    apply(1, [desiredStream('a')]);
    source('a').turn('streaming', null);
    source('a').turn('streaming', null);
    source('a').turn('streaming', 'picture-frozen');
    source('a').turn('waiting', 'no-packets');
    expect(told.map((event) => (event.kind === 'stream.changed' ? [event.phase, event.reason] : event.kind))).toEqual([
      ['connecting', null],
      ['streaming', null],
      ['streaming', 'picture-frozen'],
      ['waiting', 'no-packets'],
    ]);
    expect(changes).toBeGreaterThanOrEqual(5);
  });

  it('hears nothing more of a stream that was stopped', () => {
    apply(1, [desiredStream('a')]);
    const stopped = source('a');
    apply(2, []);
    const before = told.length;
    stopped.turn('idle', null);
    expect(told).toHaveLength(before);
  });

  it('observes all streams with the generation it applied', () => {
    apply(7, [desiredStream('a'), desiredStream('a', { role: 'sub', mode: 'on-demand' })]);
    const state = node.observe();
    expect([state.generation, state.atMs, state.storage.freeBytes]).toEqual([7, 5000, 3]);
    expect(state.streams.map((stream) => `${stream.cameraId}/${stream.role}`)).toEqual(['a/main', 'a/sub']);
  });

  it('takes the ticket keys of the desired state', () => {
    const issuer = createTicketIssuer();
    node.apply({ generation: 1, streams: [], ticketKeys: [issuer.key] });
    expect(tickets.check(issuer.issue('a'), { right: 'live', cameraId: 'a', role: 'main' }, Date.now()).ok).toBe(true);
  });
});
