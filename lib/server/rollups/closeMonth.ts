import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { KEPT_HEAVIEST } from '@/lib/flows/tables';
import { select } from '@/lib/server/ingest/connect';

/** A table of heavy hitters: what it is made from and what tells its rows apart. */
export interface HeavyTable {
  name: 'heavy_addresses_1mo' | 'heavy_pairs_1mo';
  source: 'endpoints_1d' | 'pairs_1d';
  /** columns whose heaviest values are kept */
  keys: readonly string[];
  /** columns that go with them: of several, those of the most bytes */
  attributes: readonly string[];
}

export const HEAVY_TABLES: readonly HeavyTable[] = [
  {
    name: 'heavy_addresses_1mo',
    source: 'endpoints_1d',
    keys: ['remote_address'],
    attributes: ['remote_as', 'country', 'metro'],
  },
  {
    name: 'heavy_pairs_1mo',
    source: 'pairs_1d',
    keys: ['remote_address', 'local_address'],
    attributes: [],
  },
];

export interface MonthSums {
  bytes: string;
  packets: string;
  records: string;
}

// Months of large networks have more addresses than fit into memory.
const LARGE = {
  max_bytes_before_external_group_by: '1000000000',
  max_bytes_before_external_sort: '1000000000',
};

/** Sums of a month over all four directions. @param month epoch seconds of its start */
export async function sumsOfMonth(
  client: ClickHouseClient,
  table: string,
  month: number,
): Promise<MonthSums> {
  const [row] = await select<MonthSums>(
    client,
    `SELECT toString(sum(toUInt128(t.bytes))) AS bytes, toString(sum(toUInt128(t.packets))) AS packets, toString(sum(t.flow_records)) AS records
     FROM ${table} AS t WHERE toYYYYMM(bucket) = toYYYYMM(toDateTime({month:UInt32}, 'UTC'))`,
    { month },
  );
  return row ?? { bytes: '0', packets: '0', records: '0' };
}

/**
 * Writes the heaviest of a month into a staging table and swaps its partition in: a run cut short leaves what was there. Whatever is not
 * among the heaviest by ingress and egress together, and all internal and transit traffic, is in the rows of rank 0, so that a month adds up
 * to what its source has.
 *
 * @param month epoch seconds of its start
 * @returns the sums of the month
 * @throws Error where what was made does not add up, which then is not swapped in
 */
