/** Turns a frame feeder into init segments and fragments, as bytes. */
import { writeInitSegment } from '../../media/fmp4/init-segment.ts';
import { SampleCollector } from '../../media/fmp4/sample-collector.ts';
import type { Fragment } from '../../media/fmp4/sample-collector.ts';
import { isRecordableAudio } from '../../media/fmp4/sample-entry.ts';
import type { RecordableAudio } from '../../media/fmp4/sample-entry.ts';
import type { VideoTrack } from '../../media/stream/frame.ts';
import type { FrameFeeder } from './frame-feeder.ts';

/** The feeder's tracks as they can be stored. */
export function storableTracks(feeder: FrameFeeder): { video: VideoTrack; audio: RecordableAudio | null } {
  const { video, audio } = feeder.tracks;
  if (video === null) throw new Error('the feeder has no video');
  return { video, audio: audio !== null && isRecordableAudio(audio) ? audio : null };
}

export function initOf(feeder: FrameFeeder): Buffer {
  const { video, audio } = storableTracks(feeder);
  return writeInitSegment(video, audio);
}

/** Header and body as one buffer; lets go of the body. */
export function bytesOf(fragment: Fragment): Buffer {
  const buffers: Uint8Array[] = [fragment.header];
  fragment.body.appendTo(buffers);
  const bytes = Buffer.concat(buffers);
  fragment.body.release();
  return bytes;
}

/** Feeds `seconds` and returns what was collected as one fragment. */
export function collectFragment(feeder: FrameFeeder, seconds: number, withProducerReference = false): Fragment {
  const { video, audio } = storableTracks(feeder);
  const collector = new SampleCollector(video, audio, withProducerReference);
  feeder.addSink({
    onTracks() {},
    onFrame: (frame) => (frame.kind === 'video' ? collector.pushVideo(frame) : collector.pushAudio(frame)),
    onInterrupted() {},
  });
  feeder.feed(seconds);
  feeder.sinks.pop();
  collector.endTimeline();
  const fragment = collector.finishFragment();
  if (fragment === null) throw new Error('nothing was collected');
  return fragment;
}
