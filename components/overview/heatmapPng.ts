import { composePng } from '@/components/charts/composePng';
import { heatmapPicture } from '@/components/charts/heatmapPicture';
import type { Theme } from '@/lib/charts/palette';
import type { HeatmapModel } from '@/lib/charts/prepareHeatmap';
import { rangeText } from '@/lib/charts/timeText';
import type { Meta } from '@/lib/flows/contracts/envelope';

/** The heatmap as a picture that can stand alone. */
export function heatmapPng(input: {
  model: HeatmapModel;
  title: string;
  subtitle: string;
  meta: Meta;
  theme: Theme;
}): Promise<Blob> {
  const { meta, theme } = input;
  const font = getComputedStyle(document.body).fontFamily;
  return composePng({
    title: input.title,
    subtitle: `${input.subtitle} · ${rangeText(meta.from, meta.to, meta.zone)} · ${meta.zone}`,
    source: `Weir · ${meta.table} · taxonomy ${meta.taxonomyVersion} · ${meta.complete ? 'complete' : 'partly provisional or not fully covered'}`,
    body: heatmapPicture(input.model, theme, font),
    legend: [],
    theme,
    font,
  });
}
