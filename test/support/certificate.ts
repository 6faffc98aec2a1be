/** Certificates that nobody trusts, made by OpenSSL for one test. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { CertificateFiles } from '../../media/node/certificate.ts';

/** Writes a pair into `folder`, over one of the same `name`. It holds for a day, for this machine and for `commonName`. */
export function writeSelfSigned(folder: string, commonName: string, name = 'node'): CertificateFiles {
  const files = { certificateFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', files.keyFile];
  const subject = ['-subj', `/CN=${commonName}`, '-addext', `subjectAltName=DNS:${commonName},DNS:localhost,IP:127.0.0.1`];
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...key, ...subject, '-out', files.certificateFile], { stdio: 'ignore' });
  return files;
}
