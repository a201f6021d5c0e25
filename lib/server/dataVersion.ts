import 'server-only';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { TimeRange } from '@/lib/flows/presets';
import { execute, queryContext } from './clickhouse/execute';
import { remember } from './clickhouse/remember';
import { sql } from './clickhouse/sql';
import { exact } from './queries/rows';

/** How old a version may be: an answer is at most so much older than what was stored before it was asked. */
const KNOWN_FOR_MS = 1_000;

const row = z.object({ month: z.string(), version: exact });

/**
 * A number for what is stored of each month of UTC: it changes with every insert, rebuilt or dropped partition and mutation, and stays while parts
 * are merged. Tables without months (reference data, the ledger of closed months, retention) are under ''.
 */
const versions = remember(KNOWN_FOR_MS, () =>
  execute(
    queryContext('data-version', randomUUID(), new AbortController().signal),
    sql`SELECT if(match(partition_id, '^[0-9]{6}([0-9]{2})?$'), substring(partition_id, 1, 6), '') AS month,
    toString(sum(cityHash64(table_name, partition_id, last_block, last_mutation))) AS version
FROM data_versions
WHERE table_name NOT IN ('ingest_batches', 'ingest_keys', 'batch_exporters', 'kafka_records', 'flows_rejected', 'schema_migrations')
GROUP BY month
ORDER BY month`,
    row,
  ),
);

/** The next version is read anew: for tests. */
export function forgetVersions(): void {
  versions.forget();
}

/**
 * What the stored data of these ranges are at, as one text: equal texts, equal data. The month before each range counts too, as a record may begin
 * in it that reaches into the range.
 */
export async function dataVersion(ranges: readonly TimeRange[]): Promise<string> {
  const wanted = new Set(ranges.flatMap(monthsOf));
  const found = await versions();
  return found
    .filter(({ month }) => month === '' || wanted.has(month))
    .map(({ month, version }) => `${month}:${version}`)
    .join(' ');
}

const DAY = 86_400;

function monthsOf({ from, to }: TimeRange): string[] {
  const months = new Set<string>();
  for (let t = from - 2 * DAY; t < to + DAY; t += DAY) months.add(monthOf(t));
  return [...months];
}

function monthOf(t: number): string {
  return new Date(t * 1000).toISOString().slice(0, 7).replace('-', '');
}
