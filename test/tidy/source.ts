/** Source files as the tidy rules see them: path, text, imports, and the code without comments and text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Source {
  /** From the repository's root: `src/edge/log.ts`. */
  readonly path: string;
  readonly text: string;
}

/** A rule looks at all files and names each fault in words that say what to do. */
export type Rule = (sources: readonly Source[]) => readonly string[];

/** The files of a folder whose names end so. */
export function readSources(folder: string, pattern: RegExp): readonly Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => pattern.test(path))
    .map((path) => join(folder, path).replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g;

export interface Import {
  /** As written: `#edge/log.ts`, `hono`. */
  readonly specifier: string;
  /** Whether the whole statement imports types. */
  readonly isType: boolean;
}

/** What a file imports. */
export function importsOf({ text }: Source): readonly Import[] {
  return [...text.matchAll(IMPORT)].map((match) => ({
    specifier: match[2] ?? match[3] ?? '',
    isType: match[1] !== undefined,
  }));
}

/** The file an import of ours names: `#edge/log.ts` is `src/edge/log.ts`. */
export function fileOf(specifier: string): string | undefined {
  return specifier.startsWith('#') ? `src/${specifier.slice(1)}` : undefined;
}

const TEXT_OR_COMMENT =
  /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g;

function withoutText(found: string): string {
  const lines = found.replace(/[^\n]/g, '');
  if (found.startsWith('/')) return lines;
  // What a template computes is code.
  const computed = found.startsWith('`') ? [...found.matchAll(/\$\{([^}]*)\}/g)].map(([, code]) => code) : [];
  return `''${computed.map((code) => ` + (${code?.replaceAll('\n', ' ') ?? ''})`).join('')}${lines}`;
}

/** The code alone: comments gone, text empty, so that words in them are no faults. Lines stay where they are. */
export function codeOf({ text }: Source): string {
  return text.replace(TEXT_OR_COMMENT, withoutText);
}

/** The comment a file begins with, without its stars; empty when it begins with anything else. */
export function headerOf({ text }: Source): string {
  const header = /^(?:#![^\n]*\n)?\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? '';
  return header.replace(/\n\s*\*\s?/g, ' ').trim();
}
