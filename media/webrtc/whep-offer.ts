/**
 * The offer of a WHEP viewer (RFC 9725 §4.2; SDP: RFC 8866; WebRTC's use of it: RFC 8829), read into a plain model.
 *
 *     session level     v= o= s= t=, a=group:BUNDLE, ICE and DTLS attributes that hold for all sections
 *     m=<kind> <port> <protocol> <formats>      one section per medium
 *       a=mid, a=recvonly …, a=rtpmap, a=fmtp, a=ice-ufrag, a=ice-pwd, a=fingerprint, a=setup, a=candidate
 *
 * The text comes from anybody with a ticket. It is never handed on: the native library gets an offer written anew from
 * this model (see `canonical-offer.ts`), so that only values checked here reach it.
 */

/** One payload format of a section. */
export interface OfferedFormat {
  readonly payloadType: number;
  /** Upper case: `H264`, `PCMA`, `OPUS`. */
  readonly encoding: string;
  readonly clockRateHz: number;
  readonly channels: number;
  /** Parameters of `a=fmtp` as one string, empty without. */
  readonly parameters: string;
}

export interface OfferedSection {
  readonly kind: 'video' | 'audio' | 'application';
  readonly mid: string;
  /** The viewer is ready to receive in this section. */
  readonly isReceiving: boolean;
  readonly formats: readonly OfferedFormat[];
}

/** Address of the viewer: only UDP host, server-reflexive and relayed candidates with a literal IP address. */
export interface OfferedCandidate {
  readonly line: string;
}

export interface WhepOffer {
  readonly sections: readonly OfferedSection[];
  readonly iceUfrag: string;
  readonly icePwd: string;
  readonly fingerprint: string;
  readonly setup: 'actpass' | 'active' | 'passive';
  readonly candidates: readonly OfferedCandidate[];
}

export type OfferReading = { readonly ok: true; readonly offer: WhepOffer } | { readonly ok: false; readonly detail: string };

/** Chromium's largest offers are about 8 KB; one with every codec and simulcast stays below this. */
export const maxOfferBytes = 64 * 1024;
const maxSections = 8;
const maxFormats = 128;
const maxCandidates = 24;

/** Formats that need no `a=rtpmap` (RFC 3551 §6). */
const staticFormats: ReadonlyMap<number, OfferedFormat> = new Map([
  [0, { payloadType: 0, encoding: 'PCMU', clockRateHz: 8000, channels: 1, parameters: '' }],
  [8, { payloadType: 8, encoding: 'PCMA', clockRateHz: 8000, channels: 1, parameters: '' }],
]);

interface SectionDraft {
  kind: string;
  protocol: string;
  mid: string | null;
  isReceiving: boolean;
  payloadTypes: number[];
  mappings: Map<number, { encoding: string; clockRateHz: number; channels: number }>;
  parameters: Map<number, string>;
}

/** Reads an offer; any text is allowed and the answer says what is wrong with it. */
export function parseWhepOffer(text: string): OfferReading {
  if (text.length > maxOfferBytes) return refuse('offer is too long');
  const lines = text.split(/\r?\n/);
  if (lines[0] !== 'v=0') return refuse('offer does not begin with v=0');
  const drafts: SectionDraft[] = [];
  const candidates: OfferedCandidate[] = [];
  let iceUfrag: string | null = null;
  let icePwd: string | null = null;
  let fingerprint: string | null = null;
  let setup: WhepOffer['setup'] = 'actpass';
  let bundled: ReadonlySet<string> = new Set();
  for (const line of lines) {
    if (line.startsWith('m=')) {
      if (drafts.length >= maxSections) return refuse('offer has too many sections');
      const draft = parseMediaLine(line);
      if (draft === null) return refuse(`media line does not parse: ${line.slice(0, 60)}`);
      drafts.push(draft);
      continue;
    }
    if (!line.startsWith('a=')) continue;
    const colon = line.indexOf(':');
    const name = colon < 0 ? line.slice(2) : line.slice(2, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1);
    switch (name) {
      case 'ice-ufrag':
        iceUfrag ??= value;
        break;
      case 'ice-pwd':
        icePwd ??= value;
        break;
      case 'fingerprint':
        fingerprint ??= value;
        break;
      case 'setup':
        if (value === 'active' || value === 'passive' || value === 'actpass') setup = value;
        break;
      case 'group':
        if (value.startsWith('BUNDLE ')) bundled = new Set(value.slice(7).split(' '));
        break;
      case 'candidate':
        if (candidates.length < maxCandidates && isUsableCandidate(value)) candidates.push({ line: `candidate:${value}` });
        break;
      default: {
        const draft = drafts.at(-1);
        if (draft !== undefined) readSectionAttribute(draft, name, value);
      }
    }
  }
  if (iceUfrag === null || !iceTokenPattern.test(iceUfrag)) return refuse('ice-ufrag is missing or malformed');
  if (icePwd === null || !iceTokenPattern.test(icePwd) || icePwd.length < 22) return refuse('ice-pwd is missing or malformed');
  if (fingerprint === null || !fingerprintPattern.test(fingerprint)) return refuse('a sha-256 fingerprint is missing');
  const sections: OfferedSection[] = [];
  for (const draft of drafts) {
    const section = finishSection(draft);
    if (typeof section === 'string') return refuse(section);
    if (sections.some((other) => other.mid === section.mid)) return refuse('two sections have the same mid');
    sections.push(section);
  }
  if (sections.length === 0) return refuse('offer has no media section');
  if (sections.length > 1 && sections.some((section) => !bundled.has(section.mid))) return refuse('all sections must be bundled');
  return { ok: true, offer: { sections, iceUfrag, icePwd, fingerprint, setup, candidates } };
}

