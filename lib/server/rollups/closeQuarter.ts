import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterMonths, MONTHS_OF_QUARTER } from '@/lib/flows/months';
import { KEPT_OF_QUARTER, type QuarterTable as QuarterTableName } from '@/lib/flows/tables';
import { select } from '@/lib/server/ingest/connect';
import { keyedRows } from './keyedRows';
import { partsOfKeys } from './partsOfKeys';
import { IN_PERIOD, LARGE, type PeriodSums, sumsOf } from './periodSums';

/** A table of a quarter's heaviest: what it is made from and what tells its rows apart. */
export interface QuarterTable {
  name: QuarterTableName;
  source: 'endpoints_1d' | 'pairs_1d';
  /** columns whose heaviest values are kept */
  keys: readonly string[];
}

export const QUARTER_TABLES: readonly QuarterTable[] = [
  { name: 'heavy_addresses_1q', source: 'endpoints_1d', keys: ['remote_address'] },
  { name: 'heavy_locals_1q', source: 'pairs_1d', keys: ['local_address'] },
  { name: 'heavy_pairs_1q', source: 'pairs_1d', keys: ['remote_address', 'local_address'] },
  { name: 'heavy_prefixes_1q', source: 'endpoints_1d', keys: ['remote_prefix'] },
];

/** How quarters are closed now; those of an older rule are closed again while their days are kept. */
export const QUARTER_RULE = 1;

/** Of a part of the keys: each is ranked four times over, in everything, by region, by type and by both. */
const AT_ONCE = { rows: 4_000_000, keys: 1_000_000 };

/**
 * Ranks everybody who crossed the boundary in a quarter, over everything, by region, by network type and by both, and keeps the heaviest of each in a
 * staging table, whose partition is then swapped in: a run cut short leaves what was there. The rows of rank 0 hold all others together, what one of
 * them carried at most, and how many there are in all.
 *
 * @param quarter epoch seconds of its start
 * @param atOnce how much is ranked at once
 * @returns the sums of what it was made from
 * @throws Error where what was made does not add up, which then is not swapped in
 */
