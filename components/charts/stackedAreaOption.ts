import {
  type AreaRun,
  areaRuns,
  type Frame,
  labelPlace,
  meanThickness,
  outline,
  xOf,
} from '@/lib/charts/areaShapes';
import { mix } from '@/lib/charts/color';
import { formatUnder, prefixFor, THIN_SPACE, unitUnder } from '@/lib/charts/format';
import { ground, inkOn, networkTypeColor, type Theme } from '@/lib/charts/palette';
import { highest, type Layer, type StackedAreaModel } from '@/lib/charts/prepareStackedArea';
import { timeTicks, valueTicks } from '@/lib/charts/ticks';
import type { ChartOption, ChartSize } from './EChart';

/** Room around the plot for the ticks. The overlay uses the same numbers, so that pixels and instants agree. */
export const PLOT_MARGIN = { left: 46, right: 2, top: 22, bottom: 26 } as const;

export function plotFrame(size: ChartSize, model: StackedAreaModel, top: number): Frame {
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
  /** key of the series that stands out; the others are greyed */
  readonly lifted: string | null;
  /** the family that labels are drawn in; canvas knows no inherited font */
  readonly font: string;
}

/** The ticks of the value axis for a stack: shares end at 100 %. */
export function stackTicks(layers: readonly Layer[], asShare: boolean): number[] {
  return asShare ? [0, 0.25, 0.5, 0.75, 1] : valueTicks(highest(layers));
}

type Shape = Record<string, unknown>;

/** Everything of the stacked area that the chart draws, for a size of canvas. Decides looks, never numbers. */
export function stackedAreaOption(
  model: StackedAreaModel,
  layers: readonly Layer[],
  look: StackedAreaLook,
  size: ChartSize,
): ChartOption {
  const ticks = stackTicks(layers, look.asShare);
  const top = ticks.at(-1) ?? 1;
  const frame = plotFrame(size, model, top);
  const ink = ground[look.theme];
  const instants = timeTicks(model.from, model.to, look.zone, Math.floor(frame.width / 84));
  const custom = (z: number, shapes: () => Shape[]): Shape => ({
    type: 'custom',
    coordinateSystem: 'none',
    silent: true,
    clip: false,
    z,
    data: [0],
    renderItem: () => ({ type: 'group', children: shapes() }),
  });
  return {
    animation: false,
    series: [
      custom(1, () => [
        ...gridLines(ticks, frame, ink),
        baseline(frame, ink.lineStrong),
        ...gapShapes(model, frame, look.theme),
        ...instantLines(instants, frame, ink, look.font),
        ...valueLabels(ticks, frame, model, look),
      ]),
      custom(2, () => areaShapes(model, layers, look, frame)),
    ],
  };
}

function gridLines(ticks: readonly number[], frame: Frame, ink: { line: string }): Shape[] {
  return ticks.slice(1).map((tick) => {
    const y = Math.round(frame.y + frame.height * (1 - tick / frame.top)) + 0.5;
    return line(frame.x, y, frame.x + frame.width, y, { stroke: ink.line, lineWidth: 1 });
  });
}

function baseline(frame: Frame, color: string): Shape {
  const y = Math.round(frame.y + frame.height) + 0.5;
  return line(frame.x, y, frame.x + frame.width, y, { stroke: color, lineWidth: 1 });
}

/** Unit once, on the top tick. */
function valueLabels(
  ticks: readonly number[],
  frame: Frame,
  model: StackedAreaModel,
  { theme, asShare, font }: StackedAreaLook,
): Shape[] {
  const prefix = prefixFor(frame.top);
  const decimals = ticks.some((tick) => !Number.isInteger(Number((tick / 1000 ** prefix).toPrecision(6))));
  return ticks.map((tick, i) => {
    const last = i === ticks.length - 1;
    const value = tick / 1000 ** prefix;
    const digits = asShare
      ? String(tick * 100)
      : tick === 0
        ? '0'
        : decimals
          ? trimmed(value)
          : String(Math.round(value));
    const unit = asShare ? '%' : unitUnder(prefix, model.quantity);
    const y = frame.y + frame.height * (1 - tick / frame.top);
    return last
      ? text(
          `${digits}${THIN_SPACE}${unit}`,
          0,
          y - 12,
          { fill: ground[theme].muted, font: `12px ${font}` },
          'left',
        )
      : text(digits, frame.x - 8, y, { fill: ground[theme].muted, font: `12px ${font}` }, 'right');
  });
}

function trimmed(value: number): string {
  return value >= 100 ? String(Math.round(value)) : formatUnder(value, 0).replace(/\.?0+$/, '');
}

