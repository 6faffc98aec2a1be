import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { environmentOverrides, loadSettings, SettingsError } from '../../config/load.ts';
import { settingsSchema } from '../../config/settings.ts';

const exampleFile = fileURLToPath(new URL('../../config/example.yaml', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yilan-settings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.yaml`);
  writeFileSync(file, text);
  return file;
}

describe('example.yaml', () => {
  it('shows every setting with its default', () => {
    expect(parse(readFileSync(exampleFile, 'utf8'))).toEqual(settingsSchema.parse({}));
  });

  it('names every environment variable', () => {
    const text = readFileSync(exampleFile, 'utf8');
    expect(environmentOverrides.filter((override) => !text.includes(`(${override.variable}`))).toEqual([]);
  });
});

describe('loadSettings', () => {
  it('has a default for everything', () => {
    expect(loadSettings({ env: {} })).toEqual(settingsSchema.parse({}));
  });

  it('prefers the environment to the file and the file to the defaults', () => {
    const settings = loadSettings({
      env: {
        YILAN_CONFIG: fileWith('http: {port: 9000, host: 127.0.0.1}\ninstallation: {name: 试点区}'),
        YILAN_HTTP_PORT: '9001',
        YILAN_ICE_ADDRESSES: '192.0.2.1, 192.0.2.2',
        DATABASE_URL: '',
      },
    });
    expect(settings.http).toMatchObject({ port: 9001, host: '127.0.0.1' });
    expect(settings.installation.name).toBe('试点区');
    expect(settings.media.iceAddresses).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(settings.database.url).toBeNull();
  });

  it('takes a certificate from the file or from two variables', () => {
    expect(loadSettings({ env: {} }).media.tls).toBeNull();
    const fromFile = loadSettings({ env: {}, configFile: fileWith('media: {tls: {certificateFile: a.crt, keyFile: a.key}}') });
    expect(fromFile.media.tls).toEqual({ certificateFile: 'a.crt', keyFile: 'a.key' });
    const env = { YILAN_MEDIA_CERTIFICATE: 'b.crt', YILAN_MEDIA_KEY: 'b.key' };
    expect(loadSettings({ env, configFile: fileWith('media: {port: 1}') }).media).toMatchObject({
      port: 1,
      tls: { certificateFile: 'b.crt', keyFile: 'b.key' },
    });
  });

  it.each([
    ['auto', 'auto'],
    ['0', 0],
    ['64', 64],
  ])('takes %s ingest workers', (text, value) => {
    expect(loadSettings({ env: { YILAN_INGEST_WORKERS: text } }).media.ingestWorkers).toBe(value);
    expect(loadSettings({ env: {}, configFile: fileWith(`media: {ingestWorkers: ${text}}`) }).media.ingestWorkers).toBe(value);
  });

  it('takes an empty file', () => {
    expect(loadSettings({ env: {}, configFile: fileWith('# nothing\n') }).http.port).toBe(8080);
  });

  it.each([
    ['a port out of bounds', 'http: {port: 70000}', {}, /^In .*\.yaml, http\.port is 70000, but must be at most 65535\.$/],
    ['an unknown key', 'http: {prot: 80}', {}, /^In .*\.yaml, http\.prot is 80, but there is no such setting\.$/],
    ['an unknown level', 'logLevel: loud', {}, /logLevel is "loud", but must be one of trace, debug/],
    ['a wrong type', 'media: {embeddedNode: yes please}', {}, /media\.embeddedNode is "yes please", but must be of type boolean\.$/],
    ['too many ingest workers', 'media: {ingestWorkers: 65}', {}, /media\.ingestWorkers is 65, but must be at most 64\.$/],
    [
      'ingest workers that are no number',
      '',
      { YILAN_INGEST_WORKERS: 'many' },
      /^In YILAN_INGEST_WORKERS, media\.ingestWorkers is "many", but does not fit/,
    ],
    ['a list for a group', 'http: [1]', {}, /http is \[1\], but must be of type object\.$/],
    ['a list for everything', '- 1', {}, /must hold keys and values\.$/],
    ['broken YAML', 'http: {port: 1', {}, /not valid YAML in line 1/],
    [
      'a certificate without its key',
      '',
      { YILAN_MEDIA_CERTIFICATE: 'a.crt' },
      /^In .*\.yaml, media\.tls\.keyFile is absent, but must be of type string\.$/,
    ],
    [
      'an address that is none',
      'media: {iceAddresses: ["10.0.0.1 typ host"]}',
      {},
      /media\.iceAddresses\.0 .*, but does not fit: an IP address or a host name is needed\.$/,
    ],
    ['a variable that is no number', '', { YILAN_HTTP_PORT: '80a' }, /^In YILAN_HTTP_PORT, http\.port is "80a", but must be of type number\.$/],
  ])('says in one sentence what is wrong with %s', (_name, text, env, message) => {
    expect(() => loadSettings({ env, configFile: fileWith(text) })).toThrow(message);
    expect(() => loadSettings({ env, configFile: fileWith(text) })).toThrow(SettingsError);
  });

  it('names a file that is not there, and never shows a secret', () => {
    expect(() => loadSettings({ env: {}, configFile: '/nowhere/yilan.yaml' })).toThrow(
      'The configuration file /nowhere/yilan.yaml cannot be read (ENOENT).',
    );
    expect(() => loadSettings({ env: {}, configFile: fileWith('database: {url: [postgres://u:secret@h/d]}') })).toThrow(
      /^(?!.*secret).*database\.url is set/,
    );
  });
});
