import { z } from 'zod';
import type { BucketName } from '@/lib/flows/buckets';
import { execute } from '@/lib/server/clickhouse/execute';
import { closedMap, instant, type Sql, sql } from '@/lib/server/clickhouse/sql';
import { QUARTER } from '../data/quarter';
import { type Timing, type TimingOptions, timed } from '../measure/timing';
import { benchContext, heaviestBy, type Sums, seriesByType, sumsBy } from '../panels/asks';
import { scopeOf } from '../panels/ranges';

export interface Comparison {
  question: string;
  /** which table of the peer answered */
  peer: 'raw' | 'wide';
  ours: Timing & { table: string };
  theirs: Timing & { table: string };
  /** p50 of theirs / p50 of ours */
  faster: number;
  /** rows read by theirs / rows read by ours */
  rowsFewer: number;
  /** why the two must not be compared; null where their sums are equal */
  void: string | null;
}

const keyRow = z.object({ keys: z.array(z.string()), bytes: z.string() });

const INTERVAL = closedMap<BucketName>({
  '1m': sql`INTERVAL 1 MINUTE`,
  '5m': sql`INTERVAL 5 MINUTE`,
  '15m': sql`INTERVAL 15 MINUTE`,
  '30m': sql`INTERVAL 30 MINUTE`,
  '1h': sql`INTERVAL 1 HOUR`,
  '2h': sql`INTERVAL 2 HOUR`,
  '4h': sql`INTERVAL 4 HOUR`,
  '6h': sql`INTERVAL 6 HOUR`,
  '12h': sql`INTERVAL 12 HOUR`,
  '1d': sql`INTERVAL 1 DAY`,
  '1w': sql`INTERVAL 1 WEEK`,
  '1mo': sql`INTERVAL 1 MONTH`,
});

const TABLE = { raw: sql`peer_raw`, wide: sql`peer_wide_1h` } as const;
const TABLE_NAME = { raw: 'peer_raw', wide: 'peer_wide_1h' } as const;

const quarter = sql`time >= ${instant(QUARTER.from)} AND time < ${instant(QUARTER.to)} AND direction IN ('ingress', 'egress') AND counted = 1`;
const remoteType = sql`if(direction = 'ingress', src_net_type, dst_net_type)`;

/** The same questions, written by hand for the schema of the peers. */
const THEIRS = {
  series: (peer: 'raw' | 'wide', bucket: BucketName): Sql =>
    sql`SELECT [toString(toUnixTimestamp(start)), type] AS keys, toString(total) AS bytes
FROM (SELECT toDateTime(toStartOfInterval(time, ${INTERVAL(bucket)}, 'UTC'), 'UTC') AS start, ${remoteType} AS type, sum(bytes) AS total
FROM ${TABLE[peer]} WHERE ${quarter} GROUP BY start, type ORDER BY start, type)`,
  heatmap: (peer: 'raw' | 'wide'): Sql =>
    sql`SELECT [toString(exporter_region), type] AS keys, toString(total) AS bytes
FROM (SELECT exporter_region, ${remoteType} AS type, sum(bytes) AS total FROM ${TABLE[peer]} WHERE ${quarter} GROUP BY exporter_region, type ORDER BY total DESC)`,
  // Addresses stand in raw only. An address is the /32 or the /64, as everywhere.
  endpoints: (): Sql =>
    sql`SELECT [toString(address)] AS keys, toString(total) AS bytes
FROM (SELECT if(etype = 2048, remote, tupleElement(IPv6CIDRToRange(remote, 64), 1)) AS address, sum(bytes) AS total
FROM (SELECT if(direction = 'ingress', src_addr, dst_addr) AS remote, etype, bytes FROM peer_raw WHERE ${quarter})
GROUP BY address ORDER BY total DESC, address LIMIT 20)`,
};

/** Sums over the buckets: a tool that does not spread puts a record into the bucket of its start, so that only these can be equal. */
function overBuckets(rows: Sums['rows']): Sums['rows'] {
  const totals = new Map<string, bigint>();
  for (const { keys, bytes } of rows)
    totals.set(keys[1] ?? '', (totals.get(keys[1] ?? '') ?? 0n) + BigInt(bytes));
  return [...totals].map(([key, bytes]) => ({ keys: [key], bytes: bytes.toString() }));
}

/** The first key whose bytes differ, in words; null where there is none. */
export function firstDifference(ours: Sums['rows'], theirs: Sums['rows']): string | null {
  const name = (keys: readonly string[]) => keys.join(' x ');
  const left = new Map(ours.map(({ keys, bytes }) => [name(keys), bytes]));
  const right = new Map(theirs.map(({ keys, bytes }) => [name(keys), bytes]));
  if (left.size === 0) return 'ours has no rows';
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const [our, their] = [left.get(key), right.get(key)];
    if (our !== their) {
      return `${key}: ours has ${our ?? 'no'} bytes, the peer ${their ?? 'no'}`;
    }
  }
  return null;
}

/** Asks ours and the peers the same over the closed quarter; a comparison whose sums differ is void. */
export async function comparePeers(
  options: TimingOptions,
  onStep: (text: string) => void,
): Promise<Comparison[]> {
  const scope = scopeOf('quarter');
  const series = () => seriesByType('compare series', scope);
  const bucket = (await series()).bucket as BucketName;
  const cases: {
    question: string;
    peer: 'raw' | 'wide';
    ours: () => Promise<Sums>;
    theirs: Sql;
    same?: (rows: Sums['rows']) => Sums['rows'];
  }[] = [
    ...(['wide', 'raw'] as const).flatMap((peer) => [
      {
        question: 'stacked area by type',
        peer,
        ours: series,
        theirs: THEIRS.series(peer, bucket),
        same: overBuckets,
      },
      {
        question: 'region x type heatmap of volume',
        peer,
        ours: () => sumsBy('compare heatmap', scope, ['region', 'type'], 'all'),
        theirs: THEIRS.heatmap(peer),
      },
    ]),
    {
      question: 'top endpoints',
      peer: 'raw',
      ours: () => heaviestBy('compare endpoints', scope, ['remoteAddress']),
      theirs: THEIRS.endpoints(),
    },
  ];
  const comparisons: Comparison[] = [];
  for (const { question, peer, ours, theirs, same = (rows: Sums['rows']) => rows } of cases) {
    onStep(`${question}, against ${peer}`);
    let our: Sums = { table: '', rows: [] };
    let their: Sums['rows'] = [];
    const ourTiming = await timed(async () => {
      our = await ours();
    }, options);
    const theirTiming = await timed(async () => {
      their = await execute(benchContext(`peer ${question}`), theirs, keyRow);
    }, options);
    comparisons.push({
      question,
      peer,
      ours: { ...ourTiming, table: our.table },
      theirs: { ...theirTiming, table: TABLE_NAME[peer] },
      faster: theirTiming.p50 / ourTiming.p50,
      rowsFewer: theirTiming.rowsRead / Math.max(1, ourTiming.rowsRead),
      void: firstDifference(same(our.rows), same(their)),
    });
  }
  return comparisons;
}
