import { describe, expect, it } from 'vitest';
import { StreamJournal } from '../../../media/stream/stream-journal.ts';

function setUp() {
  const lines: string[] = [];
  const note = (fields: object, message: string): void => {
    lines.push([message, ...Object.entries(fields).map(([name, value]) => `${name}=${value}`)].join(' '));
  };
  const quiet = (): void => undefined;
  return { lines, journal: new StreamJournal({ debug: quiet, info: note, warn: note, error: note }, { cameraId: 'gate' }) };
}

const hourMs = 3_600_000;

describe('StreamJournal', () => {
  it('tells that a camera came, went, why, and came back', () => {
    const { lines, journal } = setUp();
    journal.changed('connecting', 'waiting-for-budget', 0);
    journal.changed('connecting', null, 0);
    journal.changed('streaming', null, 500);
    journal.ended('closed-by-camera', 'the camera closed the connection', 60_000);
    journal.changed('waiting', 'closed-by-camera', 60_000);
    journal.changed('connecting', 'closed-by-camera', 61_000);
    journal.changed('streaming', null, 62_000);
    expect(lines).toEqual([
      'stream.changed cameraId=gate phase=streaming reason=null',
      'stream.connection-ended cameraId=gate reason=closed-by-camera detail=the camera closed the connection',
      'stream.changed cameraId=gate phase=waiting reason=closed-by-camera',
      'stream.changed cameraId=gate phase=streaming reason=null',
    ]);
  });

  it('tells of a camera that is dead for a day twice an hour, with the number of attempts', () => {
    const { lines, journal } = setUp();
    for (let nowMs = 0; nowMs < 24 * hourMs; nowMs += 30_000) {
      journal.changed('connecting', 'connection-refused', nowMs);
      journal.ended('connection-refused', 'ECONNREFUSED', nowMs);
      journal.changed('waiting', 'connection-refused', nowMs);
    }
    expect(lines).toHaveLength(48);
    expect(lines[1]).toBe('stream.connection-ended cameraId=gate reason=connection-refused detail=ECONNREFUSED omittedLines=59');
  });

  it('bounds the lines of a camera that comes and goes all the time, or fails in another way each time', () => {
    for (const details of [['a'], ['a', 'b', 'c']]) {
      const { lines, journal } = setUp();
      let turn = 0;
      for (let nowMs = 0; nowMs < hourMs; nowMs += 12_000) {
        journal.changed('streaming', null, nowMs);
        journal.ended('closed-by-camera', details[turn++ % details.length] ?? '', nowMs + 11_000);
        journal.changed('waiting', 'closed-by-camera', nowMs + 11_000);
      }
      expect(lines.length).toBeGreaterThan(50);
      expect(lines.length).toBeLessThanOrEqual(6 + 60);
      expect(lines.at(-1)).toContain('omittedLines=');
    }
  });
});
