import { ground, type Theme } from '@/lib/charts/palette';
import type { SankeyModel } from '@/lib/charts/prepareSankey';
import { sankeyHeads, sankeySeries } from '@/lib/charts/sankeyLook';
import { chartImage } from './EChart';

const SIZE = { width: 1120, height: 480 } as const;
/** Room for the names of the columns. */
const HEADING = 26;

/** The Sankey on a canvas at 2x with the names of its columns, for `composePng`. Import it when it is needed: it brings ECharts. */
export function sankeyPicture(
  model: SankeyModel,
  theme: Theme,
  font: string,
): { image: HTMLCanvasElement; width: number; height: number } {
  const diagram = chartImage({ series: [sankeySeries(model, theme, SIZE)] }, SIZE, font);
  const whole = { width: SIZE.width, height: HEADING + SIZE.height };
  const image = document.createElement('canvas');
  image.width = whole.width * 2;
  image.height = whole.height * 2;
  const pen = image.getContext('2d');
  if (!pen) return { image: diagram, ...SIZE };
  pen.scale(2, 2);
  pen.drawImage(diagram, 0, HEADING, SIZE.width, SIZE.height);
  pen.textBaseline = 'middle';
  pen.font = `13px ${font}`;
  pen.fillStyle = ground[theme].muted;
  for (const { label, x, align } of sankeyHeads(model, SIZE.width)) {
    pen.textAlign = align;
    pen.fillText(label, x, HEADING / 2 - 2);
  }
  return { image, ...whole };
}
