import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { nextMonth } from '@/lib/flows/months';
import { type HeavyTable as HeavyTableName, KEPT_HEAVIEST } from '@/lib/flows/tables';
import { select } from '@/lib/server/ingest/connect';
import { keyedRows } from './keyedRows';
import { partsOfKeys } from './partsOfKeys';
import { LARGE, type PeriodSums, sumsOf } from './periodSums';

/** A table of heavy hitters: what it is made from and what tells its rows apart. */
export interface HeavyTable {
  name: HeavyTableName;
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
  { name: 'heavy_locals_1mo', source: 'pairs_1d', keys: ['local_address'], attributes: [] },
  {
    name: 'heavy_pairs_1mo',
    source: 'pairs_1d',
    keys: ['remote_address', 'local_address'],
    attributes: [],
  },
  { name: 'heavy_prefixes_1mo', source: 'endpoints_1d', keys: ['remote_prefix'], attributes: [] },
];

/** How months are closed now; those of an older rule are closed again while their days are kept. */
export const CLOSING_RULE = 1;

/**
 * Writes the heaviest of a month into a staging table and swaps its partition in: a run cut short leaves what was there. Who is among the
 * heaviest of one region and network type, by ingress and egress together, is kept in all of them, so that what is said of it is whole.
 * All others, and all internal and transit traffic, are in the rows of rank 0, so that a month adds up to what its source has; these rows
 * also say what one of the others carried at most.
 *
 * @param month epoch seconds of its start
 * @param atOnce how much is summed up at once
 * @returns the sums of the month
 * @throws Error where what was made does not add up, which then is not swapped in
 */
