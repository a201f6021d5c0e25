import { type AreaRun, areaRuns, type Frame, frameKey, yOf } from './areaShapes';
import type { Bucket } from './bucketStates';
import type { ThemeColors } from './categories';
import { keepLast } from './keepLast';
import type { ExploreLine, Half, SeriesModel } from './prepareSeries';
import { type Layer, layerAt, stack } from './prepareStackedArea';
import type { PastPoint } from './seriesChange';
import { linearScale, logScale, type Scale, shareScale } from './seriesScale';
import type { Size } from './shapes';
import { type PlacedLayer, placeLayers, plotFrame } from './stackedAreaShapes';

/** How series are drawn over time. */
export interface SeriesView {
  readonly kind: 'area' | 'share' | 'lines';
  /** lines only, and never mirrored */
  readonly log: boolean;
  readonly p95: boolean;
  /** keys of series that are left out */
  readonly hidden: ReadonlySet<string>;
  /** a scale that several pictures share */
  readonly scale?: Scale;
}

/** A line that stands in a frame. */
export interface PlacedLine {
  /** null = of everything */
  readonly key: string | null;
  readonly colors: ThemeColors | null;
  readonly runs: readonly AreaRun[];
}

/** A value over the whole width. */
export interface PlacedLevel {
  readonly key: string | null;
  readonly colors: ThemeColors | null;
  readonly y: number;
  /** what stands at its end */
  readonly value: number;
}

interface PlacedStack {
  readonly hangs: boolean;
  readonly layers: readonly Layer[];
  readonly placed: readonly PlacedLayer[];
}

/** Where everything stands, apart from looks. */
export interface SeriesPlaces {
  readonly frame: Frame;
  readonly ticks: readonly number[];
  readonly stacks: readonly PlacedStack[];
  readonly lines: readonly PlacedLine[];
  /** the range that is compared */
  readonly past: readonly PlacedLine[];
  readonly p95: readonly PlacedLevel[];
}

/** The value axis that a picture of this model has by itself. */
export function scaleFor(model: SeriesModel, view: SeriesView): Scale {
  const isMirrored = model.halves.length > 1;
  if (view.kind === 'share') return shareScale(isMirrored);
  if (view.kind === 'lines' && view.log && !isMirrored) {
    const log = logScale(valuesDrawn(model.halves[0], model.buckets, view));
    if (log !== null) return log;
  }
  const greatest = (half: Half | undefined) =>
    valuesDrawn(half, model.buckets, view).reduce((most, value) => Math.max(most, value), 0);
  return linearScale(greatest(model.halves[0]), isMirrored ? greatest(model.halves[1]) : null);
}

/** Places a model on a canvas of a size. */
export function placeSeries(model: SeriesModel, view: SeriesView, size: Size): SeriesPlaces {
  const scale = view.scale ?? scaleFor(model, view);
  const frame: Frame = {
    ...plotFrame(size, model, scale.top),
    bottom: scale.bottom,
    ...(scale.log ? { log: true } : {}),
  };
  const parts = model.halves.map((half, i) => placeHalf(model, half, view, frame, i === 1));
  return {
    frame,
    ticks: scale.ticks,
    stacks: parts.flatMap(({ stacked }) => (stacked === null ? [] : [stacked])),
    lines: parts.flatMap(({ lines }) => lines),
    past: parts.flatMap(({ past }) => past),
    p95: parts.flatMap(({ p95 }) => p95),
  };
}

/** Where lines stand: with 8 of 2,000 buckets the dear part of a picture, and all but one are where they were when one is hidden. */
const keptRuns = keepLast<object, readonly AreaRun[]>(2);

function placeHalf(model: SeriesModel, half: Half, view: SeriesView, frame: Frame, hangs: boolean) {
  const sign = hangs ? -1 : 1;
  const shown = half.series.filter(({ key }) => !view.hidden.has(key));
  const isStack = view.kind !== 'lines';
  const compared = view.kind === 'share' ? [] : isStack ? [comparedOf(half, shown)] : shown;
  const levels = !view.p95 || view.kind === 'share' ? [] : isStack ? stackLevels(half, shown) : shown;
  const nameOf = (line: ExploreLine) => (isStack ? null : line.key);
  return {
    stacked: isStack ? stackOf(model, half, view, frame, hangs) : null,
    lines: isStack
      ? []
      : shown.map(
          (line): PlacedLine => ({
            key: line.key,
            colors: line.colors,
            runs: keptRuns(line, [model.buckets, sign, frameKey(frame)], () =>
              runsOf(model.buckets, signed(drawnValues(line, model.buckets), sign), frame),
            ),
          }),
        ),
    past: compared.map(
      (line): PlacedLine => ({
        key: nameOf(line),
        colors: isStack ? null : line.colors,
        runs: keptRuns(line.past, [sign, frameKey(frame)], () => pastRuns(line.past, sign, frame)),
      }),
    ),
    p95: levels.flatMap((line): PlacedLevel[] => {
      const { p95 } = line.statistics;
      if (p95 === null) return [];
      const colors = line === half.total ? null : line.colors;
      return [{ key: nameOf(line), colors, y: yOf(frame, p95 * sign), value: p95 }];
    }),
  };
}

/** Sums of the compared range that were worked out, by what was hidden: each drawing of one picture asks for the same. */
const keptSums = keepLast<object, ExploreLine>(1);

