import {
  type AreaLabel,
  type AreaRun,
  areaRuns,
  type Frame,
  labelPlace,
  meanThickness,
  outline,
  type Point,
  xOf,
} from './areaShapes';
import { mix } from './color';
import { formatUnder, prefixFor, THIN_SPACE, unitUnder } from './format';
import { ground, inkOn, networkTypeColor, type Theme } from './palette';
import { highest, type Layer, type Span, type StackedAreaModel } from './prepareStackedArea';
import type { Shape, Size } from './shapes';
import { type TimeTick, timeTicks, valueTicks } from './ticks';

/** Room around the plot for the ticks. The overlay uses the same numbers, so that pixels and instants agree. */
export const PLOT_MARGIN = { left: 46, right: 2, top: 22, bottom: 26 } as const;

export function plotFrame(size: Size, model: StackedAreaModel, top: number): Frame {
  return {
    x: PLOT_MARGIN.left,
    y: PLOT_MARGIN.top,
    width: Math.max(1, size.width - PLOT_MARGIN.left - PLOT_MARGIN.right),
    height: Math.max(1, size.height - PLOT_MARGIN.top - PLOT_MARGIN.bottom),
    from: model.from,
    to: model.to,
    top,
  };
}

export interface StackedAreaLook {
  readonly theme: Theme;
  readonly zone: string;
  readonly asShare: boolean;
  /** key of the series that stands out; the others are grayed */
  readonly lifted: string | null;
}

/** The ticks of the value axis for a stack: shares end at 100 %. */
export function stackTicks(layers: readonly Layer[], asShare: boolean): number[] {
  return asShare ? [0, 0.25, 0.5, 0.75, 1] : valueTicks(highest(layers));
}

/** Pixels between two time labels, at least. */
const LABEL_DISTANCE = 6;
/** Pixels that a time label needs, with its neighbour's distance. */
const TICK_ROOM = 62;

/** Where one layer stands: everything that does not depend on colors, and is worth keeping while they change. */
interface PlacedLayer {
  readonly key: string;
  readonly runs: readonly AreaRun[];
  readonly outlines: readonly (readonly Point[])[];
  /** mean, in pixels */
  readonly thickness: number;
  readonly label: AreaLabel | null;
}

export interface StackedAreaPlaces {
  readonly frame: Frame;
  readonly ticks: readonly number[];
  readonly layers: readonly PlacedLayer[];
}

/** Places a stack on a canvas of a size: with 8 layers of 2,000 buckets the dear part of drawing, so it is done apart. */
export function placeStackedArea(
  model: StackedAreaModel,
  layers: readonly Layer[],
  asShare: boolean,
  size: Size,
): StackedAreaPlaces {
  const ticks = stackTicks(layers, asShare);
  const frame = plotFrame(size, model, ticks.at(-1) ?? 1);
  const placed = layers.map((layer): PlacedLayer => {
    const runs = areaRuns(model.buckets, layer, frame);
    return {
      key: layer.key,
      runs,
      outlines: runs.map(outline),
      thickness: meanThickness(runs),
      label: labelPlace(runs, layer.key, layer.key.length * 6.8 + 16, 19),
    };
  });
  return { frame, ticks, layers: placed };
}

/** Everything of the stacked area that stands on the canvas, back to front. Decides looks, never numbers. */
export function stackedAreaShapes(
  model: StackedAreaModel,
  places: StackedAreaPlaces,
  look: StackedAreaLook,
): Shape[] {
  const { ticks, frame } = places;
  const ink = ground[look.theme];
  const instants = timeTicks(model.from, model.to, look.zone, Math.floor(frame.width / TICK_ROOM));
  return [
    ...gridLines(ticks, frame, ink.line),
    baseline(frame, ink.lineStrong),
    ...model.gaps.map((gap): Shape => {
      const x = xOf(frame, gap.from);
      const width = Math.max(1, xOf(frame, gap.to) - x);
      return { kind: 'hatch', x, y: frame.y, width, height: frame.height, stroke: ink.lineStrong };
    }),
    ...model.arriving.flatMap((span) => arrivingShapes(span, frame, ink)),
    ...instantLines(instants, frame, ink),
    ...valueLabels(ticks, frame, model, look),
    ...areas(places, look, model.buckets.length),
  ];
}

