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
  const source = `${database}.${table.source}`;
  const keys = table.keys.join(', ');
  const drop = async () => {
    for (const name of [staging, totals])
      await client.command({ query: `DROP TABLE IF EXISTS ${name} SYNC` });
  };
  await drop();
  try {
    const before = await sumsOfMonth(client, source, month);
    await client.command({
      query: `CREATE TABLE ${totals} ENGINE = MergeTree ORDER BY (region, network_type, ${keys}) AS
        SELECT region, network_type, direction, ${keys}${attributesOf(table)},
          sum(day_bytes) AS bytes, sum(day_packets) AS packets, sum(day_records) AS flow_records, sum(day_sampled) AS sampled_packets,
          toUInt8(count()) AS active_days, toUInt16(sum(bitCount(day_hours))) AS active_hours, min(day_first) AS first_seen, max(day_last) AS last_seen
        FROM
        (
            SELECT bucket, region, network_type, direction, ${keys}${table.attributes.map((name) => `, argMax(${name}, bytes) AS day_${name}`).join('')},
              sum(toUInt128(bytes)) AS day_bytes, sum(toUInt128(packets)) AS day_packets, sum(flow_records) AS day_records, sum(sampled_packets) AS day_sampled,
              groupBitOr(hours) AS day_hours, min(first_seen) AS day_first, max(last_seen) AS day_last
            FROM ${source} WHERE toYYYYMM(bucket) = toYYYYMM(toDateTime({month:UInt32}, 'UTC'))
            GROUP BY bucket, region, network_type, direction, ${keys}
        )
        GROUP BY region, network_type, direction, ${keys}`,
      query_params: { month },
      clickhouse_settings: LARGE,
    });
    await client.command({
      query: `CREATE TABLE ${staging} AS ${target} ENGINE = MergeTree PARTITION BY toYYYYMM(bucket) ORDER BY (bucket, region, network_type, rank, direction)`,
    });
    const columns = [
      'bucket',
      'region',
      'network_type',
      'rank',
      'direction',
      ...table.keys,
      ...table.attributes,
    ];
    const sums = 'bytes, packets, flow_records, sampled_packets';
    const rest = 'others, active_days, active_hours, first_seen, last_seen';
    await client.command({
      query: `INSERT INTO ${staging} (${columns.join(', ')}, ${sums}, ${rest})
        WITH ranked AS
        (
            SELECT region, network_type, ${keys}, row_number() OVER (PARTITION BY region, network_type ORDER BY total DESC, ${keys}) AS rank
            FROM
            (
                SELECT region, network_type, ${keys}, sum(bytes) AS total FROM ${totals} WHERE direction IN ('ingress', 'egress')
                GROUP BY region, network_type, ${keys} ORDER BY total DESC, ${keys} LIMIT {heaviest:UInt32} BY region, network_type
            )
        )
        SELECT toDateTime({month:UInt32}, 'UTC') AS bucket, t.region, t.network_type, toUInt32(r.rank) AS place, t.direction,
          ${[...table.keys, ...table.attributes].map((name) => `if(place = 0, defaultValueOfArgumentType(t.${name}), t.${name}) AS kept_${name}`).join(', ')},
          sum(t.bytes), sum(t.packets), sum(t.flow_records), sum(t.sampled_packets),
          if(place = 0, count(), 0), if(place = 0, toUInt8(0), any(t.active_days)), if(place = 0, toUInt16(0), any(t.active_hours)), min(t.first_seen), max(t.last_seen)
        FROM ${totals} AS t
        LEFT JOIN ranked AS r ON t.region = r.region AND t.network_type = r.network_type AND ${table.keys.map((key) => `t.${key} = r.${key}`).join(' AND ')}
          AND t.direction IN ('ingress', 'egress')
        GROUP BY t.region, t.network_type, place, t.direction, ${[...table.keys, ...table.attributes].map((name) => `kept_${name}`).join(', ')}`,
      query_params: { month, heaviest },
      clickhouse_settings: LARGE,
    });
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

function attributesOf({ attributes }: HeavyTable): string {
  return attributes.map((name) => `, argMax(day_${name}, day_bytes) AS ${name}`).join('');
}
