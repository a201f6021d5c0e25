import 'server-only';
import type { Dimension } from '@/lib/flows/dimensions';
import type { Direction } from '@/lib/flows/direction';
import type { Filters } from '@/lib/flows/filter/filter';
import type { Part } from '@/lib/flows/plan';
import type { Scope } from '@/lib/flows/scope';
import { TABLE_FACTS } from '@/lib/flows/tables';
import { instant, instant64, join, NOTHING, type Sql, sql, uint64 } from '@/lib/server/clickhouse/sql';
import { columnList, conditions, rawColumn, storedColumn, tableName, withComma } from './columns';
import type { Facts } from './facts';

export interface SlotsWanted {
  parts: readonly Part[];
  /** columns beside bucket, bytes, packets, flow_records and sampled_packets */
  dimensions: readonly Dimension[];
  direction: Direction;
  filters: Filters;
  /** width of the slots that raw flows are spread over, seconds */
  rawSlotSeconds: number;
  /** seconds before the range in which a record may begin that reaches into it */
  lookback: number;
  /** lists of the heaviest also give all others together, whose addresses are `::`; left out = only the heaviest */
  others?: boolean;
}

/**
 * The stored slots of a plan, whichever tables hold them: rows of (bucket, dimensions …, bytes, packets, flow_records, sampled_packets), not
 * yet summed, and the same whichever table answers.
 */
export function slotsOf(wanted: SlotsWanted): Sql {
  const tables = [...new Set(wanted.parts.map(({ table }) => table))];
  return join(
    tables.flatMap((table) => {
      const parts = wanted.parts.filter((part) => part.table === table);
      return table === 'flows'
        ? parts.map((part) => rawSlots(part, wanted))
        : [storedSlots(table, parts, wanted)];
    }),
    '\nUNION ALL\n',
  );
}

/** The slots of a scope: its direction and filters, raw flows spread over minutes. */
export function slotsIn(
  { scope, facts }: { scope: Scope; facts: Facts },
  parts: readonly Part[],
  dimensions: readonly Dimension[],
  { others, rawSlotSeconds = 60 }: Partial<Pick<SlotsWanted, 'others' | 'rawSlotSeconds'>> = {},
): Sql {
  const { direction, filters } = scope;
  return slotsOf({
    parts,
    dimensions,
    direction,
    filters,
    rawSlotSeconds,
    lookback: facts.lookback,
    ...(others === undefined ? {} : { others }),
  });
}

/** All parts of a table are read at once: each SELECT of a union has threads of its own, and each thread its own groups in memory. */
function storedSlots(
  table: Part['table'],
  parts: readonly Part[],
  { dimensions, direction, filters, others }: SlotsWanted,
): Sql {
  const ranges = parts.map(({ from, to }) => sql`bucket >= ${instant(from)} AND bucket < ${instant(to)}`);
  const isWithin = ranges.length === 1 ? (ranges[0] ?? NOTHING) : sql`(${join(ranges, ' OR ')})`;
  return sql`SELECT bucket, ${withComma(
    join(
      dimensions.map((dimension) => storedColumn(dimension, table)),
      ', ',
    ),
  )}bytes, packets, flow_records, sampled_packets
FROM ${tableName(table)}
WHERE ${isWithin} AND ${conditions(direction, filters, table)}${TABLE_FACTS[table].heaviest && others !== true ? NOT_THE_REST : NOTHING}`;
}

/** Rank 0 stands for all others together, who have no address. */
const NOT_THE_REST = sql` AND rank > 0`;

/**
 * Raw records spread over slots while they are read, by the rule the rollups follow: slot i gets floor(total x cumulative overlap i / duration)
 * minus what earlier slots got. Only slots inside the part are made; the record and its sampled packets count in the slot of its start.
 */
function rawSlots(
  part: Part,
  { dimensions, direction, filters, rawSlotSeconds, lookback }: SlotsWanted,
): Sql {
  const slot = uint64(rawSlotSeconds * 1000);
  const firstOfPart = uint64(part.from / rawSlotSeconds);
  const endOfPart = uint64(part.to / rawSlotSeconds);
  return sql`SELECT toDateTime(slot.1 * ${uint64(rawSlotSeconds)}, 'UTC') AS bucket, ${withComma(columnList(dimensions))}slot.2 AS bytes, slot.3 AS packets, slot.4 AS flow_records,
    if(sampling_rate > 1, packets_raw * slot.4, 0) AS sampled_packets
FROM
(
    WITH
        toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
        start_ms + duration_ms AS end_ms,
        intDiv(start_ms, ${slot}) AS first_slot,
        toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), ${slot}) + 1) AS end_slot,
        greatest(duration_ms, 1) AS divisor,
        (total, edge) -> toUInt64(multiIf(edge >= end_slot, total, edge <= first_slot, 0, intDiv(toUInt128(total) * (edge * ${slot} - start_ms), divisor))) AS upto
    SELECT
        ${withComma(join(dimensions.map(rawColumn), ', '))}sampling_rate, packets_raw,
        arrayJoin(arrayMap(
            i -> (i, toUInt64(upto(bytes, i + 1) - upto(bytes, i)), toUInt64(upto(packets, i + 1) - upto(packets, i)), toUInt8(i = first_slot)),
            range(greatest(first_slot, ${firstOfPart}), least(end_slot, ${endOfPart})))) AS slot
    FROM flows
    WHERE counted = 1 AND ts_start >= ${instant64(part.from - lookback)} AND ts_start < ${instant64(part.to)} AND ${conditions(direction, filters, part.table)}
)`;
}
