import 'server-only';
import { z } from 'zod';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { ExporterQuality, ExporterQualityRows } from '@/lib/flows/contracts/exporterQuality';
import { isSilent } from '@/lib/flows/coverage';
import { secondsOf, unionOf, within } from '@/lib/flows/intervals';
import { floor } from '@/lib/flows/plan';
import { SLOT_SECONDS, type TimeRange } from '@/lib/flows/presets';
import { qualityFlagsOf } from '@/lib/flows/qualityFlags';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, sql } from '@/lib/server/clickhouse/sql';
import { askedRange } from './asked';
import { type CoveredRuns, coverageFor, loadCoveredRuns, shareCovered } from './coverage';
import { type ExporterReceipts, loadExporterReceipts } from './exporterReceipts';
import { type Exporter, type Facts, loadFacts } from './facts';
import { fixedPlan } from './fixedPlan';
import { type Lags, loadLags, quantileOfLags } from './lags';
import { metaOf } from './meta';
import { add, exact, shareOf, small } from './rows';

const HOUR = 3_600;

/** What each exporter sends and what is doubtful about it, from counters by the hour. */
export async function answerExporterQuality(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<ExporterQualityRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const plan = fixedPlan(
    asked,
    HOUR,
    'quality_1h + coverage_5m + links_5m + batch_exporters',
    'counters of what is doubtful are kept by the hour',
  );
  const everybody = { ...facts, onceExpected: facts.exporters };
  const [sent, counted, lags, lately, rates, boundaries, runs, receipts] = await Promise.all([
    loadSent(context, plan),
    loadCounters(context, plan),
    loadLags(context, plan),
    loadLately(context, facts),
    loadConfiguredRates(context, facts.now),
    loadBoundaries(context, plan),
    loadCoveredRuns(context, everybody, plan),
    loadExporterReceipts(context, plan),
  ]);
  const known = new Set(facts.onceExpected.map(({ exporter }) => exporter));
  const runsOfExpected = runs.filter(({ exporter }) => known.has(exporter));
  const coverage = coverageFor(runsOfExpected, facts, plan, undefined);
  const exporters = facts.exporters.map((exporter) =>
    qualityOf(exporter, {
      facts,
      range: plan,
      sent,
      counted,
      lags,
      lately,
      rates,
      boundaries,
      runs,
      receipts,
    }),
  );
  return {
    rows: {
      exporters,
      storedRecords: add(sent.map(({ flowRecords }) => flowRecords)).toString(),
      checkedRecords: add(counted.map(({ flowRecords }) => flowRecords)).toString(),
      notCountedRecords: add(counted.map(({ notCountedRecords }) => notCountedRecords)).toString(),
      notCountedBytes: add(counted.map(({ notCountedBytes }) => notCountedBytes)).toString(),
    },
    meta: metaOf(context, { plan, asked, zone: scope.zone, coverage, facts, started }),
  };
}

const sentRow = z.object({ exporter: z.string(), flowRecords: exact, unknownRateRecords: exact });

function loadSent(context: QueryContext, range: TimeRange) {
  return execute(
    context,
    sql`SELECT exporter, sum(toUInt128(flow_records)) AS flowRecords, sum(toUInt128(unknown_rate_records)) AS unknownRateRecords
FROM coverage_5m
WHERE bucket >= ${instant(range.from)} AND bucket < ${instant(range.to)}
GROUP BY exporter
ORDER BY exporter`,
    sentRow,
  );
}

const counts = z.array(z.tuple([z.coerce.number().int(), exact]));
const counterRow = z.object({
  exporter: z.string(),
  flowRecords: exact,
  notCountedRecords: exact,
  notCountedBytes: exact,
  implausibleRecords: exact,
  rates: counts,
  flags: counts,
  formats: z.array(z.tuple([z.string(), exact])),
});

function loadCounters(context: QueryContext, range: TimeRange) {
  return execute(
    context,
    sql`SELECT exporter, sum(toUInt128(records_counted)) AS flowRecords, sum(toUInt128(records_not_counted)) AS notCountedRecords, sum(bytes_not_counted) AS notCountedBytes,
    sum(toUInt128(implausible)) AS implausibleRecords,
    arraySort(pair -> (-toInt64(pair.2), pair.1), arrayZip(mapKeys(sumMap(merged_rates) AS all_rates), mapValues(all_rates))) AS rates,
    arraySort(pair -> (-toInt64(pair.2), pair.1), arrayZip(mapKeys(sumMap(merged_flags) AS all_flags), mapValues(all_flags))) AS flags,
    arraySort(pair -> (-toInt64(pair.2), pair.1), groupArray((source_format, records_counted + records_not_counted))) AS formats
FROM
(
    SELECT exporter, toString(source_format) AS source_format, sum(q.flow_records) AS records_counted, sum(q.not_counted_records) AS records_not_counted,
        sum(toUInt128(q.not_counted_bytes)) AS bytes_not_counted, sum(q.implausible_records) AS implausible, sumMap(q.rates) AS merged_rates, sumMap(q.flags) AS merged_flags
    FROM quality_1h AS q
    WHERE bucket >= ${instant(range.from)} AND bucket < ${instant(range.to)}
    GROUP BY exporter, source_format
)
GROUP BY exporter
ORDER BY exporter`,
    counterRow,
  );
}

/** Minutes that "now" is a mean of. */
const LATELY_SECONDS = 900;

/** When the newest whole slots end that have arrived as far as the exporter's usual lag goes. */
function latelyUntil(exporter: Exporter, now: number): number {
  return floor(now - (exporter.lagSeconds ?? 0), SLOT_SECONDS);
}

