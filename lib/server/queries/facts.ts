import 'server-only';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  type ExporterFacts,
  expectedExporters,
  onceExpectedExporters,
  watermarkOf,
} from '@/lib/flows/coverage';
import type { ClosedMonths } from '@/lib/flows/plan';
import {
  HEAVY_TABLES,
  KEEPS_EVERYTHING,
  QUARTER_TABLES,
  type QuarterTable,
  type Retention,
  TABLES,
  type Table,
} from '@/lib/flows/tables';
import { execute, type QueryContext, queryContext } from '@/lib/server/clickhouse/execute';
import { remember } from '@/lib/server/clickhouse/remember';
import { instant, sql, texts } from '@/lib/server/clickhouse/sql';
import { small } from './rows';
import { forgetTypeChanges } from './typeNotes';

const DAY = 86_400;

export interface Exporter extends ExporterFacts {
  name: string;
  /** configured region; null = not configured */
  region: string | null;
}

/** What every answer needs to know beside its own numbers. Instants are epoch seconds. */
export interface Facts {
  now: number;
  exporters: Exporter[];
  /** of those, the ones that should be sending */
  expected: Exporter[];
  /** those that should have been sending at any time: also the retired ones, each until its day */
  onceExpected: Exporter[];
  watermark: number | null;
  firstData: number | null;
  lastData: number | null;
  taxonomyVersion: number;
  geoVersion: number;
  retention: Retention;
  /** months whose heaviest addresses, prefixes and pairs are kept */
  closedMonths: ClosedMonths;
  /** starts of the quarters whose heaviest are kept, by table */
  closedQuarters: Readonly<Record<QuarterTable, readonly number[]>>;
  /** first instant from which the masks of covered slots by day are complete */
  coverageDaysFrom: number;
  /** records of all exporters in their busiest five minutes of the last 7 days */
  recordsPerSlot: number;
  /** seconds before a range in which a record may begin that reaches into it: twice the longest active timeout */
  lookback: number;
}

// These statements are nobody's in particular, so nobody's leaving cancels them.
function ownContext(): QueryContext {
  return queryContext('facts', randomUUID(), new AbortController().signal);
}

const historyRow = z.object({
  exporter: z.string(),
  regions: z.array(z.string()),
  firstSeen: small,
  lastSeen: small,
  lastReceived: small,
  daysSeen: small,
});

/** All that was ever seen changes slowly, except when the first import comes in. */
const history = remember<z.infer<typeof historyRow>[]>(
  (rows) => (rows.length === 0 ? 1_000 : 20_000),
  () =>
    execute(
      ownContext(),
      sql`SELECT exporter, groupUniqArray(region) AS regions, toUnixTimestamp(min(bucket)) AS firstSeen, toUnixTimestamp(max(bucket)) AS lastSeen,
    toUnixTimestamp(max(last_recv)) AS lastReceived, uniqExact(toDate(bucket)) AS daysSeen
FROM coverage_5m
GROUP BY exporter
ORDER BY exporter`,
      historyRow,
    ),
);

const recentRow = z.object({
  exporter: z.string(),
  regions: z.array(z.string()),
  firstSeen: small,
  lastSeen: small,
  lastReceived: small,
  /** number ceil(0.99 N) of N slots in ascending order */
  lagSeconds: small,
  /** of its busiest five minutes */
  mostRecords: small,
});

const recent = remember(5_000, () =>
  execute(
    ownContext(),
    sql`SELECT exporter, groupUniqArrayArray(regions) AS regions, toUnixTimestamp(min(slot)) AS firstSeen, toUnixTimestamp(max(slot)) AS lastSeen,
    toUnixTimestamp(max(received)) AS lastReceived,
    arraySort(groupArray(greatest(0, toInt64(toUnixTimestamp(received)) - toInt64(toUnixTimestamp(slot)) - 300)))[intDiv(99 * count() + 99, 100)] AS lagSeconds,
    max(records) AS mostRecords
FROM
(
    SELECT exporter, bucket AS slot, groupUniqArray(region) AS regions, max(last_recv) AS received, sum(flow_records) AS records
    FROM coverage_5m
    WHERE bucket >= ${instant(epochNow() - 7 * DAY)}
    GROUP BY exporter, bucket
)
GROUP BY exporter
ORDER BY exporter`,
    recentRow,
  ),
);

