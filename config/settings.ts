/** Every setting of Yilan: type, unit, default, bounds and meaning. `config/example.yaml` shows them all and is tested against this file. */
import { z } from 'zod';

const portNumber = z.number().int().min(0).max(65_535);
/** A level of pino; `silent` for tests. */
const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);

export const settingsSchema = z.strictObject({
  installation: z
    .strictObject({
      name: z.string().min(1).max(40).default('一览').describe('Name shown in the bar and on reports'),
      demo: z.boolean().default(false).describe('Marks a demonstration: shown on every page, no forced password change'),
    })
    .prefault({}),
  dataDir: z
    .string()
    .min(1)
    .default('data')
    .describe('Folder of everything that is kept: embedded database, keys, recordings. Relative to the working directory'),
  logLevel: logLevel.default('info'),
  http: z
    .strictObject({
      port: portNumber.default(8080).describe('TCP port of pages, API and realtime; 0 chooses a free one'),
      host: z.string().default('0.0.0.0').describe('Address to listen on'),
      trustProxy: z.boolean().default(false).describe('Believe X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host of a reverse proxy'),
      secureCookie: z.boolean().default(false).describe('Session cookie over HTTPS only; switch on behind TLS'),
    })
    .prefault({}),
  database: z
    .strictObject({
      url: z.string().nullable().default(null).describe('postgres:// URL; absent: the embedded database under dataDir'),
      maxConnections: z.number().int().min(2).max(100).default(8),
    })
    .prefault({}),
  media: z
    .strictObject({
      embeddedNode: z.boolean().default(true).describe('The server starts one media node on this machine'),
      port: portNumber.default(8090).describe('TCP port of playlists, segments and WHEP; 0 chooses a free one'),
      host: z.string().default('0.0.0.0'),
      tls: z
        .strictObject({
          certificateFile: z.string().min(1).describe('PEM file with the certificate of the media port and its chain; read again when it changes'),
          keyFile: z.string().min(1).describe('PEM file with its private key'),
        })
        .nullable()
        .default(null)
        .describe('HTTPS with HTTP/2 on the media port; absent: HTTP, for a reverse proxy that has the certificate'),
      webRtcPort: portNumber.default(8189).describe('UDP port of all WebRTC sessions; 0 chooses a free one'),
      publicUrl: z
        .string()
        .nullable()
        .default(null)
        .describe('Base URL of the node for browsers, such as https://video.example.cn; absent: the host of the page with media.port'),
      iceAddresses: z
        .array(z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'an IP address or a host name is needed'))
        .max(8)
        .default([])
        .describe('Addresses or names offered to browsers for WebRTC besides those of this machine, such as the public one'),
      serverUrl: z.string().nullable().default(null).describe('For a node on its own: base URL of the server it dials'),
      nodeKey: z.string().nullable().default(null).describe('For a node on its own: its key, the same in the configuration of the server'),
      recordingsDir: z.string().nullable().default(null).describe('Folder of recordings; absent: recordings below dataDir'),
      recordingsQuotaBytes: z.number().int().min(100_000_000).default(500_000_000_000).describe('Recordings never take more; the oldest go first'),
      recordingFileSeconds: z
        .number()
        .int()
        .min(10)
        .max(3600)
        .default(600)
        .describe('A recording file is at most about so long; only whole files are deleted, so a small quota wants short ones'),
      ingestWorkers: z
        .union([z.literal('auto'), z.number().int().min(0).max(64)], { error: 'auto, or a whole number from 0 to 64' })
        .default('auto')
        .describe('Threads that pull cameras; auto: two less than cores; 0: the main thread does it'),
      onDemandLingerSeconds: z.number().min(1).max(600).default(15).describe('How long an on-demand stream stays open after its last viewer'),
      metricsToken: z
        .string()
        .min(16)
        .nullable()
        .default(null)
        .describe(
          'Bearer token that everybody shows who reads /metrics of the node; absent: programs on this machine read them without one, nobody else does',
        ),
      ffmpeg: z.string().min(1).default('ffmpeg').describe('Program for snapshots and transcoding: a name on the PATH, or a full path'),
      maxTranscodes: z
        .number()
        .int()
        .min(0)
        .max(100)
        .nullable()
        .default(null)
        .describe('H.265 streams made H.264 at once for browsers that need it; absent: half the cores, or 8 with a GPU; 0 switches it off'),
      transcodeMaxWidth: z
        .number()
        .int()
        .min(320)
        .max(3840)
        .default(1280)
        .describe('Pixels; transcoded pictures are at most so wide, and 9/16 of it high'),
      maxViewers: z.number().int().min(1).max(10_000).default(500).describe('WebRTC sessions per node, and as many streams over WebSockets'),
    })
    .prefault({}),
  alarms: z
    .strictObject({
      offlineDebounceSeconds: z.number().min(1).max(86_400).default(90).describe('How long a camera must be offline before an alarm is raised'),
      keyPlaceDebounceSeconds: z.number().min(1).max(86_400).default(20).describe('The same for key places (重点部位)'),
    })
    .prefault({}),
  sessions: z
    .strictObject({
      idleMinutes: z.number().min(5).max(1440).default(480).describe('A session ends after so much idleness; a control room shift lasts eight hours'),
      maxFailedLogins: z.number().int().min(3).max(100).default(5).describe('Failed logins in a row before an account is locked'),
      lockMinutes: z.number().min(1).max(1440).default(10),
      loginsPerMinute: z.number().int().min(1).max(10_000).default(30).describe('Login attempts from one address for one user name'),
    })
    .prefault({}),
  tickets: z
    .strictObject({
      liveSeconds: z.number().int().min(30).max(3600).default(300),
      playbackSeconds: z.number().int().min(60).max(86_400).default(3600),
    })
    .prefault({}),
  timeZone: z.string().default('Asia/Shanghai').describe('IANA zone of the district; days and reports follow it'),
});

export type Settings = z.output<typeof settingsSchema>;
