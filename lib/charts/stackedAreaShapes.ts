import {
  type AreaLabel,
  type AreaRun,
  areaRuns,
  drawsSteps,
  type Frame,
  frameKey,
  labelPlace,
  meanThickness,
  type Point,
} from './areaShapes';
import { axisShapes, line, PLOT_MARGIN, text, zeroY } from './axisShapes';
import { otherColor, type ThemeColors } from './categories';
import { mix } from './color';
import { keepLast } from './keepLast';
import { ground, inkOn, type Theme } from './palette';
import { highest, type Layer, type StackedAreaModel } from './prepareStackedArea';
import type { Shape, Size } from './shapes';
import { topOf, valueTicks } from './ticks';

/** The plot on a canvas of a size, from zero to `top`. */
export function plotFrame(
  size: Size,
  model: { from: number; to: number; buckets: readonly unknown[] },
  top: number,
): Frame {
  return {
    x: PLOT_MARGIN.left,
    y: PLOT_MARGIN.top,
    width: Math.max(1, size.width - PLOT_MARGIN.left - PLOT_MARGIN.right),
    height: Math.max(1, size.height - PLOT_MARGIN.top - PLOT_MARGIN.bottom),
    from: model.from,
    to: model.to,
    top,
    steps: drawsSteps(model.buckets.length),
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

/** Where one layer stands: everything that does not depend on colors, and is worth keeping while they change. */
export interface PlacedLayer {
  readonly key: string;
  readonly colors: ThemeColors;
  readonly runs: readonly AreaRun[];
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
  const frame = plotFrame(size, model, topOf(ticks));
  return { frame, ticks, layers: placeLayers(model, layers, frame) };
}

/** Layers, bottom first, where they stand in a frame. */
export function placeLayers(
  model: Pick<StackedAreaModel, 'buckets' | 'series'>,
  layers: readonly Layer[],
  frame: Frame,
): PlacedLayer[] {
  const byKey = new Map(model.series.map((series) => [series.key, series]));
  return layers.map((layer) => {
    const series = byKey.get(layer.key);
    const name = series?.label ?? layer.key;
    const colors = series?.colors ?? otherColor;
    return keptPlaces(layer, [model.buckets, name, colors, frameKey(frame)], () => {
      const runs = areaRuns(model.buckets, layer, frame);
      return {
        key: layer.key,
        colors,
        runs,
        thickness: meanThickness(runs),
        label: labelPlace(runs, name, name.length * 6.8 + 16, 19),
      };
    });
  });
}

const keptPlaces = keepLast<Layer, PlacedLayer>(2);

/** Everything of the stacked area that stands on the canvas, back to front. Decides looks, never numbers. */
export function stackedAreaShapes(
  model: StackedAreaModel,
  { ticks, frame, layers }: StackedAreaPlaces,
  look: StackedAreaLook,
): Shape[] {
  return [
    ...axisShapes(model, ticks, frame, { ...look, quantity: model.quantity }),
    ...areas(layers, frame, look, model.buckets.length),
  ];
}

/** Thinner ones take as long to draw, and nobody sees them. */
const LEAST_HAIRLINE = 0.05;

/** How much of its color an area keeps while partial or provisional. */
const PALE = 0.5;

/**
 * Layers of one stack, the lowest on the canvas first: areas, hairlines between them, names inside.
 * @param hangs from the zero line, as the lower half of a mirrored picture does
 */
export function areas(
  layers: readonly PlacedLayer[],
  frame: Frame,
  look: Pick<StackedAreaLook, 'theme' | 'lifted'>,
  bucketCount: number,
  hangs = false,
): Shape[] {
  const ink = ground[look.theme];
  const faded = mix(ink.muted, ink.surface, 0.28);
  const isFaded = (key: string): boolean => look.lifted !== null && look.lifted !== key;
  const colorOf = ({ key, colors }: PlacedLayer) => (isFaded(key) ? faded : colors[look.theme]);
  // All areas before any line, so that they are painted in one go.
  const fills = layers.flatMap((layer) => {
    const color = colorOf(layer);
    const pale = mix(color, ink.surface, PALE);
    return layer.runs.map(
      ({ upper, lower, ...run }): Shape => ({
        kind: 'area',
        upper,
        lower,
        fill: run.pale ? pale : color,
        of: [layer.key],
      }),
    );
  });
  const edges = layers.flatMap((layer) =>
    layer.runs
      .filter(({ pale }) => pale)
      .map(({ upper, lower }): Shape => {
        const points = hangs ? lower : upper;
        return { kind: 'line', points, stroke: colorOf(layer), width: 1, dash: [2, 2], of: [layer.key] };
      }),
  );
  // A hairline between neighbours, in the color of the surface, where both are thick enough to spare it. Where buckets are
  // narrower than two pixels, or the edges climb and fall steeply, a full pixel would open white gaps between the areas.
  const outer = outerEdges(layers, hangs);
  const narrow = Math.min(1, (frame.width / Math.max(1, bucketCount) / 2) ** 2);
  const hairline = narrow / Math.max(1, steepness(outer, frame.width));
  const hairlines = (hairline < LEAST_HAIRLINE ? [] : layers.slice(0, -1)).flatMap(
    ({ key, runs, thickness }, i) => {
      const next = layers[i + 1];
      const of = [key, next?.key ?? key];
      return thickness >= 3 && (next?.thickness ?? 0) >= 3
        ? runs.map(
            (run): Shape => ({ kind: 'line', points: run.upper, stroke: ink.surface, width: hairline, of }),
          )
        : [];
    },
  );
  // Names inside the areas that are wide enough, so that color is never alone.
  const names = layers.flatMap(({ key, colors, label }) => {
    if (!label) return [];
    const fill = isFaded(key) ? ink.muted : inkOn(colors[look.theme]);
    return [{ ...text(label.text, label.x, label.y, fill, 'center', 500), of: [key] }];
  });
  return [...fills, ...edges, ...hairlines, ...zeroLines(outer, frame, ink.muted), ...names];
}

/** The edge of a stack that is the sum of all. */
function outerEdges(layers: readonly PlacedLayer[], hangs: boolean): (readonly Point[])[] {
  return hangs
    ? (layers[0]?.runs ?? []).map(({ lower }) => lower)
    : (layers.at(-1)?.runs ?? []).map(({ upper }) => upper);
}

/** How many pixels the top edge climbs and falls for each pixel it goes to the right. */
function steepness(edges: readonly (readonly Point[])[], width: number): number {
  let travel = 0;
  for (const edge of edges) {
    for (const [i, point] of edge.entries()) travel += Math.abs(point[1] - (edge[i - 1]?.[1] ?? point[1]));
  }
  return travel / width;
}

/** Where nothing flows at all the baseline itself is the value: drawn as a line, so that it differs from a gap. */
function zeroLines(edges: readonly (readonly Point[])[], frame: Frame, stroke: string): Shape[] {
  const base = zeroY(frame);
  const shapes: Shape[] = [];
  for (const edge of edges) {
    let start: number | null = null;
    for (const [i, [x, y]] of edge.entries()) {
      const zero = Math.abs(y - base) < 0.01;
      if (zero && start === null) start = x;
      if (start === null || (zero && i < edge.length - 1)) continue;
      if (x > start) shapes.push(line(start, base - 1, x, base - 1, stroke, 2));
      start = null;
    }
  }
  return shapes;
}
