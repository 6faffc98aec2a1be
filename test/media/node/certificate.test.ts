import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { CertificateError, loadCertificate, watchCertificate, type Certificate } from '../../../media/node/certificate.ts';
import { writeSelfSigned } from '../../support/certificate.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function complaintOf(files: { certificateFile: string; keyFile: string }): string {
  try {
    loadCertificate(files);
  } catch (error) {
    if (error instanceof CertificateError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the certificate of the media port', () => {
  it('is read as a pair, and says what is wrong with it otherwise', async () => {
    const folder = await temporaryFolder();
    const files = writeSelfSigned(folder, 'video.example.cn');
    const other = writeSelfSigned(folder, 'other.example.cn', 'other');
    const certificate = loadCertificate(files);
    expect(certificate.names).toContain('video.example.cn');
    expect(certificate.validUntilMs).toBeGreaterThan(Date.now());
    const missing = join(folder, 'missing.pem');
    expect(complaintOf({ ...files, keyFile: missing })).toBe(`The key file ${missing} cannot be read (ENOENT).`);
    expect(complaintOf({ ...files, certificateFile: files.keyFile })).toBe(`The certificate file ${files.keyFile} holds no PEM certificate.`);
    expect(complaintOf({ ...files, keyFile: other.keyFile })).toContain(`${other.keyFile} holds no PEM key that belongs to`);
  });

  it('is renewed when both files are new, and kept while they do not belong together', async () => {
    const folder = await temporaryFolder();
    const files = writeSelfSigned(folder, 'old.example.cn');
    const renewed: Certificate[] = [];
    const lines: { level: number; msg: string }[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
    const clock = new FakeClock();
    const stop = watchCertificate({ files, current: loadCertificate(files), onRenewed: (certificate) => renewed.push(certificate), clock, log });
    clock.advance(60_000);
    expect([renewed, lines]).toEqual([[], []]);
    const next = writeSelfSigned(folder, 'new.example.cn', 'next');
    writeFileSync(files.certificateFile, readFileSync(next.certificateFile));
    clock.advance(30_000);
    expect(renewed).toEqual([]);
    expect(lines.map(({ level }) => level)).toEqual([40]);
    expect(lines[0]?.msg).toContain('The old certificate stays in use until');
    renameSync(next.keyFile, files.keyFile);
    clock.advance(10_000);
    expect(renewed.map(({ names }) => names)).toEqual([expect.stringContaining('new.example.cn')]);
    expect(lines.at(-1)).toMatchObject({ msg: 'certificate.renewed', names: expect.stringContaining('new.example.cn') });
    stop();
    expect(clock.timerCount).toBe(0);
  });
});