/** Pixels that the words need; a narrower stretch is told by its tooltip alone. */
const ARRIVING_ROOM = 72;

/** What has begun to come in and would look like a fall: fine hatching behind a dotted line, and words where there is room. */
function arrivingShapes(span: Span, frame: Frame, ink: { line: string; muted: string }): Shape[] {
  const x = xOf(frame, span.from);
  const width = Math.max(1, xOf(frame, span.to) - x);
  const edge: Point[] = [
    [x, frame.y],
    [x, frame.y + frame.height],
  ];
  return [
    { kind: 'hatch', x, y: frame.y, width, height: frame.height, stroke: ink.line },
    { kind: 'line', points: edge, stroke: ink.muted, width: 1, dash: [2, 2] },
    ...(width >= ARRIVING_ROOM
      ? [text('still arriving', x + width / 2, frame.y + frame.height - 14, ink.muted, 'center')]
      : []),
  ];
}

function gridLines(ticks: readonly number[], frame: Frame, stroke: string): Shape[] {
  return ticks.slice(1).map((tick) => {
    const y = Math.round(frame.y + frame.height * (1 - tick / frame.top)) + 0.5;
    return line(frame.x, y, frame.x + frame.width, y, stroke);
  });
}

function baseline(frame: Frame, color: string): Shape {
  const y = Math.round(frame.y + frame.height) + 0.5;
  return line(frame.x, y, frame.x + frame.width, y, color);
}

/** Unit once, on the top tick. */
function valueLabels(
  ticks: readonly number[],
  frame: Frame,
  model: StackedAreaModel,
  { theme, asShare }: StackedAreaLook,
): Shape[] {
  const prefix = prefixFor(frame.top);
  const unit = asShare ? '%' : unitUnder(prefix, model.quantity);
  const fill = ground[theme].muted;
  return ticks.map((tick, i) => {
    const digits = asShare ? String(tick * 100) : tickText(tick / 1000 ** prefix);
    const y = frame.y + frame.height * (1 - tick / frame.top);
    const top = i === ticks.length - 1;
    return top
      ? text(`${digits}${THIN_SPACE}${unit}`, 0, y - 12, fill, 'left')
      : text(digits, frame.x - 8, y, fill, 'right');
  });
}

/** 0.25, 5, 100: what a round tick needs and nothing more. */
function tickText(value: number): string {
  if (value === 0) return '0';
  return value >= 100 ? String(Math.round(value)) : formatUnder(value, 0).replace(/\.?0+$/, '');
}

function instantLines(
  ticks: readonly TimeTick[],
  frame: Frame,
  ink: { lineStrong: string; muted: string; text: string },
): Shape[] {
  const bottom = frame.y + frame.height;
  const placed = ticks.map((tick) => {
    const exact = xOf(frame, tick.at);
    const x = Math.round(exact) + (exact >= frame.x + frame.width - 1 ? -0.5 : 0.5);
    const half = tick.label.length * 3.3;
    // A label at the edge steps inwards instead of being cut; on the left there is the room of the value labels.
    return { tick, x, half, at: Math.min(Math.max(x, half), frame.x + frame.width - half) };
  });
  const strong = placed.filter(({ tick }) => tick.strong);
  return placed.flatMap(({ tick, x, half, at }) => {
    // The name of a day that has stepped inwards may reach over the hour before it: the day stays.
    const crowded =
      !tick.strong && strong.some((day) => Math.abs(day.at - at) < day.half + half + LABEL_DISTANCE);
    return [
      ...(tick.strong ? [line(x, frame.y, x, bottom, ink.lineStrong)] : []),
      line(x, bottom, x, bottom + 4, ink.lineStrong),
      ...(crowded
        ? []
        : [
            text(
              tick.label,
              at,
              bottom + 14,
              tick.strong ? ink.text : ink.muted,
              'center',
              tick.strong ? 500 : 400,
            ),
          ]),
    ];
  });
}

