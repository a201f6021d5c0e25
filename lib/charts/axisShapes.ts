import { type Frame, type Point, xOf, yOf } from './areaShapes';
import type { Span } from './bucketStates';
import { formatUnder, prefixFor, type Quantity, THIN_SPACE, unitUnder } from './format';
import { ground, type Theme } from './palette';
import type { Shape } from './shapes';
import { type TimeTick, timeTicks } from './ticks';

/** Room around the plot for the ticks. The overlay uses the same numbers, so that pixels and instants agree. */
export const PLOT_MARGIN = { left: 46, right: 2, top: 22, bottom: 26 } as const;

/** Pixels between two time labels, at least. */
const LABEL_DISTANCE = 6;
/** Pixels that a time label needs, with its neighbour's distance. */
const TICK_ROOM = 62;

/** What stands behind every picture over time. */
export interface AxisLook {
  readonly theme: Theme;
  readonly zone: string;
  readonly quantity: Quantity;
  readonly asShare: boolean;
}

/** Grid, ground line, ticks, and what is missing or still arriving: back to front, for any picture over time. */
export function axisShapes(
  model: { from: number; to: number; gaps: readonly Span[]; arriving: readonly Span[] },
  ticks: readonly number[],
  frame: Frame,
  look: AxisLook,
): Shape[] {
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
    ...valueLabels(ticks, frame, look),
  ];
}

/** Where zero stands; on a logarithmic axis the lower edge. */
export function zeroY(frame: Frame): number {
  return frame.log ? frame.y + frame.height : yOf(frame, 0);
}

/** Pixels from which a stretch is seen for itself; a narrower one is told by its tooltip alone. */
const ARRIVING_ROOM = 24;

/** What has begun to come in and would look like a fall: fine hatching behind a dotted line, and words above, where no line runs. */
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
    ...(width >= ARRIVING_ROOM ? [text('still arriving', x + width, frame.y - 10, ink.muted, 'right')] : []),
  ];
}

function gridLines(ticks: readonly number[], frame: Frame, stroke: string): Shape[] {
  const drawn = ticks.filter((tick) => tick !== 0 && !(frame.log && tick === frame.bottom));
  return drawn.map((tick) => {
    const y = Math.round(yOf(frame, tick)) + 0.5;
    return line(frame.x, y, frame.x + frame.width, y, stroke);
  });
}

function baseline(frame: Frame, color: string): Shape {
  const y = Math.round(zeroY(frame)) + 0.5;
  return line(frame.x, y, frame.x + frame.width, y, color);
}

/** Unit once, on the top tick; of a picture with nothing above zero that is zero itself. */
function valueLabels(
  ticks: readonly number[],
  frame: Frame,
  { theme, asShare, quantity }: AxisLook,
): Shape[] {
  const fill = ground[theme].muted;
  return ticks.map((tick, i) => {
    const [digits, unit] = tickWords(tick, frame, asShare, quantity);
    const y = yOf(frame, tick);
    const isTop = i === ticks.length - 1;
    return isTop
      ? text(`${digits}${THIN_SPACE}${unit}`, 0, y - 12, fill, 'left')
      : text(digits, frame.x - 8, y, fill, 'right');
  });
}

/** Digits and unit of a tick. On a linear axis all have the prefix of the greatest; decades have their own: "10 k", "1 M". */
function tickWords(tick: number, frame: Frame, asShare: boolean, quantity: Quantity): [string, string] {
  if (asShare) return [String(Math.abs(tick) * 100), '%'];
  if (!frame.log) {
    const prefix = prefixFor(Math.max(frame.top, -(frame.bottom ?? 0)));
    return [tickText(Math.abs(tick) / 1000 ** prefix), unitUnder(prefix, quantity)];
  }
  const prefix = prefixFor(tick);
  const digits = tickText(tick / 1000 ** prefix);
  const letter = unitUnder(prefix, 'count');
  const isTop = tick === frame.top;
  return [
    isTop || letter === '' ? digits : `${digits}${THIN_SPACE}${letter}`,
    `${unitUnder(prefix, quantity)} (log)`,
  ];
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

export function line(x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1): Shape {
  const points: Point[] = [
    [x1, y1],
    [x2, y2],
  ];
  return { kind: 'line', points, stroke, width };
}

export function text(
  content: string,
  x: number,
  y: number,
  fill: string,
  align: 'left' | 'center' | 'right',
  weight: 400 | 500 = 400,
): Shape {
  return { kind: 'text', text: content, x, y, fill, weight, align };
}
