/** The log as media engines see it. pino's logger fits; secrets never come here. */

/** Events with fields: `log.info({ cameraId }, 'stream.changed')`. */
export interface StreamLog {
  debug(fields: object, event: string): void;
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}
