/**
 * The wire between media node and server: Socket.io, namespace `/media-nodes`, dialled by the node with its key.
 *
 * Events are numbered per node run (`epoch`, `sequence`). The node repeats unacknowledged ones after a link-up;
 * the server stores the last sequence it applied per epoch, so that nothing is lost or doubled.
 */
import type { RecordedFile, RecordingInventory } from './recordings.ts';
import type { DesiredState, NoPictureReason, ObservedState, StreamPhase, StreamRole } from './streams.ts';

/** Path of the Socket.io namespace on the server. */
export type LinkNamespace = '/media-nodes';

/** Socket.io's `auth` when the node connects. A wrong key is refused with a `connect_error` whose message is `unknown-node-key`. */
export interface NodeAuth {
  readonly key: string;
}

/** First message after connecting. */
export interface NodeHello {
  /** Random per node process. */
  readonly epoch: string;
  readonly version: string;
  /** Base URL under which browsers reach the node, or null: the host they use for the server, with `mediaPort` and {@link usesTls}. */
  readonly publicUrl: string | null;
  readonly mediaPort: number;
  /** The media port speaks TLS: `https` and `wss`, whatever the page came by. */
  readonly usesTls: boolean;
  readonly webRtcPort: number;
  readonly webRtcEngine: string;
  readonly startedAtMs: number;
}

/** What the server answers to {@link NodeHello}. */
export interface NodeWelcome {
  readonly nodeId: string;
  /** Last event of this epoch the server has applied; 0 for none. */
  readonly acknowledgedSequence: number;
  readonly desired: DesiredState;
}

/** Something that happened on the node. */
export type NodeEvent =
  | {
      readonly kind: 'stream.changed';
      readonly cameraId: string;
      readonly role: StreamRole;
      readonly phase: StreamPhase;
      readonly reason: NoPictureReason | null;
    }
  | { readonly kind: 'recording.inventory'; readonly inventory: RecordingInventory }
  | { readonly kind: 'recording.file-changed'; readonly file: RecordedFile }
  | { readonly kind: 'recording.file-deleted'; readonly cameraId: string; readonly path: string; readonly cause: 'retention' | 'quota' | 'vanished' };

/** A {@link NodeEvent} with its number and moment (wall clock of the node). */
export interface NumberedEvent {
  readonly sequence: number;
  readonly atMs: number;
  readonly event: NodeEvent;
}

/** Messages the node sends; every one is acknowledged by the callback. */
export interface NodeToServer {
  hello: (hello: NodeHello, answer: (welcome: NodeWelcome) => void) => void;
  observed: (state: ObservedState) => void;
  events: (events: readonly NumberedEvent[], answer: (acknowledged: { readonly sequence: number }) => void) => void;
}

/** Messages the server sends. */
export interface ServerToNode {
  desired: (state: DesiredState) => void;
}
