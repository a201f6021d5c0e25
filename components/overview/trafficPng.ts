import { composePng, imageOf } from '@/components/charts/composePng';
import { formatShare, formatValue } from '@/lib/charts/format';
import { networkTypeColor, type Theme } from '@/lib/charts/palette';
import type { AreaSeries, StackedAreaModel } from '@/lib/charts/prepareStackedArea';
import { rangeText } from '@/lib/charts/timeText';
import type { Meta } from '@/lib/flows/contracts/envelope';

/** The stacked area as a picture that can stand alone: title, unit, range, legend with figures, source. */
export async function trafficPng(input: {
  picture: string;
  title: string;
  subtitle: string;
  model: StackedAreaModel;
  meta: Meta;
  hidden: ReadonlySet<string>;
  theme: Theme;
}): Promise<Blob> {
  const { model, meta, theme } = input;
  const image = await imageOf(input.picture);
  const row = (series: AreaSeries): string[] => [
    series.key,
    formatValue(series.statistics.last, model.quantity),
    formatValue(series.statistics.mean, model.quantity),
    formatValue(series.statistics.p95, model.quantity),
    formatValue(series.statistics.max, model.quantity),
    formatShare(series.statistics.share),
  ];
  const shown = model.series.filter((series) => !input.hidden.has(series.key)).toReversed();
  return composePng({
    title: input.title,
    subtitle: `${input.subtitle} · ${rangeText(meta.from, meta.to, meta.zone)}`,
    source: `Weir · ${meta.table} · taxonomy ${meta.taxonomyVersion} · ${meta.complete ? 'complete' : 'partly provisional or not fully covered'}`,
    body: { image, width: image.naturalWidth / 2, height: image.naturalHeight / 2 },
    legend: [
      { color: null, cells: ['Type', 'Last', 'Mean', 'p95', 'Max', 'Share'] },
      { color: null, cells: row(model.total) },
      ...shown.map((series) => ({ color: networkTypeColor(series.key, theme), cells: row(series) })),
    ],
    theme,
    font: getComputedStyle(document.body).fontFamily,
  });
}