const configured = remember(5_000, () =>
  execute(
    ownContext(),
    sql`SELECT exporter, name, region, active_timeout AS activeTimeout, expected, toUInt32(toUInt16(retired_on)) AS retiredDay FROM exporters ORDER BY exporter`,
    z.object({
      exporter: z.string(),
      name: z.string(),
      region: z.string(),
      activeTimeout: small,
      expected: small,
      retiredDay: small,
    }),
  ),
);

const versions = remember(5_000, () =>
  execute(
    ownContext(),
    sql`SELECT name, argMax(version, loaded_at) AS version FROM reference_versions GROUP BY name`,
    z.object({ name: z.string(), version: small }),
  ),
);

const retentions = remember(60_000, () =>
  execute(
    ownContext(),
    sql`SELECT table_name AS table, argMax(keep_days, set_at) AS days FROM retention WHERE table_name IN ${texts(TABLES)} GROUP BY table_name`,
    z.object({ table: z.enum(TABLES), days: small }),
  ),
);

const COVERAGE_DAYS = 'coverage_1d';

/** Rollups that were added to a database with data, and are not yet complete from its beginning. */
const starts = remember(60_000, () =>
  execute(
    ownContext(),
    sql`SELECT table_name AS table, toUnixTimestamp(argMax(complete_from, set_at)) AS since FROM rollup_starts WHERE table_name IN ${texts([...TABLES, COVERAGE_DAYS])} GROUP BY table_name`,
    z.object({ table: z.enum([...TABLES, COVERAGE_DAYS]), since: small }),
  ),
);

const LISTS = [...HEAVY_TABLES, ...QUARTER_TABLES] as const;
type List = (typeof LISTS)[number];

/** Months and quarters that were closed, by table: their heaviest addresses, prefixes and pairs are kept for years. */
const closed = remember<Readonly<Record<List, readonly number[]>>>(60_000, async () => {
  const rows = await execute(
    ownContext(),
    sql`SELECT table_name AS table, arraySort(groupUniqArray(toUnixTimestamp(month))) AS starts FROM closed_months WHERE table_name IN ${texts(LISTS)} GROUP BY table_name`,
    z.object({ table: z.enum(LISTS), starts: z.array(z.number()) }),
  );
  const of = (table: List) => rows.find((row) => row.table === table)?.starts ?? [];
  return {
    heavy_addresses_1mo: of('heavy_addresses_1mo'),
    heavy_locals_1mo: of('heavy_locals_1mo'),
    heavy_pairs_1mo: of('heavy_pairs_1mo'),
    heavy_prefixes_1mo: of('heavy_prefixes_1mo'),
    heavy_addresses_1q: of('heavy_addresses_1q'),
    heavy_locals_1q: of('heavy_locals_1q'),
    heavy_pairs_1q: of('heavy_pairs_1q'),
    heavy_prefixes_1q: of('heavy_prefixes_1q'),
  };
});

/** The next answers read everything anew: after an import, and in tests. */
export function forgetFacts(): void {
  for (const each of [history, recent, configured, versions, retentions, starts, closed]) each.forget();
  forgetTypeChanges();
}

const DEFAULT_ACTIVE_TIMEOUT = 1_800;

export function epochNow(): number {
  return Math.floor(Date.now() / 1000);
}