/** Whether the value of an `a=candidate` may be handed to the library: UDP, with a literal address. */
export function isUsableCandidate(value: string): boolean {
  return candidatePattern.test(value);
}

/** ice-char of RFC 8839 §5.4. */
const iceTokenPattern = /^[A-Za-z0-9+/]{4,256}$/;
/** SHA-256 only: every browser uses it (RFC 8827 §5). */
const fingerprintPattern = /^sha-256 [0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}$/i;
/** Literal addresses only: a `.local` name cannot be resolved here and is not needed, the viewer's checks reveal its address. */
const candidatePattern =
  /^[A-Za-z0-9+/]{1,32} 1 udp \d{1,10} (\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f:]{2,39}) \d{1,5} typ (host|srflx|prflx|relay)( [A-Za-z0-9.:+/ -]{0,120})?$/i;
const midPattern = /^[A-Za-z0-9_.-]{1,32}$/;
/** What browsers put into `a=fmtp`; anything else is dropped. */
const parametersPattern = /^[A-Za-z0-9=;,/ .:+_-]{0,256}$/;

function refuse(detail: string): OfferReading {
  return { ok: false, detail };
}

function parseMediaLine(line: string): SectionDraft | null {
  const match = /^m=([a-z]{1,16}) \d{1,5} ([A-Z/]{1,32})((?: [A-Za-z0-9-]{1,32})+)$/.exec(line);
  if (match === null) return null;
  const formats = (match[3] ?? '').trim().split(' ');
  if (formats.length > maxFormats) return null;
  const payloadTypes = formats.map(Number).filter((type) => Number.isInteger(type) && type >= 0 && type <= 127);
  return {
    kind: match[1] ?? '',
    protocol: match[2] ?? '',
    mid: null,
    isReceiving: true,
    payloadTypes,
    mappings: new Map(),
    parameters: new Map(),
  };
}

function readSectionAttribute(draft: SectionDraft, name: string, value: string): void {
  switch (name) {
    case 'mid':
      draft.mid = value;
      break;
    case 'sendonly':
    case 'inactive':
      draft.isReceiving = false;
      break;
    case 'rtpmap': {
      const match = /^(\d{1,3}) ([A-Za-z0-9_.-]{1,32})\/(\d{1,6})(?:\/(\d))?$/.exec(value);
      if (match === null) break;
      draft.mappings.set(Number(match[1]), {
        encoding: (match[2] ?? '').toUpperCase(),
        clockRateHz: Number(match[3]),
        channels: Number(match[4] ?? 1),
      });
      break;
    }
    case 'fmtp': {
      const match = /^(\d{1,3}) (.*)$/.exec(value);
      if (match !== null && parametersPattern.test(match[2] ?? '')) draft.parameters.set(Number(match[1]), match[2] ?? '');
      break;
    }
  }
}

function finishSection(draft: SectionDraft): OfferedSection | string {
  if (draft.kind !== 'video' && draft.kind !== 'audio' && draft.kind !== 'application') return `section kind is not known: ${draft.kind}`;
  if (draft.mid === null || !midPattern.test(draft.mid)) return 'a section has no usable mid';
  const expected = draft.kind === 'application' ? 'UDP/DTLS/SCTP' : 'UDP/TLS/RTP/SAVPF';
  if (draft.protocol !== expected) return `section protocol is not ${expected}`;
  const formats: OfferedFormat[] = [];
  for (const payloadType of draft.payloadTypes) {
    const mapping = draft.mappings.get(payloadType) ?? staticFormats.get(payloadType);
    if (mapping === undefined) continue;
    formats.push({
      payloadType,
      encoding: mapping.encoding,
      clockRateHz: mapping.clockRateHz,
      channels: mapping.channels,
      parameters: draft.parameters.get(payloadType) ?? '',
    });
  }
  if (draft.kind !== 'application' && formats.length === 0) return 'a section lists no format';
  return { kind: draft.kind, mid: draft.mid, isReceiving: draft.isReceiving, formats };
}
