import 'server-only';
import { z } from 'zod';
import { type Coverage, coveredIntervals } from '@/lib/flows/coverage';
import type { Dimension } from '@/lib/flows/dimensions';
import { secondsOf } from '@/lib/flows/intervals';
import { rankOfP95 } from '@/lib/flows/percentile';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, join, NOTHING, type Sql, sql, uint32, uint32s } from '@/lib/server/clickhouse/sql';
import { exact, small } from '../rows';
import { onlyCovered } from '../statistics';
import { type Axis, positionOn } from './axes';
import { keyDimensions } from './keyColumns';

/** Positions on the axes, from 1. 0 = whatever it is on that axis: a total. */
type At = number[];

/** `[1,0,3]`, the key under which a cell or a total is found. */
export function cellKey(at: readonly number[]): string {
  return at.join(',');
}

/** What slots and states must have as columns for these axes. */
export function columnsOf(axes: readonly Axis[]): Dimension[] {
  return [...new Set(axes.flatMap((axis) => ('numbers' in axis ? [] : keyDimensions([axis.by]))))];
}

const names = [sql`a1`, sql`a2`, sql`a3`];

/** Name of an axis' column of positions. */
export function nameAt(index: number): Sql {
  const name = names[index];
  if (name === undefined) throw new Error('at most three axes');
  return name;
}

/** Position of a row on each axis, under their names. */
export function placed(axes: readonly Axis[], zone: string): Sql {
  return join(
    axes.map((axis, i) => sql`${positionOn(axis, zone)} AS ${nameAt(i)}`),
    ', ',
  );
}

function namesFor(axes: readonly Axis[]): Sql {
  return join(
    axes.map((_, i) => nameAt(i)),
    ', ',
  );
}

function andNames(axes: readonly Axis[]): Sql {
  return axes.length === 0 ? NOTHING : sql`, ${namesFor(axes)}`;
}

export interface CellSums {
  at: At;
  sum: bigint;
  /** of it, what came before the watermark, as covered seconds do */
  settled: bigint;
  sampledPackets: bigint;
}

const sumsRow = z.object({ at: z.array(small), total: exact, settled: exact, sampled: exact });

/**
 * Sums of every cell, and of every total: these are made of the cells, so they add up.
 * @param slots yields (bucket, columns of the axes, value, sampled_packets)
 */
export async function loadCellSums(
  context: QueryContext,
  wanted: { axes: readonly Axis[]; zone: string; slots: Sql; value: Sql; watermark: number },
): Promise<Map<string, CellSums>> {
  const { axes, zone, slots, value, watermark } = wanted;
  const rows = await execute(
    context,
    sql`SELECT [${namesFor(axes)}] AS at, sum(toUInt128(value)) AS total, sumIf(toUInt128(value), bucket < ${instant(watermark)}) AS settled,
    sum(toUInt128(sampled_packets)) AS sampled
FROM
(
    SELECT bucket, ${placed(axes, zone)}, ${value} AS value, sampled_packets
    FROM
    (
${slots}
    )
)
GROUP BY ${namesFor(axes)}`,
    sumsRow,
  );
  return totalled(
    rows.map(({ at, total, settled, sampled }) => ({
      at,
      sum: BigInt(total),
      settled: BigInt(settled),
      sampledPackets: BigInt(sampled),
    })),
  );
}

/** Cells with every total that they are part of. */
function totalled(found: readonly CellSums[]): Map<string, CellSums> {
  const cells = new Map<string, CellSums>();
  for (const { at: cellAt, sum, settled, sampledPackets } of found) {
    for (const at of withTotals(cellAt)) {
      const cell = cells.get(cellKey(at)) ?? { at, sum: 0n, settled: 0n, sampledPackets: 0n };
      cell.sum += sum;
      cell.settled += settled;
      cell.sampledPackets += sampledPackets;
      cells.set(cellKey(at), cell);
    }
  }
  return cells;
}

/**
 * Cells of an axis of which only the named keys were read: its others are what is left of everything when these are taken from it.
 * @param named cells of the keys, at positions 1 to `keys` on that axis
 * @param all cells of everything, wherever they are on that axis
 */
export function withOthersOn(
  axis: number,
  keys: number,
  named: ReadonlyMap<string, CellSums>,
  all: ReadonlyMap<string, CellSums>,
): Map<string, CellSums> {
  const isCell = ({ at }: CellSums) => at.every((position) => position > 0);
  const cells = [...named.values()].filter((cell) => isCell(cell) && (cell.at[axis] ?? 0) <= keys);
  const others = new Map<string, CellSums>();
  const onOthers = (at: At) => at.map((position, i) => (i === axis ? keys + 1 : position));
  for (const cell of all.values()) {
    if (isCell(cell)) others.set(cellKey(onOthers(cell.at)), { ...cell, at: onOthers(cell.at) });
  }
  for (const { at, sum, settled, sampledPackets } of cells) {
    const other = others.get(cellKey(onOthers(at)));
    if (other === undefined) continue;
    other.sum -= sum;
    other.settled -= settled;
    other.sampledPackets -= sampledPackets;
  }
  // Between two statements records may be stored: less than nothing is never left.
  const left = [...others.values()].filter(({ sum }) => sum > 0n);
  return totalled([...cells, ...left]);
}

