/**
 * The SDP handed to and taken from the native library: an offer written anew from checked values, and the answer completed
 * with the addresses under which this node can be reached.
 */
import type { ChosenFormat } from './codec-choice.ts';
import type { OfferedSection, WhepOffer } from './whep-offer.ts';

/** Writes `offer` with only the chosen formats: what is not chosen keeps its first format, for the library needs one. */
export function writeCanonicalOffer(offer: WhepOffer, chosen: readonly ChosenFormat[]): string {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${offer.sections.map((section) => section.mid).join(' ')}`,
    'a=msid-semantic: WMS',
  ];
  for (const section of offer.sections) lines.push(...writeSection(offer, section, chosen));
  return `${lines.join('\r\n')}\r\n`;
}

/**
 * Adds one UDP host candidate per address to the answer, in every section that has none of it yet. The library lists the
 * interfaces of the machine but not its loopback (a browser on the same machine) nor what only the configuration knows
 * (a public address behind NAT); its socket answers on all of them.
 */
export function addHostCandidates(answerSdp: string, addresses: readonly string[], portNumber: number): string {
  const lines = answerSdp.split('\r\n').filter((line) => line !== '' && line !== 'a=end-of-candidates');
  const additions: string[] = [];
  // Below those of the library, so that a browser elsewhere does not try its own loopback first.
  let localPreference = 3000;
  for (const address of addresses) {
    if (lines.some((line) => line.startsWith('a=candidate:') && line.includes(` ${address} `))) continue;
    // RFC 8445 §5.1.2: type preference of host candidates 126, component 1.
    const priority = 126 * 2 ** 24 + localPreference-- * 2 ** 8 + 255;
    additions.push(`a=candidate:${9000 + additions.length} 1 UDP ${priority} ${address} ${portNumber} typ host`);
  }
  const isEnd = (index: number): boolean => index === lines.length || (lines[index] ?? '').startsWith('m=');
  const result: string[] = [];
  let isInFirstSection = false;
  for (let index = 0; index <= lines.length; index++) {
    if (isEnd(index) && isInFirstSection) {
      // With BUNDLE the candidates of the first section are those of all (RFC 9143 §7.1).
      result.push(...additions, 'a=end-of-candidates');
      isInFirstSection = false;
      additions.length = 0;
      result.push(...lines.slice(index));
      break;
    }
    const line = lines[index];
    if (line === undefined) break;
    if (line.startsWith('m=')) isInFirstSection = true;
    result.push(line);
  }
  return `${result.join('\r\n')}\r\n`;
}

function writeSection(offer: WhepOffer, section: OfferedSection, chosen: readonly ChosenFormat[]): string[] {
  const transport = [
    'c=IN IP4 0.0.0.0',
    `a=mid:${section.mid}`,
    `a=ice-ufrag:${offer.iceUfrag}`,
    `a=ice-pwd:${offer.icePwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:${offer.fingerprint}`,
    `a=setup:${offer.setup}`,
    ...(section === offer.sections[0] ? offer.candidates.map((candidate) => `a=${candidate.line}`) : []),
  ];
  if (section.kind === 'application') {
    return ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', ...transport, 'a=sctp-port:5000', 'a=max-message-size:262144'];
  }
  const choice = chosen.find((candidate) => candidate.mid === section.mid);
  const format = choice?.format ?? section.formats[0];
  if (format === undefined) return [];
  const channels = format.channels > 1 ? `/${format.channels}` : '';
  return [
    `m=${section.kind} 9 UDP/TLS/RTP/SAVPF ${format.payloadType}`,
    ...transport,
    choice === undefined ? 'a=inactive' : 'a=recvonly',
    'a=rtcp-mux',
    `a=rtpmap:${format.payloadType} ${format.encoding}/${format.clockRateHz}${channels}`,
    ...(section.kind === 'video' ? ['nack', 'nack pli', 'ccm fir'].map((feedback) => `a=rtcp-fb:${format.payloadType} ${feedback}`) : []),
    ...(format.parameters === '' ? [] : [`a=fmtp:${format.payloadType} ${format.parameters}`]),
  ];
}
