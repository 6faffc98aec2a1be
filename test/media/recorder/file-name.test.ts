import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCameraFolder, parseRecordingPath, recordingPath } from '../../../media/recorder/file-name.ts';

const name = { cameraId: 'b0c6', role: 'main', fromMs: Date.UTC(2026, 4, 1, 23, 59, 59, 7) } as const;

describe('names of recorded files', () => {
  it('say camera, role and the UTC time of the first frame', () => {
    expect(recordingPath(name, 1)).toBe('b0c6/main/2026-05-01/20260501T235959.007Z.mp4');
    expect(recordingPath(name, 3)).toBe('b0c6/main/2026-05-01/20260501T235959.007Z-3.mp4');
  });

  it('are read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2100, 0) }), fc.integer({ min: 1, max: 100 }), (fromMs, attempt) => {
        expect(parseRecordingPath(recordingPath({ ...name, fromMs }, attempt))).toEqual({ ...name, fromMs });
      }),
    );
  });

  it.each([
    '../main/2026-05-01/20260501T235959.007Z.mp4',
    'b0c6/other/2026-05-01/20260501T235959.007Z.mp4',
    'b0c6/main/2026-05-01/../20260501T235959.007Z.mp4',
    'b0c6/main/2026-05-01/20260501T235959.007Z.mp4.part',
    'b0c6/main/2026-05-01/20269901T235959.007Z.mp4',
    'b0c6\\main\\2026-05-01\\20260501T235959.007Z.mp4',
  ])('are not %j', (path) => {
    expect(parseRecordingPath(path)).toBeNull();
  });

  it('never lead out of the recordings folder', () => {
    expect(['a-B_9', '..', '.', '', 'a/b', 'a\\b', 'a\0', 'x'.repeat(65)].map(isCameraFolder)).toEqual([true, ...Array(7).fill(false)]);
  });
});
