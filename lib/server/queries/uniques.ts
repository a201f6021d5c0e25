import 'server-only';
import type { Dimension } from '@/lib/flows/dimensions';
import type { Direction } from '@/lib/flows/direction';
import type { Filters } from '@/lib/flows/filter/filter';
import type { Part } from '@/lib/flows/plan';
import { TABLE_FACTS } from '@/lib/flows/tables';
import { instant, join, NOTHING, type Sql, sql } from '@/lib/server/clickhouse/sql';
import { columnList, conditions, dimensionColumn, storedColumn, tableName, withComma } from './columns';
import { slotsOf } from './slots';

/** Up to this many the states hold every hash and count exactly. */
const COUNTED_EXACTLY = 4_096;

/** Twice the standard error of a 17-bit state (0.25 %): 95 % of counts lie within it. */
const RELATIVE_ERROR = 0.005;

/** How far a count may be off, in addresses. */
export function plusMinusOf(count: number): number {
  return count <= COUNTED_EXACTLY ? 0 : Math.ceil(count * RELATIVE_ERROR);
}

/** Bits per address; null without an address. */
export function magnitudeOf(bytes: string | bigint, addresses: number): number | null {
  return addresses > 0 ? Number(BigInt(bytes) * 8n) / addresses : null;
}

/**
 * States of the parts: rows of (dimensions …, addresses, bytes, packets, flow_records), to be merged and never added. Where a table has the
 * addresses themselves, they are put into states here; of raw flows an address counts in every slot that a record of it touches.
 * @param lookback seconds before the range in which a record may begin that reaches into it: raw flows are read from there on
 * @param apart the rows have the start of their stored period too, as `bucket`
 */
export function uniqueStates(
  parts: readonly Part[],
  dimensions: readonly Dimension[],
  direction: Direction,
  filters: Filters,
  lookback: number,
  apart = false,
): Sql {
  return join(
    parts.map((part) => {
      if (part.table === 'flows') {
        const slots = slotsOf({
          parts: [part],
          dimensions: [...dimensions.filter((dimension) => dimension !== 'remoteAddress'), 'remoteAddress'],
          direction,
          filters,
          rawSlotSeconds: widestSlot(part, apart),
          lookback,
        });
        return statesFrom(slots, dimensions, apart);
      }
      const condition = conditions(direction, filters, part.table);
      return TABLE_FACTS[part.table].dimensions.includes('remoteAddress')
        ? statesFrom(storedAddresses(part, dimensions, condition, apart), dimensions, apart)
        : storedStates(part, dimensions, condition, apart);
    }),
    '\nUNION ALL\n',
  );
}

function within({ from, to }: Part): Sql {
  return sql`bucket >= ${instant(from)} AND bucket < ${instant(to)}`;
}

function storedStates(part: Part, dimensions: readonly Dimension[], condition: Sql, apart: boolean): Sql {
  return sql`SELECT ${apart ? BUCKET : NOTHING}${withComma(columnList(dimensions))}addresses, bytes, packets, flow_records
FROM ${tableName(part.table)}
WHERE ${within(part)} AND ${condition}`;
}

const BUCKET = sql`bucket, `;

/**
 * The widest slots whose edges the part has: a record is one row for each slot that it touches. Where slots are told apart they must also meet
 * the hours and days of every zone, which quarters of an hour do.
 */
function widestSlot({ from, to }: Part, apart: boolean): number {
  return [apart ? 900 : 3_600, 300].find((slot) => from % slot === 0 && to % slot === 0) ?? 60;
}

function storedAddresses(part: Part, dimensions: readonly Dimension[], condition: Sql, apart: boolean): Sql {
  return sql`SELECT ${apart ? BUCKET : NOTHING}remote_address, ${withComma(
    join(
      dimensions.map((dimension) => storedColumn(dimension, part.table)),
      ', ',
    ),
  )}bytes, packets, flow_records
FROM ${tableName(part.table)}
WHERE ${within(part)} AND ${condition}`;
}

/** @param rows (bucket where they are apart, remote_address, dimensions …, bytes, packets, flow_records) */
function statesFrom(rows: Sql, dimensions: readonly Dimension[], apart: boolean): Sql {
  const bucket = apart ? BUCKET : NOTHING;
  const keys = [...(apart ? [sql`bucket`] : []), ...dimensions.map(dimensionColumn)];
  const grouping = keys.length === 0 ? NOTHING : sql`\n    GROUP BY ${join(keys, ', ')}`;
  // Sums get their names outside: a sum named like its column is no longer known for what it is over a Distributed table.
  return sql`SELECT ${bucket}${withComma(columnList(dimensions))}states AS addresses, all_bytes AS bytes, all_packets AS packets, all_records AS flow_records
FROM
(
    SELECT ${bucket}${withComma(columnList(dimensions))}uniqCombined64State(17)(remote_address) AS states, sum(bytes) AS all_bytes, sum(packets) AS all_packets, sum(flow_records) AS all_records
    FROM
    (
${rows}
    )${grouping}
)`;
}
