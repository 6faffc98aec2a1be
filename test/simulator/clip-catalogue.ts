/**
 * The catalogue of the clips (`clips.json`) and the files behind it, read once and shared by all cameras.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseVideoStream } from './annex-b.ts';
import type { VideoCodec, VideoStream } from './annex-b.ts';
import { cutG711, parseAdts } from './audio-clip.ts';
import type { AudioClip, AudioCodec } from './audio-clip.ts';
import { createPacketTemplate } from './packet-template.ts';
import type { PacketTemplate } from './packet-template.ts';
import { packetizeAac, packetizeAccessUnit } from './rtp-payload.ts';

/** A stream of a camera: the full picture or the small one. */
export type StreamRole = 'main' | 'sub';

/** A video file of a clip: a raw Annex B byte stream under `clips/`. */
export interface ClipFile {
  readonly path: string;
  readonly codec: VideoCodec;
  readonly width: number;
  readonly height: number;
}

/** A place as a camera sees it. `main`, `sub` and `alternate` show the same frames; `alternate` is `main`'s codec in another size. */
export interface Clip {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly place: string;
  readonly light: 'day' | 'night';
  readonly fps: number;
  readonly gopSeconds: number;
  readonly loopSeconds: number;
  readonly files: { readonly main: ClipFile; readonly sub: ClipFile; readonly alternate?: ClipFile };
}

/** How a camera cuts its packets; cameras with the same way share the packets. */
export interface Packetization {
  readonly packetSizeBytes: number;
  readonly aggregate: boolean;
  readonly parameterSetsInBand: boolean;
}

/** A video file, ready to be sent: one template per frame. */
export interface VideoTrack {
  readonly file: ClipFile;
  readonly fps: number;
  readonly parameterSets: readonly Buffer[];
  readonly isKeyFrame: readonly boolean[];
  readonly templates: readonly PacketTemplate[];
}

/** An audio loop, ready to be sent. */
export interface AudioTrack {
  readonly clip: AudioClip;
  readonly templates: readonly PacketTemplate[];
}

/** RTP payload types: dynamic ones for video and AAC, RFC 3551 table 4 for G.711. */
export const PAYLOAD_TYPES = { video: 96, aac: 97, pcma: 8, pcmu: 0 } as const;

/** Clips and their packets, loaded when first asked for and kept. */
export interface ClipCatalogue {
  readonly clips: readonly Clip[];
  /** Throws, naming the clips there are, if there is none of that id. */
  find(id: string): Clip;
  /** What a stream of a clip shows in its ordinary state. */
  video(clip: Clip, role: StreamRole, packetization: Packetization): VideoTrack;
  /** The same codec at another size, for a change of parameters in mid-stream. */
  otherSize(clip: Clip, role: StreamRole, packetization: Packetization): VideoTrack;
  /** A black picture in the stream's codec and size. */
  black(clip: Clip, role: StreamRole, packetization: Packetization): VideoTrack;
  audio(codec: AudioCodec, light: Clip['light']): AudioTrack;
}

/** Where the clips of this repository are. */
export const CLIPS_FOLDER = import.meta.dirname;

/** Reads `clips.json` in a folder; the files are read as they are needed. */
export function loadClipCatalogue(folder: string = CLIPS_FOLDER): ClipCatalogue {
  const { clips } = JSON.parse(readFileSync(join(folder, 'clips.json'), 'utf8')) as { clips: Clip[] };
  const streams = new Map<string, VideoStream>();
  const videos = new Map<string, VideoTrack>();
  const audios = new Map<string, AudioTrack>();

  const find = (id: string): Clip => {
    const clip = clips.find((candidate) => candidate.id === id);
    if (clip === undefined) {
      throw new Error(`no clip is named ${id}; there are ${clips.map((known) => known.id).join(', ')}`);
    }
    return clip;
  };
  const stream = (file: ClipFile): VideoStream => {
    const known = streams.get(file.path);
    if (known !== undefined) return known;
    const read = parseVideoStream(file.codec, readFileSync(join(folder, 'clips', file.path)));
    streams.set(file.path, read);
    return read;
  };
  const track = (file: ClipFile, fps: number, packetization: Packetization): VideoTrack => {
    const key = `${file.path} ${JSON.stringify(packetization)}`;
    const known = videos.get(key);
    if (known !== undefined) return known;
    const built = createVideoTrack(file, fps, stream(file), packetization);
    videos.set(key, built);
    return built;
  };

  return {
    clips,
    find,
    video: (clip, role, packetization) => track(clip.files[role], clip.fps, packetization),
    otherSize: (clip, role, packetization) => {
      const now = clip.files[role];
      const candidates = [clip.files.alternate, clip.files.sub, clip.files.main, ...clips.flatMap((other) => [other.files.main, other.files.sub])];
      const other = candidates.find((file) => file?.codec === now.codec && file.width !== now.width);
      if (other === undefined) throw new Error(`no clip has ${now.codec} in another size than ${now.width}`);
      return track(other, clip.fps, packetization);
    },
    black: (clip, role, packetization) => {
      const { codec, width, height } = clip.files[role];
      const size = width === 1280 ? 'main' : 'sub';
      return track({ path: `black.${size}.${codec}`, codec, width, height }, clip.fps, packetization);
    },
    audio: (codec, light) => {
      const key = `${codec} ${light}`;
      const known = audios.get(key);
      if (known !== undefined) return known;
      const built = loadAudio(folder, codec, light);
      audios.set(key, built);
      return built;
    },
  };
}

function createVideoTrack(
  file: ClipFile,
  fps: number,
  { codec, parameterSets, accessUnits }: VideoStream,
  { packetSizeBytes, aggregate, parameterSetsInBand }: Packetization,
): VideoTrack {
  const templates = accessUnits.map(({ nalUnits, isKeyFrame }) => {
    const sent = parameterSetsInBand && isKeyFrame ? [...parameterSets, ...nalUnits] : nalUnits;
    return createPacketTemplate(packetizeAccessUnit(codec, sent, packetSizeBytes, aggregate), PAYLOAD_TYPES.video);
  });
  return { file, fps, parameterSets, isKeyFrame: accessUnits.map((unit) => unit.isKeyFrame), templates };
}

function loadAudio(folder: string, codec: AudioCodec, light: Clip['light']): AudioTrack {
  const read = (suffix: string): Buffer => readFileSync(join(folder, 'clips', `ambience-${light}.${suffix}`));
  const clip = codec === 'aac' ? parseAdts(read('aac')) : cutG711(codec, read('alaw'));
  const templates = clip.units.map((unit) => createPacketTemplate([codec === 'aac' ? packetizeAac(unit) : unit], PAYLOAD_TYPES[codec]));
  return { clip, templates };
}
