import 'server-only';
import { z } from 'zod';
import type { Change } from '@/lib/flows/contracts/whatChanged';
import { coveredIntervals } from '@/lib/flows/coverage';
import { secondsOf } from '@/lib/flows/intervals';
import type { TimeRange } from '@/lib/flows/presets';
import { compareRange, type Scope } from '@/lib/flows/scope';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, ipv6s, sql, uint32 } from '@/lib/server/clickhouse/sql';
import { AppError } from '@/lib/server/errors';
import { planFor } from './asked';
import { comparedPeriods, NOT_COMPARED } from './comparedPeriods';
import { coverageFor, loadCoveredRuns } from './coverage';
import { keysOf } from './explore/keyColumns';
import { isWidenedToMonths, WHOLE_MONTHS_ONLY } from './explore/leftOut';
import { refuseDearRaw } from './explore/rawCost';
import type { Facts } from './facts';
import { exact } from './rows';
import { slotsOf } from './slots';

/** The heaviest endpoints of either range are looked for in the other. */
const ENDPOINTS = 20;

const heavyRow = z.object({ address: z.string(), bytes: exact });
const seenRow = z.object({ address: z.string() });

interface Endpoint {
  /** as the column gives it, for other statements */
  address: string;
  /** bits per second of the covered time before the watermark */
  rate: number;
}

/**
 * Heavy addresses that only one of the ranges has, each with its rate there; weights are shares of the rate of everything. Who is heaviest is
 * told by the lists of closed months where the range holds them; that an address is not there at all, only by days.
 * null where addresses of either range are not kept or too many.
 */
export async function endpointChanges(
  scope: Scope,
  asked: TimeRange,
  facts: Facts,
  context: QueryContext,
): Promise<((rates: { now: number; before: number }) => Change[]) | null> {
  const { previous } = comparedPeriods(
    asked,
    compareRange(asked, scope.compare, scope.zone),
    facts.watermark,
  );
  if (previous === null) return null;
  const before = previous.range;
  const only = async (range: TimeRange, other: TimeRange): Promise<Endpoint[]> => {
    const heavy = await heaviestIn(scope, range, facts, context);
    const there = await seenIn(scope, other, heavy, facts, context);
    return heavy.filter(({ address, rate }) => rate > 0 && !there.has(address));
  };
  try {
    const [appeared, vanished] = await Promise.all([only(asked, before), only(before, asked)]);
    const changes = (endpoints: readonly Endpoint[], kind: 'appeared' | 'vanished', total: number) =>
      endpoints.map(
        ({ address, rate }): Change => ({
          kind,
          dimension: 'remoteAddress',
          key: keysOf(['remoteAddress'], ['remoteAddress'], [address])[0] ?? address,
          name: null,
          rate,
          weight: total === 0 ? 0 : rate / total,
        }),
      );
    return (rates) => [
      ...changes(appeared, 'appeared', rates.now),
      ...changes(vanished, 'vanished', rates.before),
    ];
  } catch (error) {
    if (error instanceof AppError && NOT_COMPARED.includes(error.code)) return null;
    throw error;
  }
}

async function heaviestIn(
  scope: Scope,
  range: TimeRange,
  facts: Facts,
  context: QueryContext,
): Promise<Endpoint[]> {
  const wanted = { measure: 'volume', dimensions: ['remoteAddress'], axis: false, heaviest: true } as const;
  const plan = planFor(scope, facts, { ...wanted, range, cut: facts.watermark });
  if (isWidenedToMonths(plan, range))
    throw new AppError('not_retained', WHOLE_MONTHS_ONLY, 'Ask for whole months');
  await refuseDearRaw(context, plan);
  const runs = await loadCoveredRuns(context, facts, plan);
  const seconds = secondsOf(coveredIntervals(coverageFor(runs, facts, plan, scope.filters)));
  if (seconds === 0) return [];
  const rows = await execute(
    context,
    sql`SELECT toString(remote_address) AS address, toString(total) AS bytes
FROM
(
    SELECT remote_address, sumIf(toUInt128(bytes), bucket < ${instant(facts.watermark ?? plan.from)}) AS total
    FROM
    (
${slotsOf({
  parts: plan.parts,
  dimensions: ['remoteAddress'],
  direction: scope.direction,
  filters: scope.filters,
  rawSlotSeconds: 60,
  lookback: facts.lookback,
})}
    )
    GROUP BY remote_address
    ORDER BY total DESC, remote_address
    LIMIT ${uint32(ENDPOINTS)}
)`,
    heavyRow,
  );
  return rows.map(({ address, bytes }) => ({ address, rate: (Number(bytes) * 8) / seconds }));
}

/** Which of the addresses were seen at all. Days are sorted by address, so that only what may hold them is read. */
async function seenIn(
  scope: Scope,
  range: TimeRange,
  endpoints: readonly Endpoint[],
  facts: Facts,
  context: QueryContext,
): Promise<Set<string>> {
  const wanted = { measure: 'volume', dimensions: ['remoteAddress'], axis: false } as const;
  const plan = planFor(scope, facts, { ...wanted, range, cut: facts.watermark });
  await refuseDearRaw(context, plan);
  if (endpoints.length === 0) return new Set();
  const rows = await execute(
    context,
    sql`SELECT DISTINCT toString(remote_address) AS address
FROM
(
${slotsOf({
  parts: plan.parts,
  dimensions: ['remoteAddress'],
  direction: scope.direction,
  filters: scope.filters,
  rawSlotSeconds: 60,
  lookback: facts.lookback,
})}
)
WHERE remote_address IN ${ipv6s(endpoints.map(({ address }) => address))}`,
    seenRow,
  );
  return new Set(rows.map(({ address }) => address));
}
