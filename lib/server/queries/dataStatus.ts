import 'server-only';
import { z } from 'zod';
import type { Request } from '@/lib/flows/contracts/contract';
import type { DataStatusRows, ExporterStatus } from '@/lib/flows/contracts/dataStatus';
import type { Answer } from '@/lib/flows/contracts/envelope';
import { isSilent } from '@/lib/flows/coverage';
import { NO_FILTERS } from '@/lib/flows/filter/filter';
import { unionOf } from '@/lib/flows/intervals';
import { type Plan, widen } from '@/lib/flows/plan';
import { SLOT_SECONDS, type TimeRange } from '@/lib/flows/presets';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, instant64, join, sql } from '@/lib/server/clickhouse/sql';
import { askedRange, planFor } from './asked';
import { tableName } from './columns';
import { type CoveredRuns, coverageFor, loadCoveredRuns, shareCovered } from './coverage';
import { warningsOf } from './dataWarnings';
import { type Exporter, type Facts, loadFacts } from './facts';
import { metaOf } from './meta';
import { add, exact, shareOf } from './rows';

/** Where data begins and ends, who sends, what is missing. Of the scope it takes the range; filters do not apply. */
export async function answerDataStatus(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<DataStatusRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  // Coverage is kept in slots of five minutes, so a range of minutes is looked at in whole slots.
  const range = widen(asked, SLOT_SECONDS);
  const unfiltered = { ...scope, filters: NO_FILTERS };
  const plan = planFor(unfiltered, facts, {
    measure: 'volume',
    dimensions: ['exporter'],
    range,
    axis: false,
  });
  const byType = planFor(unfiltered, facts, { measure: 'volume', dimensions: ['type'], range, axis: false });
  const [sent, directions, notCounted, rejected, runs] = await Promise.all([
    loadSent(context, plan),
    loadDirections(context, byType),
    loadNotCounted(context, facts, plan),
    loadRejected(context, plan),
    loadCoveredRuns(context, facts, plan),
  ]);
  const coverage = coverageFor(runs, facts, plan, undefined);
  const exporters = facts.exporters.map((exporter) => statusOf(exporter, sent, runs, facts, plan));
  const bytes = (direction: string) => directions.find((row) => row.direction === direction)?.bytes ?? '0';
  const crossing = directions.filter(({ direction }) => direction === 'ingress' || direction === 'egress');
  const all = add(directions.map((row) => row.bytes));
  const records = add(sent.map((row) => row.flowRecords));
  const unknown = add(sent.map((row) => row.unknownRateRecords));
  const transitShare = shareOf(bytes('transit'), all);
  const proposedPrefixes =
    transitShare > MOST_TRANSIT ? await loadProposedPrefixes(context, facts, plan) : [];
  const rows = {
    empty: facts.firstData === null,
    firstData: facts.firstData,
    lastData: facts.lastData,
    watermark: facts.watermark,
    now: facts.now,
    exporters,
    unknownRateShare: shareOf(unknown, records),
    bytesByDirection: {
      ingress: bytes('ingress'),
      egress: bytes('egress'),
      internal: bytes('internal'),
      transit: bytes('transit'),
    },
    transitShare,
    unclassifiedShare: shareOf(
      add(crossing.map((row) => row.unclassified)),
      add(crossing.map((row) => row.bytes)),
    ),
    notCounted,
    rejected,
    geoReady: facts.geoVersion > 0,
    taxonomyVersion: facts.taxonomyVersion,
    geoVersion: facts.geoVersion,
    proposedPrefixes,
  };
  return {
    rows: { ...rows, warnings: warningsOf(rows) },
    meta: metaOf(context, { plan, asked, zone: scope.zone, coverage, facts, started }),
  };
}

/** Where more of the bytes than this neither begin nor end at an own prefix, the own prefixes are probably not configured. */
const MOST_TRANSIT = 0.5;

const sentRow = z.object({ exporter: z.string(), flowRecords: exact, unknownRateRecords: exact });
type Sent = z.infer<typeof sentRow>;

function loadSent(context: QueryContext, plan: Plan): Promise<Sent[]> {
  return execute(
    context,
    sql`SELECT exporter, sum(toUInt128(flow_records)) AS flowRecords, sum(toUInt128(unknown_rate_records)) AS unknownRateRecords
FROM coverage_5m
WHERE bucket >= ${instant(plan.from)} AND bucket < ${instant(plan.to)}
GROUP BY exporter
ORDER BY exporter`,
    sentRow,
  );
}

