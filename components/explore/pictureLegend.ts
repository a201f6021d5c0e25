import type { PictureRow } from '@/components/charts/composePng';
import { shortWidth } from '@/components/charts/legendParts';
import { formatShare, formatValue } from '@/lib/charts/format';
import type { Theme } from '@/lib/charts/palette';
import type { ExploreLine, SeriesModel } from '@/lib/charts/prepareSeries';

/**
 * The legend of a saved picture over time, its heads first: figures with the width that each is taken over, as on the page.
 * @param bucket width of a drawn bucket in words; null = the range is one
 */
export function pictureLegend(
  model: SeriesModel,
  hidden: ReadonlySet<string>,
  bucket: string | null,
  theme: Theme,
): PictureRow[] {
  const columns = columnsOf(model, bucket === null ? 'range' : shortWidth(bucket));
  return [
    { color: null, cells: ['', ...columns.map(({ head }) => head)] },
    ...model.halves.flatMap(({ direction, series, total }) => {
      const way = model.halves.length > 1 ? ` ${direction}` : '';
      const shown = series.filter(({ key }) => !hidden.has(key));
      return [
        ...(model.by.length > 0 ? [{ color: null, cells: figures('Total', total, columns, way) }] : []),
        ...(model.stacks ? shown.toReversed() : shown).map((line) => ({
          color: line.colors[theme],
          cells: figures(line.label, line, columns, way),
        })),
      ];
    }),
  ];
}

/** Letters that fit beside the figures. */
const LONGEST_NAME = 34;

interface FigureColumn {
  readonly head: string;
  text(line: ExploreLine): string;
}

/** Figures that the measure has: what does not add up has no mean, no share and no 95th percentile. */
function columnsOf(model: SeriesModel, bucket: string): FigureColumn[] {
  const lines = model.halves.flatMap(({ series, total }) => [...series, total]);
  const figure = (head: string, key: 'last' | 'mean' | 'p95' | 'max'): FigureColumn[] =>
    lines.every(({ statistics }) => statistics[key] === null)
      ? []
      : // The line below the title says that it is by address.
        [
          {
            head,
            text: ({ statistics }) => formatValue(statistics[key], model.quantity).replace('/address', ''),
          },
        ];
  return [
    ...figure(`Last of ${bucket}`, 'last'),
    ...figure(`Mean of ${model.p95Of === null ? bucket : 'range'}`, 'mean'),
    ...figure(`p95 of ${model.p95Of === 'p95 of hourly means' ? '1\u2009h' : '5\u2009min'}`, 'p95'),
    ...figure(`Max of ${bucket}`, 'max'),
    ...(model.stacks
      ? [{ head: 'Share', text: (line: ExploreLine) => formatShare(line.statistics.share) }]
      : []),
    ...(model.measure === 'uniqueness'
      ? [{ head: 'Whole range', text: (line: ExploreLine) => formatValue(line.addresses, 'count') }]
      : []),
  ];
}

/** @param way what must not be cut from the name: its direction */
function figures(name: string, line: ExploreLine, columns: readonly FigureColumn[], way: string): string[] {
  const room = LONGEST_NAME - way.length;
  const short = name.length > room ? `${name.slice(0, room - 1)}\u2026` : name;
  return [`${short}${way}`, ...columns.map(({ text }) => text(line))];
}
