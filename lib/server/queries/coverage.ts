import 'server-only';
import { z } from 'zod';
import { type Coverage, coverageOf, type ExporterCoverage } from '@/lib/flows/coverage';
import { runsOfMasks, runsOfSlots } from '@/lib/flows/coveredSlots';
import { evaluate } from '@/lib/flows/filter/evaluate';
import { type Filters, NO_FILTERS } from '@/lib/flows/filter/filter';
import { unionOf } from '@/lib/flows/intervals';
import { SLOT_SECONDS, type TimeRange } from '@/lib/flows/presets';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, sql, texts } from '@/lib/server/clickhouse/sql';
import type { Exporter, Facts } from './facts';
import { exact } from './rows';

/** Runs of covered slots of one exporter in one region. */
export interface CoveredRuns {
  exporter: string;
  region: string;
  covered: TimeRange[];
}

const DAY = 86_400;

/** Shorter ranges read the slots themselves: masks are of whole days. */
const SHORTEST_BY_DAY = 2 * DAY;

/**
 * When each exporter that was ever expected was covered: runs of five-minute slots in which it sent something, where a single silent slot between two others
 * does not end a run. One slot more is read at both ends to see the neighbours.
 */
export async function loadCoveredRuns(
  context: QueryContext,
  facts: Facts,
  range: TimeRange,
): Promise<CoveredRuns[]> {
  const names = facts.onceExpected.map(({ exporter }) => exporter);
  if (names.length === 0) return [];
  const wide = { from: Math.max(0, range.from - SLOT_SECONDS), to: range.to + SLOT_SECONDS };
  const firstDay = wide.from - (wide.from % DAY);
  const byDay = range.to - range.from >= SHORTEST_BY_DAY && firstDay >= facts.coverageDaysFrom;
  return byDay ? loadMasks(context, names, firstDay, wide) : loadSlots(context, names, wide);
}

const slotsRow = z.object({ exporter: z.string(), region: z.string(), slots: z.array(z.number()) });

async function loadSlots(
  context: QueryContext,
  names: readonly string[],
  wide: TimeRange,
): Promise<CoveredRuns[]> {
  const rows = await execute(
    context,
    sql`SELECT exporter, region, arraySort(groupUniqArray(toUnixTimestamp(bucket))) AS slots
FROM coverage_5m
WHERE bucket >= ${instant(wide.from)} AND bucket < ${instant(wide.to)} AND exporter IN ${texts(names)}
GROUP BY exporter, region
ORDER BY exporter, region`,
    slotsRow,
  );
  return rows.map(({ exporter, region, slots }) => ({ exporter, region, covered: runsOfSlots(slots) }));
}

const masksRow = z.object({
  exporter: z.string(),
  region: z.string(),
  days: z.array(z.tuple([z.number(), exact, exact])),
});

async function loadMasks(
  context: QueryContext,
  names: readonly string[],
  firstDay: number,
  wide: TimeRange,
): Promise<CoveredRuns[]> {
  const rows = await execute(
    context,
    sql`SELECT exporter, region, arraySort(groupArray((day, early_mask, late_mask))) AS days
FROM
(
    SELECT exporter, region, toUnixTimestamp(bucket) AS day, groupBitOr(early) AS early_mask, groupBitOr(late) AS late_mask
    FROM coverage_1d
    WHERE bucket >= ${instant(firstDay)} AND bucket < ${instant(wide.to)} AND exporter IN ${texts(names)}
    GROUP BY exporter, region, day
)
GROUP BY exporter, region
ORDER BY exporter, region`,
    masksRow,
  );
  return rows.map(({ exporter, region, days }) => ({
    exporter,
    region,
    covered: runsOfMasks(
      days.map(([day, early, late]) => ({ day, early: BigInt(early), late: BigInt(late) })),
      wide,
    ),
  }));
}

/**
 * Coverage of a range by the exporters expected in it that the filters can let through, each in the regions that they can. What a filter asks
 * of other things than region and exporter leaves them all in.
 */
export function coverageFor(
  runs: readonly CoveredRuns[],
  facts: Facts,
  range: TimeRange,
  filters: Filters = NO_FILTERS,
): Coverage {
  const passes = ({ exporter, name }: Exporter, region: string) =>
    evaluate(filters, { exporter: { value: exporter, name }, region: { value: region } }) !== false;
  const inScope = (exporter: Exporter) =>
    filters.length === 0 || exporter.regions.some((region) => passes(exporter, region));
  const exporters: ExporterCoverage[] = facts.onceExpected.filter(inScope).map((exporter) => ({
    exporter: exporter.exporter,
    // An exporter cannot be missing before it first sent; one that is configured and never did is missing all along.
    since: exporter.firstSeen ?? facts.firstData ?? range.from,
    until: exporter.expectedUntil,
    covered: unionOf(
      runs
        .filter((run) => run.exporter === exporter.exporter && passes(exporter, run.region))
        .flatMap(({ covered }) => covered),
    ),
  }));
  return coverageOf(exporters, range, facts.watermark, facts.now);
}

/** Share of the range before the watermark in which one exporter was covered while it was expected; null = it was not expected in it. */
export function shareCovered(
  exporter: Exporter,
  since: number,
  covered: TimeRange[],
  facts: Facts,
  range: TimeRange,
): number | null {
  if (!facts.onceExpected.some((each) => each.exporter === exporter.exporter)) return null;
  const one = { exporter: exporter.exporter, since, until: exporter.expectedUntil, covered };
  return coverageOf([one], range, facts.watermark, facts.now).share;
}
