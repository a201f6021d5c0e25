import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { ASN_FILES } from '@/lib/server/reference/asn/asnCache';
import { parseAsnRanges } from '@/lib/server/reference/asn/asnRanges';
import { type PrefixTree, prefixTree } from '@/lib/server/reference/geo/prefixSet';
import { type Prefix, parsePrefix, rangeToPrefixes } from '@/lib/server/reference/prefix';

/**
 * Addresses that are announced from many places at once (anycast): the city table puts them into one arbitrary city, so
 * they get none.
 * @param file anycast.csv: network (AS number or prefix), name, evidence
 * @param asnDir folder of the ASN table, which says what an AS announces
 * @throws Error naming file, line, cause and fix
 */
export async function readPlaceless(file: string, asnDir: string): Promise<Record<4 | 6, PrefixTree>> {
  const records: { record: Record<string, string>; info: { lines: number } }[] = parse(
    await readFile(file, 'utf8'),
    {
      columns: true,
      info: true,
    },
  );
  const asns = new Set<number>();
  const prefixes: Prefix[] = [];
  for (const { record, info } of records) {
    const { network = '' } = record;
    const asn = /^AS(\d{1,10})$/.exec(network)?.[1];
    if (asn !== undefined) {
      asns.add(Number(asn));
      continue;
    }
    const parsed = parsePrefix(network);
    if (!parsed.ok)
      throw new Error(
        `${file}, line ${info.lines}: "${network}" ${parsed.cause}: write AS13335, or ${parsed.fix}`,
      );
    prefixes.push(parsed.prefix);
  }
  const trees: Partial<Record<4 | 6, PrefixTree>> = {};
  for (const version of [4, 6] as const) {
    const table = join(asnDir, ASN_FILES[version]);
    const { ranges } = parseAsnRanges(await readFile(table, 'utf8'), version, table);
    const announced = ranges
      .filter(({ asn }) => asns.has(asn))
      .flatMap(({ first, last }) => rangeToPrefixes(first, last, version));
    trees[version] = prefixTree([...prefixes, ...announced], version);
  }
  return { 4: trees[4] ?? prefixTree([], 4), 6: trees[6] ?? prefixTree([], 6) };
}
