/** The walls of the house, checked on the source tree itself: who may import whom, how files are named, how long they get. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const programs = ['config', 'media', 'server', 'web'] as const;
/** A file that needs more is two concepts in one. */
const maxLines = 500;

const sources = programs.flatMap((program) => listFiles(join(root, program))).filter((file) => /\.(ts|vue|mjs)$/.test(file));
const tests = listFiles(join(root, 'test')).filter((file) => file.endsWith('.ts'));

describe('architecture', () => {
  it('keeps media, server and web apart but for their contracts', () => {
    const allowed: Record<string, (target: string) => boolean> = {
      config: (target) => target.startsWith('config/'),
      media: (target) => target.startsWith('media/') || target.startsWith('config/'),
      server: (target) => target.startsWith('server/') || target.startsWith('config/') || target.startsWith('media/contract/'),
      web: (target) => target.startsWith('web/') || target.startsWith('server/contract/'),
    };
    const crossings = sources.flatMap((file) =>
      localImports(file)
        .filter((target) => !(allowed[programOf(file)]?.(target) ?? false))
        .map((target) => `${name(file)} imports ${target}`),
    );
    expect(crossings).toEqual([]);
  });

  it('lets contracts import nothing but contracts, and contain nothing that runs', () => {
    const contracts = sources.filter((file) => /^(media|server)\/contract\//.test(name(file)));
    expect(contracts.length).toBeGreaterThan(5);
    const offences = contracts.flatMap((file) => [
      ...localImports(file)
        .filter((target) => !/^(media|server)\/contract\//.test(target))
        .map((target) => `${name(file)} imports ${target}`),
      ...statementsThatRun(file).map((statement) => `${name(file)} runs: ${statement}`),
    ]);
    expect(offences).toEqual([]);
  });

  it('keeps the parsers and policies free of sockets, timers and clocks', () => {
    const engines = sources.filter(
      (file) => /^media\/(bytes|sdp|rtp|codec|fmp4)\//.test(name(file)) || /(-policy|-state|-transition)\.ts$/.test(name(file)),
    );
    expect(engines.length).toBeGreaterThan(5);
    const offences = engines.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return ['node:net', 'node:dgram', 'node:http', 'setTimeout(', 'setInterval(', 'Date.now(', 'new Date()', 'performance.now(', 'Math.random(']
        .filter((word) => text.includes(word))
        .map((word) => `${name(file)} uses ${word}`);
    });
    expect(offences).toEqual([]);
  });

  it('has no import cycles', () => {
    expect(findCycle(new Map(sources.map((file) => [name(file), localImports(file, { withTypes: false })])))).toEqual([]);
  });

  it('has no drawers without a name, no barrels, and no file that is too long', () => {
    const offences = sources.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const lines = text.split('\n').length;
      return [
        ...(/(^|\/)(utils?|helpers?|common|misc|shared|lib)(\/|\.ts$)/.test(name(file)) ? [`${name(file)} is a drawer without a name`] : []),
        ...(/(^|\/)index\.ts$/.test(name(file)) ? [`${name(file)} is a barrel`] : []),
        ...(lines > maxLines ? [`${name(file)} has ${lines} lines`] : []),
      ];
    });
    expect(offences).toEqual([]);
  });

  it('names files in kebab-case and components in PascalCase', () => {
    const offences = sources.map(name).filter((file) => {
      const base = file.split('/').at(-1) ?? '';
      return base.endsWith('.vue') ? !/^[A-Z][A-Za-z0-9]*\.vue$/.test(base) : !/^[a-z0-9]+([-.][a-z0-9]+)*\.(ts|mjs)$/.test(base);
    });
    expect(offences).toEqual([]);
  });

  it('opens every source file with a comment that says what it offers', () => {
    const offences = sources
      .filter((file) => file.endsWith('.ts') && !/^(#!.*\n)?\s*\/\*\*/.test(readFileSync(file, 'utf8')) && !file.endsWith('.d.ts'))
      .map(name);
    expect(offences).toEqual([]);
  });

  it('mirrors sources in tests', () => {
    const strays = tests
      .map(name)
      .filter((file) => /^test\/(media|server|web|config)\/.*\.test\.ts$/.test(file))
      .map((file) => file.replace(/^test\//, '').replace(/\.test\.ts$/, ''))
      .filter((path) => !existsSync(join(root, `${path}.ts`)) && !existsSync(join(root, `${path}.vue`)) && !existsSync(join(root, dirname(path))));
    expect(strays).toEqual([]);
  });

  it('lists only hot files that exist', () => {
    const readme = readFileSync(join(root, 'media/README.md'), 'utf8');
    const section = /## Hot files([\s\S]*?)(\n## |$)/.exec(readme)?.[1] ?? '';
    const listed = [...section.matchAll(/`(media\/[^`]+\.ts|[a-z0-9-]+\/[^`]+\.ts)`/g)].map((match) => match[1] ?? '');
    expect(listed.length).toBeGreaterThan(3);
    expect(listed.filter((file) => !existsSync(join(root, file)) && !existsSync(join(root, 'media', file)))).toEqual([]);
  });
});

function name(file: string): string {
  return relative(root, file).replaceAll('\\', '/');
}

function programOf(file: string): string {
  return name(file).split('/')[0] ?? '';
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name === 'public' || entry.name === 'clips') return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}

/** Script part of a source file; of a component, the blocks between its script tags. */
function scriptOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  if (!file.endsWith('.vue')) return text;
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n');
}

/** Imports of files of this repository, as paths from its root. */
function localImports(file: string, options: { withTypes: boolean } = { withTypes: true }): string[] {
  const source = ts.createSourceFile(file, scriptOf(file), ts.ScriptTarget.Latest, false);
  const specifiers: string[] = [];
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    if (!statement.moduleSpecifier || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const isTypeOnly = ts.isImportDeclaration(statement) ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword : statement.isTypeOnly;
    if (isTypeOnly && !options.withTypes) continue;
    specifiers.push(statement.moduleSpecifier.text);
  }
  return specifiers.filter((specifier) => specifier.startsWith('.')).map((specifier) => name(resolve(dirname(file), specifier)));
}

/** Statements of a contract that would exist at run time. */
function statementsThatRun(file: string): string[] {
  const source = ts.createSourceFile(file, scriptOf(file), ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((statement) => {
      if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return false;
      if (ts.isImportDeclaration(statement)) return statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword;
      if (ts.isExportDeclaration(statement)) return !statement.isTypeOnly;
      return true;
    })
    .map((statement) => statement.getText(source).slice(0, 60));
}

/** One cycle as a list of files, or nothing. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] => {
    if (done.has(file) || !graph.has(file)) return [];
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    path.push(file);
    for (const target of graph.get(file) ?? []) {
      const cycle = visit(target);
      if (cycle.length > 0) return cycle;
    }
    path.pop();
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const cycle = visit(file);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
