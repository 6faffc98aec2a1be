/** Structured logs: events with fields. Secrets are removed by path before a line is written. */
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { Settings } from '../../config/settings.ts';

export type Log = Logger;

/** Fields that must never reach a log, wherever they sit in the first two levels. */
const secretFields = ['password', 'currentPassword', 'newPassword', 'token', 'ticket', 'credentials', 'nodeKey', 'authorization', 'cookie'];

/** A log of JSON lines on standard output; `destination` is for tests. */
export function createLog(options: { readonly level: Settings['logLevel']; readonly name: string; readonly destination?: DestinationStream }): Log {
  const configuration = {
    level: options.level,
    name: options.name,
    base: { pid: process.pid },
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[removed]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return options.destination === undefined ? pino(configuration) : pino(configuration, options.destination);
}

/** A URL for the log: tickets and other query values are cut out. */
export function loggableUrl(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : `${url.slice(0, query)}?…`;
}
