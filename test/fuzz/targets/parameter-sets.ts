/** Parameter sets, to the track they describe and the init segment that is written of it. The input: length 16 · NAL unit, and so on. */
import { VideoParameters } from '../../../media/codec/video-parameters.ts';
import { parseInitSegment } from '../../../media/fmp4/init-parser.ts';
import { writeInitSegment } from '../../../media/fmp4/init-segment.ts';
import { mustHold } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

function targetFor(codec: 'h264' | 'h265'): FuzzTarget {
  return {
    name: `${codec}-parameter-sets`,
    run(input) {
      const parameters = new VideoParameters(codec, 90_000);
      for (let at = 0; at + 2 <= input.length;) {
        const end = Math.min(input.length, at + 2 + input.readUInt16BE(at));
        parameters.put(input.subarray(at + 2, end));
        at = end;
      }
      const described = parameters.describe((maxReorderFrames) => (maxReorderFrames ?? 0) > 0);
      if (described === null) return;
      const { track, maxReorderFrames, framesPerSecond } = described;
      mustHold(track.width > 0 && track.height > 0 && Math.max(track.width, track.height) <= 16_384, `a picture of ${track.width} × ${track.height}`);
      mustHold((maxReorderFrames ?? 0) >= 0 && (maxReorderFrames ?? 0) <= 16, 'reordering out of range');
      mustHold(framesPerSecond === null || (Number.isFinite(framesPerSecond) && framesPerSecond > 0), 'a frame rate of nothing');
      mustHold(/^(avc1|hvc1)\.[A-Za-z0-9.]+$/.test(track.codecString), 'a malformed codecs parameter');
      const init = parseInitSegment(writeInitSegment(track, null));
      mustHold(init !== null && init.tracks.length === 1, 'an init segment that we cannot read ourselves');
    },
  };
}

/** H.264: SPS and PPS. */
export const h264ParameterSets = targetFor('h264');
/** H.265: VPS, SPS and PPS. */
export const h265ParameterSets = targetFor('h265');