export async function closeMonth(
  client: ClickHouseClient,
  database: string,
  table: HeavyTable,
  month: number,
  heaviest: number = KEPT_HEAVIEST,
  atOnce?: { rows: number; keys: number },
): Promise<PeriodSums> {
  const target = `${database}.${table.name}`;
  const staging = `${target}_closing`;
  const totals = `${target}_totals`;
  const top = `${target}_top`;
  const kept = `${target}_kept`;
  const source = `${database}.${table.source}`;
  const rows = keyedRows(source, table.keys);
  const keys = table.keys.join(', ');
  const key = table.keys.length === 1 ? keys : `(${keys})`;
  const inMonth = `toYYYYMM(bucket) = toYYYYMM(toDateTime({month:UInt32}, 'UTC'))`;
  const run = (query: string, parameters: Record<string, number | string> = {}) =>
    client.command({ query, query_params: { month, ...parameters }, clickhouse_settings: LARGE });
  const drop = async () => {
    for (const name of [staging, totals, top, kept])
      await client.command({ query: `DROP TABLE IF EXISTS ${name} SYNC` });
  };
  await drop();
  try {
    const whole = { from: month, to: nextMonth(month) };
    const before = await sumsOf(client, source, whole);
    // What a month's keys come to, without anything else: part by part of the keys, so that each fits into memory.
    await run(
      `CREATE TABLE ${totals} (chunk UInt32, region LowCardinality(String), network_type LowCardinality(String), ${table.keys.map((name) => `${name} IPv6`).join(', ')},
         ${WAYS.map((way) => `${way}_bytes UInt128, ${way}_packets UInt128, ${way}_records UInt64`).join(', ')}, directions UInt8)
       ENGINE = MergeTree ORDER BY chunk`,
    );
    const parts = await partsOfKeys(client, rows, whole, table.keys, atOnce);
    for (const [chunk, { where, parameters }] of parts.entries()) {
      await run(
        `INSERT INTO ${totals} (chunk, region, network_type, ${keys}, ${WAYS.map((way) => `${way}_bytes, ${way}_packets, ${way}_records`).join(', ')}, directions)
         SELECT {chunk:UInt32}, region, network_type, ${keys},
           ${WAYS.map((way) => `sumIf(toUInt128(t.bytes), t.direction = '${way}'), sumIf(toUInt128(t.packets), t.direction = '${way}'), sumIf(t.flow_records, t.direction = '${way}')`).join(', ')},
           groupBitOr(toUInt8(bitShiftLeft(1, toUInt8(t.direction))))
         FROM ${rows} AS t WHERE ${inMonth} AND ${where}
         GROUP BY region, network_type, ${keys}`,
        { ...parameters, chunk },
      );
    }
    // The complement of a sum, so that the smallest are the heaviest.
    await run(
      `CREATE TABLE ${top} ENGINE = MergeTree ORDER BY (${keys}) AS
       SELECT DISTINCT ${table.keys.map((name, i) => `heavy.${i + 2} AS ${name}`).join(', ')}
       FROM
       (
           SELECT groupArraySorted(${Math.floor(heaviest)})((bitNot(${BOTH.bytes}), ${keys})) AS heaviest
           FROM ${totals} WHERE bitAnd(directions, ${CROSSING}) > 0
           GROUP BY region, network_type
       )
       ARRAY JOIN heaviest AS heavy`,
    );
    await run(
      `CREATE TABLE ${kept} ENGINE = MergeTree ORDER BY (region, network_type, ${keys}) AS
       SELECT region, network_type, ${keys}, toUInt32(row_number() OVER (PARTITION BY region, network_type ORDER BY ${BOTH.bytes} DESC, ${keys})) AS rank
       FROM ${totals} WHERE bitAnd(directions, ${CROSSING}) > 0 AND ${key} IN (SELECT ${keys} FROM ${top})`,
    );
    await run(
      `CREATE TABLE ${staging} AS ${target} ENGINE = MergeTree PARTITION BY toYYYYMM(bucket) ORDER BY (bucket, region, network_type, rank, direction)`,
    );
    const isKept = `direction IN ('ingress', 'egress') AND (region, network_type, ${keys}) GLOBAL IN (SELECT region, network_type, ${keys} FROM ${kept})`;
    await run(
      `INSERT INTO ${staging} (bucket, region, network_type, rank, direction, ${keys}${listed(table.attributes)}, ${SUMS}, others, active_days, active_hours, first_seen, last_seen, rule)
       SELECT toDateTime({month:UInt32}, 'UTC'), t.region, t.network_type, any(k.rank), t.direction, ${table.keys.map((name) => `t.${name}`).join(', ')}${table.attributes.map((name) => `, argMax(t.day_${name}, t.day_bytes)`).join('')},
         sum(t.day_bytes), sum(t.day_packets), sum(t.day_records), sum(t.day_sampled),
         0, toUInt8(count()), toUInt16(sum(bitCount(t.day_hours))), min(t.day_first), max(t.day_last), ${CLOSING_RULE}
       FROM
       (
           SELECT bucket, region, network_type, direction, ${keys}${table.attributes.map((name) => `, argMax(${name}, bytes) AS day_${name}`).join('')},
             sum(toUInt128(bytes)) AS day_bytes, sum(toUInt128(packets)) AS day_packets, sum(flow_records) AS day_records, sum(sampled_packets) AS day_sampled,
             groupBitOr(hours) AS day_hours, min(first_seen) AS day_first, max(last_seen) AS day_last
           FROM ${rows} WHERE ${inMonth} AND ${isKept}
           GROUP BY bucket, region, network_type, direction, ${keys}
       ) AS t
       INNER JOIN ${kept} AS k ON t.region = k.region AND t.network_type = k.network_type AND ${table.keys.map((name) => `t.${name} = k.${name}`).join(' AND ')}
       GROUP BY t.region, t.network_type, t.direction, ${table.keys.map((name) => `t.${name}`).join(', ')}`,
    );
    const isOther = `${key} NOT IN (SELECT ${keys} FROM ${top})`;
    const most = await mostOfOthers(client, totals, keys, isOther, parts.length);
    await run(
      `INSERT INTO ${staging} (bucket, region, network_type, rank, direction, ${SUMS}, others, first_seen, last_seen, rule,
         most_bytes, most_packets, most_records, month_most_bytes, month_most_packets, month_most_records)
       SELECT toDateTime({month:UInt32}, 'UTC'), t.region, t.network_type, 0, t.direction, t.rest_bytes, t.rest_packets, t.rest_records, t.rest_sampled, o.others, t.first, t.last, ${CLOSING_RULE},
         o.bytes, o.packets, o.records, {bytes:UInt128}, {packets:UInt128}, {records:UInt64}
       FROM
       (
           SELECT region, network_type, direction, sum(toUInt128(bytes)) AS rest_bytes, sum(toUInt128(packets)) AS rest_packets, sum(flow_records) AS rest_records,
             sum(sampled_packets) AS rest_sampled, min(first_seen) AS first, max(last_seen) AS last
           FROM ${rows} WHERE ${inMonth} AND NOT (${isKept})
           GROUP BY region, network_type, direction
       ) AS t
       LEFT JOIN
       (
           SELECT region, network_type, way, count() AS others, ${SUM_NAMES.map((name) => `max(multiIf(way = 1, ingress_${name}, way = 2, egress_${name}, 0)) AS ${name}`).join(', ')}
           FROM
           (
               SELECT *, arrayJoin(bitPositionsToArray(if(${isOther}, directions, bitAnd(directions, ${NOT_CROSSING})))) AS way
               FROM ${totals}
           )
           GROUP BY region, network_type, way
       ) AS o ON t.region = o.region AND t.network_type = o.network_type AND toUInt8(t.direction) = toUInt8(o.way)`,
      most,
    );
    const made = await sumsOf(client, staging, whole);
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

/** What one key that is not kept carried at most in the month, over all regions, types and both directions; part by part, as totals are made. */
async function mostOfOthers(
  client: ClickHouseClient,
  totals: string,
  keys: string,
  isOther: string,
  chunks: number,
): Promise<Record<(typeof SUM_NAMES)[number], string>> {
  const most = { bytes: 0n, packets: 0n, records: 0n };
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const [row] = await select<Record<keyof typeof most, string>>(
      client,
      `SELECT ${SUM_NAMES.map((name) => `toString(max(${name}_of_key)) AS ${name}`).join(', ')}
       FROM
       (
           SELECT ${SUM_NAMES.map((name) => `sum(${BOTH[name]}) AS ${name}_of_key`).join(', ')}
           FROM ${totals} WHERE chunk = {chunk:UInt32} AND ${isOther}
           GROUP BY ${keys}
       )`,
      { chunk },
    );
    for (const name of SUM_NAMES) {
      const found = BigInt(row?.[name] ?? '0');
      if (found > most[name]) most[name] = found;
    }
  }
  return { bytes: String(most.bytes), packets: String(most.packets), records: String(most.records) };
}

function listed(names: readonly string[]): string {
  return names.map((name) => `, ${name}`).join('');
}

const SUMS = 'bytes, packets, flow_records, sampled_packets';

const WAYS = ['ingress', 'egress'] as const;

const SUM_NAMES = ['bytes', 'packets', 'records'] as const;

/** Both directions of a key together. */
const BOTH = {
  bytes: 'ingress_bytes + egress_bytes',
  packets: 'ingress_packets + egress_packets',
  records: 'ingress_records + egress_records',
} as const;

/** Bits of ingress and egress, and of internal and transit, in `directions`. */
const CROSSING = 0b0110;
const NOT_CROSSING = 0b1001;
