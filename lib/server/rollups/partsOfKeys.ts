import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { TimeRange } from '@/lib/flows/presets';
import { select } from '@/lib/server/ingest/connect';
import { REMOTE_PREFIX } from './keyedRows';
import { IN_PERIOD } from './periodSums';

/** Some of the keys of a period: each key is in one part. */
export interface PartOfKeys {
  /** condition on rows of the source */
  where: string;
  parameters: Record<string, string | number>;
}

/** What is summed up at once, whichever is reached later: some hundred megabytes of keys. */
const AT_ONCE = { rows: 6_000_000, keys: 2_000_000 };

/** Addresses that are looked at to divide them into equal parts. */
const SAMPLE = 10_000;

/**
 * Divides the keys of a period so that each part fits into memory. Days are sorted by remote address, so that a part by ranges of it, or of its prefixes,
 * reads little more than its own rows; what has no remote address is divided by a hash, and each part reads everything once more.
 * @param source rows of days that have the keys (`keyedRows`)
 * @param keys the columns that tell them apart
 */
export async function partsOfKeys(
  client: ClickHouseClient,
  source: string,
  { from, to }: TimeRange,
  keys: readonly string[],
  atOnce = AT_ONCE,
): Promise<PartOfKeys[]> {
  const [row] = await select<{ found: string; different: string }>(
    client,
    `SELECT toString(count()) AS found, toString(uniqCombined64(${keys.join(', ')})) AS different FROM ${source} WHERE ${IN_PERIOD}`,
    { from, to },
  );
  const parts = Math.ceil(
    Math.min(Number(row?.found ?? 0) / atOnce.rows, Number(row?.different ?? 0) / atOnce.keys),
  );
  if (parts <= 1) return [{ where: '1', parameters: {} }];
  const divided = [REMOTE_PREFIX, 'remote_address'].find((name) => keys.includes(name));
  if (divided === undefined) {
    return Array.from({ length: parts }, (_, part) => ({
      where: `cityHash64(${keys.join(', ')}) % {parts:UInt32} = {part:UInt32}`,
      parameters: { parts, part },
    }));
  }
  const [sample] = await select<{ addresses: string[] }>(
    client,
    `SELECT arrayMap(address -> toString(address), arraySort(groupArraySample(${SAMPLE})(${divided}))) AS addresses FROM ${source} WHERE ${IN_PERIOD}`,
    { from, to },
  );
  return ranges(divided, edgesOf(sample?.addresses ?? [], parts));
}

/** Different addresses that divide sorted ones into at most so many parts of the same size. */
function edgesOf(sorted: readonly string[], parts: number): string[] {
  const edges = Array.from(
    { length: parts - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / parts)] ?? '',
  );
  return [...new Set(edges)].filter((edge) => edge !== '');
}

/** What lies before the first edge, between each two, and from the last on. */
function ranges(divided: string, edges: readonly string[]): PartOfKeys[] {
  return Array.from({ length: edges.length + 1 }, (_, i) => {
    const [first, last] = [edges[i - 1], edges[i]];
    return {
      where: [
        ...(first === undefined ? [] : [`${divided} >= {first:IPv6}`]),
        ...(last === undefined ? [] : [`${divided} < {last:IPv6}`]),
        // Only then does the order of days help. The /48 of `::` holds all of IPv4: it alone reaches beyond its part, which is the first.
        ...(first === undefined || divided !== REMOTE_PREFIX ? [] : ['remote_address >= {first:IPv6}']),
        ...(first === undefined || last === undefined || divided !== REMOTE_PREFIX
          ? []
          : ['remote_address < {last:IPv6}']),
        '1',
      ].join(' AND '),
      parameters: { ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }) },
    };
  });
}
