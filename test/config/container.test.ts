/** The container files, checked without a container engine: they parse, and what they name is there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentOverrides, loadSettings } from '../../config/load.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly volumes?: readonly string[];
}

const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const dockerfile = readFileSync(join(root, 'config/container/Dockerfile'), 'utf8');

describe('docker-compose.yml', () => {
  it('has database, server, media node and reverse proxy, wired to each other', () => {
    expect(Object.keys(compose.services)).toEqual(['database', 'server', 'media', 'proxy']);
    for (const service of Object.values(compose.services)) {
      const needs = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {});
      expect(needs.filter((name) => !(name in compose.services))).toEqual([]);
    }
  });

  it('runs commands that exist', () => {
    const commands = Object.values(compose.services).flatMap((service) => (service.command === undefined ? [] : [service.command]));
    expect(commands).toEqual([
      ['node', 'server/main.ts'],
      ['node', 'media/main.ts'],
    ]);
    expect(commands.filter(([, program]) => !existsSync(join(root, program ?? '')))).toEqual([]);
  });

  it('mounts only volumes that are declared and files that exist', () => {
    const sources = Object.values(compose.services).flatMap((service) => (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? ''));
    expect(sources.filter((source) => (source.startsWith('./') ? !existsSync(join(root, source)) : !(source in compose.volumes)))).toEqual([]);
  });

  it('sets only variables that the programs read', () => {
    const known = new Set([...environmentOverrides.map(({ variable }) => variable), 'YILAN_CONFIG']);
    const given = ['server', 'media'].flatMap((name) => Object.keys(compose.services[name]?.environment ?? {}));
    expect(given.length).toBeGreaterThan(5);
    expect(given.filter((variable) => !known.has(variable))).toEqual([]);
  });

  it('has a configuration file that fits the settings', () => {
    const settings = loadSettings({ env: {}, configFile: join(root, 'config/production.yaml') });
    expect(settings).toMatchObject({ http: { trustProxy: true, secureCookie: true }, media: { embeddedNode: false } });
  });
});

describe('Dockerfile', () => {
  it('copies only what is there', () => {
    const copied = [...dockerfile.matchAll(/^COPY --from=build [^\n]*\/app\/(\S+) \S+$/gm)].map((match) => match[1] ?? '');
    expect(copied.length).toBeGreaterThan(5);
    // node_modules and web/dist are made in the build stage.
    expect(copied.filter((path) => path !== 'node_modules' && path !== 'web/dist' && !existsSync(join(root, path)))).toEqual([]);
  });

  it('brings everything the programs import, and not the tests', () => {
    for (const folder of ['config', 'migrations', 'server', 'media', 'web/dist', 'node_modules']) expect(dockerfile).toContain(`/app/${folder} `);
    expect(dockerfile).not.toMatch(/COPY --from=build.*\/app\/test/);
  });
});