/** The cell itself, its total on each axis, and everything. */
function withTotals(at: At): At[] {
  if (at.length === 1) return [at, [0]];
  return [at, ...at.map((position, axis) => at.map((_, i) => (i === axis ? position : 0))), at.map(() => 0)];
}

export interface CellAddresses {
  addresses: number;
  /** in the same cell and the same stored periods */
  bytes: string;
}

const addressRow = z.object({ at: z.array(small), addresses: small, bytes: exact });

/**
 * Distinct addresses of every cell and every total, merged for each. States are merged into their cells once, totals from the cells.
 * @param states yields (bucket, columns of the axes, addresses, bytes)
 */
export async function loadCellAddresses(
  context: QueryContext,
  wanted: { axes: readonly Axis[]; zone: string; states: Sql },
): Promise<Map<string, CellAddresses>> {
  const { axes, zone, states } = wanted;
  const all = axes.map((_, i) => nameAt(i));
  const sets = axes.length === 1 ? [all, []] : [all, ...all.map((name) => [name]), []];
  const rows = await execute(
    context,
    sql`SELECT [${namesFor(axes)}] AS at, uniqCombined64Merge(17)(states) AS addresses, sum(cell_bytes) AS bytes
FROM
(
    SELECT ${placed(axes, zone)}, uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS cell_bytes
    FROM
    (
${states}
    ) AS s
    GROUP BY ${namesFor(axes)}
)
GROUP BY GROUPING SETS (${join(
      sets.map((set) => sql`(${join(set, ', ')})`),
      ', ',
    )})`,
    addressRow,
  );
  return new Map(rows.map(({ at, addresses, bytes }) => [cellKey(at), { addresses, bytes }]));
}

/** What percentiles of cells are made of. */
export interface CellSlots {
  axes: readonly Axis[];
  zone: string;
  /** yields (bucket, columns of the axes, value) */
  slots: Sql;
  value: Sql;
  coverage: Coverage;
  slotSeconds: 300 | 3_600;
}

const p95Row = z.object({ at: z.array(small), p95: z.number() });

/**
 * The 95th percentile of every cell, in units per second: number ceil(0.95 N) of the N covered slots of its part of the calendar. An hour that
 * is covered in part counts with its covered seconds, whichever part of it that is.
 */
export async function loadCellP95(
  context: QueryContext,
  wanted: CellSlots & {
    /** covered slots of a cell by its positions on the axes of the calendar, `''` without one */
    slotsIn: ReadonlyMap<string, number>;
    /** start and covered seconds of hours that are not covered whole; 0 = it does not count */
    odd: readonly { slot: number; seconds: number }[];
  },
): Promise<Map<string, number>> {
  const { axes, zone, slots, value, coverage, slotSeconds, slotsIn, odd } = wanted;
  const covered = coveredIntervals(coverage);
  if (secondsOf(covered) === 0) return new Map();
  const calendar = axes.flatMap((axis, i) => ('numbers' in axis ? [i] : []));
  const ranks = [...slotsIn].map(([key, count]) => ({ key, fromTop: count - rankOfP95(count) + 1 }));
  const fromTop = sql`${uint32s(ranks.map((rank) => rank.fromTop))}[indexOf(${uint32s(ranks.map(({ key }) => combined(key)))}, ${combination(calendar)})]`;
  const slotStart = slotSeconds === 300 ? sql`bucket` : sql`toStartOfHour(bucket)`;
  const seconds = sql`transform(toUnixTimestamp(slot), ${uint32s(odd.map(({ slot }) => slot))}, ${uint32s(odd.map((each) => each.seconds))}, toUInt32(${uint32(slotSeconds)}))`;
  const rows = await execute(
    context,
    sql`SELECT [${namesFor(axes)}] AS at, arrayReverseSort(groupArray(total / slot_seconds))[${fromTop}] AS p95
FROM
(
    SELECT slot${andNames(axes)}, sum(toUInt128(value)) AS total, ${seconds} AS slot_seconds
    FROM
    (
        SELECT ${slotStart} AS slot${axes.length === 0 ? NOTHING : sql`, ${placed(axes, zone)}`}, ${value} AS value
        FROM
        (
${slots}
        )${slotSeconds === 300 ? onlyCovered(covered, coverage.range) : NOTHING}
    )
    GROUP BY slot${andNames(axes)}
    HAVING slot_seconds > 0
)
${axes.length === 0 ? NOTHING : sql`GROUP BY ${namesFor(axes)}`}`,
    p95Row,
  );
  return new Map(rows.map(({ at, p95 }) => [cellKey(at), p95]));
}

/** Positions on the calendar as one number: `2,13` = 2013; '' = 0. */
function combined(key: string): number {
  return key === '' ? 0 : key.split(',').reduce((sum, position) => sum * 1_000 + Number(position), 0);
}

function combination(calendar: readonly number[]): Sql {
  return calendar.reduce((sum, axis) => sql`(${sum}) * 1000 + ${nameAt(axis)}`, sql`0`);
}
