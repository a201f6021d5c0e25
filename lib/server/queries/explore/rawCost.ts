import 'server-only';
import type { Plan } from '@/lib/flows/plan';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { AppError } from '@/lib/server/errors';
import { recordsIn } from './recordsIn';

/** Raw records that one answer may read: a few seconds on two cores. */
export const MOST_RAW_RECORDS = 12_000_000;

/** Beyond this many records what only goes along with an answer (a p95, a count of addresses) is not worth reading raw flows for. */
const MOST_RAW_BESIDE = 3_000_000;

/** Why they are left out. */
export const TOO_MANY_RAW = 'only raw flows hold what is filtered by, and the range has too many of them';

/** Shorter pieces of raw flows are edges of a range, never worth counting first. */
const LEAST_SECONDS = 3 * 3_600;

/** Seconds of raw flows that a plan reads, and the records in them. */
async function rawOf(context: QueryContext, { parts }: Plan): Promise<{ seconds: number; records: number }> {
  const raw = parts.filter(({ table }) => table === 'flows');
  const seconds = raw.reduce((sum, { from, to }) => sum + to - from, 0);
  if (seconds < LEAST_SECONDS) return { seconds, records: 0 };
  return { seconds, records: await recordsIn(context, raw) };
}

/** Whether a plan reads more raw records than are worth it beside an answer. */
export async function isDear(context: QueryContext, plan: Plan): Promise<boolean> {
  return (await rawOf(context, plan)).records > MOST_RAW_BESIDE;
}

/**
 * Refuses what would read too many raw records, with the length of a range that would not.
 * @throws AppError too_expensive
 */
export async function refuseDearRaw(context: QueryContext, plan: Plan): Promise<void> {
  const { seconds, records } = await rawOf(context, plan);
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
