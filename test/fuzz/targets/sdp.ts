/** A camera's description, down to the tracks that are made of it. */
import { VideoParameters } from '../../../media/codec/video-parameters.ts';
import { resolveControl } from '../../../media/rtsp/rtsp-url.ts';
import { parseSessionDescription } from '../../../media/sdp/session-description.ts';
import { planTracks } from '../../../media/sdp/track-plan.ts';
import { describeAudio } from '../../../media/stream/audio-receiver.ts';
import { mustHold } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

/** Counts stay below their bounds, clocks tick, and a control fits into a request line. */
export const sdp: FuzzTarget = {
  name: 'sdp',
  run(input) {
    const description = parseSessionDescription(input.toString('utf8'));
    if (typeof description === 'string') return;
    mustHold(description.media.length <= 32, 'too many media');
    for (const { control, formats } of description.media) {
      mustHold(formats.length <= 32, 'too many formats');
      mustHold(!/[\s\u0000-\u001f]/.test(resolveControl('rtsp://camera/x', control)), 'a control breaks the request line');
    }
    const plan = planTracks(description);
    if (!plan.ok) return;
    const { video, audio } = plan;
    mustHold(video.clockRateHz > 0 && video.payloadType <= 127, 'video without a clock');
    const parameters = new VideoParameters(video.codec, video.clockRateHz);
    for (const nalUnit of video.parameterSets) parameters.put(nalUnit);
    parameters.describe(() => false);
    if (audio === null) return;
    mustHold(audio.clockRateHz > 0 && audio.channels > 0, 'audio without a clock');
    describeAudio(audio);
  },
};
