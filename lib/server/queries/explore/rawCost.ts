import 'server-only';
import { z } from 'zod';
import type { Plan } from '@/lib/flows/plan';
import { SLOT_SECONDS } from '@/lib/flows/presets';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, sql } from '@/lib/server/clickhouse/sql';
import { AppError } from '@/lib/server/errors';
import type { Facts } from '../facts';
import { exact } from '../rows';

/** Raw records that one answer may read: a few seconds on two cores. */
export const MOST_RAW_RECORDS = 12_000_000;

/** Beyond this many records what only goes along with an answer (a p95, a count of addresses) is not worth reading raw flows for. */
const MOST_RAW_BESIDE = 3_000_000;

/** Why they are left out. */
export const TOO_MANY_RAW = 'only raw flows hold what is filtered by, and the range has too many of them';

/** Whether a plan reads more raw records than that, as many as there were in the busiest five minutes lately. */
export function isDear(facts: Facts, { parts }: Plan): boolean {
  const seconds = parts
    .filter(({ table }) => table === 'flows')
    .reduce((sum, { from, to }) => sum + to - from, 0);
  return (seconds / SLOT_SECONDS) * facts.recordsPerSlot > MOST_RAW_BESIDE;
}

/** Shorter pieces of raw flows are edges of a range, never worth counting first. */
const LEAST_SECONDS = 3 * 3_600;

/**
 * Refuses what would read too many raw records, with the length of a range that would not. The records are counted in the totals by five
 * minutes, which costs nothing.
 * @throws AppError too_expensive
 */
export async function refuseDearRaw(context: QueryContext, plan: Plan): Promise<void> {
  const raw = plan.parts.filter(({ table }) => table === 'flows');
  const seconds = raw.reduce((sum, { from, to }) => sum + to - from, 0);
  const [first] = raw;
  const last = raw.at(-1);
  if (seconds < LEAST_SECONDS || first === undefined || last === undefined) return;
  const [row] = await execute(
    context,
    sql`SELECT sum(flow_records) AS records FROM totals_5m WHERE bucket >= ${instant(first.from)} AND bucket < ${instant(last.to)}`,
    z.object({ records: exact }),
  );
  const records = Number(row?.records ?? '0');
  if (records <= MOST_RAW_RECORDS) return;
  const hours = Math.max(1, Math.floor((seconds / 3_600) * (MOST_RAW_RECORDS / records)));
  const longestSeconds = hours * 3_600;
  const length = hours >= 48 ? `${Math.floor(hours / 24)} days` : `${hours} hours`;
  throw new AppError(
    'too_expensive',
    `Only raw flows can answer this, and the range holds ${records.toLocaleString('en-US')} of them; at most ${MOST_RAW_RECORDS.toLocaleString('en-US')} are read at once.`,
    `Narrow the range to about ${length}, or drop a dimension or filter: ${plan.reason}.`,
    { longestSeconds },
  );
}
