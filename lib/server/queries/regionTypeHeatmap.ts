import 'server-only';
import { z } from 'zod';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { HeatmapCell, HeatmapRows } from '@/lib/flows/contracts/regionTypeHeatmap';
import { coveredIntervals } from '@/lib/flows/coverage';
import { bothOf, termOf } from '@/lib/flows/filter/edit';
import { secondsOf } from '@/lib/flows/intervals';
import { compareNetworkTypes } from '@/lib/flows/networkTypes';
import type { Plan } from '@/lib/flows/plan';
import type { Scope } from '@/lib/flows/scope';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, sql } from '@/lib/server/clickhouse/sql';
import { askedRange, planFor } from './asked';
import { comparedPeriods } from './comparedPeriods';
import { coverageFor, loadCoveredRuns } from './coverage';
import { refuseDearRaw } from './explore/rawCost';
import { type Facts, loadFacts } from './facts';
import { metaOf } from './meta';
import { exact, rateOf, shareOf, small } from './rows';
import { slotsOf } from './slots';
import { typeNotes } from './typeNotes';
import { magnitudeOf, plusMinusOf, uniqueStates } from './uniques';
import { uniquesPlanFor } from './uniquesPlan';

const DIMENSIONS = ['region', 'type'] as const;

/** Under a sampling rate above 1, fewer packets than this leave an error of 10 % and more. */
const FEWEST_SAMPLED_PACKETS = 400n;

/** Volume, mean traffic, distinct addresses and magnitude of each region and network type, with row, column and grand totals. */
export async function answerRegionTypeHeatmap(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<HeatmapRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const plan = planFor(scope, facts, {
    measure: 'volume',
    dimensions: DIMENSIONS,
    range: asked,
    axis: false,
    cut: facts.watermark,
  });
  await refuseDearRaw(context, plan);
  // The hours that the headline counts too.
  const hours = comparedPeriods(asked, null, facts.watermark).current.uniques;
  const counting = await uniquesPlanFor(context, scope, facts, DIMENSIONS, hours);
  const [sums, uniques, runs, changed] = await Promise.all([
    loadSums(context, scope, facts, plan),
    counting.plan === null ? null : loadUniques(context, scope, facts, counting.plan),
    loadCoveredRuns(context, facts, plan),
    typeNotes(plan, facts),
  ]);
  const coverage = coverageFor(runs, facts, plan, scope.filters);
  const seconds = (region: string) =>
    secondsOf(
      coveredIntervals(
        region === ''
          ? coverage
          : coverageFor(runs, facts, plan, bothOf(scope.filters, [termOf('region', [region])])),
      ),
    );
  return {
    rows: {
      ...tableOf(sums, uniques, seconds),
      uniquesFrom: counting.plan?.from ?? hours.from,
      uniquesTo: counting.plan?.to ?? hours.to,
    },
    meta: metaOf(context, {
      plan,
      asked,
      zone: scope.zone,
      coverage,
      facts,
      started,
      notes: [...counting.notes, ...changed],
    }),
  };
}

const sumsRow = z.object({
  region: z.string(),
  type: z.string(),
  volume: exact,
  settled: exact,
  sampledPackets: exact,
});
type Sums = z.infer<typeof sumsRow>;

/** `settled` leaves out what came behind the watermark, as covered seconds do. Row '' is the total over all regions or types. */
function loadSums(context: QueryContext, scope: Scope, facts: Facts, plan: Plan): Promise<Sums[]> {
  const slots = slotsOf({
    parts: plan.parts,
    dimensions: DIMENSIONS,
    direction: scope.direction,
    filters: scope.filters,
    rawSlotSeconds: 60,
    lookback: facts.lookback,
  });
  return execute(
    context,
    sql`SELECT toString(s.region) AS region, toString(s.network_type) AS type, sum(toUInt128(s.bytes)) AS volume,
    sumIf(toUInt128(s.bytes), s.bucket < ${instant(facts.watermark ?? plan.from)}) AS settled, sum(toUInt128(s.sampled_packets)) AS sampledPackets
FROM
(
${slots}
) AS s
GROUP BY GROUPING SETS ((region, type), (region), (type), ())`,
    sumsRow,
  );
}

const uniquesRow = z.object({ region: z.string(), type: z.string(), addresses: small, bytes: exact });
type Uniques = z.infer<typeof uniquesRow>;

function loadUniques(context: QueryContext, scope: Scope, facts: Facts, plan: Plan): Promise<Uniques[]> {
  return execute(
    context,
    // Cells first, totals from the cells: each stored state is merged once, where grouping sets alone would merge it four times.
    sql`SELECT c.region AS region, c.type AS type, uniqCombined64Merge(17)(c.states) AS addresses, sum(c.cell_bytes) AS bytes
FROM
(
    SELECT toString(s.region) AS region, toString(s.network_type) AS type, uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS cell_bytes
    FROM
    (
${uniqueStates(plan.parts, DIMENSIONS, scope.direction, scope.filters, facts.lookback)}
    ) AS s
    GROUP BY region, type
) AS c
GROUP BY GROUPING SETS ((region, type), (region), (type), ())`,
    uniquesRow,
  );
}

/** @param counted null = addresses were not counted */
function tableOf(
  sums: readonly Sums[],
  counted: readonly Uniques[] | null,
  seconds: (region: string) => number,
) {
  const uniques = counted ?? [];
  const regions = [...new Set([...sums, ...uniques].map(({ region }) => region))].filter(Boolean).sort();
  const types = [...new Set([...sums, ...uniques].map(({ type }) => type))]
    .filter(Boolean)
    .sort(compareNetworkTypes);
  const key = (region: string, type: string) => JSON.stringify([region, type]);
  const sumsAt = new Map(sums.map((row) => [key(row.region, row.type), row]));
  const uniquesAt = new Map(uniques.map((row) => [key(row.region, row.type), row]));
  const covered = new Map(['', ...regions].map((region) => [region, seconds(region)]));
  const whole = sumsAt.get(key('', ''))?.volume ?? '0';
  const cellAt = (region: string, type: string): HeatmapCell | null => {
    const sum = sumsAt.get(key(region, type));
    const unique = uniquesAt.get(key(region, type));
    if (!sum && !unique) return null;
    const sampled = BigInt(sum?.sampledPackets ?? '0');
    const addresses = unique?.addresses ?? 0;
    return {
      volume: sum?.volume ?? '0',
      share: shareOf(sum?.volume ?? '0', whole),
      traffic: rateOf(sum?.settled ?? '0', covered.get(region) ?? 0),
      uniques: counted === null ? null : addresses,
      uniquesPlusMinus: plusMinusOf(addresses),
      magnitude: magnitudeOf(unique?.bytes ?? '0', addresses),
      sampledPackets: String(sampled),
      fewPackets: sampled > 0n && sampled < FEWEST_SAMPLED_PACKETS,
    };
  };
  const empty: HeatmapCell = {
    volume: '0',
    share: 0,
    traffic: null,
    uniques: counted === null ? null : 0,
    uniquesPlusMinus: 0,
    magnitude: null,
    sampledPackets: '0',
    fewPackets: false,
  };
  return {
    regions,
    types,
    cells: regions.map((region) => types.map((type) => cellAt(region, type))),
    regionTotals: regions.map((region) => cellAt(region, '') ?? empty),
    typeTotals: types.map((type) => cellAt('', type) ?? empty),
    total: cellAt('', '') ?? empty,
  };
}
