/**
 * The configuration of a simulator: what its cameras show and in which of the ways that real cameras have. Validated
 * here once, with every default.
 */
import { z } from 'zod';

import { FAULT_KINDS } from './fault.ts';

const scheduledFaultSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  everySeconds: z.number().positive(),
  offsetSeconds: z.number().min(0).default(0),
  seconds: z.number().positive(),
});

const authenticationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('basic'), username: z.string(), password: z.string() }),
  z.strictObject({
    kind: z.literal('digest'),
    username: z.string(),
    password: z.string(),
    /** Offer `qop="auth"` (RFC 2617); without it the older form that most cameras still have. */
    qop: z.boolean().default(false),
  }),
]);

const cameraSchema = z.strictObject({
  /** Id of a clip in `clips.json`. */
  clip: z.string(),
  /** Shown in listings and as the SDP session name; default: the clip's. */
  title: z.string().optional(),
  audio: z.enum(['none', 'aac', 'pcma', 'pcmu']).default('none'),
  authentication: authenticationSchema.default({ kind: 'none' }),
  /**
   * How `a=control` names a track: `relative` (`trackID=0`), `absolute` (a whole URL), `absolute-path` (`/1/main/trackID=0`),
   * or `query` (the stream's own URL has a query, as in `/1/main?channel=1&subtype=0`, and the track hangs on its end).
   */
  controlStyle: z.enum(['relative', 'absolute', 'absolute-path', 'query']).default('relative'),
  /** Answer DESCRIBE with a `Content-Base`. */
  contentBase: z.boolean().default(true),
  /** Where SPS and PPS (and VPS) are told. */
  parameterSets: z.enum(['sdp', 'in-band', 'both']).default('both'),
  /** Largest RTP payload. */
  packetSizeBytes: z.int().min(64).max(60_000).default(1400),
  /** Put small NAL units together: STAP-A, AP. */
  aggregate: z.boolean().default(false),
  /** One write to the connection per frame, or per packet. */
  writeMode: z.enum(['frame', 'packet']).default('frame'),
  /** What a new client gets first: the next key frame, the current picture's group at once, or whatever comes. */
  start: z.enum(['next-key-frame', 'cached-key-frame', 'anywhere']).default('next-key-frame'),
  /** Transports that SETUP takes; others are answered 461. */
  transports: z
    .array(z.enum(['tcp', 'udp']))
    .min(1)
    .default(['tcp']),
  /** What happens to datagrams on their way, the same for the same seed; see `impaired-network.ts`. */
  network: z
    .strictObject({
      /** Share that never arrives. */
      lossRate: z.number().min(0).max(1).default(0),
      /** Share that arrives after the three packets behind it. */
      reorderRate: z.number().min(0).max(1).default(0),
      /** Each packet takes up to so much longer, at random. */
      jitterMs: z.number().min(0).max(5000).default(0),
      seed: z.int().default(1),
    })
    .prefault({}),
  /** A client that is silent for longer is thrown off. */
  sessionTimeoutSeconds: z.number().positive().default(60),
  /** A port of the camera's own, closed while the camera refuses: `true` for a free one. */
  ownPort: z.union([z.boolean(), z.int().min(1).max(65_535)]).default(false),
  /** RTSP within TLS, with a certificate that the camera signed itself, on a port of its own. */
  tls: z.boolean().default(false),
  schedule: z.array(scheduledFaultSchema).default([]),
});

const simulatorSchema = z.strictObject({
  host: z.string().default('127.0.0.1'),
  /** 0: a free one. */
  rtspPort: z.int().min(0).max(65_535).default(0),
  /** 0: a free one. */
  httpPort: z.int().min(0).max(65_535).default(0),
  cameras: z.array(cameraSchema).min(1).max(2000),
});

/** A camera's configuration with every default filled in. */
export type CameraConfig = z.output<typeof cameraSchema>;

/** A camera's configuration as it is written: only `clip` is needed. */
export type CameraConfigInput = z.input<typeof cameraSchema>;

/** How a camera wants to know who asks. */
export type AuthenticationConfig = z.output<typeof authenticationSchema>;

/** A simulator's configuration with every default filled in. */
export type SimulatorConfig = z.output<typeof simulatorSchema>;

/** A simulator's configuration as it is written. */
export type SimulatorConfigInput = z.input<typeof simulatorSchema>;

/** Validates a configuration. Throws an Error whose message names each wrong field. */
export function parseSimulatorConfig(input: unknown): SimulatorConfig {
  const result = simulatorSchema.safeParse(input);
  if (!result.success) throw new Error(`simulator configuration: ${z.prettifyError(result.error)}`);
  return result.data;
}