/** What is compared with a stack: the same series in the other range, so that what is hidden is hidden in both. */
function comparedOf(half: Half, shown: readonly ExploreLine[]): ExploreLine {
  if (shown.length === half.series.length) return half.total;
  return keptSums(half.total, [shown.map(({ key }) => key).join(' ')], () => ({
    ...half.total,
    past: half.total.past.map((point, i) => {
      const values = shown.flatMap(({ past }) => past[i]?.value ?? []);
      return { ...point, value: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) };
    }),
  }));
}

/** A 95th percentile of some series is no sum and is not known: it is drawn of all of them or not at all. */
function stackLevels(half: Half, shown: readonly ExploreLine[]): readonly ExploreLine[] {
  return shown.length === half.series.length ? [half.total] : [];
}

function stackOf(
  model: SeriesModel,
  half: Half,
  view: SeriesView,
  frame: Frame,
  hangs: boolean,
): PlacedStack {
  const { buckets } = model;
  const up = stack({ ...half, buckets }, view.hidden, view.kind === 'share');
  // Below the line the outermost layer comes first: again from the bottom of the canvas upwards.
  const layers = hangs
    ? up
        .map(({ key, lower, upper }) => ({ key, lower: signed(upper, -1), upper: signed(lower, -1) }))
        .reverse()
    : up;
  return { hangs, layers, placed: placeLayers({ buckets, series: half.series }, layers, frame) };
}

/** Values of a line as far as they are drawn: what is still arriving would show a fall that did not happen. */
function drawnValues({ values }: ExploreLine, buckets: readonly Bucket[]): (number | null)[] {
  return values.map((value, i) => (buckets[i]?.state === 'arriving' ? null : value));
}

const keptExtremes = keepLast<object, readonly number[]>(1);

/** The greatest value, and the least above zero, where a logarithmic axis begins. */
function extremes(values: readonly (number | null)[]): number[] {
  let most: number | null = null;
  let least: number | null = null;
  for (const value of values) {
    if (value === null) continue;
    if (most === null || value > most) most = value;
    if (value > 0 && (least === null || value < least)) least = value;
  }
  return [most, least].filter((value) => value !== null);
}

/** The values that the value axis goes by. */
function valuesDrawn(half: Half | undefined, buckets: readonly Bucket[], view: SeriesView): number[] {
  if (half === undefined) return [];
  const shown = half.series.filter(({ key }) => !view.hidden.has(key));
  const isStack = view.kind !== 'lines';
  const lines = isStack ? [comparedOf(half, shown)] : shown;
  const levelled = isStack ? stackLevels(half, shown) : shown;
  const levels = view.p95 ? levelled.flatMap(({ statistics }) => statistics.p95 ?? []) : [];
  const past = lines.flatMap((line) =>
    keptExtremes(line.past, [], () => extremes(line.past.map(({ value }) => value))),
  );
  const now = isStack
    ? [greatestSum(shown, buckets)]
    : shown.flatMap((line) => keptExtremes(line, [buckets], () => extremes(drawnValues(line, buckets))));
  return [...now, ...past, ...levels];
}

/** The highest edge of a stack, without the stack. */
function greatestSum(shown: readonly ExploreLine[], buckets: readonly Bucket[]): number {
  let most = 0;
  for (const [i, { state }] of buckets.entries()) {
    let sum = 0;
    for (const { values } of shown) sum += values[i] ?? 0;
    if (state !== 'arriving') most = Math.max(most, sum);
  }
  return most;
}

function runsOf(
  buckets: Parameters<typeof areaRuns>[0],
  values: readonly (number | null)[],
  frame: Frame,
): readonly AreaRun[] {
  return areaRuns(buckets, { key: '', upper: values, lower: values }, frame);
}

/** Only what lies within the frame: ranges of months differ in length. */
function pastRuns(past: readonly PastPoint[], sign: number, frame: Frame): readonly AreaRun[] {
  const inside = past.filter(({ from, to }) => to > frame.from && from < frame.to);
  // Most lie whole within it and stay as they are: all are placed anew when the axis changes.
  const buckets = inside.map((point) => {
    const from = Math.max(point.from, frame.from);
    const to = Math.min(point.to, frame.to);
    return from === point.from && to === point.to ? point : { from, to };
  });
  return runsOf(
    buckets,
    signed(
      inside.map(({ value }) => value),
      sign,
    ),
    frame,
  );
}

function signed(values: readonly (number | null)[], sign: number): readonly (number | null)[] {
  return sign === 1 ? values : values.map((value) => (value === null ? null : value * sign));
}

/** A line is taken from this many pixels away. */
const REACH = 14;

/** The series below a point of the canvas, or null. */
export function seriesAt(
  places: SeriesPlaces,
  index: number,
  x: number,
  y: number,
  value: number,
): string | null {
  for (const { layers } of places.stacks) {
    const key = layerAt(layers, index, value);
    if (key !== null) return key;
  }
  let nearest: { key: string | null; away: number } = { key: null, away: REACH };
  for (const { key, runs } of places.lines) {
    const at = heightAt(runs, x);
    const away = at === null ? REACH : Math.abs(at - y);
    if (away < nearest.away) nearest = { key, away };
  }
  return nearest.key;
}

/** Where a line stands at a pixel's column. */
function heightAt(runs: readonly AreaRun[], x: number): number | null {
  for (const { upper } of runs) {
    const after = upper.findIndex(([at]) => at >= x);
    const b = upper[after];
    if (b === undefined || (upper[0]?.[0] ?? 0) > x) continue;
    const a = upper[after - 1] ?? b;
    return b[0] === a[0] ? b[1] : a[1] + ((x - a[0]) / (b[0] - a[0])) * (b[1] - a[1]);
  }
  return null;
}
