import type { ThemeColors } from './categories';
import { type SeriesView, scaleFor } from './placeSeries';
import type { ExploreLine, SeriesModel } from './prepareSeries';
import { logScale, type Scale } from './seriesScale';

/** One small picture. */
export interface Multiple {
  readonly key: string;
  readonly label: string;
  readonly colors: ThemeColors;
  readonly line: ExploreLine;
  readonly last: number | null;
  readonly p95: number | null;
  /** the series alone: its own total */
  readonly model: SeriesModel;
  readonly view: SeriesView;
  /** on a scale of its own, which is said beside it */
  readonly isApart: boolean;
}

/**
 * A picture for each series that is shown, heaviest first. Unless each has its own, all groups share one scale: the widest that any of them
 * needs; Other stands apart.
 * Mirrored, a series has both of its directions in one picture; its figures are then of the larger last value.
 */
export function multiplesOf(model: SeriesModel, view: SeriesView, own: boolean): Multiple[] {
  const keys = [...new Set(model.halves.flatMap(({ series }) => series.map(({ key }) => key)))];
  const shown = keys.filter((key) => !view.hidden.has(key));
  const alone = shown.flatMap((key): Multiple[] => {
    const lines = model.halves.map(({ series }) => series.find((line) => line.key === key));
    const [first] = lines.filter((line) => line !== undefined);
    if (first === undefined) return [];
    const most = (figure: 'last' | 'p95') =>
      lines.reduce<number | null>((max, line) => {
        const value = line?.statistics[figure] ?? null;
        return value === null ? max : Math.max(max ?? 0, value);
      }, null);
    const { label, colors } = first;
    return [
      {
        key,
        label,
        colors,
        line: first,
        last: most('last'),
        p95: most('p95'),
        model: only(model, lines),
        view,
        isApart: false,
      },
    ];
  });
  if (own) return alone.map((each) => ({ ...each, isApart: true }));
  const scale = sharedScale(alone.filter(isGroup).map((each) => scaleFor(each.model, view)));
  if (scale === null) return alone;
  return alone.map((each) =>
    isGroup(each) ? { ...each, view: { ...view, scale } } : { ...each, isApart: true },
  );
}

/** Other is mostly far heavier than any group, which would all lie flat beside it. */
function isGroup({ line }: Multiple): boolean {
  return line.keys !== null;
}

function only(model: SeriesModel, lines: readonly (ExploreLine | undefined)[]): SeriesModel {
  const halves = model.halves.flatMap((half, i) => {
    const line = lines[i];
    return line === undefined ? [] : [{ ...half, series: [line], total: line }];
  });
  return { ...model, halves };
}

/** The widest of several scales; of logarithmic ones from the least decade to the greatest. */
function sharedScale(all: readonly Scale[]): Scale | null {
  // A picture in which nothing is above zero needs no room, and its edge is of no value.
  const needed = all.filter(({ ticks }) => ticks.length > 1);
  const scales = needed.length > 0 ? needed : all.slice(0, 1);
  const [first] = scales;
  if (first === undefined || needed.length === 0) return first ?? null;
  const top = Math.max(...scales.map((scale) => scale.top));
  const bottom = Math.min(...scales.map((scale) => scale.bottom));
  if (scales.every(({ log }) => log)) return logScale([bottom, top]);
  const steps = scales.map(({ ticks }) => (ticks[1] ?? 1) - (ticks[0] ?? 0));
  const step = Math.max(...steps);
  const above = Math.ceil(top / step - 1e-9);
  const below = Math.ceil(-bottom / step - 1e-9);
  const ticks = Array.from({ length: above + below + 1 }, (_, i) =>
    Number(((i - below) * step).toPrecision(12)),
  );
  return { ticks, top: ticks.at(-1) ?? top, bottom: ticks[0] ?? bottom, log: false };
}