/** Records by slot since the earliest instant that any exporter's "now" begins at. */
function loadLately(context: QueryContext, facts: Facts) {
  const from = Math.min(facts.now, ...facts.exporters.map((each) => latelyUntil(each, facts.now)));
  return execute(
    context,
    sql`SELECT exporter, toUnixTimestamp(bucket) AS slot, sum(toUInt128(flow_records)) AS flowRecords
FROM coverage_5m
WHERE bucket >= ${instant(Math.max(0, from - LATELY_SECONDS))} AND bucket < ${instant(facts.now)}
GROUP BY exporter, slot
ORDER BY exporter, slot`,
    z.object({ exporter: z.string(), slot: small, flowRecords: exact }),
  );
}

function loadConfiguredRates(context: QueryContext, now: number) {
  return execute(
    context,
    sql`SELECT exporter, any(sampling_rate) AS rate
FROM exporter_sampling
WHERE valid_from <= toDate(${instant(now)}) AND valid_to >= toDate(${instant(now)})
GROUP BY exporter`,
    z.object({ exporter: z.string(), rate: small }),
  );
}

/** Bytes over interfaces whose boundary is not configured on the day: each of them counts, and may be counted elsewhere too. */
function loadBoundaries(context: QueryContext, range: TimeRange) {
  return execute(
    context,
    sql`SELECT exporter, sum(day_bytes) AS bytes,
    sumIf(day_bytes, dictGetOrDefault('link_dict', 'boundary', (toString(exporter), interface), day, 'unknown') = 'unknown') AS unknownBytes
FROM
(
    SELECT exporter, interface, toDate(bucket) AS day, sum(toUInt128(l.bytes)) AS day_bytes
    FROM links_5m AS l
    WHERE bucket >= ${instant(range.from)} AND bucket < ${instant(range.to)} AND direction IN ('ingress', 'egress')
    GROUP BY exporter, interface, day
)
GROUP BY exporter`,
    z.object({ exporter: z.string(), bytes: exact, unknownBytes: exact }),
  );
}

interface Loaded {
  facts: Facts;
  range: TimeRange;
  sent: z.infer<typeof sentRow>[];
  counted: z.infer<typeof counterRow>[];
  lags: Lags[];
  lately: { exporter: string; slot: number; flowRecords: string }[];
  rates: { exporter: string; rate: number }[];
  boundaries: { exporter: string; bytes: string; unknownBytes: string }[];
  runs: readonly CoveredRuns[];
  receipts: readonly ExporterReceipts[];
}

function qualityOf(exporter: Exporter, loaded: Loaded): ExporterQuality {
  const { facts, range, runs } = loaded;
  const own = <Row extends { exporter: string }>(rows: readonly Row[]): Row | undefined =>
    rows.find((row) => row.exporter === exporter.exporter);
  const sent = own(loaded.sent);
  const counted = own(loaded.counted);
  const lags = own(loaded.lags);
  const boundary = own(loaded.boundaries);
  const receipts = own(loaded.receipts);
  const flowRecords = sent?.flowRecords ?? '0';
  const expected = facts.expected.some((each) => each.exporter === exporter.exporter);
  const covered = unionOf(
    runs.filter((run) => run.exporter === exporter.exporter).flatMap((run) => run.covered),
  );
  const settled = { from: range.from, to: Math.min(range.to, facts.watermark ?? range.from) };
  const seconds = secondsOf(within(covered, settled));
  const since = exporter.firstSeen ?? facts.firstData ?? range.from;
  const until = latelyUntil(exporter, facts.now);
  const lately = add(
    loaded.lately
      .filter(
        (row) => row.exporter === exporter.exporter && row.slot >= until - LATELY_SECONDS && row.slot < until,
      )
      .map((row) => row.flowRecords),
  );
  return {
    exporter: exporter.exporter,
    name: exporter.name,
    regions: [...exporter.regions],
    configured: exporter.configured,
    expected,
    retired: exporter.retired,
    silent: isSilent(exporter, facts.now),
    lastReceived: exporter.lastReceived,
    recordsPerSecondNow: exporter.firstSeen === null ? null : Number(lately) / LATELY_SECONDS,
    recordsPerSecond: seconds === 0 ? null : Number(BigInt(flowRecords)) / seconds,
    flowRecords,
    unknownRateRecords: sent?.unknownRateRecords ?? '0',
    unknownRateShare: shareOf(sent?.unknownRateRecords ?? '0', flowRecords),
    records: add([counted?.flowRecords ?? '0', counted?.notCountedRecords ?? '0']).toString(),
    notCountedRecords: counted?.notCountedRecords ?? '0',
    notCountedBytes: counted?.notCountedBytes ?? '0',
    configuredRate: own(loaded.rates)?.rate ?? null,
    rates: (counted?.rates ?? []).map(([rate, records]) => ({ rate, records })),
    lag: lags ? lagOf(lags) : null,
    flags: (counted?.flags ?? []).flatMap(([bit, records]) =>
      qualityFlagsOf(2 ** bit).map((flag) => ({ flag, records })),
    ),
    implausibleRecords: counted?.implausibleRecords ?? '0',
    formats: (counted?.formats ?? []).map(([format, records]) => ({ format, records })),
    unknownBoundaryShare:
      boundary === undefined || boundary.bytes === '0'
        ? null
        : shareOf(boundary.unknownBytes, boundary.bytes),
    receipts: receipts?.receipts ?? null,
    loss: receipts?.loss ?? null,
    coverage: shareCovered(exporter, since, covered, facts, range),
  };
}

function lagOf(lags: Lags): ExporterQuality['lag'] {
  const median = quantileOfLags(lags, 50);
  const p99 = quantileOfLags(lags, 99);
  if (median === null || p99 === null) return null;
  return { records: lags.records.reduce((sum, count) => sum + count, 0n).toString(), median, p99 };
}