/** How much of its color an area keeps while partial or provisional. */
const PALE = 0.5;

function areas({ layers, frame }: StackedAreaPlaces, look: StackedAreaLook, bucketCount: number): Shape[] {
  const ink = ground[look.theme];
  const faded = mix(ink.muted, ink.surface, 0.28);
  const isFaded = (key: string): boolean => look.lifted !== null && look.lifted !== key;
  const fills = layers.flatMap(({ key, runs, outlines }) => {
    const color = isFaded(key) ? faded : networkTypeColor(key, look.theme);
    const pale = mix(color, ink.surface, PALE);
    return runs.flatMap((run, i): Shape[] => {
      const points = outlines[i] ?? [];
      return run.pale
        ? [
            { kind: 'area', points, fill: pale },
            { kind: 'line', points: run.upper, stroke: color, width: 1, dash: [2, 2] },
          ]
        : [{ kind: 'area', points, fill: color }];
    });
  });
  // A hairline between neighbours, in the color of the surface, where both are thick enough to spare it. Where buckets are
  // narrower than two pixels, or the edges climb and fall steeply, a full pixel would open white gaps between the areas.
  const narrow = Math.min(1, (frame.width / Math.max(1, bucketCount) / 2) ** 2);
  const hairline = narrow / Math.max(1, steepness(layers.at(-1)?.runs ?? [], frame.width));
  const hairlines = layers
    .slice(0, -1)
    .flatMap(({ runs, thickness }, i) =>
      thickness >= 3 && (layers[i + 1]?.thickness ?? 0) >= 3
        ? runs.map(
            (run): Shape => ({ kind: 'line', points: run.upper, stroke: ink.surface, width: hairline }),
          )
        : [],
    );
  // Names inside the areas that are wide enough, so that color is never alone.
  const names = layers.flatMap(({ key, label }) => {
    if (!label) return [];
    const fill = isFaded(key) ? ink.muted : inkOn(networkTypeColor(key, look.theme));
    return [text(label.text, label.x, label.y, fill, 'center', 500)];
  });
  return [...fills, ...hairlines, ...zeroLines(layers.at(-1)?.runs ?? [], frame, ink.muted), ...names];
}

/** How many pixels the top edge climbs and falls for each pixel it goes to the right. */
function steepness(runs: readonly AreaRun[], width: number): number {
  let travel = 0;
  for (const { upper } of runs) {
    for (const [i, point] of upper.entries()) travel += Math.abs(point[1] - (upper[i - 1]?.[1] ?? point[1]));
  }
  return travel / width;
}

/** Where nothing flows at all the baseline itself is the value: drawn as a line, so that it differs from a gap. */
function zeroLines(topRuns: readonly AreaRun[], frame: Frame, stroke: string): Shape[] {
  const base = frame.y + frame.height;
  const shapes: Shape[] = [];
  for (const run of topRuns) {
    let start: number | null = null;
    for (const [i, [x, y]] of run.upper.entries()) {
      const zero = y >= base - 0.01;
      if (zero && start === null) start = x;
      if (start === null || (zero && i < run.upper.length - 1)) continue;
      if (x > start) shapes.push(line(start, base - 1, x, base - 1, stroke, 2));
      start = null;
    }
  }
  return shapes;
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1): Shape {
  const points: Point[] = [
    [x1, y1],
    [x2, y2],
  ];
  return { kind: 'line', points, stroke, width };
}

function text(
  content: string,
  x: number,
  y: number,
  fill: string,
  align: 'left' | 'center' | 'right',
  weight: 400 | 500 = 400,
): Shape {
  return { kind: 'text', text: content, x, y, fill, weight, align };
}
