import { composePng } from '@/components/charts/composePng';
import { paint } from '@/components/charts/paint';
import { formatValue } from '@/lib/charts/format';
import { multiplesOf } from '@/lib/charts/multiples';
import { ground, type Theme } from '@/lib/charts/palette';
import { pictureSource } from '@/lib/charts/pictureSource';
import { placeSeries, type SeriesView } from '@/lib/charts/placeSeries';
import type { SeriesModel } from '@/lib/charts/prepareSeries';
import { seriesShapes } from '@/lib/charts/seriesShapes';
import { rangeText } from '@/lib/charts/timeText';
import type { Meta } from '@/lib/flows/contracts/envelope';
import type { Filters } from '@/lib/flows/filter/filter';
import { pictureLegend } from './pictureLegend';

/** One size for every screen, so that pictures in a report match. CSS pixels; the file has twice as many. */
const SIZE = { width: 1120, height: 420 } as const;
const SMALL = { width: 356, height: 170, heading: 22, gap: 26, columns: 3 } as const;
const SCALE = 2;

/** A picture over time that can stand alone: title, unit, range, legend with figures, source. */
export function seriesPng(input: {
  title: string;
  subtitle: string;
  filters: Filters;
  model: SeriesModel;
  view: SeriesView;
  /** small pictures, each with its own scale or all with one; null = one picture */
  multiples: { own: boolean } | null;
  /** what dashed lines are; null = there are none */
  compared: string | null;
  meta: Meta;
  theme: Theme;
}): Promise<Blob> {
  const { model, view, meta, theme } = input;
  const font = getComputedStyle(document.body).fontFamily;
  const look = { theme, zone: meta.zone, lifted: null };
  const body = input.multiples
    ? multiplesImage(model, view, input.multiples.own, look, font)
    : { image: canvasOf(model, view, { ...look, names: true }, SIZE, font), ...SIZE };
  return composePng({
    title: input.title,
    subtitle: `${input.subtitle} \u00b7 ${rangeText(meta.from, meta.to, meta.zone)}`,
    filters: input.filters,
    notes: [
      ...(input.compared === null || view.kind === 'share' ? [] : [`Dashed: ${input.compared}`]),
      ...(view.p95 ? [P95_WORDS] : []),
    ],
    source: pictureSource(meta),
    body,
    nameWidth: 300,
    legend: pictureLegend(model, view.hidden, meta.bucket, theme),
    theme,
    font,
  });
}

/** What dotted lines are. */
const P95_WORDS = 'Dotted: the 95th percentile (p95) of the range';

function canvasOf(
  model: SeriesModel,
  view: SeriesView,
  look: Parameters<typeof seriesShapes>[3],
  size: { width: number; height: number },
  font: string,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  paint(canvas, seriesShapes(model, placeSeries(model, view, size), view, look), size, SCALE, font);
  return canvas;
}

/** All small pictures on one canvas, three in a row. */
function multiplesImage(
  model: SeriesModel,
  view: SeriesView,
  own: boolean,
  look: { theme: Theme; zone: string; lifted: null },
  font: string,
): { image: HTMLCanvasElement; width: number; height: number } {
  const pictures = multiplesOf(model, view, own);
  const rows = Math.ceil(pictures.length / SMALL.columns);
  const height = rows * (SMALL.heading + SMALL.height + SMALL.gap);
  const image = document.createElement('canvas');
  image.width = SIZE.width * SCALE;
  image.height = height * SCALE;
  const pen = image.getContext('2d');
  if (!pen) throw new Error('This browser gives no canvas to draw the picture on');
  pen.scale(SCALE, SCALE);
  pen.textBaseline = 'middle';
  for (const [i, picture] of pictures.entries()) {
    const x = (i % SMALL.columns) * (SMALL.width + SMALL.gap);
    const y = Math.floor(i / SMALL.columns) * (SMALL.heading + SMALL.height + SMALL.gap);
    pen.fillStyle = ground[look.theme].text;
    pen.font = `500 13px ${font}`;
    pen.fillText(
      `${picture.label} \u00b7 last ${formatValue(picture.last, model.quantity)}${picture.isApart ? ' \u00b7 own scale' : ''}`,
      x,
      y + SMALL.heading / 2,
      SMALL.width,
    );
    const small = canvasOf(picture.model, picture.view, { ...look, names: false }, SMALL, font);
    pen.drawImage(small, x, y + SMALL.heading, SMALL.width, SMALL.height);
  }
  return { image, width: SIZE.width, height };
}
