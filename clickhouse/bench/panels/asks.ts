import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Dimension } from '@/lib/flows/dimensions';
import type { Plan } from '@/lib/flows/plan';
import { SLOT_SECONDS } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import { execute, type QueryContext, queryContext } from '@/lib/server/clickhouse/execute';
import { closedMap, join, type Sql, sql } from '@/lib/server/clickhouse/sql';
import { askedRange, planFor } from '@/lib/server/queries/asked';
import { bucketExpression, columnList, dimensionColumn } from '@/lib/server/queries/columns';
import { coverageFor, loadCoveredRuns } from '@/lib/server/queries/coverage';
import { heaviestGroups } from '@/lib/server/queries/explore/heaviestGroups';
import { loadFacts } from '@/lib/server/queries/facts';
import { slotsOf } from '@/lib/server/queries/slots';
import { loadStatistics } from '@/lib/server/queries/statistics';
import { uniqueStates } from '@/lib/server/queries/uniques';

/** A question of the bench has nobody who leaves; slow ones may take as long as the reader is let. */
export function benchContext(question: string): QueryContext {
  return {
    ...queryContext(`bench ${question}`, randomUUID(), new AbortController().signal),
    limits: { seconds: 300 },
  };
}

/** Sums by key: bytes as decimal strings. */
export interface Sums {
  table: string;
  rows: { keys: string[]; bytes: string }[];
}

const keyRow = z.object({ keys: z.array(z.string()), bytes: z.string() });

/** How many of the heaviest an answer lists; everything where it is a whole table or a series. */
const LIMIT = closedMap({ all: sql``, top: sql` LIMIT 20` });

/** Bytes by dimensions over the whole range, through the product's chooser and its builder of slots; the heaviest first, or only these. */
export async function sumsBy(
  question: string,
  scope: Scope,
  dimensions: readonly Dimension[],
  which: 'all' | 'top',
): Promise<Sums> {
  const facts = await loadFacts();
  const plan = planFor(scope, facts, {
    measure: 'volume',
    dimensions,
    range: askedRange(scope, facts.now),
    axis: false,
  });
  const columns = columnList(dimensions);
  const rows = await execute(
    benchContext(question),
    sql`SELECT [${keys(dimensions)}] AS keys, toString(total) AS bytes
FROM (SELECT ${columns}, sum(toUInt128(bytes)) AS total FROM (
${slots(plan, dimensions, scope, facts.lookback)}
) GROUP BY ${columns} ORDER BY total DESC, ${columns}${LIMIT(which)})`,
    keyRow,
  );
  return { table: plan.table, rows };
}

/** The 20 heaviest addresses or pairs with their bytes, as Explore names them: by lists of closed months, proven by days. */
export async function heaviestBy(
  question: string,
  scope: Scope,
  dimensions: readonly Dimension[],
): Promise<Sums> {
  const facts = await loadFacts();
  const wanted = { measure: 'volume', dimensions, range: askedRange(scope, facts.now), axis: false } as const;
  const plan = planFor(scope, facts, wanted);
  const top = await heaviestGroups(benchContext(question), {
    scope,
    facts,
    plan,
    columns: dimensions,
    of: 'bytes',
    top: 20,
  });
  return {
    table: top.isByLists ? `lists of closed periods, ${plan.table}` : plan.table,
    rows: top.groups.map((keys, i) => ({ keys, bytes: String(top.weights[i] ?? 0n) })),
  };
}

/** Bytes by bucket of the product's own width and by network type: the stacked area, without its statistics. */
export async function seriesByType(question: string, scope: Scope): Promise<Sums & { bucket: string }> {
  const facts = await loadFacts();
  const plan = planFor(scope, facts, {
    measure: 'traffic',
    dimensions: ['type'],
    range: askedRange(scope, facts.now),
    axis: true,
  });
  if (plan.bucket === null) throw new Error('A series without buckets');
  const rows = await execute(
    benchContext(question),
    sql`SELECT [toString(start), network_type] AS keys, toString(total) AS bytes
FROM (SELECT ${bucketExpression(plan.bucket.name, scope.zone)} AS start, network_type, sum(toUInt128(bytes)) AS total FROM (
${slots(plan, ['type'], scope, facts.lookback)}
) GROUP BY start, network_type ORDER BY start, network_type)`,
    keyRow,
  );
  return { table: plan.table, rows, bucket: plan.bucket.name };
}

export interface Counts {
  table: string;
  rows: { keys: string[]; addresses: number }[];
}

/** Distinct remote addresses by dimensions, from merged states. */
export async function addressesBy(
  question: string,
  scope: Scope,
  dimensions: readonly Dimension[],
): Promise<Counts> {
  const facts = await loadFacts();
  const plan = planFor(scope, facts, {
    measure: 'uniqueness',
    dimensions,
    range: askedRange(scope, facts.now),
    axis: false,
  });
  const columns = columnList(dimensions);
  const rows = await execute(
    benchContext(question),
    sql`SELECT [${keys(dimensions)}] AS keys, toFloat64(counted) AS addresses
FROM (SELECT ${columns}, uniqCombined64Merge(17)(addresses) AS counted FROM (
${uniqueStates(plan.parts, dimensions, scope.direction, scope.filters, facts.lookback)}
) GROUP BY ${columns} ORDER BY ${columns})`,
    z.object({ keys: z.array(z.string()), addresses: z.number() }),
  );
  return { table: plan.table, rows };
}

/** 95th percentiles of five-minute means of each network type, and of their sum. */
export async function p95ByType(
  question: string,
  scope: Scope,
  types: readonly string[],
): Promise<{ table: string }> {
  const facts = await loadFacts();
  const plan = planFor(scope, facts, {
    measure: 'p95',
    dimensions: ['type'],
    range: askedRange(scope, facts.now),
    axis: false,
  });
  const context = benchContext(question);
  const coverage = coverageFor(await loadCoveredRuns(context, facts, plan), facts, plan, undefined);
  const rows = await loadStatistics(context, slots(plan, ['type'], scope, facts.lookback), coverage, plan, {
    types,
    byDirection: false,
  });
  if (rows.length === 0) throw new Error('The 95th percentile of the quarter has no covered slot');
  return { table: plan.table };
}

function slots(plan: Plan, dimensions: readonly Dimension[], scope: Scope, lookback: number): Sql {
  return slotsOf({
    parts: plan.parts,
    dimensions,
    direction: scope.direction,
    filters: scope.filters,
    rawSlotSeconds: SLOT_SECONDS,
    lookback,
  });
}

/** The key columns as text: an array holds one type only. */
function keys(dimensions: readonly Dimension[]): Sql {
  return join(
    dimensions.map((dimension) => sql`toString(${dimensionColumn(dimension)})`),
    ', ',
  );
}
