import { composePng } from '@/components/charts/composePng';
import { chartImage } from '@/components/charts/EChart';
import { formatShare } from '@/lib/charts/format';
import { mapOption } from '@/lib/charts/map/mapLook';
import { circleWords, drawnWords } from '@/lib/charts/map/mixes';
import type { MapModel } from '@/lib/charts/map/model';
import { networkTypeColor, type Theme } from '@/lib/charts/palette';
import { pictureSource } from '@/lib/charts/pictureSource';
import type { Meta } from '@/lib/flows/contracts/envelope';
import type { Filters } from '@/lib/flows/filter/filter';
import { mapKeysPicture } from './mapKeysPicture';
import { measureIn } from './measureText';
import type { LoadedGeography } from './useGeography';

const SIZE = { world: { width: 1120, height: 540 }, us: { width: 1120, height: 640 } } as const;

/** The map as a picture that can stand alone: measure, range, types, what it leaves out, source and whose places they are. */
export function mapPng(input: {
  title: string;
  subtitle: string;
  filters: Filters;
  model: MapModel;
  meta: Meta;
  geography: LoadedGeography;
  hidden: ReadonlySet<string>;
  zoom: { zoom: number; center: readonly number[] | null } | null;
  theme: Theme;
}): Promise<Blob> {
  const { model, meta, theme, geography } = input;
  const font = getComputedStyle(document.body).fontFamily;
  const size = SIZE[model.view];
  const image = chartImage(
    mapOption(model, theme, size, { measure: measureIn(font) }, input.zoom),
    size,
    font,
    geography.map,
  );
  const greatest = model.entries.find(({ center, radius }) => center !== null && radius > 0);
  const left = model.beside.map(
    ({ label, share, text }) => `${share === null ? text : formatShare(share)} ${label}`,
  );
  const shown = model.types.filter(({ type }) => !input.hidden.has(type)).toReversed();
  return composePng({
    title: input.title,
    subtitle: `${input.subtitle} · ${model.when}${greatest ? ` · greatest circle: ${greatest.label}, ${greatest.text}` : ''}`,
    filters: input.filters,
    notes: [
      `${drawnWords(model)} ${circleWords(model)}${model.regions.some(({ inView }) => inView) ? ' Diamonds are our regions' : ''}${
        model.arcs.length > 0 ? `; arcs are the heaviest ${arcWords(model)} of the whole range` : ''
      }.`,
      left.join(' \u00b7 '),
      'Places are approximate: IP Geolocation by DB-IP (db-ip.com), CC BY 4.0',
    ],
    source: pictureSource(meta),
    body: { image, ...size },
    legend: [
      {
        color: null,
        cells: [`${model.measure === 'traffic' ? 'Rate' : 'Volume'} by type`, 'Drawn', 'All places', 'Share'],
      },
      ...shown.map(({ type, drawnText, text, share }) => ({
        color: networkTypeColor(type, theme),
        cells: [type, drawnText, text, formatShare(share)],
      })),
      {
        color: null,
        cells: ['Total', model.sums.drawnText, model.sums.text, formatShare(model.sums.share)],
      },
    ],
    beside: mapKeysPicture(model, theme, font),
    theme,
    font,
  });
}

function arcWords({ arcs }: MapModel): string {
  const ways = [...new Set(arcs.map(({ direction }) => direction))].sort();
  return ways.map((way) => (way === 'ingress' && ways.length > 1 ? 'ingress (dashed)' : way)).join(' and ');
}
