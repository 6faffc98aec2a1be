/** One answered WHEP offer on libdatachannel: the connection, its tracks, its clock channel and its end. */
import { randomInt } from 'node:crypto';
import nodeDataChannel from 'node-datachannel';
import type { DataChannel, PeerConnection, Track } from 'node-datachannel';
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import type { MediaProblemCode } from '../contract/media-api.ts';
import type { DeliveryMeasurements, ViewerDelivery } from '../stream/delivery-measurements.ts';
import { addHostCandidates, writeCanonicalOffer } from './canonical-offer.ts';
import type { ChosenFormat, CodecChoice } from './codec-choice.ts';
import type { WebRtcSession } from './engine.ts';
import { SessionChannel, sessionChannelLabel } from './session-channel.ts';
import type { StreamFanout } from './stream-fanout.ts';
import type { TrickleFragment } from './trickle-fragment.ts';
import { Viewer, type OutletFormat, type PacketOutlet } from './viewer.ts';
import type { WhepOffer } from './whep-offer.ts';

/** A session of the engine; `fanout` is the stream it watches. */
export interface PeerSession extends WebRtcSession {
  readonly fanout: StreamFanout;
  /** Frames left out because this viewer was too slow. */
  readonly slowFrames: number;
}

export interface PeerSessionOptions {
  readonly sessionId: string;
  readonly offer: WhepOffer;
  readonly choice: CodecChoice & { readonly ok: true };
  readonly audioClockRateHz: number | null;
  readonly fanout: StreamFanout;
  readonly portNumber: number;
  /** Addresses to offer. */
  readonly addresses: () => Promise<readonly string[]>;
  readonly delivery: DeliveryMeasurements | null;
  /** What the page says on its data channel. */
  readonly onText: (text: string) => void;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called once, whoever ended the session. */
  readonly onClosed: (session: PeerSession) => void;
}

/** A viewer that has not connected by then has gone, or a firewall stands between. */
const connectTimeoutMs = 15_000;
/** ICE calls a connection disconnected after lost checks; Wi-Fi roaming recovers within this time. */
const disconnectGraceMs = 6_000;
/**
 * Browsers report their reception about once a second (RFC 3550 §6.2). One that is silent for so long has crashed or lost its
 * network; ICE alone would go on sending to it for half a minute (consent: RFC 7675 §5.1).
 */
const maxSilenceMs = 10_000;
const silenceCheckMs = 2_500;
/** The library gathers local addresses at once; this bounds a machine whose interfaces do not answer. */
const gatheringTimeoutMs = 2_000;
/** For the last message of a data channel to leave. */
const farewellMs = 300;
/** A viewer has a handful of addresses; more are not handed on. */
const maxTrickledCandidates = 64;
/** Packets kept for retransmission: 1.5 s at 4 Mbps. */
const retransmissionPackets = 512;
const videoClockRateHz = 90_000;

