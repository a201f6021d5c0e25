import 'server-only';
import { z } from 'zod';
import { MOST_METROS } from '@/lib/flows/contracts/trafficMap';
import type { Plan } from '@/lib/flows/plan';
import type { Scope } from '@/lib/flows/scope';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { type Sql, sql, texts, uint32 } from '@/lib/server/clickhouse/sql';
import { bucketExpression } from '@/lib/server/queries/columns';
import type { Facts } from '@/lib/server/queries/facts';
import { exact, small } from '@/lib/server/queries/rows';
import { slotsOf } from '@/lib/server/queries/slots';
import { uniqueStates } from '@/lib/server/queries/uniques';
import { PLACE_DIMENSIONS } from './mapPlan';

/** The slots that the map is made of. */
export function mapSlots(scope: Scope, facts: Facts, plan: Plan): Sql {
  return slotsOf({
    parts: plan.parts,
    dimensions: PLACE_DIMENSIONS,
    direction: scope.direction,
    filters: scope.filters,
    rawSlotSeconds: 60,
    lookback: facts.lookback,
  });
}

/** The metros that are shown apart: the heaviest. Names of metros are unique, whatever the country. */
export async function loadTopMetros(context: QueryContext, slots: Sql): Promise<string[]> {
  const rows = await execute(
    context,
    sql`SELECT toString(s.metro) AS name, sum(toUInt128(s.bytes)) AS total
FROM
(
${slots}
) AS s
WHERE s.metro != ''
GROUP BY name
ORDER BY total DESC, name
LIMIT ${uint32(MOST_METROS)}`,
    z.object({ name: z.string() }),
  );
  return rows.map(({ name }) => name);
}

/** The metro where it is shown apart; the others are elsewhere in their country. */
function shown(column: Sql, metros: readonly string[]): Sql {
  return sql`if(${column} IN ${texts(metros)}, toString(${column}), '')`;
}

const seriesRow = z.object({
  country: z.string(),
  place: z.string(),
  type: z.string(),
  starts: z.array(z.number()),
  bytes: z.array(exact),
});
export type PlaceSeries = z.infer<typeof seriesRow>;

/** Bytes of each place and type by step; steps without any are left out. */
export function loadSeries(
  context: QueryContext,
  slots: Sql,
  plan: Plan,
  zone: string,
  metros: readonly string[],
): Promise<PlaceSeries[]> {
  if (plan.bucket === null) throw new Error('a plan over time has buckets');
  return execute(
    context,
    sql`SELECT land AS country, place, type, groupArray(start) AS starts, groupArray(total) AS bytes
FROM
(
    SELECT ${bucketExpression(plan.bucket.name, zone)} AS start, toString(s.country) AS land, ${shown(sql`s.metro`, metros)} AS place,
        toString(s.network_type) AS type, sum(toUInt128(s.bytes)) AS total
    FROM
    (
${slots}
    ) AS s
    GROUP BY start, land, place, type
)
GROUP BY land, place, type`,
    seriesRow,
  );
}

const arcRow = z.object({
  region: z.string(),
  country: z.string(),
  place: z.string(),
  ingress: exact,
  egress: exact,
});
export type ArcSums = z.infer<typeof arcRow>;

/** Bytes between each region and place, both ways. */
export function loadArcs(context: QueryContext, slots: Sql, metros: readonly string[]): Promise<ArcSums[]> {
  return execute(
    context,
    sql`SELECT toString(s.region) AS region, toString(s.country) AS country, ${shown(sql`s.metro`, metros)} AS place,
    sumIf(toUInt128(s.bytes), s.direction = 'ingress') AS ingress, sumIf(toUInt128(s.bytes), s.direction = 'egress') AS egress
FROM
(
${slots}
) AS s
GROUP BY region, country, place`,
    arcRow,
  );
}

/** `=Chicago` is a value; '' stands for all of them together, where the value '' is `=`. */
const uniquesRow = z.object({ country: z.string(), place: z.string(), addresses: small, bytes: exact });
export type PlaceUniques = z.infer<typeof uniquesRow>;

/** Distinct addresses of each place, of each country and of all: merged, never added. */
export function loadUniques(
  context: QueryContext,
  scope: Scope,
  facts: Facts,
  plan: Plan,
  metros: readonly string[],
): Promise<PlaceUniques[]> {
  return execute(
    context,
    sql`SELECT c.country AS country, c.place AS place, uniqCombined64Merge(17)(c.states) AS addresses, sum(c.cell_bytes) AS bytes
FROM
(
    SELECT concat('=', toString(s.country)) AS country, concat('=', ${shown(sql`s.metro`, metros)}) AS place,
        uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS cell_bytes
    FROM
    (
${uniqueStates(plan.parts, ['country', 'metro'], scope.direction, scope.filters, facts.lookback)}
    ) AS s
    GROUP BY country, place
) AS c
GROUP BY GROUPING SETS ((country, place), (country), ())`,
    uniquesRow,
  );
}
