import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type AsnRange, parseAsnRanges } from '@/lib/server/reference/asn/asnRanges';
import { formatPrefix, rangeToPrefixes } from '@/lib/server/reference/prefix';

export const ASN_FILES = { 4: 'asn-ipv4.csv', 6: 'asn-ipv6.csv' } as const;

/** Tab-separated files in the order of the tables' columns. */
export interface AsnCache {
  prefixes: string;
  names: string;
}

/**
 * The ASN table as prefixes, made from the ranges of a folder once and kept under the hash of those files.
 * @param sourceDir folder with asn-ipv4.csv and asn-ipv6.csv
 */
export async function buildAsnCache(sourceDir: string, cacheDir: string, hash: string): Promise<AsnCache> {
  const cache = {
    prefixes: join(cacheDir, `asn-${hash.slice(0, 16)}-prefixes.tsv`),
    names: join(cacheDir, `asn-${hash.slice(0, 16)}-names.tsv`),
  };
  if ((await exists(cache.prefixes)) && (await exists(cache.names))) return cache;
  await mkdir(cacheDir, { recursive: true });
  const organisations = new Map<number, string>();
  const tables: { version: 4 | 6; ranges: AsnRange[] }[] = [];
  for (const version of [4, 6] as const) {
    const file = join(sourceDir, ASN_FILES[version]);
    const parsed = parseAsnRanges(await readFile(file, 'utf8'), version, file);
    tables.push({ version, ranges: parsed.ranges });
    for (const [asn, name] of parsed.organisations) if (!organisations.has(asn)) organisations.set(asn, name);
  }
  await writeWhole(cache.prefixes, prefixLines(tables));
  await writeWhole(cache.names, nameLines(organisations));
  return cache;
}

function* prefixLines(tables: { version: 4 | 6; ranges: AsnRange[] }[]): Generator<string> {
  for (const { version, ranges } of tables) {
    let lines = '';
    for (const [index, { first, last, asn }] of ranges.entries()) {
      for (const prefix of rangeToPrefixes(first, last, version))
        lines += `${formatPrefix(prefix)}\t${asn}\n`;
      if (index % 4096 === 4095) {
        yield lines;
        lines = '';
      }
    }
    yield lines;
  }
}

function* nameLines(organisations: Map<number, string>): Generator<string> {
  for (const [asn, name] of organisations) yield `${asn}\t${escapeTsv(name)}\n`;
}

/** A value as ClickHouse's TabSeparated wants it. */
export function escapeTsv(value: string): string {
  return value.replace(/[\\\t\n\r]/g, (char) => `\\${{ '\\': '\\', '\t': 't', '\n': 'n', '\r': 'r' }[char]}`);
}

/** Writes beside the file and renames: a half-written cache is never taken for a whole one. */
export async function writeWhole(file: string, chunks: Iterable<string>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.part`;
  try {
    await pipeline(Readable.from(chunks), createWriteStream(partial));
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
}

export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
