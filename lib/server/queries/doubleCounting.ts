import 'server-only';
import { z } from 'zod';
import type { Request } from '@/lib/flows/contracts/contract';
import type { DoubleCountingRows } from '@/lib/flows/contracts/doubleCounting';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { TimeRange } from '@/lib/flows/presets';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, instant64, sql, uint64 } from '@/lib/server/clickhouse/sql';
import { askedRange } from './asked';
import { coverageFor, loadCoveredRuns } from './coverage';
import { type Facts, loadFacts } from './facts';
import { fixedPlan } from './fixedPlan';
import { metaOf } from './meta';
import { keptPart } from './rawWindow';
import { add, exact, shareOf } from './rows';

const HOUR = 3_600;
/** More records than this are looked at by a part of the 5-tuples only: about a second on two cores. */
const MOST_RECORDS = 2_000_000;

/** An estimate of what two exporters both count, by 5-tuples that overlap in time. */
export async function answerDoubleCounting(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<DoubleCountingRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const kept = keptPart(asked, facts, 'What two exporters both count');
  const window = newestHour(kept, facts);
  const plan = fixedPlan(
    window,
    300,
    'flows',
    'an estimate from the newest hour of the range: comparing exporters needs whole records',
  );
  const oneIn = await loadOneIn(context, plan);
  const [seen, runs] = await Promise.all([
    loadSeen(context, plan, oneIn),
    loadCoveredRuns(context, facts, plan),
  ]);
  const nameOf = (exporter: string) =>
    facts.exporters.find((each) => each.exporter === exporter)?.name ?? exporter;
  const bytes = add(seen.map((row) => row.bytes));
  const twice = add(seen.map((row) => row.doubleBytes));
  const coverage = coverageFor(runs, facts, plan, undefined);
  return {
    rows: {
      oneIn,
      flowRecords: add(seen.map(({ flowRecords }) => flowRecords)).toString(),
      bytes: bytes.toString(),
      doubleBytes: twice.toString(),
      doubleShare: shareOf(twice, bytes),
      exporters: seen
        .filter(({ exporter }) => exporter !== '')
        .map((row) => ({
          exporter: row.exporter,
          name: nameOf(row.exporter),
          bytes: row.bytes,
          sharedBytes: row.sharedBytes,
          sharedShare: shareOf(row.sharedBytes, row.bytes),
          with: row.others.map(nameOf).sort(),
        })),
    },
    meta: metaOf(context, { plan, asked: window, zone: scope.zone, coverage, facts, started }),
  };
}

function newestHour(range: TimeRange, facts: Facts): TimeRange {
  const to = Math.max(range.from + 300, Math.min(range.to, facts.lastData ?? range.to));
  return { from: Math.max(range.from, to - HOUR), to };
}

/** Every how many 5-tuples are worth comparing. */
async function loadOneIn(context: QueryContext, range: TimeRange): Promise<number> {
  const [row] = await execute(
    context,
    sql`SELECT sum(toUInt128(flow_records)) AS records
FROM coverage_5m
WHERE bucket >= ${instant(range.from)} AND bucket < ${instant(range.to)}`,
    z.object({ records: exact }),
  );
  return Math.max(1, Math.ceil(Number(row?.records ?? 0) / MOST_RECORDS));
}

/**
 * One row an exporter; the row of exporter '' carries what is counted too often, which belongs to nobody. Of each 5-tuple at most 1,000
 * records are compared.
 */
function loadSeen(context: QueryContext, range: TimeRange, oneIn: number) {
  return execute(
    context,
    sql`SELECT toString(seen.1) AS exporter, sum(seen.2) AS bytes, sum(seen.3) AS sharedBytes, sum(seen.4) AS doubleBytes, sum(toUInt64(seen.5)) AS flowRecords,
    arraySort(arrayDistinct(arrayFlatten(groupArray(seen.6)))) AS others
FROM
(
    WITH
        length(arrayDistinct(records.1)) > 1 AS is_split,
        arrayMap(r -> if(is_split, arrayDistinct(arrayMap(o -> o.1, arrayFilter(o -> o.1 != r.1 AND o.2 <= r.3 AND o.3 >= r.2, records))), CAST([] AS Array(String))), records) AS partners,
        arrayMap((r, others) -> if(empty(others), toUInt128(0), r.4), records, partners) AS shared,
        arrayMap(name -> arraySum(arrayMap((r, part) -> if(r.1 = name, part, toUInt128(0)), records, shared)), arrayDistinct(records.1)) AS shared_by_exporter
    SELECT arrayJoin(arrayConcat(
        arrayMap((r, part, others) -> (r.1, r.4, part, toUInt128(0), toUInt8(1), others), records, shared, partners),
        [('', toUInt128(0), toUInt128(0), toUInt128(arraySum(shared_by_exporter) - arrayMax(shared_by_exporter)), toUInt8(0), CAST([] AS Array(String)))])) AS seen
    FROM
    (
        SELECT groupArray(1000)((toString(f.exporter), toUnixTimestamp64Milli(f.ts_start), toUnixTimestamp64Milli(f.ts_start) + f.duration_ms, toUInt128(f.bytes))) AS records
        FROM flows AS f
        WHERE counted = 1 AND direction IN ('ingress', 'egress') AND ts_start >= ${instant64(range.from)} AND ts_start < ${instant64(range.to)}
            AND cityHash64(src_ip, dst_ip, src_port, dst_port, proto) % ${uint64(oneIn)} = 0
        GROUP BY src_ip, dst_ip, src_port, dst_port, proto
    )
)
GROUP BY exporter
ORDER BY exporter`,
    z.object({
      exporter: z.string(),
      bytes: exact,
      sharedBytes: exact,
      doubleBytes: exact,
      flowRecords: exact,
      others: z.array(z.string()),
    }),
  );
}