/** Everything that answers have in common; seconds old at most where it changes by the second. */
export async function loadFacts(): Promise<Facts> {
  const now = epochNow();
  const [past, late, named, version, kept, begun, closedOf] = await Promise.all([
    history(),
    recent(),
    configured(),
    versions(),
    retentions(),
    starts(),
    closed(),
  ]);
  const exporters = mergeExporters(past, late, named, now);
  const expected = expectedExporters(exporters) as Exporter[];
  const seen = exporters.flatMap(({ firstSeen, lastSeen }) =>
    firstSeen === null || lastSeen === null ? [] : [{ firstSeen, lastSeen }],
  );
  const retention: Record<Table, number | null> = { ...KEEPS_EVERYTHING };
  // 0 days = for ever.
  for (const { table, days } of kept) retention[table] = days === 0 ? null : now - days * DAY;
  for (const { table, since } of begun) {
    if (since > 0 && table !== COVERAGE_DAYS) retention[table] = Math.max(since, retention[table] ?? 0);
  }
  const versionOf = (name: string) => version.find((row) => row.name === name)?.version ?? 0;
  return {
    now,
    exporters,
    expected,
    onceExpected: onceExpectedExporters(exporters) as Exporter[],
    watermark: watermarkOf(expected, now),
    firstData: seen.length === 0 ? null : Math.min(...seen.map(({ firstSeen }) => firstSeen)),
    lastData: seen.length === 0 ? null : Math.max(...seen.map(({ lastSeen }) => lastSeen)) + 300,
    taxonomyVersion: versionOf('taxonomy'),
    geoVersion: versionOf('geo'),
    retention,
    closedMonths: closedOf,
    closedQuarters: closedOf,
    coverageDaysFrom: begun.find(({ table }) => table === COVERAGE_DAYS)?.since ?? 0,
    recordsPerSlot: late.reduce((sum, { mostRecords }) => sum + mostRecords, 0),
    lookback: 2 * Math.max(DEFAULT_ACTIVE_TIMEOUT, ...named.map(({ activeTimeout }) => activeTimeout)),
  };
}

function mergeExporters(
  past: z.infer<typeof historyRow>[],
  late: z.infer<typeof recentRow>[],
  named: { exporter: string; name: string; region: string; expected: number; retiredDay: number }[],
  now: number,
): Exporter[] {
  const names = new Set([...past, ...late, ...named].map(({ exporter }) => exporter));
  return [...names].sort().map((exporter) => {
    const before = past.find((row) => row.exporter === exporter);
    const lately = late.find((row) => row.exporter === exporter);
    const configuration = named.find((row) => row.exporter === exporter);
    const region = configuration?.region ?? null;
    const expectedUntil = configuration === undefined ? null : endOfExpectation(configuration);
    return {
      exporter,
      name: configuration?.name || exporter,
      region,
      configured: configuration !== undefined,
      retired: expectedUntil !== null && expectedUntil <= now,
      expectedUntil,
      regions: [
        ...new Set([
          ...(region === null ? [] : [region]),
          ...(before?.regions ?? []),
          ...(lately?.regions ?? []),
        ]),
      ],
      firstSeen: before?.firstSeen ?? lately?.firstSeen ?? null,
      lastSeen: lately?.lastSeen ?? before?.lastSeen ?? null,
      lastReceived: lately?.lastReceived ?? before?.lastReceived ?? null,
      daysSeen: before?.daysSeen ?? 0,
      lagSeconds: lately?.lagSeconds ?? null,
    };
  });
}

/** `retired_on` of an exporter that is not retired: the last day that ClickHouse's Date holds. */
const NEVER_RETIRED = 65_535;

/**
 * The end of the last day on which an exporter is expected. A row that was loaded before days were kept says only that it is retired:
 * then nothing was ever expected of it, until the file is loaded again.
 */
function endOfExpectation({ expected, retiredDay }: { expected: number; retiredDay: number }): number | null {
  if (retiredDay < NEVER_RETIRED) return (retiredDay + 1) * DAY;
  return expected === 0 ? 0 : null;
}
