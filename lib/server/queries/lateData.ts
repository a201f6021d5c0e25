import 'server-only';
import { z } from 'zod';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { LateDataRows } from '@/lib/flows/contracts/lateData';
import { isSilent } from '@/lib/flows/coverage';
import type { TimeRange } from '@/lib/flows/presets';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, instant64, sql, texts, uint32s } from '@/lib/server/clickhouse/sql';
import { askedRange } from './asked';
import { coverageFor, loadCoveredRuns } from './coverage';
import { type Facts, loadFacts } from './facts';
import { fixedPlan } from './fixedPlan';
import { type Lags, loadLags, quantileOfLags } from './lags';
import { metaOf } from './meta';
import { add, exact, small } from './rows';

const HOUR = 3_600;

/** What came late, and what the watermark waits for. */
export async function answerLateData(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<LateDataRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const plan = fixedPlan(
    asked,
    HOUR,
    'quality_1h + ingest_batches',
    'how late records came is kept by the hour; the ledger knows when batches were stored',
  );
  const [lags, imports, runs] = await Promise.all([
    loadLags(context, plan),
    loadImports(context, plan),
    loadCoveredRuns(context, facts, plan),
  ]);
  const late = await loadLate(context, plan, lags);
  const nameOf = (exporter: string) =>
    facts.exporters.find((each) => each.exporter === exporter)?.name ?? exporter;
  const coverage = coverageFor(runs, facts, plan, undefined);
  return {
    rows: {
      now: facts.now,
      watermark: facts.watermark,
      lagSeconds: facts.watermark === null ? null : Math.max(0, facts.now - facts.watermark),
      heldBackBy: heldBackBy(facts),
      silent: facts.expected
        .filter((each) => isSilent(each, facts.now))
        .map(({ exporter, name }) => ({ exporter, name })),
      knownRecords: add(lags.flatMap(({ records }) => records.map(String))).toString(),
      lateRecords: late.reduce((sum, row) => sum + BigInt(row.records), 0n).toString(),
      late: late.map((row) => ({
        ...row,
        name: nameOf(row.exporter),
        threshold: thresholdOf(lags.find(({ exporter }) => exporter === row.exporter)),
      })),
      imports: imports.map(({ all: _, ...row }) => row),
      importedLateRecords: imports[0]?.all ?? '0',
    },
    meta: metaOf(context, { plan, asked, zone: scope.zone, coverage, facts, started }),
  };
}

/** Whose last receive time minus lag is the least, among those that hold the watermark. */
function heldBackBy({ expected, now }: Facts): LateDataRows['heldBackBy'] {
  let least: LateDataRows['heldBackBy'] = null;
  for (const { exporter, name, lastReceived, lagSeconds } of expected) {
    if (lastReceived === null || isSilent({ lastReceived }, now)) continue;
    const lag = lagSeconds ?? 0;
    if (least === null || lastReceived - lag < least.lastReceived - least.lagSeconds) {
      least = { exporter, name, lastReceived, lagSeconds: lag };
    }
  }
  return least;
}

/** Seconds after its end from which on a record of an exporter is late, exclusive: an hour is late, so one second less is not. */
function thresholdOf(lags: Lags | undefined): number {
  return Math.max(HOUR - 1, lags === undefined ? 0 : (quantileOfLags(lags, 99) ?? 0));
}

function loadLate(context: QueryContext, range: TimeRange, lags: readonly Lags[]) {
  // Nobody has a lag of an hour: nothing to look for.
  if (!lags.some(({ seconds }) => (seconds.at(-1) ?? 0) >= HOUR)) return Promise.resolve([]);
  const names = texts(lags.map(({ exporter }) => exporter));
  const thresholds = uint32s(lags.map(thresholdOf));
  return execute(
    context,
    sql`SELECT exporter, toString(flow_day) AS flowDay, toString(received_on) AS receivedDay,
    arraySum((lag, records) -> if(lag > toInt64(transform(exporter, ${names}, ${thresholds}, toUInt32(4294967295))), records, 0), mapKeys(merged), mapValues(merged)) AS records
FROM
(
    SELECT toString(q.exporter) AS exporter, toDate(bucket) AS flow_day, received_day AS received_on, sumMap(q.lags) AS merged
    FROM quality_1h AS q
    WHERE bucket >= ${instant(range.from)} AND bucket < ${instant(range.to)}
    GROUP BY exporter, flow_day, received_on
)
WHERE records > 0
ORDER BY flowDay DESC, exporter, receivedDay DESC
LIMIT 500`,
    z.object({ exporter: z.string(), flowDay: z.string(), receivedDay: z.string(), records: exact }),
  );
}

/** Batches with flows of the range that were stored an hour or more after the last of them ended. */
function loadImports(context: QueryContext, range: TimeRange) {
  return execute(
    context,
    sql`SELECT toString(first_day) AS firstDay, toString(last_day) AS lastDay, toString(stored_day) AS storedDay, count() AS batches, sum(accepted_records) AS records,
    arraySort(groupUniqArray(5)(toValidUTF8(source_name))) AS sources, sum(records) OVER () AS all
FROM
(
    SELECT toDate(b.first_start) AS first_day, toDate(b.last_end) AS last_day, toDate(b.created_at) AS stored_day, b.accepted AS accepted_records, source_name
    FROM ingest_batches AS b FINAL
    WHERE state = 'committed' AND accepted > 0 AND first_start < ${instant64(range.to)} AND last_end >= ${instant64(range.from)} AND created_at >= addSeconds(last_end, 3600)
)
GROUP BY first_day, last_day, stored_day
ORDER BY stored_day DESC, last_day DESC, first_day DESC
LIMIT 100`,
    z.object({
      firstDay: z.string(),
      lastDay: z.string(),
      storedDay: z.string(),
      batches: small,
      records: exact,
      sources: z.array(z.string()),
      all: exact,
    }),
  );
}
