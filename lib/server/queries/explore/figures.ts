import 'server-only';
import type { Figures, GroupMeasure, GroupRows } from '@/lib/flows/contracts/exploreGroups';
import { coveredIntervals } from '@/lib/flows/coverage';
import type { NameTerm } from '@/lib/flows/filter/filter';
import { countsAddresses } from '@/lib/flows/measures';
import type { TimeRange } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import { type CoveredRuns, coverageFor } from '../coverage';
import type { Facts } from '../facts';
import { shareOf } from '../rows';
import { magnitudeOf, plusMinusOf } from '../uniques';
import { type Axis, lengthOf, writtenAxis } from './axes';
import { secondsByParts } from './calendar';
import type { CellPercentiles } from './cellPercentiles';
import { type CellAddresses, type CellSums, cellKey } from './cells';
import { sumFor, unitsPer } from './valueColumn';

/** Under a sampling rate above 1, fewer packets than this leave an error of 10 % and more. */
const FEWEST_SAMPLED_PACKETS = 400n;

/** What was found of one period, by position. */
export interface Measured {
  range: TimeRange;
  runs: readonly CoveredRuns[];
  sums: ReadonlyMap<string, CellSums>;
  /** null where they are not counted */
  addresses: ReadonlyMap<string, CellAddresses> | null;
  percentiles: CellPercentiles;
}

/** Cells and totals of the contract, from what was found of the range and of the one it is compared with. */
export function figuresOf(
  axes: readonly Axis[],
  measure: GroupMeasure,
  now: Measured,
  before: Measured | null,
  scope: Scope,
  facts: Facts,
): Pick<GroupRows, 'cells' | 'totals' | 'total'> {
  const current = reader(axes, measure, now, scope, facts);
  const earlier = before === null ? null : reader(axes, measure, before, scope, facts);
  const pair = (at: number[]) => ({ now: current(at), before: earlier?.(at) ?? null });
  const nothing = axes.map(() => 0);
  const seen = new Map<string, number[]>();
  for (const period of [now, before]) {
    for (const key of [...(period?.sums.keys() ?? []), ...(period?.addresses?.keys() ?? [])]) {
      const at = key.split(',').map(Number);
      if (at.every((position) => position > 0)) seen.set(key, at);
    }
  }
  return {
    cells: [...seen.values()]
      .sort((a, b) => a.reduce((order, position, i) => order || position - (b[i] ?? 0), 0))
      .map((at) => {
        const { now: figures, before: then } = pair(at);
        return { at: at.map((position) => position - 1), now: figures ?? EMPTY, before: then };
      }),
    totals: axes.map((axis, i) =>
      Array.from({ length: lengthOf(axis) + ('numbers' in axis ? 0 : 1) }, (_, position) =>
        pair(nothing.map((zero, j) => (j === i ? position + 1 : zero))),
      ),
    ),
    total: { now: current(nothing) ?? EMPTY, before: earlier?.(nothing) ?? null },
  };
}

const EMPTY: Figures = {
  sum: '0',
  share: 0,
  rate: null,
  p95: null,
  addresses: null,
  plusMinus: null,
  magnitude: null,
  fewPackets: false,
};

/** Figures at a position; null where nothing was seen. */
function reader(
  axes: readonly Axis[],
  measure: GroupMeasure,
  found: Measured,
  scope: Scope,
  facts: Facts,
): (at: readonly number[]) => Figures | null {
  const units = unitsPer(sumFor(measure));
  const whole = found.sums.get(cellKey(axes.map(() => 0)))?.sum ?? 0n;
  const seconds = secondsReader(axes, found, scope, facts);
  return (at) => {
    const key = cellKey(at);
    const sum = found.sums.get(key);
    const counted = found.addresses?.get(key);
    if (sum === undefined && counted === undefined) return null;
    const covered = seconds(at);
    const sampled = sum?.sampledPackets ?? 0n;
    const p95 = found.percentiles.of.get(key);
    const addresses = countsAddresses(measure) ? (counted?.addresses ?? 0) : null;
    return {
      sum: String(sum?.sum ?? 0n),
      share: shareOf(sum?.sum ?? 0n, whole),
      rate: covered > 0 ? (Number(sum?.settled ?? 0n) * units) / covered : null,
      p95: found.percentiles.kind === null || covered === 0 ? null : (p95 ?? 0) * units,
      addresses,
      plusMinus: addresses === null ? null : plusMinusOf(addresses),
      magnitude: addresses === null ? null : magnitudeOf(counted?.bytes ?? '0', addresses),
      fewPackets: sampled > 0n && sampled < FEWEST_SAMPLED_PACKETS,
    };
  };
}

/**
 * Covered seconds of a cell: those of its part of the calendar, and, where an axis is the region or the exporter, those in which that one was
 * covered.
 */
function secondsReader(
  axes: readonly Axis[],
  found: Measured,
  scope: Scope,
  facts: Facts,
): (at: readonly number[]) => number {
  const known = new Map<string, ReadonlyMap<string, number>>();
  const places = axes.map((axis) =>
    !('numbers' in axis) && (axis.by === 'region' || axis.by === 'exporter')
      ? { by: axis.by, keys: writtenAxis(axis).keys }
      : null,
  );
  return (at) => {
    const place = places.map((each, i) => each?.keys[(at[i] ?? 0) - 1] ?? '');
    const parts = axes.flatMap((axis, i) =>
      'numbers' in axis && (at[i] ?? 0) > 0 ? [{ part: axis.by, numbers: axis.numbers, i }] : [],
    );
    const kind = `${place.join('\n')}\n\n${parts.map(({ i }) => i).join()}`;
    let seconds = known.get(kind);
    if (seconds === undefined) {
      const only = places.flatMap((each, i): NameTerm[] => {
        const name = place[i] ?? '';
        return each === null || name === ''
          ? []
          : [{ kind: 'names', dimension: each.by, names: [name], exclude: false }];
      });
      const coverage = coverageFor(found.runs, facts, found.range, [...scope.filters, ...only]);
      seconds = secondsByParts(parts, coveredIntervals(coverage), scope.zone);
      known.set(kind, seconds);
    }
    return seconds.get(parts.map(({ i }) => at[i] ?? 0).join(',')) ?? 0;
  };
}
