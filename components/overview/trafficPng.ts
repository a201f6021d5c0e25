import { composePng } from '@/components/charts/composePng';
import { paint } from '@/components/charts/paint';
import { formatShare, formatValue } from '@/lib/charts/format';
import type { Theme } from '@/lib/charts/palette';
import { pictureSource } from '@/lib/charts/pictureSource';
import { type AreaSeries, type StackedAreaModel, stack } from '@/lib/charts/prepareStackedArea';
import { placeStackedArea, stackedAreaShapes } from '@/lib/charts/stackedAreaShapes';
import { rangeText } from '@/lib/charts/timeText';
import type { Meta } from '@/lib/flows/contracts/envelope';
import type { Filters } from '@/lib/flows/filter/filter';

/** One size for every screen, so that pictures in a report match. CSS pixels; the file has twice as many. */
const SIZE = { width: 1120, height: 400 } as const;

/** The stacked area as a picture that can stand alone: title, unit, range, legend with figures, source. */
export function trafficPng(input: {
  title: string;
  subtitle: string;
  filters: Filters;
  model: StackedAreaModel;
  meta: Meta;
  hidden: ReadonlySet<string>;
  asShare: boolean;
  theme: Theme;
}): Promise<Blob> {
  const { model, meta, theme } = input;
  const font = getComputedStyle(document.body).fontFamily;
  const layers = stack(model, input.hidden, input.asShare);
  const look = { theme, zone: meta.zone, asShare: input.asShare, lifted: null };
  const image = document.createElement('canvas');
  const places = placeStackedArea(model, layers, input.asShare, SIZE);
  paint(image, stackedAreaShapes(model, places, look), SIZE, 2, font);
  const row = (series: AreaSeries): string[] => [
    series.key,
    formatValue(series.statistics.last, model.quantity),
    formatValue(series.statistics.mean, model.quantity),
    formatValue(series.statistics.p95, model.quantity),
    formatValue(series.statistics.max, model.quantity),
    formatShare(series.statistics.share),
  ];
  const width =
    meta.bucket === null ? '' : `of ${meta.bucket.replace('minute', 'min').replace('mins', 'min')}`;
  const shown = model.series.filter((series) => !input.hidden.has(series.key)).toReversed();
  return composePng({
    title: input.title,
    subtitle: `${input.subtitle} · ${rangeText(meta.from, meta.to, meta.zone)}`,
    filters: input.filters,
    source: pictureSource(meta),
    body: { image, ...SIZE },
    legend: [
      { color: null, cells: ['Type', `Last ${width}`, 'Mean', 'p95 of 5 min', `Max ${width}`, 'Share'] },
      { color: null, cells: row(model.total) },
      ...shown.map((series) => ({ color: series.colors[theme], cells: row(series) })),
    ],
    theme,
    font,
  });
}
