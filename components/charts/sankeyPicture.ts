import type { Theme } from '@/lib/charts/palette';
import type { SankeyModel } from '@/lib/charts/prepareSankey';
import { sankeySeries } from '@/lib/charts/sankeyLook';
import { chartImage } from './EChart';

const SIZE = { width: 1120, height: 480 } as const;

/** The Sankey on a canvas at 2x, for `composePng`. Import it when it is needed: it brings ECharts. */
export function sankeyPicture(
  model: SankeyModel,
  theme: Theme,
  font: string,
): { image: HTMLCanvasElement; width: number; height: number } {
  const image = chartImage({ series: [sankeySeries(model, theme, SIZE)] }, SIZE, font);
  return { image, ...SIZE };
}