/** Answers `offer`. Rejects when the library does not take it; nothing stays open then. */
export async function openPeerSession(options: PeerSessionOptions): Promise<PeerSession> {
  const session = new DatachannelSession(options);
  try {
    await session.negotiate();
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}

interface MediaSender {
  readonly track: Track;
  readonly format: OutletFormat;
}

class DatachannelSession implements PeerSession {
  readonly sessionId: string;
  readonly fanout: StreamFanout;
  answerSdp = '';
  readonly #options: PeerSessionOptions;
  readonly #connection: PeerConnection;
  readonly #viewer: Viewer;
  readonly #delivery: ViewerDelivery | null;
  readonly #videoTrack: Track;
  /** Keeps the native objects from being collected while the session lives. */
  readonly #tracks: Track[] = [];
  #channel: SessionChannel | null = null;
  #trickledCandidates = 0;
  #cancelFarewell: (() => void) | null = null;
  #cancelDeadline: (() => void) | null = null;
  #cancelSilenceCheck: (() => void) | null = null;
  #lastHeardMs = 0;
  #isAnswered = false;
  #isClosed = false;

  constructor(options: PeerSessionOptions) {
    this.#options = options;
    this.sessionId = options.sessionId;
    this.fanout = options.fanout;
    this.#connection = new nodeDataChannel.PeerConnection(options.sessionId, {
      iceServers: [],
      enableIceUdpMux: true,
      portRangeBegin: options.portNumber,
      portRangeEnd: options.portNumber,
      disableAutoNegotiation: true,
      // Without video over DTLS-SRTP the connection would be of no use.
      forceMediaTransport: true,
    });
    const { video, audio } = options.choice;
    const videoSender = this.#addSender('video', video, videoClockRateHz);
    const audioSender = audio === null || options.audioClockRateHz === null ? null : this.#addSender('audio', audio, options.audioClockRateHz);
    this.#addUnusedSections(audioSender === null ? [video.mid] : [video.mid, audio?.mid ?? '']);
    this.#videoTrack = videoSender.track;
    this.#delivery = options.delivery?.join() ?? null;
    this.#viewer = new Viewer(
      options.clock,
      { outlet: outletOf(videoSender.track), format: videoSender.format },
      audioSender === null ? null : { outlet: outletOf(audioSender.track), format: audioSender.format },
      this.#delivery,
    );
  }

  get slowFrames(): number {
    return this.#viewer.counters.slowFrames;
  }

  /** Exchanges the descriptions and arms the callbacks. */
  async negotiate(): Promise<void> {
    const { offer, choice, clock } = this.#options;
    this.#connection.onStateChange((state) => this.#onState(state));
    this.#connection.onDataChannel((channel) => this.#onDataChannel(channel));
    this.#videoTrack.onOpen(() => {
      if (!this.#isClosed && this.#cancelFarewell === null) this.fanout.add(this.#viewer);
    });
    this.#videoTrack.onMessage((packet) => {
      if (this.#isClosed) return;
      this.#lastHeardMs = clock.monotonicMs();
      this.#viewer.onRtcp(packet, this.fanout);
    });
    const gathered = this.#gathered();
    const addresses = this.#options.addresses();
    this.#connection.setRemoteDescription(writeCanonicalOffer(offer, choice.audio === null ? [choice.video] : [choice.video, choice.audio]), 'offer');
    this.#connection.setLocalDescription('answer');
    await gathered;
    const description = this.#connection.localDescription();
    if (description === null) throw new Error('the library made no answer');
    this.answerSdp = addHostCandidates(description.sdp, await addresses, this.#options.portNumber);
    if (this.#isClosed) throw new Error('closed while the answer was made');
    this.#isAnswered = true;
    this.#cancelDeadline = clock.setTimer(connectTimeoutMs, () => this.close());
  }

  addCandidates({ iceUfrag, icePwd, candidates }: TrickleFragment): 'taken' | 'other-ice-session' {
    const { offer } = this.#options;
    if ((iceUfrag !== null && iceUfrag !== offer.iceUfrag) || (icePwd !== null && icePwd !== offer.icePwd)) return 'other-ice-session';
    for (const candidate of candidates) {
      if (this.#isClosed || this.#trickledCandidates >= maxTrickledCandidates) break;
      this.#trickledCandidates++;
      try {
        this.#connection.addRemoteCandidate(candidate, offer.sections[0]?.mid ?? '');
      } catch (error) {
        // One that the library cannot use, such as IPv6 on a machine without; ICE does with the others.
        this.#options.log.debug({ err: error, sessionId: this.sessionId }, 'webrtc.candidate-refused');
      }
    }
    return 'taken';
  }

  end(code: MediaProblemCode): void {
    if (this.#isClosed || this.#cancelFarewell !== null) return;
    this.fanout.remove(this.#viewer);
    this.#channel?.tell({ kind: 'ended', code });
    this.#options.log.info({ sessionId: this.sessionId, code }, 'webrtc.session-ended');
    this.#cancelFarewell = this.#options.clock.setTimer(farewellMs, () => this.close());
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelFarewell?.();
    this.#cancelDeadline?.();
    this.#cancelSilenceCheck?.();
    this.fanout.remove(this.#viewer);
    this.#connection.close();
    // Closing the connection alone leaves their callbacks alive, and through them this session: 27 KB for every viewer.
    for (const track of this.#tracks.splice(0)) track.close();
    this.#channel?.close();
    this.#channel = null;
    this.#delivery?.leave();
    const { log, onClosed } = this.#options;
    log.info({ sessionId: this.sessionId, ...this.#viewer.counters }, 'webrtc.viewer-left');
    if (this.#isAnswered) onClosed(this);
  }

  #addSender(kind: 'video' | 'audio', chosen: ChosenFormat, clockRateHz: number): MediaSender {
    const { format: offered, mid } = chosen;
    const ssrc = randomInt(1, 2 ** 32 - 1);
    const description = kind === 'video' ? new nodeDataChannel.Video(mid, 'SendOnly') : new nodeDataChannel.Audio(mid, 'SendOnly');
    addCodec(description, offered.payloadType, offered.encoding, offered.parameters);
    // One stream id for both tracks: the browser plays them in step by the sender reports (RFC 8830).
    description.addSSRC(ssrc, 'yilan', 'yilan', kind);
    const track = this.#connection.addTrack(description);
    const reporter = new nodeDataChannel.RtcpSrReporter(new nodeDataChannel.RtpPacketizationConfig(ssrc, 'yilan', offered.payloadType, clockRateHz));
    if (kind === 'video') reporter.addToChain(new nodeDataChannel.RtcpNackResponder(retransmissionPackets));
    track.setMediaHandler(reporter);
    this.#tracks.push(track);
    return {
      track,
      format: {
        payloadType: offered.payloadType,
        ssrc,
        clockRateHz,
        firstSequenceNumber: randomInt(0, 2 ** 15),
        firstTimestamp: randomInt(0, 2 ** 31),
      },
    };
  }

  /** Sections of the offer that nothing is sent in must be answered too, or the library makes tracks of its own. */
  #addUnusedSections(usedMids: readonly string[]): void {
    for (const section of this.#options.offer.sections) {
      const format = section.formats[0];
      if (section.kind === 'application' || usedMids.includes(section.mid) || format === undefined) continue;
      const description =
        section.kind === 'video' ? new nodeDataChannel.Video(section.mid, 'Inactive') : new nodeDataChannel.Audio(section.mid, 'Inactive');
      addCodec(description, format.payloadType, format.encoding, format.parameters);
      this.#tracks.push(this.#connection.addTrack(description));
    }
  }

  #gathered(): Promise<void> {
    return new Promise((resolve) => {
      const cancelTimer = this.#options.clock.setTimer(gatheringTimeoutMs, resolve);
      this.#connection.onGatheringStateChange((state) => {
        if (state !== 'complete') return;
        cancelTimer();
        resolve();
      });
    });
  }

  #onState(state: string): void {
    if (this.#isClosed) return;
    if (state === 'connected') {
      this.#cancelDeadline?.();
      this.#cancelDeadline = null;
      this.#lastHeardMs = this.#options.clock.monotonicMs();
      this.#checkSilence();
    } else if (state === 'disconnected') {
      this.#cancelDeadline?.();
      this.#cancelDeadline = this.#options.clock.setTimer(disconnectGraceMs, () => this.close());
    } else if (state === 'failed' || state === 'closed') {
      this.close();
    }
  }

  #checkSilence(): void {
    const { clock } = this.#options;
    this.#cancelSilenceCheck?.();
    if (clock.monotonicMs() - this.#lastHeardMs > maxSilenceMs) this.close();
    else this.#cancelSilenceCheck = clock.setTimer(silenceCheckMs, () => this.#checkSilence());
  }

  #onDataChannel(channel: DataChannel): void {
    if (this.#isClosed || this.#channel !== null || channel.getLabel() !== sessionChannelLabel) return;
    this.#channel = new SessionChannel(channel, this.#viewer, this.#options.clock, this.#options.onText);
  }
}

/**
 * The library closes tracks on threads of its own and throws when one is used a moment later. That is no fault: the
 * state callback that ends the session is on its way.
 */
function outletOf(track: Track): PacketOutlet {
  return {
    send: (packet) => {
      try {
        return track.sendMessageBinary(packet);
      } catch {
        return false;
      }
    },
  };
}

function addCodec(
  description: InstanceType<typeof nodeDataChannel.Video> | InstanceType<typeof nodeDataChannel.Audio>,
  payloadType: number,
  encoding: string,
  parameters: string,
): void {
  if ('addVideoCodec' in description) description.addVideoCodec(payloadType, encoding, parameters);
  else description.addAudioCodec(payloadType, encoding, parameters);
}
