import 'server-only';
import { z } from 'zod';
import type { Change } from '@/lib/flows/contracts/whatChanged';
import { coveredIntervals } from '@/lib/flows/coverage';
import { secondsOf } from '@/lib/flows/intervals';
import type { Plan } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import { compareRange, type Scope } from '@/lib/flows/scope';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, ipv6s, type Sql, sql, uint32 } from '@/lib/server/clickhouse/sql';
import { AppError } from '@/lib/server/errors';
import { planFor } from './asked';
import { comparedPeriods, NOT_COMPARED } from './comparedPeriods';
import { coverageFor, loadCoveredRuns } from './coverage';
import { heaviestByLists } from './explore/heaviestByLists';
import { keysOf } from './explore/keyColumns';
import { refuseDearRaw } from './explore/rawCost';
import type { Facts } from './facts';
import { exact } from './rows';
import { slotsOf } from './slots';

/** The heaviest endpoints of either range are looked for in the other. */
const ENDPOINTS = 20;

const sumRow = z.object({ address: z.string(), bytes: exact });

interface Endpoint {
  /** as the column gives it, for other statements */
  address: string;
  /** before the watermark */
  bytes: bigint;
}

interface Asking {
  scope: Scope;
  facts: Facts;
  context: QueryContext;
}

/**
 * Heavy addresses that only one of the ranges has, each with its rate there; weights are shares of the rate of everything. All figures are of
 * days: the lists of closed months only say whose figures to ask for, which spares adding up everybody's.
 * null where addresses of either range are not kept or too many.
 */
export async function endpointChanges(
  scope: Scope,
  asked: TimeRange,
  facts: Facts,
  context: QueryContext,
): Promise<((rates: { now: number; before: number }) => Change[]) | null> {
  const compared = compareRange(asked, scope.compare, scope.zone);
  const { previous } = comparedPeriods(asked, compared, facts.watermark);
  if (previous === null) return null;
  const asking = { scope, facts, context };
  try {
    const [now, before] = [daysOf(asking, asked), daysOf(asking, previous.range)];
    await Promise.all([refuseDearRaw(context, now), refuseDearRaw(context, before)]);
    const [appeared, vanished] = await Promise.all([
      onlyIn(asking, now, before),
      onlyIn(asking, before, now),
    ]);
    return (rates) => [...appeared('appeared', rates.now), ...vanished('vanished', rates.before)];
  } catch (error) {
    if (error instanceof AppError && NOT_COMPARED.includes(error.code)) return null;
    throw error;
  }
}

type Only = (kind: 'appeared' | 'vanished', total: number) => Change[];

async function onlyIn(asking: Asking, plan: Plan, other: Plan): Promise<Only> {
  const { scope, facts, context } = asking;
  const runs = await loadCoveredRuns(context, facts, plan);
  const seconds = secondsOf(coveredIntervals(coverageFor(runs, facts, plan, scope.filters)));
  if (seconds === 0) return () => [];
  const heavy = await heaviestOf(asking, plan);
  const there = new Set((await sumsOf(asking, other, heavy)).map(({ address }) => address));
  return (kind, total) =>
    heavy.flatMap(({ address, bytes }): Change[] => {
      const rate = (Number(bytes) * 8) / seconds;
      if (rate === 0 || there.has(address)) return [];
      const key = keysOf(['remoteAddress'], ['remoteAddress'], [address])[0] ?? address;
      const weight = total === 0 ? 0 : rate / total;
      return [{ kind, dimension: 'remoteAddress', key, name: null, rate, weight }];
    });
}

const WANTED = { measure: 'volume', dimensions: ['remoteAddress'], axis: false } as const;

/** @throws AppError not_retained, where days are gone */
function daysOf({ scope, facts }: Asking, range: TimeRange): Plan {
  return planFor(scope, facts, { ...WANTED, range, cut: facts.watermark });
}

/** The heaviest of a range, by what days hold. */
async function heaviestOf(asking: Asking, days: Plan): Promise<Endpoint[]> {
  const { scope, facts, context } = asking;
  const found = await heaviestByLists(context, {
    scope,
    facts,
    plan: days,
    columns: WANTED.dimensions,
    of: 'bytes',
    top: ENDPOINTS,
    until: facts.watermark ?? days.from,
  });
  if (found === null) return topOf(asking, days, ENDPOINTS);
  return found.groups.map(([address = ''], i) => ({ address, bytes: found.weights[i] ?? 0n }));
}

function topOf(asking: Asking, plan: Plan, count: number): Promise<Endpoint[]> {
  return load(asking, plan, sql``, sql`ORDER BY total DESC, remote_address LIMIT ${uint32(count)}`);
}

/** Those of the addresses that were seen at all. Days are sorted by address, so that only what may hold them is read. */
async function sumsOf(asking: Asking, plan: Plan, endpoints: readonly Endpoint[]): Promise<Endpoint[]> {
  if (endpoints.length === 0) return [];
  const addresses = ipv6s(endpoints.map(({ address }) => address));
  return load(asking, plan, sql`WHERE remote_address IN ${addresses}`, sql``);
}

async function load(
  { scope, facts, context }: Asking,
  plan: Plan,
  where: Sql,
  order: Sql,
): Promise<Endpoint[]> {
  const slots = slotsOf({
    parts: plan.parts,
    dimensions: ['remoteAddress'],
    direction: scope.direction,
    filters: scope.filters,
    rawSlotSeconds: 60,
    lookback: facts.lookback,
  });
  const rows = await execute(
    context,
    sql`SELECT toString(remote_address) AS address, toString(total) AS bytes
FROM
(
    SELECT remote_address, sumIf(toUInt128(bytes), bucket < ${instant(facts.watermark ?? plan.from)}) AS total
    FROM
    (
${slots}
    )
    ${where}
    GROUP BY remote_address
    ${order}
)`,
    sumRow,
  );
  return rows.map(({ address, bytes }) => ({ address, bytes: BigInt(bytes) }));
}
