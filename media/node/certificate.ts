/**
 * The certificate of the media port: read and checked as a pair, and read again when the files change, so that a renewal needs no
 * restart. Connections that are open keep the one they began with.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';

/** PEM files. The certificate file has the whole chain, ours first. */
export interface CertificateFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** A pair that fits together. */
export interface Certificate {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** For the log: whom it names and until when it holds. */
  readonly names: string;
  readonly validUntilMs: number;
}

/** Files that cannot be read or do not belong together; the message is one sentence that names them and never their content. */
export class CertificateError extends Error {}

/** Files are compared this often. Watching them instead misses links that are switched, the way renewal tools replace files. */
const lookEveryMs = 10_000;

/** @throws {CertificateError} */
export function loadCertificate(files: CertificateFiles): Certificate {
  const certificatePem = read(files.certificateFile, 'certificate');
  const keyPem = read(files.keyFile, 'key');
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(certificatePem);
  } catch {
    throw new CertificateError(`The certificate file ${files.certificateFile} holds no PEM certificate.`);
  }
  try {
    createSecureContext({ cert: certificatePem, key: keyPem });
  } catch {
    throw new CertificateError(`The key file ${files.keyFile} holds no PEM key that belongs to the certificate file ${files.certificateFile}.`);
  }
  const names = parsed.subjectAltName ?? parsed.subject;
  return { certificatePem, keyPem, names, validUntilMs: parsed.validToDate.getTime() };
}

/**
 * Calls `onRenewed` when the files hold another good pair. A bad one is reported once and the old certificate stays: tools write
 * one file after the other. Returns the end of the watch.
 */
export function watchCertificate(options: {
  readonly files: CertificateFiles;
  readonly current: Certificate;
  readonly onRenewed: (certificate: Certificate) => void;
  readonly clock: Clock;
  readonly log: Logger;
}): () => void {
  const { files, onRenewed, clock, log } = options;
  let { current } = options;
  let lastFault = '';
  let cancel = (): void => {};
  const look = (): void => {
    cancel = clock.setTimer(lookEveryMs, look);
    let certificate: Certificate;
    try {
      certificate = loadCertificate(files);
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      if (error.message !== lastFault) log.warn(`${error.message} The old certificate stays in use until ${validUntil(current)}.`);
      lastFault = error.message;
      return;
    }
    lastFault = '';
    if (certificate.certificatePem === current.certificatePem && certificate.keyPem === current.keyPem) return;
    current = certificate;
    onRenewed(certificate);
    log.info({ names: certificate.names, validUntil: validUntil(certificate) }, 'certificate.renewed');
  };
  cancel = clock.setTimer(lookEveryMs, look);
  return () => cancel();
}

/** Day and time in UTC, for logs. */
export function validUntil(certificate: Certificate): string {
  return new Date(certificate.validUntilMs).toISOString();
}

function read(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new CertificateError(`The ${what} file ${path} cannot be read (${code}).`);
  }
}
