/**
 * SDP as far as a camera's answer to DESCRIBE concerns us (RFC 8866 §5, RFC 2326 §C).
 *
 *     v= … then session lines, of these: a=control
 *     m=<media> <port> <proto> <payload types…>, then of these: a=control · a=rtpmap · a=fmtp
 */

/** One payload format of a media section. */
export interface PayloadFormat {
  readonly payloadType: number;
  /** Upper case, such as `H264`; empty when neither rtpmap nor RFC 3551 names it. */
  readonly encoding: string;
  readonly clockRateHz: number;
  readonly channels: number;
  /** fmtp parameters by lower-case name; values as written. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface MediaDescription {
  /** `video`, `audio`, `application`… */
  readonly kind: string;
  readonly control: string | null;
  /** Quirk: sound from us to the camera, told beside the camera's own; `sendonly` is written from our side (ONVIF Streaming §5.3). */
  readonly isBackChannel: boolean;
  readonly formats: readonly PayloadFormat[];
}

export interface SessionDescription {
  readonly control: string | null;
  readonly media: readonly MediaDescription[];
}

/** A camera has up to four media sections, a multi-sensor one some more. */
const MAX_MEDIA = 32;
const MAX_FORMATS = 32;
const MAX_LINES = 4000;

/** Static payload types that cameras use (RFC 3551 §6). */
const STATIC_FORMATS: ReadonlyMap<number, { readonly encoding: string; readonly clockRateHz: number; readonly channels: number }> = new Map([
  [0, { encoding: 'PCMU', clockRateHz: 8000, channels: 1 }],
  [8, { encoding: 'PCMA', clockRateHz: 8000, channels: 1 }],
  [26, { encoding: 'JPEG', clockRateHz: 90_000, channels: 1 }],
]);

interface MediaLines {
  readonly kind: string;
  readonly payloadTypes: readonly number[];
  control: string | null;
  isBackChannel: boolean;
  readonly rtpmaps: Map<number, string>;
  readonly fmtps: Map<number, string>;
}

/** Parses a description; unknown lines are skipped. Returns a short reason on failure. */
export function parseSessionDescription(text: string): SessionDescription | string {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.length > MAX_LINES) return 'too many lines';
  let control: string | null = null;
  const media: MediaLines[] = [];
  for (const line of lines) {
    const value = line.slice(2).trim();
    const current = media.at(-1);
    if (line.startsWith('m=')) {
      if (media.length === MAX_MEDIA) return 'too many media';
      const section = parseMediaLine(value);
      if (section === null) return 'media line is malformed';
      media.push(section);
    } else if (line.startsWith('a=')) {
      const colon = value.indexOf(':');
      const name = (colon < 0 ? value : value.slice(0, colon)).toLowerCase();
      const argument = colon < 0 ? '' : value.slice(colon + 1).trim();
      if (current === undefined) control = name === 'control' ? soundControl(argument) : control;
      else readMediaAttribute(current, name, argument);
    }
  }
  return { control, media: media.map(describeMedia) };
}

function parseMediaLine(value: string): MediaLines | null {
  const [kind = '', port, protocol, ...formats] = value.split(/\s+/);
  if (kind === '' || port === undefined || protocol === undefined || formats.length > MAX_FORMATS) return null;
  const payloadTypes = formats.map(Number).filter((payloadType) => Number.isInteger(payloadType) && payloadType >= 0 && payloadType <= 127);
  return { kind: kind.toLowerCase(), payloadTypes, control: null, isBackChannel: false, rtpmaps: new Map(), fmtps: new Map() };
}

function readMediaAttribute(media: MediaLines, name: string, argument: string): void {
  if (name === 'control') {
    media.control = soundControl(argument);
    return;
  }
  if (name === 'sendonly') media.isBackChannel = true;
  if (name !== 'rtpmap' && name !== 'fmtp') return;
  const match = /^(\d{1,3})\s+(.*)$/s.exec(argument);
  const target = name === 'rtpmap' ? media.rtpmaps : media.fmtps;
  if (match !== null && target.size < MAX_FORMATS) target.set(Number(match[1]), match[2] ?? '');
}

/** A control goes into a request line; what cannot stand there is as good as none. */
function soundControl(argument: string): string | null {
  return /^[!-~]{0,1000}$/.test(argument) ? argument : null;
}

function describeMedia({ kind, control, isBackChannel, payloadTypes, rtpmaps, fmtps }: MediaLines): MediaDescription {
  const formats = payloadTypes.map((payloadType) => {
    const [encoding = '', clockRate = '', channels = '1'] = (rtpmaps.get(payloadType) ?? '').split('/').map((part) => part.trim());
    const fallback = STATIC_FORMATS.get(payloadType);
    const parameters = parseFormatParameters(fmtps.get(payloadType) ?? '');
    if (encoding === '' && fallback !== undefined) return { payloadType, ...fallback, parameters };
    return {
      payloadType,
      encoding: encoding.toUpperCase(),
      clockRateHz: boundedInteger(clockRate, 1, 10_000_000),
      channels: Math.max(1, boundedInteger(channels, 1, 16)),
      parameters,
    };
  });
  return { kind, control, isBackChannel, formats };
}

function boundedInteger(text: string, min: number, max: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= min && value <= max ? value : 0;
}

function parseFormatParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const part of text.split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0) parameters.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  return parameters;
}
