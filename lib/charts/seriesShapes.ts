import type { Frame, Point } from './areaShapes';
import { axisShapes, line, text, zeroY } from './axisShapes';
import { mix } from './color';
import { formatValue } from './format';
import { ground, type Theme } from './palette';
import type { PlacedLevel, PlacedLine, SeriesPlaces, SeriesView } from './placeSeries';
import type { SeriesModel } from './prepareSeries';
import type { Shape } from './shapes';
import { areas } from './stackedAreaShapes';

export interface SeriesLook {
  readonly theme: Theme;
  readonly zone: string;
  /** key of the series that stands out; the others are grayed */
  readonly lifted: string | null;
  /** writes the names of series into their areas, and of directions beside them */
  readonly names: boolean;
}

/** Everything of a picture over time that stands on the canvas, back to front. Decides looks, never numbers. */
export function seriesShapes(
  model: SeriesModel,
  places: SeriesPlaces,
  view: Pick<SeriesView, 'kind'>,
  look: SeriesLook,
): Shape[] {
  const { frame, ticks } = places;
  const { theme, zone } = look;
  const asShare = view.kind === 'share';
  return [
    ...axisShapes(model, ticks, frame, { theme, zone, quantity: model.quantity, asShare }),
    ...places.stacks.flatMap(({ placed, hangs }) =>
      areas(
        look.names ? placed : placed.map((layer) => ({ ...layer, label: null })),
        frame,
        look,
        model.buckets.length,
        hangs,
      ),
    ),
    ...places.past.flatMap((each) => pastShapes(each, look)),
    ...lineShapes(places.lines, look),
    ...levelShapes(places.p95, frame, model, look),
    ...(model.halves.length > 1 ? [zeroRule(frame, look)] : []),
    ...(model.halves.length > 1 && look.names ? directionNames(model, frame, look) : []),
  ];
}

/** Browsers paint a line of one pixel about six times as fast as a wider one. */
const HAIRLINE = 1;

/** More points than pixels: a wider line would be a smear, too. */
function isDense(points: readonly Point[]): boolean {
  return points.length > (points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0);
}

function ofSeries(key: string | null): Pick<Shape, 'of'> {
  return key === null ? {} : { of: [key] };
}

/** The lifted line last, so that nothing crosses it. */
function lineShapes(lines: readonly PlacedLine[], { theme, lifted }: SeriesLook): Shape[] {
  const ink = ground[theme];
  const faded = mix(ink.muted, ink.surface, 0.28);
  const ordered = [
    ...lines.filter(({ key }) => key !== lifted),
    ...lines.filter(({ key }) => lifted !== null && key === lifted),
  ];
  return ordered.flatMap(({ key, colors, runs }) => {
    const isFaded = lifted !== null && key !== lifted;
    const stroke = isFaded ? faded : (colors?.[theme] ?? ink.text);
    const of = ofSeries(key);
    return runs.map(({ pale, upper }): Shape => {
      const width = key !== null && key === lifted ? 2.5 : isDense(upper) ? HAIRLINE : 1.5;
      return pale
        ? { kind: 'line', points: upper, stroke, width, dash: [2, 2], ...of }
        : { kind: 'line', points: upper, stroke, width, ...of };
    });
  });
}

/** The range that is compared: dashed and paler, never a second stack. */
function pastShapes({ key, colors, runs }: PlacedLine, { theme, lifted }: SeriesLook): Shape[] {
  const ink = ground[theme];
  if (key !== null && lifted !== null && key !== lifted) return [];
  const stroke = colors === null ? mix(ink.text, ink.surface, 0.75) : mix(colors[theme], ink.surface, 0.6);
  return runs.map(
    ({ upper }): Shape => ({
      kind: 'line',
      points: upper,
      stroke,
      width: HAIRLINE,
      dash: [5, 4],
      ...ofSeries(key),
    }),
  );
}

/** Rough width of a letter at 12 px; a label's ground may be a little wide. */
const LETTER = 6.4;

function levelShapes(
  levels: readonly PlacedLevel[],
  frame: Frame,
  model: SeriesModel,
  { theme, lifted }: SeriesLook,
): Shape[] {
  const ink = ground[theme];
  const shown = levels.filter(({ key }) => key === null || lifted === null || key === lifted);
  return shown.flatMap(({ key, colors, y, value }): Shape[] => {
    const of = ofSeries(key);
    const color = colors?.[theme] ?? ink.text;
    const level = Math.round(y) + 0.5;
    const rule: Shape = {
      ...(line(frame.x, level, frame.x + frame.width, level, color) as Extract<Shape, { kind: 'line' }>),
      dash: [1, 3],
      width: 1.25,
      ...of,
    };
    // With many of them the labels would stand on one another; the legend holds the figures.
    if (shown.length > 2) return [rule];
    const words = `p95 ${formatValue(value, model.quantity)}`;
    const right = frame.x + frame.width - 4;
    const hangs = y > zeroY(frame);
    const isUp = hangs ? y + 20 > frame.y + frame.height : y - 20 > frame.y;
    const middle = isUp ? y - 10 : y + 11;
    return [
      rule,
      { ...plate(right - words.length * LETTER - 4, middle, words.length * LETTER + 8, ink.surface), ...of },
      { ...text(words, right, middle, ink.text, 'right', 500), ...of },
    ];
  });
}

/** The ground of a label that stands upon areas. */
function plate(x: number, middle: number, width: number, fill: string): Shape {
  const edge = (y: number): Point[] => [
    [x, y],
    [x + width, y],
  ];
  return { kind: 'area', upper: edge(middle - 8), lower: edge(middle + 8), fill };
}

/** Between ingress and egress, over the areas that meet there. */
function zeroRule(frame: Frame, { theme }: SeriesLook): Shape {
  const y = Math.round(zeroY(frame)) + 0.5;
  return line(frame.x, y, frame.x + frame.width, y, ground[theme].text);
}

function directionNames(model: SeriesModel, frame: Frame, { theme }: SeriesLook): Shape[] {
  const ink = ground[theme];
  return model.halves.flatMap(({ direction }, i) => {
    const name = direction === 'ingress' ? 'Ingress \u2191' : 'Egress \u2193';
    const middle = i === 0 ? frame.y + 10 : frame.y + frame.height - 10;
    return [
      plate(frame.x + 2, middle, name.length * LETTER + 8, ink.surface),
      text(name, frame.x + 6, middle, ink.text, 'left', 500),
    ];
  });
}