export async function closeMonth(
  client: ClickHouseClient,
  database: string,
  table: HeavyTable,
  month: number,
  heaviest: number = KEPT_HEAVIEST,
): Promise<MonthSums> {
  const target = `${database}.${table.name}`;
  const staging = `${target}_closing`;
  const totals = `${target}_totals`;
  const kept = `${target}_kept`;
  const source = `${database}.${table.source}`;
  const keys = table.keys.join(', ');
  const inMonth = `toYYYYMM(bucket) = toYYYYMM(toDateTime({month:UInt32}, 'UTC'))`;
  const run = (query: string, parameters: Record<string, number> = {}) =>
    client.command({ query, query_params: { month, ...parameters }, clickhouse_settings: LARGE });
  const drop = async () => {
    for (const name of [staging, totals, kept])
      await client.command({ query: `DROP TABLE IF EXISTS ${name} SYNC` });
  };
  await drop();
  try {
    const before = await sumsOfMonth(client, source, month);
    // What a month's keys come to, without anything else: part by part of the keys, so that each fits into memory.
    await run(
      `CREATE TABLE ${totals} (region LowCardinality(String), network_type LowCardinality(String), ${table.keys.map((key) => `${key} IPv6`).join(', ')}, total UInt128, directions UInt8)
       ENGINE = MergeTree ORDER BY tuple()`,
    );
    const chunks = await chunksOf(client, source, month);
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      await run(
        `INSERT INTO ${totals} (region, network_type, ${keys}, total, directions)
         SELECT region, network_type, ${keys}, sumIf(toUInt128(t.bytes), t.direction IN ('ingress', 'egress')), groupBitOr(toUInt8(bitShiftLeft(1, toUInt8(t.direction))))
         FROM ${source} AS t WHERE ${inMonth} AND cityHash64(${keys}) % {chunks:UInt32} = {chunk:UInt32}
         GROUP BY region, network_type, ${keys}`,
        { chunks, chunk },
      );
    }
    // The complement of a sum, so that the smallest are the heaviest.
    await run(
      `CREATE TABLE ${kept} ENGINE = MergeTree ORDER BY (region, network_type, ${keys}) AS
       SELECT region, network_type, ${table.keys.map((key, i) => `heavy.${i + 2} AS ${key}`).join(', ')}, toUInt32(place) AS rank
       FROM
       (
           SELECT region, network_type, groupArraySorted({heaviest:UInt32})((bitNot(total), ${keys})) AS heaviest
           FROM ${totals} WHERE bitAnd(directions, ${CROSSING}) > 0
           GROUP BY region, network_type
       )
       ARRAY JOIN heaviest AS heavy, arrayEnumerate(heaviest) AS place`.replace(
        '{heaviest:UInt32}',
        String(Math.floor(heaviest)),
      ),
    );
    await run(
      `CREATE TABLE ${staging} AS ${target} ENGINE = MergeTree PARTITION BY toYYYYMM(bucket) ORDER BY (bucket, region, network_type, rank, direction)`,
    );
    const isKept = `direction IN ('ingress', 'egress') AND (region, network_type, ${keys}) GLOBAL IN (SELECT region, network_type, ${keys} FROM ${kept})`;
    await run(
      `INSERT INTO ${staging} (bucket, region, network_type, rank, direction, ${keys}${listed(table.attributes)}, ${SUMS}, others, active_days, active_hours, first_seen, last_seen)
       SELECT toDateTime({month:UInt32}, 'UTC'), t.region, t.network_type, any(k.rank), t.direction, ${table.keys.map((key) => `t.${key}`).join(', ')}${table.attributes.map((name) => `, argMax(t.day_${name}, t.day_bytes)`).join('')},
         sum(t.day_bytes), sum(t.day_packets), sum(t.day_records), sum(t.day_sampled),
         0, toUInt8(count()), toUInt16(sum(bitCount(t.day_hours))), min(t.day_first), max(t.day_last)
       FROM
       (
           SELECT bucket, region, network_type, direction, ${keys}${table.attributes.map((name) => `, argMax(${name}, bytes) AS day_${name}`).join('')},
             sum(toUInt128(bytes)) AS day_bytes, sum(toUInt128(packets)) AS day_packets, sum(flow_records) AS day_records, sum(sampled_packets) AS day_sampled,
             groupBitOr(hours) AS day_hours, min(first_seen) AS day_first, max(last_seen) AS day_last
           FROM ${source} WHERE ${inMonth} AND ${isKept}
           GROUP BY bucket, region, network_type, direction, ${keys}
       ) AS t
       INNER JOIN ${kept} AS k ON t.region = k.region AND t.network_type = k.network_type AND ${table.keys.map((key) => `t.${key} = k.${key}`).join(' AND ')}
       GROUP BY t.region, t.network_type, t.direction, ${table.keys.map((key) => `t.${key}`).join(', ')}`,
    );
    await run(
      `INSERT INTO ${staging} (bucket, region, network_type, rank, direction, ${SUMS}, others, first_seen, last_seen)
       SELECT toDateTime({month:UInt32}, 'UTC'), t.region, t.network_type, 0, t.direction, t.rest_bytes, t.rest_packets, t.rest_records, t.rest_sampled, o.others, t.first, t.last
       FROM
       (
           SELECT region, network_type, direction, sum(toUInt128(bytes)) AS rest_bytes, sum(toUInt128(packets)) AS rest_packets, sum(flow_records) AS rest_records,
             sum(sampled_packets) AS rest_sampled, min(first_seen) AS first, max(last_seen) AS last
           FROM ${source} WHERE ${inMonth} AND NOT (${isKept})
           GROUP BY region, network_type, direction
       ) AS t
       LEFT JOIN
       (
           SELECT region, network_type, count() AS others,
             arrayJoin(bitPositionsToArray(if((region, network_type, ${keys}) IN (SELECT region, network_type, ${keys} FROM ${kept}), bitAnd(directions, ${NOT_CROSSING}), directions))) AS way
           FROM ${totals}
           GROUP BY region, network_type, way
       ) AS o ON t.region = o.region AND t.network_type = o.network_type AND toUInt8(t.direction) = toUInt8(o.way)`,
    );
    const made = await sumsOfMonth(client, staging, month);
    if (JSON.stringify(made) !== JSON.stringify(before)) {
      throw new Error(
        `${table.name} of ${new Date(month * 1000).toISOString().slice(0, 7)} comes to ${made.records} records and ${made.bytes} bytes, ${table.source} has ${before.records} and ${before.bytes}: records arrived meanwhile. The next run makes it again.`,
      );
    }
    await client.command({
      query: `ALTER TABLE ${target} REPLACE PARTITION {partition:UInt32} FROM ${staging}`,
      query_params: { partition: Number(new Date(month * 1000).toISOString().slice(0, 7).replace('-', '')) },
    });
    return made;
  } finally {
    await drop();
  }
}

function listed(names: readonly string[]): string {
  return names.map((name) => `, ${name}`).join('');
}

const SUMS = 'bytes, packets, flow_records, sampled_packets';

/** Bits of ingress and egress, and of internal and transit, in `directions`. */
const CROSSING = 0b0110;
const NOT_CROSSING = 0b1001;

/** Rows of a day's table that are summed up at once: some hundred megabytes of keys. */
const CHUNK_ROWS = 6_000_000;

async function chunksOf(client: ClickHouseClient, source: string, month: number): Promise<number> {
  const [row] = await select<{ found: string }>(
    client,
    `SELECT toString(count()) AS found FROM ${source} WHERE toYYYYMM(bucket) = toYYYYMM(toDateTime({month:UInt32}, 'UTC'))`,
    { month },
  );
  return Math.max(1, Math.ceil(Number(row?.found ?? 0) / CHUNK_ROWS));
}
