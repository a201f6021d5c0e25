import type { GroupRows } from '@/lib/flows/contracts/exploreGroups';
import { wallClockAt } from '@/lib/flows/timeZone';
import { axisName } from './axisLabel';
import type { GroupHeatmapModel, HeatLine } from './prepareGroupHeatmap';
import { rangeText } from './timeText';

/** What must be known to read a heatmap, beside its cells: what is not named, which hours it is of, what is cut, and what it is compared with. */
export function heatNotes(
  model: GroupHeatmapModel,
  rows: Pick<GroupRows, 'addressesFrom' | 'addressesTo' | 'compared' | 'comparedMissing'>,
  { from, to, zone }: { from: number; to: number; zone: string },
  delta: boolean,
): string[] {
  const { addressesFrom, addressesTo } = rows;
  const cut = cutLines(model, { from, to, zone });
  return [
    ...model.shown.map(
      ({ by, keys, found, foundAtLeast }) =>
        `${axisName(by)}: ${keys} of ${foundAtLeast ? 'at least ' : ''}${found.toLocaleString('en-US')}, the rest is Other`,
    ),
    ...(addressesFrom !== null && addressesTo !== null
      ? [
          `${wholeWords(model)}: ${rangeText(addressesFrom, addressesTo, zone)}`,
          ...running(model, addressesTo, to),
        ]
      : []),
    ...(cut.length > 0
      ? [`Only partly in the range, so less than a whole one: ${cut.map(({ label }) => label).join(' and ')}`]
      : []),
    ...allLine(model),
    ...(delta ? comparedLine(rows, zone) : []),
  ];
}

/** Addresses are counted in whole hours; by month in whole ones, so that a cell may be of more than the range has of it. */
function wholeWords(model: GroupHeatmapModel): string {
  if (datedAxis(model) !== 'month') return 'Whole hours';
  return `Whole months, ${model.measure === 'magnitude' ? 'volume and addresses' : 'also those that the range cuts'}`;
}

/** The last day or month, where it ends after the range: less of it is there than of the others. */
function running(model: GroupHeatmapModel, until: number, to: number): string[] {
  const axis = datedAxis(model);
  const last = (axis === model.rowAxis ? model.rows : model.columns).at(-1);
  return axis === undefined || last === undefined || until <= to
    ? []
    : [`${last.label} so far: it is not over`];
}

function datedAxis({ rowAxis, columnAxis }: GroupHeatmapModel): 'day' | 'month' | undefined {
  return [rowAxis, columnAxis].find(isDated);
}

/** Over time one address counts in many cells and once in All, which is no sum of them, and heavier by address than each. */
function allLine(model: GroupHeatmapModel): string[] {
  const { measure } = model;
  const axis = datedAxis(model);
  if (axis === undefined || model.isDelta) return [];
  if (measure === 'magnitude')
    return [
      `All: the volume of every ${axis} by its addresses, of which one in several ${axis}s counts once`,
    ];
  if (measure === 'uniqueness') return [`All: addresses of every ${axis}, each counted once`];
  return [];
}

/** The range that cells are compared with, or why there is none; nothing where nothing was asked to be. */
function comparedLine(
  { compared, comparedMissing }: Pick<GroupRows, 'compared' | 'comparedMissing'>,
  zone: string,
): string[] {
  if (compared) return [`Compared with: ${rangeText(compared.from, compared.to, zone)}`];
  return comparedMissing === null ? [] : [`Compared with nothing: ${comparedMissing}`];
}

/** Days and months at the ends of the range that it holds only a part of; of sums alone, as a rate is none the less. */
function cutLines(
  { measure, rowAxis, columnAxis, rows, columns, isDelta }: GroupHeatmapModel,
  { from, to, zone }: { from: number; to: number; zone: string },
): HeatLine[] {
  const [axis, lines] = isDated(rowAxis) ? [rowAxis, rows] : [columnAxis, columns];
  const isSum = measure === 'volume' || measure === 'packets' || measure === 'flowRecords';
  if (!isDated(axis) || !isSum || isDelta) return [];
  const isEdge = (instant: number) => {
    const { day, hour, minute, second } = wallClockAt(instant, zone);
    return hour + minute + second === 0 && (axis === 'day' || day === 1);
  };
  const [first, last] = [lines[0], lines.at(-1)];
  const cut = [isEdge(from) ? undefined : first, isEdge(to) ? undefined : last];
  return [...new Set(cut.filter((line) => line !== undefined))];
}

function isDated(axis: GroupHeatmapModel['rowAxis']): axis is 'day' | 'month' {
  return axis === 'day' || axis === 'month';
}
