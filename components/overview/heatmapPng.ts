import { answerPng } from '@/components/charts/answerPng';
import { heatmapPicture } from '@/components/charts/heatmapPicture';
import type { Theme } from '@/lib/charts/palette';
import type { HeatmapModel } from '@/lib/charts/prepareHeatmap';
import type { Meta } from '@/lib/flows/contracts/envelope';

/** The Overview's heatmap as a file. */
export function heatmapPng({
  model,
  subtitle,
  ...input
}: {
  model: HeatmapModel;
  title: string;
  subtitle: string;
  meta: Meta;
  theme: Theme;
}): Promise<Blob> {
  return answerPng({
    ...input,
    subtitle: `${subtitle} \u00b7 ${input.meta.zone}`,
    paint: (theme, font) => heatmapPicture(model, theme, font),
  });
}
