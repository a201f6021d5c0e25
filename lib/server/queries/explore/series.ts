import 'server-only';
import { z } from 'zod';
import type { BucketName } from '@/lib/flows/buckets';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { type Sql, sql, uint32 } from '@/lib/server/clickhouse/sql';
import { bucketExpression } from '../columns';
import { exact, small } from '../rows';

/** One group in one direction over time. */
export interface FoundSeries {
  /** position of the group from 1; 0 = every group that has none */
  position: number;
  /** '' where directions are not carried apart */
  way: string;
  starts: number[];
  sums: string[];
  /** distinct addresses of each bucket; null where they are not counted */
  addresses: number[] | null;
  /** distinct addresses of the whole range, merged; null where they are not counted */
  allAddresses: number | null;
}

const sumsRow = z.object({
  position: small,
  way: z.string(),
  starts: z.array(z.number()),
  sums: z.array(exact),
});

export interface SeriesWanted {
  /** yields (bucket, columns of the groups, direction where it is carried apart, and what is summed up) */
  from: Sql;
  bucket: BucketName;
  zone: string;
  /** a row's position among the groups */
  position: Sql;
  byDirection: boolean;
}

function wayOf(byDirection: boolean): Sql {
  return byDirection ? sql`toString(direction)` : sql`''`;
}

/** Sums of each group in drawn buckets; buckets without a row are left out. */
export async function loadSumSeries(
  context: QueryContext,
  wanted: SeriesWanted & { value: Sql },
): Promise<FoundSeries[]> {
  const rows = await execute(
    context,
    sql`SELECT position, way, groupArray(start) AS starts, groupArray(total) AS sums
FROM
(
    SELECT ${bucketExpression(wanted.bucket, wanted.zone)} AS start, ${wanted.position} AS position, ${wayOf(wanted.byDirection)} AS way,
        sum(toUInt128(${wanted.value})) AS total
    FROM
    (
${wanted.from}
    )
    GROUP BY start, position, way
    ORDER BY start
)
GROUP BY position, way`,
    sumsRow,
  );
  return rows.map((row) => ({ ...row, addresses: null, allAddresses: null }));
}

/** What is left of everything when the groups are taken from it: position 0, in the direction of the total. */
export function withoutGroups(total: FoundSeries, groups: readonly FoundSeries[]): FoundSeries {
  const named = new Map<number, bigint>();
  for (const { way, starts, sums } of groups) {
    if (way !== total.way) continue;
    for (const [i, start] of starts.entries()) {
      named.set(start, (named.get(start) ?? 0n) + BigInt(sums[i] ?? '0'));
    }
  }
  // Between two statements records may be stored: less than nothing is never left.
  const left = (sum: bigint) => String(sum > 0n ? sum : 0n);
  const sums = total.starts.map((start, i) => left(BigInt(total.sums[i] ?? '0') - (named.get(start) ?? 0n)));
  return { ...total, position: 0, sums };
}

const addressRow = z.object({
  position: small,
  way: z.string(),
  start: small,
  addresses: small,
  bytes: exact,
});

/**
 * Distinct addresses of each group, of all groups together (position -1), and of all others (0), in drawn buckets and over the range. Every
 * state is merged once into its bucket and group; the rest is merged from those.
 */
export async function loadAddressSeries(
  context: QueryContext,
  wanted: SeriesWanted & { groups: number },
): Promise<FoundSeries[]> {
  // Grouping sets give 0 for what they leave out, so groups count from 1 and all others stand behind the last one.
  const others = uint32(wanted.groups + 1);
  const rows = await execute(
    context,
    sql`SELECT c.position AS position, c.way AS way, c.start AS start, uniqCombined64Merge(17)(c.states) AS addresses, sum(c.total) AS bytes
FROM
(
    SELECT ${bucketExpression(wanted.bucket, wanted.zone)} AS start, if(${wanted.position} = 0, ${others}, ${wanted.position}) AS position,
        ${wayOf(wanted.byDirection)} AS way, uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS total
    FROM
    (
${wanted.from}
    ) AS s
    GROUP BY start, position, way
) AS c
GROUP BY GROUPING SETS ((position, way, start), (way, start), (position, way), (way))
ORDER BY start`,
    addressRow,
  );
  const found = new Map<string, FoundSeries & { addresses: number[] }>();
  for (const { position: given, way, start, addresses, bytes } of rows) {
    const position = given === 0 ? -1 : given > wanted.groups ? 0 : given;
    const key = `${position} ${way}`;
    const series = found.get(key) ?? {
      position,
      way,
      starts: [],
      sums: [],
      addresses: [],
      allAddresses: 0,
    };
    found.set(key, series);
    if (start === 0) {
      series.allAddresses = addresses;
      continue;
    }
    series.starts.push(start);
    series.sums.push(bytes);
    series.addresses.push(addresses);
  }
  return [...found.values()];
}
