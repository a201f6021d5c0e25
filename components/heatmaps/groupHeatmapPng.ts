import { composePng } from '@/components/charts/composePng';
import { groupHeatmapPicture } from '@/components/charts/groupHeatmapPicture';
import type { Theme } from '@/lib/charts/palette';
import type { GroupHeatmapModel } from '@/lib/charts/prepareGroupHeatmap';
import { rangeText } from '@/lib/charts/timeText';
import type { Meta } from '@/lib/flows/contracts/envelope';

/** A heatmap of any two axes as a picture that can stand alone. */
export function groupHeatmapPng(input: {
  model: GroupHeatmapModel;
  title: string;
  subtitle: string;
  meta: Meta;
  theme: Theme;
}): Promise<Blob> {
  const { meta, theme } = input;
  const font = getComputedStyle(document.body).fontFamily;
  return composePng({
    title: input.title,
    subtitle: `${input.subtitle} · ${rangeText(meta.from, meta.to, meta.zone)}`,
    source: `Weir · ${meta.table} · taxonomy ${meta.taxonomyVersion} · ${meta.complete ? 'complete' : 'partly provisional or not fully covered'}`,
    body: groupHeatmapPicture(input.model, theme, font),
    legend: [],
    theme,
    font,
  });
}
