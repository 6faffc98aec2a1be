/**
 * Settings from the YAML file and the environment, checked whole before anything starts.
 *
 * The environment wins over the file, the file over the defaults of `settings.ts`. Empty variables count as absent.
 */
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { settingsSchema } from './settings.ts';
import type { Settings } from './settings.ts';

/** Settings that do not fit; the message is one sentence with file or variable, key, value and rule. */
export class SettingsError extends Error {}

export interface LoadOptions {
  readonly env: { readonly [name: string]: string | undefined };
  /** YAML file; absent: `YILAN_CONFIG`, and without that none. */
  readonly configFile?: string;
}

interface Override {
  readonly variable: string;
  readonly path: readonly [string, ...string[]];
  readonly kind: 'text' | 'number' | 'list';
}

/** Every variable that sets something. Lists are separated by commas. */
export const environmentOverrides: readonly Override[] = [
  { variable: 'YILAN_DATA_DIR', path: ['dataDir'], kind: 'text' },
  { variable: 'YILAN_LOG_LEVEL', path: ['logLevel'], kind: 'text' },
  { variable: 'YILAN_HTTP_PORT', path: ['http', 'port'], kind: 'number' },
  { variable: 'DATABASE_URL', path: ['database', 'url'], kind: 'text' },
  { variable: 'YILAN_MEDIA_PORT', path: ['media', 'port'], kind: 'number' },
  { variable: 'YILAN_MEDIA_CERTIFICATE', path: ['media', 'tls', 'certificateFile'], kind: 'text' },
  { variable: 'YILAN_MEDIA_KEY', path: ['media', 'tls', 'keyFile'], kind: 'text' },
  { variable: 'YILAN_WEBRTC_PORT', path: ['media', 'webRtcPort'], kind: 'number' },
  { variable: 'YILAN_MEDIA_PUBLIC_URL', path: ['media', 'publicUrl'], kind: 'text' },
  { variable: 'YILAN_ICE_ADDRESSES', path: ['media', 'iceAddresses'], kind: 'list' },
  { variable: 'YILAN_INGEST_WORKERS', path: ['media', 'ingestWorkers'], kind: 'number' },
  { variable: 'YILAN_SERVER_URL', path: ['media', 'serverUrl'], kind: 'text' },
  { variable: 'YILAN_FFMPEG', path: ['media', 'ffmpeg'], kind: 'text' },
  { variable: 'YILAN_MAX_TRANSCODES', path: ['media', 'maxTranscodes'], kind: 'number' },
  { variable: 'YILAN_NODE_KEY', path: ['media', 'nodeKey'], kind: 'text' },
  { variable: 'YILAN_METRICS_TOKEN', path: ['media', 'metricsToken'], kind: 'text' },
];

/** Values that must not appear in a message. */
const secretKeys = new Set(['media.nodeKey', 'media.metricsToken', 'database.url']);

/**
 * The settings of this process.
 *
 * @throws {SettingsError} for an unreadable file, broken YAML, an unknown key or a value outside its bounds.
 */
export function loadSettings(options: LoadOptions): Settings {
  const file = options.configFile ?? present(options.env['YILAN_CONFIG']);
  const values: Record<string, unknown> = file === undefined ? {} : readYaml(file);
  const variableOf = new Map<string, string>();
  for (const override of environmentOverrides) {
    const text = present(options.env[override.variable]);
    if (text === undefined) continue;
    setAt(values, override.path, parseVariable(text, override.kind));
    variableOf.set(override.path.join('.'), override.variable);
  }
  const parsed = settingsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw new SettingsError('The settings do not fit their description.');
  throw new SettingsError(describe(issue, values, file, variableOf));
}

function present(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

function readYaml(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new SettingsError(`The configuration file ${file} cannot be read (${code}).`);
  }
  const document = parseDocument(text, { prettyErrors: true });
  const [fault] = document.errors;
  if (fault !== undefined) {
    const line = fault.linePos?.[0].line;
    throw new SettingsError(`The configuration file ${file} is not valid YAML${line === undefined ? '' : ` in line ${line}`} (${fault.code}).`);
  }
  const content: unknown = document.toJS();
  if (content === null || content === undefined) return {};
  if (!isMap(content)) throw new SettingsError(`The configuration file ${file} must hold keys and values.`);
  return content;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseVariable(text: string, kind: Override['kind']): unknown {
  switch (kind) {
    case 'text':
      return text;
    case 'number':
      // What is no number stays text, so that the message shows it as it was written.
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'list':
      return text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
  }
}

function setAt(values: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  if (rest.length === 0) {
    values[first] = value;
    return;
  }
  const group = values[first];
  // A group that is no map is reported by the schema with its own path.
  if (group !== undefined && group !== null && !isMap(group)) return;
  const inner = { ...group };
  setAt(inner, rest, value);
  values[first] = inner;
}

function describe(issue: z.core.$ZodIssue, values: unknown, file: string | undefined, variableOf: ReadonlyMap<string, string>): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const key = path.map(String).join('.');
  const source = variableOf.get(key) ?? file ?? 'the settings';
  const value = valueAt(values, path);
  const shown = value === undefined ? 'absent' : secretKeys.has(key) ? 'set' : JSON.stringify(value);
  return `In ${source}, ${key} is ${shown}, but ${ruleOf(issue)}.`;
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), values);
}

function ruleOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'there is no such setting';
    case 'too_big':
      return `must be at most ${String(issue.maximum)}${unitOf(issue.origin)}`;
    case 'too_small':
      return `must be at least ${String(issue.minimum)}${unitOf(issue.origin)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return `must be ${issue.expected === 'int' ? 'a whole number' : `of type ${issue.expected}`}`;
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return `does not fit: ${issue.message}`;
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' entries' : '';
}