/** Bytes of all four directions, which only the tables themselves hold: questions ask for the two that cross the boundary. */
function loadDirections(context: QueryContext, plan: Plan) {
  const stored = plan.parts.map(
    ({ table, from, to }) => sql`SELECT direction, network_type, bytes
FROM ${tableName(table)}
WHERE bucket >= ${instant(from)} AND bucket < ${instant(to)}`,
  );
  return execute(
    context,
    sql`SELECT toString(s.direction) AS direction, sum(toUInt128(s.bytes)) AS bytes, sumIf(toUInt128(s.bytes), s.network_type = 'Unclassified') AS unclassified
FROM
(
${join(stored, '\nUNION ALL\n')}
) AS s
GROUP BY direction`,
    z.object({ direction: z.string(), bytes: exact, unclassified: exact }),
  );
}

const DAY = 86_400;

/** Raw flows alone know what rollups leave out: asked for a day at most, and only while they are kept. */
async function loadNotCounted(context: QueryContext, facts: Facts, range: TimeRange) {
  const kept = facts.retention.flows;
  if (range.to - range.from > DAY || (kept !== null && range.from < kept)) return null;
  const [row] = await execute(
    context,
    // Named otherwise than the column: over a Distributed table an alias of its own name is taken for another expression.
    sql`SELECT count() AS flowRecords, sum(toUInt128(f.bytes)) AS leftOut
FROM flows AS f
WHERE counted = 0 AND ts_start >= ${instant64(range.from)} AND ts_start < ${instant64(range.to)}`,
    z.object({ flowRecords: exact, leftOut: exact }),
  );
  return row === undefined ? null : { flowRecords: row.flowRecords, bytes: row.leftOut };
}

function loadRejected(context: QueryContext, range: TimeRange) {
  return execute(
    context,
    sql`SELECT toString(r.reason) AS reason, count() AS records
FROM flows_rejected AS r
WHERE rejected_at >= ${instant64(range.from)} AND rejected_at < ${instant64(range.to)}
GROUP BY reason
ORDER BY records DESC, reason
LIMIT 50`,
    z.object({ reason: z.string(), records: exact }),
  );
}

/**
 * The /16 and /32 networks that carry the most transit bytes at either end, over the last day of the range: own prefixes that nobody
 * configured stand out, because every flow of theirs has one end in them.
 */
function loadProposedPrefixes(context: QueryContext, facts: Facts, range: TimeRange) {
  const kept = facts.retention.flows ?? 0;
  const to = Math.min(range.to, facts.lastData ?? range.to);
  const from = Math.max(range.from, to - DAY, kept);
  return execute(
    context,
    sql`SELECT prefix, sum(toUInt128(carried)) AS bytes
FROM
(
    SELECT f.bytes AS carried, arrayJoin(arrayDistinct(arrayMap(
        ip -> if(bitShiftRight(toUInt128(ip), 32) = 65535,
            concat(replaceOne(toString(tupleElement(IPv6CIDRToRange(ip, 112), 1)), '::ffff:', ''), '/16'),
            concat(toString(tupleElement(IPv6CIDRToRange(ip, 32), 1)), '/32')),
        [src_ip, dst_ip]))) AS prefix
    FROM flows AS f
    WHERE direction = 'transit' AND ts_start >= ${instant64(from)} AND ts_start < ${instant64(to)}
)
GROUP BY prefix
ORDER BY bytes DESC, prefix
LIMIT 5`,
    z.object({ prefix: z.string(), bytes: exact }),
  );
}

function statusOf(
  exporter: Exporter,
  sent: readonly Sent[],
  runs: readonly CoveredRuns[],
  facts: Facts,
  range: TimeRange,
): ExporterStatus {
  const row = sent.find((each) => each.exporter === exporter.exporter);
  const expected = facts.expected.some((each) => each.exporter === exporter.exporter);
  const covered = unionOf(
    runs.filter((run) => run.exporter === exporter.exporter).flatMap((run) => run.covered),
  );
  const since = exporter.firstSeen ?? facts.firstData ?? range.from;
  const coverage = shareCovered(exporter, since, covered, facts, range);
  return {
    exporter: exporter.exporter,
    name: exporter.name,
    regions: [...exporter.regions],
    configured: exporter.configured,
    expected,
    firstSeen: exporter.firstSeen,
    lastSeen: exporter.lastSeen,
    lastReceived: exporter.lastReceived,
    silent: isSilent(exporter, facts.now),
    lagSeconds: exporter.lagSeconds,
    flowRecords: row?.flowRecords ?? '0',
    unknownRateShare: shareOf(row?.unknownRateRecords ?? '0', row?.flowRecords ?? '0'),
    coverage,
  };
}
