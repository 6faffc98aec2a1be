/**
 * A process full of viewers, as `whep-peers.ts` starts it: each is a libdatachannel connection that offers, counts the frames it
 * gets, and knows whether they began with a key frame. SRTP of a hundred viewers would block a test otherwise.
 */
import { readRtpPacket, WhepPeer } from './whep-peer.ts';

export type ToChild =
  | { readonly kind: 'open'; readonly viewer: number }
  | { readonly kind: 'answer'; readonly viewer: number; readonly sdp: string }
  | { readonly kind: 'count' }
  | { readonly kind: 'close' };

export type FromChild =
  | { readonly kind: 'offer'; readonly viewer: number; readonly sdp: string }
  | { readonly kind: 'counts'; readonly viewers: readonly ViewerCount[] }
  | { readonly kind: 'closed' };

/** What one viewer got; `startedWithKeyFrame` null before its first whole frame. */
export interface ViewerCount {
  readonly frames: number;
  readonly startedWithKeyFrame: boolean | null;
}

const peers = new Map<number, { readonly peer: WhepPeer; frames: number; startedWithKeyFrame: boolean | null }>();
const tell = (message: FromChild): void => void process.send?.(message);

/** Parameter sets (7, 8) or an IDR slice (5), alone, in a STAP-A (24) or as the first fragment (28). */
function beginsKeyFrame(payload: Buffer): boolean {
  const type = payload.readUInt8(0) & 0x1f;
  const inner = type === 28 ? payload.readUInt8(1) & 0x1f : type === 24 ? payload.readUInt8(3) & 0x1f : type;
  return inner === 5 || inner === 7 || inner === 8;
}

function open(viewer: number): void {
  const entry = { frames: 0, startedWithKeyFrame: null as boolean | null };
  const peer = new WhepPeer({
    onVideo: (packet) => {
      const { payload, hasMarker } = readRtpPacket(packet);
      entry.startedWithKeyFrame ??= beginsKeyFrame(payload);
      if (hasMarker) entry.frames++;
    },
  });
  peers.set(viewer, Object.assign(entry, { peer }));
  void peer.offer().then((sdp) => tell({ kind: 'offer', viewer, sdp }));
}

process.on('message', (message: ToChild) => {
  switch (message.kind) {
    case 'open':
      open(message.viewer);
      return;
    case 'answer':
      peers.get(message.viewer)?.peer.accept(message.sdp);
      return;
    case 'count':
      tell({ kind: 'counts', viewers: [...peers.values()].map(({ frames, startedWithKeyFrame }) => ({ frames, startedWithKeyFrame })) });
      return;
    case 'close':
      for (const { peer } of peers.values()) peer.close();
      peers.clear();
      tell({ kind: 'closed' });
  }
});
