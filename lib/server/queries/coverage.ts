import 'server-only';
import { z } from 'zod';
import { type Coverage, coverageOf, type ExporterCoverage } from '@/lib/flows/coverage';
import { unionOf } from '@/lib/flows/intervals';
import type { TimeRange } from '@/lib/flows/presets';
import type { Filter, Filters } from '@/lib/flows/scope';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, sql, texts } from '@/lib/server/clickhouse/sql';
import type { Exporter, Facts } from './facts';

/** Runs of covered slots of one exporter in one region. */
export interface CoveredRuns {
  exporter: string;
  region: string;
  covered: TimeRange[];
}

const row = z.object({
  exporter: z.string(),
  region: z.string(),
  runs: z.array(z.tuple([z.number(), z.number()])),
});

/**
 * When each expected exporter was covered: runs of five-minute slots in which it sent something, where a single silent slot between two others
 * does not end a run. One slot more is read at both ends to see the neighbours.
 */
export async function loadCoveredRuns(
  context: QueryContext,
  facts: Facts,
  range: TimeRange,
): Promise<CoveredRuns[]> {
  const names = facts.expected.map(({ exporter }) => exporter);
  if (names.length === 0) return [];
  const rows = await execute(
    context,
    sql`SELECT exporter, region, arrayMap(run -> (run[1], toUInt32(run[-1] + 300)), arraySplit((slot, gap) -> gap > 600, slots, arrayDifference(slots))) AS runs
FROM
(
    SELECT exporter, region, arraySort(groupUniqArray(toUnixTimestamp(bucket))) AS slots
    FROM coverage_5m
    WHERE bucket >= ${instant(Math.max(0, range.from - 300))} AND bucket < ${instant(range.to + 300)} AND exporter IN ${texts(names)}
    GROUP BY exporter, region
)
ORDER BY exporter, region`,
    row,
  );
  return rows.map(({ exporter, region, runs }) => ({
    exporter,
    region,
    covered: runs.map(([from, to]) => ({ from: Number(from), to: Number(to) })),
  }));
}

/** Coverage of a range by the expected exporters whose region the filter lets through. */
export function coverageFor(
  runs: readonly CoveredRuns[],
  facts: Facts,
  range: TimeRange,
  region: Filters['region'],
): Coverage {
  const inScope = (exporter: Exporter) =>
    region === undefined || exporter.regions.some((name) => passes(region, name));
  const exporters: ExporterCoverage[] = facts.expected.filter(inScope).map((exporter) => ({
    exporter: exporter.exporter,
    // An exporter cannot be missing before it first sent; one that is configured and never did is missing all along.
    since: exporter.firstSeen ?? facts.firstData ?? range.from,
    covered: unionOf(
      runs
        .filter(
          (run) => run.exporter === exporter.exporter && (region === undefined || passes(region, run.region)),
        )
        .flatMap(({ covered }) => covered),
    ),
  }));
  return coverageOf(exporters, range, facts.watermark, facts.now);
}

function passes(filter: Filter, value: string): boolean {
  return filter.values.includes(value) !== filter.exclude;
}
