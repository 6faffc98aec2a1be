/** Which of the offered formats a stream travels in: pure policy of the WHEP answer. */
import type { AudioTrack, StreamTracks, VideoTrack } from '../stream/frame.ts';
import type { OfferRefusal } from './engine.ts';
import type { OfferedFormat, OfferedSection, WhepOffer } from './whep-offer.ts';

/** One section we send in. */
export interface ChosenFormat {
  readonly mid: string;
  readonly format: OfferedFormat;
}

export type CodecChoice =
  | { readonly ok: true; readonly video: ChosenFormat; readonly audio: ChosenFormat | null }
  | { readonly ok: false; readonly refusal: OfferRefusal; readonly detail: string };

/** Decides the formats of `tracks` for an offer. Video is required, audio comes along where it fits. */
export function chooseCodecs(offer: WhepOffer, tracks: StreamTracks): CodecChoice {
  const { video, audio } = tracks;
  if (video === null) return { ok: false, refusal: 'codec-not-offered', detail: 'the stream has no video' };
  if (video.hasReordering) {
    return { ok: false, refusal: 'reordering-not-supported', detail: 'the stream has B-frames, which WebRTC cannot carry' };
  }
  const section = offer.sections.find((candidate) => candidate.kind === 'video' && candidate.isReceiving);
  if (section === undefined) return { ok: false, refusal: 'offer-invalid', detail: 'the offer does not ask for video' };
  const format = video.codec === 'h264' ? chooseH264(section, video) : chooseH265(section);
  if (format === null) return { ok: false, refusal: 'codec-not-offered', detail: `the offer does not list ${video.codec}` };
  return { ok: true, video: { mid: section.mid, format }, audio: audio === null ? null : chooseAudio(offer, audio) };
}

/**
 * The offered H.264 format nearest to the stream's profile. Only packetization-mode 1 carries fragments (RFC 6184
 * §8.2.2). Any profile will do in the end: Chromium offers five but its decoder plays a High stream announced as
 * Constrained Baseline, and many cameras write a profile they do not keep to. The level is not compared: the offers say
 * 3.1 and the same decoders play 5.1.
 */
function chooseH264(section: OfferedSection, video: VideoTrack): OfferedFormat | null {
  const streamProfile = video.codecString.slice(5, 7).toLowerCase();
  let best: OfferedFormat | null = null;
  let bestScore = -1;
  for (const format of section.formats) {
    if (format.encoding !== 'H264' || format.clockRateHz !== 90_000) continue;
    if (!/(^|;)\s*packetization-mode=1\s*(;|$)/.test(format.parameters)) continue;
    const profile = /profile-level-id=([0-9a-f]{2})/i.exec(format.parameters)?.[1]?.toLowerCase() ?? '42';
    const score = profile === streamProfile ? 1000 : Number.parseInt(profile, 16);
    if (score > bestScore) {
      best = format;
      bestScore = score;
    }
  }
  return best;
}

function chooseH265(section: OfferedSection): OfferedFormat | null {
  return section.formats.find((format) => format.encoding === 'H265' && format.clockRateHz === 90_000) ?? null;
}

function chooseAudio(offer: WhepOffer, audio: AudioTrack): ChosenFormat | null {
  const encoding = audio.codec.toUpperCase();
  for (const section of offer.sections) {
    if (section.kind !== 'audio' || !section.isReceiving) continue;
    const format = section.formats.find((candidate) => candidate.encoding === encoding && candidate.clockRateHz === audio.clockRateHz);
    return format === undefined ? null : { mid: section.mid, format };
  }
  return null;
}
