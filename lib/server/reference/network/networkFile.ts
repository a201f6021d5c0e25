import { readFile } from 'node:fs/promises';
import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { type Network, networkSchema } from '@/lib/server/reference/network/schema';

/** One thing that is wrong in the operators' file. */
export interface NetworkFileProblem {
  /** 1-based line; 0 where the file could not be read at all. */
  line: number;
  /** For example `links[3].kind` of the fourth link. */
  thing: string;
  cause: string;
  fix: string;
}

/** The operators' file cannot be used; nothing of it has been loaded. */
export class NetworkFileError extends Error {
  override readonly name = 'NetworkFileError';
  constructor(
    readonly file: string,
    readonly problems: readonly NetworkFileProblem[],
  ) {
    const lines = problems.map(({ line, thing, cause, fix }) => `  line ${line}: ${thing} ${cause}: ${fix}`);
    super(`${file} was not loaded, what was loaded before stays in use:\n${lines.join('\n')}`);
  }
}

/** Nothing configured: what metrics.md says of that case follows in networkRows.ts. */
export const EMPTY_NETWORK: Network = {
  version: 1,
  regions: [],
  exporters: [],
  links: [],
  own_prefixes: [],
  overrides: [],
};

/**
 * Reads the operators' file. A file that does not exist is an empty network.
 * @throws NetworkFileError with every problem found, each with line, thing, cause and fix
 */
export async function readNetworkFile(file: string): Promise<{ network: Network; text: string }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return { network: EMPTY_NETWORK, text: '' };
    throw new NetworkFileError(file, [
      {
        line: 0,
        thing: 'the file',
        cause: `cannot be read (${error instanceof Error ? error.message : String(error)})`,
        fix: 'make it a file this process may read, or point WEIR_NETWORK elsewhere',
      },
    ]);
  }
  return { network: parseNetwork(text, file), text };
}

/** Parses the text of an operators' file. @throws NetworkFileError */
export function parseNetwork(text: string, file: string): Network {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new NetworkFileError(
      file,
      document.errors.map((error) => ({
        line: lines.linePos(error.pos[0]).line,
        thing: 'the text',
        cause: `is not YAML here (${error.message.split('\n')[0]?.replace(/\.$/, '')})`,
        fix: 'compare the indentation, colons and dashes with network.example.yaml',
      })),
    );
  }
  if (document.contents === null) return EMPTY_NETWORK;
  const parsed = networkSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, document, lines));
  throw new NetworkFileError(
    file,
    problems.sort((a, b) => a.line - b.line),
  );
}

interface Issue {
  code?: string | undefined;
  message: string;
  path: PropertyKey[];
  keys?: string[];
  params?: Record<string, unknown> | undefined;
}

function problemsOf(issue: Issue, document: Document, lines: LineCounter): NetworkFileProblem[] {
  const path = issue.path.filter((key) => typeof key !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => ({
      line: lineOf(document, lines, path, key),
      thing: nameOf([...path, key]),
      cause: 'is not a key this file has',
      fix: 'remove it, or correct its spelling after network.example.yaml',
    }));
  }
  const [cause = issue.message, fix] = issue.message.split(' | ');
  const known = knownPath(document, path);
  // A value without days stands for a list of one: the file has no node below it.
  const insideValue = known.length < path.length && isScalar(document.getIn(known, true));
  const missing = known.length < path.length && !insideValue;
  return [
    {
      line: lineOf(document, lines, known),
      thing: nameOf(insideValue ? known : path),
      cause: missing ? 'is missing' : cause,
      fix: missing ? 'add it' : (fix ?? 'compare it with network.example.yaml'),
    },
  ];
}

/** The longest part of a path that the file has. */
function knownPath(document: Document, path: (string | number)[]): (string | number)[] {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const part = path.slice(0, depth);
    if (isNode(document.getIn(part, true))) return part;
  }
  return [];
}

/** Line of the node at a path; with a key, of that key inside the map there. */
function lineOf(document: Document, lines: LineCounter, path: (string | number)[], key?: string): number {
  const found = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isNode(found)) return 1;
  const at = (key !== undefined && keyNode(found, key)) || found;
  return lines.linePos(at.range?.[0] ?? 0).line;
}

function keyNode(node: Node, key: string): Node | null {
  if (!isMap(node)) return null;
  const pair = node.items.find((item) => isNode(item.key) && String(item.key) === key);
  return pair !== undefined && isNode(pair.key) ? pair.key : null;
}

/** As programs write a path, so that what stands in brackets counts from 0; the line that is told with it counts from 1. */
function nameOf(path: (string | number)[]): string {
  if (path.length === 0) return 'the file';
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('');
}