function instantLines(
  ticks: ReturnType<typeof timeTicks>,
  frame: Frame,
  ink: { line: string; lineStrong: string; muted: string; text: string },
  font: string,
): Shape[] {
  const bottom = frame.y + frame.height;
  return ticks.flatMap((tick) => {
    const exact = xOf(frame, tick.at);
    const x = Math.round(exact) + (exact >= frame.x + frame.width - 1 ? -0.5 : 0.5);
    const half = tick.label.length * 3.4;
    const room = Math.min(
      Math.max(x, frame.x + (half > 20 ? half - 14 : half - 6)),
      frame.x + frame.width - half,
    );
    const style = {
      fill: tick.strong ? ink.text : ink.muted,
      font: `${tick.strong ? 500 : 400} 12px ${font}`,
    };
    return [
      ...(tick.strong ? [line(x, frame.y, x, bottom, { stroke: ink.lineStrong, lineWidth: 1 })] : []),
      line(x, bottom, x, bottom + 4, { stroke: ink.lineStrong, lineWidth: 1 }),
      text(tick.label, room, bottom + 14, style, 'center'),
    ];
  });
}

function gapShapes(model: StackedAreaModel, frame: Frame, theme: Theme): Shape[] {
  const image = hatchImage(theme);
  return model.gaps.map((gap) => {
    const x = xOf(frame, gap.from);
    return {
      type: 'rect',
      shape: { x, y: frame.y, width: Math.max(1, xOf(frame, gap.to) - x), height: frame.height },
      style: { fill: { image, repeat: 'repeat' } },
    };
  });
}

/** A tile of light diagonal lines that joins at its edges. */
function hatchImage(theme: Theme): HTMLCanvasElement {
  const tile = document.createElement('canvas');
  const side = 8;
  tile.width = side;
  tile.height = side;
  const pen = tile.getContext('2d');
  if (pen) {
    pen.strokeStyle = ground[theme].lineStrong;
    pen.lineWidth = 1;
    pen.beginPath();
    for (const shift of [-side, 0, side]) {
      pen.moveTo(shift - 1, side + 1);
      pen.lineTo(shift + side + 1, -1);
    }
    pen.stroke();
  }
  return tile;
}

/** How much of its colour an area keeps while partial or provisional. */
const PALE = 0.5;

function areaShapes(
  model: StackedAreaModel,
  layers: readonly Layer[],
  look: StackedAreaLook,
  frame: Frame,
): Shape[] {
  const ink = ground[look.theme];
  const drawn = layers.map((layer) => {
    const runs = areaRuns(model.buckets, layer, frame);
    const own = networkTypeColor(layer.key, look.theme);
    const color = look.lifted === null || look.lifted === layer.key ? own : mix(ink.muted, ink.surface, 0.28);
    return { key: layer.key, runs, color, thickness: meanThickness(runs) };
  });
  const fills = drawn.flatMap(({ runs, color }) =>
    runs.flatMap((run): Shape[] => {
      const area = {
        type: 'polygon',
        shape: { points: outline(run) },
        style: { fill: run.pale ? mix(color, ink.surface, PALE) : color },
      };
      const edge = { stroke: color, lineWidth: 1, lineDash: [2, 2], fill: 'none' };
      return run.pale ? [area, { type: 'polyline', shape: { points: run.upper }, style: edge }] : [area];
    }),
  );
  // A hairline between neighbours, in the colour of the surface, where both are thick enough to spare it.
  const hairlines = drawn.slice(0, -1).flatMap(({ runs, thickness }, i) =>
    thickness >= 3 && (drawn[i + 1]?.thickness ?? 0) >= 3
      ? runs.map((run) => ({
          type: 'polyline',
          shape: { points: run.upper },
          style: { stroke: ink.surface, lineWidth: 1, fill: 'none' },
        }))
      : [],
  );
  return [
    ...fills,
    ...hairlines,
    ...zeroLines(drawn.at(-1)?.runs ?? [], frame, ink.muted),
    ...names(drawn, look),
  ];
}

/** Where nothing flows at all the baseline itself is the value: drawn as a line, so that it differs from a gap. */
function zeroLines(topRuns: readonly AreaRun[], frame: Frame, color: string): Shape[] {
  const base = frame.y + frame.height;
  const shapes: Shape[] = [];
  for (const run of topRuns) {
    let start: number | null = null;
    for (const [i, [x, y]] of run.upper.entries()) {
      const zero = y >= base - 0.01;
      if (zero && start === null) start = x;
      const ends = !zero || i === run.upper.length - 1;
      if (start !== null && ends) {
        if (x > start) shapes.push(line(start, base - 1, x, base - 1, { stroke: color, lineWidth: 2 }));
        start = null;
      }
    }
  }
  return shapes;
}

interface DrawnLayer {
  readonly key: string;
  readonly runs: readonly AreaRun[];
  readonly color: string;
}

/** Names inside the areas that are wide enough, so that colour is never alone. */
function names(drawn: readonly DrawnLayer[], look: StackedAreaLook): Shape[] {
  return drawn.flatMap(({ key, runs, color }) => {
    const place = labelPlace(runs, key, key.length * 6.8 + 16, 22);
    if (!place) return [];
    return [text(key, place.x, place.y, { fill: inkOn(color), font: `500 12px ${look.font}` }, 'center')];
  });
}

function line(x1: number, y1: number, x2: number, y2: number, style: Shape): Shape {
  return { type: 'line', shape: { x1, y1, x2, y2 }, style };
}

function text(
  content: string,
  x: number,
  y: number,
  style: Shape,
  align: 'left' | 'center' | 'right',
): Shape {
  return { type: 'text', style: { text: content, x, y, align, verticalAlign: 'middle', ...style } };
}