export async function closeQuarter(
  client: ClickHouseClient,
  database: string,
  table: QuarterTable,
  quarter: number,
  heaviest: number = KEPT_OF_QUARTER,
  atOnce = AT_ONCE,
): Promise<PeriodSums> {
  const target = `${database}.${table.name}`;
  const staging = `${target}_closing`;
  const ranked = `${target}_ranked`;
  const source = `${database}.${table.source}`;
  const rows = keyedRows(source, table.keys);
  const keys = table.keys.join(', ');
  const whole = { from: quarter, to: afterMonths(quarter, MONTHS_OF_QUARTER) };
  const run = (query: string, parameters: Record<string, string | number> = {}) =>
    client.command({ query, query_params: { ...whole, ...parameters }, clickhouse_settings: LARGE });
  const drop = async () => {
    for (const name of [staging, ranked])
      await client.command({ query: `DROP TABLE IF EXISTS ${name} SYNC` });
  };
  // One more than is kept says what the others carried at most.
  const sorted = Math.floor(heaviest) + 1;
  await drop();
  try {
    const before = await sumsOf(client, source, whole);
    await run(
      `CREATE TABLE ${ranked} (${CELL_TYPES}, heaviest Array(Tuple(UInt128, ${table.keys.map(() => 'IPv6').join(', ')}, UInt128, UInt128)),
         ${WAYS.map((way) => `${way}_bytes UInt128, ${way}_keys UInt64`).join(', ')}, both_keys UInt64)
       ENGINE = MergeTree ORDER BY (${CELL})`,
    );
    for (const { where, parameters } of await partsOfKeys(client, rows, whole, table.keys, atOnce)) {
      // The complement of a sum, so that the smallest are the heaviest.
      await run(
        `INSERT INTO ${ranked} (${CELL}, heaviest, ${WAYS.map((way) => `${way}_bytes, ${way}_keys`).join(', ')}, both_keys)
         SELECT ${CELL}, groupArraySorted(${sorted})((bitNot(ingress + egress), ${keys}, ingress, egress)),
           ${WAYS.map((way) => `sum(${way}), countIf(has_${way})`).join(', ')}, count()
         FROM
         (
             SELECT 1 - grouping(region) AS by_region, 1 - grouping(network_type) AS by_type, region, network_type, ${keys},
               ${WAYS.map((way) => `sum(cell_${way}) AS ${way}, max(cell_has_${way}) AS has_${way}`).join(', ')}
             FROM
             (
                 SELECT region, network_type, ${keys},
                   ${WAYS.map((way) => `sumIf(toUInt128(bytes), direction = '${way}') AS cell_${way}, max(direction = '${way}') AS cell_has_${way}`).join(', ')}
                 FROM ${rows} WHERE ${IN_PERIOD} AND direction IN ('ingress', 'egress') AND ${where}
                 GROUP BY region, network_type, ${keys}
             )
             GROUP BY GROUPING SETS ((region, network_type, ${keys}), (region, ${keys}), (network_type, ${keys}), (${keys}))
         )
         GROUP BY ${CELL}`,
        parameters,
      );
    }
    await run(
      `CREATE TABLE ${staging} AS ${target} ENGINE = MergeTree PARTITION BY toYYYYMM(bucket) ORDER BY (bucket, ${CELL}, rank)`,
    );
    const places = table.keys.map((_, i) => `listed.${i + 2}`).join(', ');
    const [ingress, egress] = [table.keys.length + 2, table.keys.length + 3];
    await run(
      `INSERT INTO ${staging} (bucket, ${CELL}, rank, ${keys}, ingress_bytes, egress_bytes)
       SELECT toDateTime({from:UInt32}, 'UTC'), ${CELL}, rank, ${places}, listed.${ingress}, listed.${egress}
       FROM (${inOrder(ranked, Math.floor(heaviest))})
       ARRAY JOIN in_order AS listed, arrayEnumerate(in_order) AS rank`,
    );
    await run(
      `INSERT INTO ${staging} (bucket, ${CELL}, rank, ingress_bytes, egress_bytes, most_bytes, ingress_keys, egress_keys, both_keys)
       SELECT toDateTime({from:UInt32}, 'UTC'), ${CELL}, 0, all.ingress - listed.ingress, all.egress - listed.egress, most.bytes, all.ingress_keys, all.egress_keys, all.both_keys
       FROM
       (
           SELECT ${CELL}, ${WAYS.map((way) => `sum(${way}_bytes) AS ${way}, sum(t.${way}_keys) AS ${way}_keys`).join(', ')}, sum(t.both_keys) AS both_keys
           FROM ${ranked} AS t GROUP BY ${CELL}
       ) AS all
       INNER JOIN
       (
           SELECT ${CELL}, ${WAYS.map((way) => `sum(${way}_bytes) AS ${way}`).join(', ')} FROM ${staging} WHERE rank > 0 GROUP BY ${CELL}
       ) AS listed USING (${CELL})
       INNER JOIN
       (
           SELECT ${CELL}, if(length(in_order) < ${sorted}, 0, bitNot(in_order[${sorted}].1)) AS bytes FROM (${inOrder(ranked, sorted)})
       ) AS most USING (${CELL})`,
    );
    await prove(client, { staging, source }, whole, before);
    await client.command({
      query: `ALTER TABLE ${target} REPLACE PARTITION {partition:UInt32} FROM ${staging}`,
      query_params: {
        partition: Number(new Date(quarter * 1000).toISOString().slice(0, 7).replace('-', '')),
      },
    });
    return before;
  } finally {
    await drop();
  }
}

/** @throws Error where each of the four rankings does not come to what crossed the boundary, or where records arrived meanwhile */
async function prove(
  client: ClickHouseClient,
  { staging, source }: { staging: string; source: string },
  whole: { from: number; to: number },
  before: PeriodSums,
): Promise<void> {
  const after = await sumsOf(client, source, whole);
  const [crossed] = await select<{ bytes: string }>(
    client,
    `SELECT toString(sum(toUInt128(bytes))) AS bytes FROM ${source} WHERE ${IN_PERIOD} AND direction IN ('ingress', 'egress')`,
    whole,
  );
  const made = await select<{ bytes: string }>(
    client,
    `SELECT toString(sum(ingress_bytes + egress_bytes)) AS bytes FROM ${staging} GROUP BY by_region, by_type`,
  );
  const isNothing = crossed?.bytes === '0' && made.length === 0;
  if (
    JSON.stringify(before) === JSON.stringify(after) &&
    (isNothing || (made.length === 4 && made.every(({ bytes }) => bytes === crossed?.bytes)))
  )
    return;
  throw new Error(
    `${staging} comes to ${made.map(({ bytes }) => bytes).join(', ')} bytes, ${source} has ${crossed?.bytes} and had ${before.records} records before, ${after.records} after: records arrived meanwhile. The next run makes it again.`,
  );
}

/** The heaviest of each cell, over all parts of its keys. */
function inOrder(ranked: string, heaviest: number): string {
  return `SELECT ${CELL}, groupArraySorted(${heaviest})(each) AS in_order FROM ${ranked} ARRAY JOIN heaviest AS each GROUP BY ${CELL}`;
}

const CELL = 'by_region, by_type, region, network_type';
const CELL_TYPES =
  'by_region UInt8, by_type UInt8, region LowCardinality(String), network_type LowCardinality(String)';

const WAYS = ['ingress', 'egress'] as const;
