import { answerPng } from '@/components/charts/answerPng';
import { groupHeatmapPicture } from '@/components/charts/groupHeatmapPicture';
import type { Theme } from '@/lib/charts/palette';
import type { GroupHeatmapModel } from '@/lib/charts/prepareGroupHeatmap';
import type { Meta } from '@/lib/flows/contracts/envelope';
import type { Filters } from '@/lib/flows/filter/filter';

/** A heatmap of any two axes as a file. */
export function groupHeatmapPng({
  model,
  ...input
}: {
  model: GroupHeatmapModel;
  title: string;
  subtitle: string;
  filters: Filters;
  notes?: readonly string[];
  meta: Meta;
  theme: Theme;
}): Promise<Blob> {
  return answerPng({ ...input, paint: (theme, font) => groupHeatmapPicture(model, theme, font) });
}
