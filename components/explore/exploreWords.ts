import type { ExploreLine, SeriesModel } from '@/lib/charts/prepareSeries';
import { changeWords } from '@/lib/charts/seriesTable';
import { rangeText } from '@/lib/charts/timeText';
import { DIMENSION_LABEL, type Dimension } from '@/lib/flows/dimensions';
import type { Direction } from '@/lib/flows/direction';
import type { SeriesMeasure } from '@/lib/flows/exploreLimits';
import type { Visual } from '@/lib/flows/exploreState';

/** Measures as the page calls them. */
export const MEASURES: readonly { value: SeriesMeasure; label: string; note: string }[] = [
  { value: 'traffic', label: 'Traffic', note: 'bits or bytes by second' },
  { value: 'packets', label: 'Packets', note: 'packets by second' },
  { value: 'flowRecords', label: 'Flow records', note: 'records by second, as exporters sent them' },
  { value: 'uniqueness', label: 'Addresses', note: 'distinct remote addresses, never added up' },
  { value: 'magnitude', label: 'Per address', note: 'volume by distinct remote address' },
];

export function measureLabel(measure: SeriesMeasure): string {
  return MEASURES.find(({ value }) => value === measure)?.label ?? measure;
}

export const VISUAL_LABEL: Record<Visual, string> = {
  auto: 'Automatic',
  area: 'Area',
  share: '100\u2009%',
  lines: 'Lines',
  multiples: 'Small multiples',
  sankey: 'Sankey',
  heatmap: 'Heatmap',
  table: 'Table',
};

/** "network type", "network type and region", "ASN, region and country" */
export function byText(by: readonly Dimension[]): string {
  const names = by.map((dimension) => DIMENSION_LABEL[dimension]);
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** With a capital letter in front, as headings have it. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

const QUESTIONS: Record<SeriesMeasure, Record<Direction, string>> = {
  traffic: {
    both: 'Where does traffic go',
    ingress: 'Where does traffic come from',
    egress: 'Where does egress traffic go',
  },
  packets: {
    both: 'How many packets cross the boundary',
    ingress: 'How many packets come in',
    egress: 'How many packets go out',
  },
  flowRecords: {
    both: 'How many flow records are there',
    ingress: 'How many flow records come in',
    egress: 'How many flow records go out',
  },
  uniqueness: {
    both: 'How many addresses do we talk to',
    ingress: 'How many addresses send to us',
    egress: 'How many addresses do we send to',
  },
  magnitude: {
    both: 'How heavy is an address',
    ingress: 'How much does an address send us',
    egress: 'How much do we send to an address',
  },
};

/** The question that a state asks: "Where does traffic go, by ASN?" */
export function questionText(measure: SeriesMeasure, by: readonly Dimension[], direction: Direction): string {
  const question = QUESTIONS[measure][direction];
  return by.length === 0 ? `${question}?` : `${question}, by ${byText(by)}?`;
}

const AGGREGATE: Record<SeriesMeasure, string> = {
  traffic: 'mean of',
  packets: 'mean of',
  flowRecords: 'mean of',
  uniqueness: 'distinct in',
  magnitude: 'volume / addresses of',
};

/** Measure · aggregate and bucket · unit · zone, for the line below a title. */
export function measureLine(
  { measure, unit, isShare }: { measure: SeriesMeasure; unit: string; isShare: boolean },
  meta: { bucket: string | null; zone: string },
  direction: string,
): string {
  const shown = isShare ? '% of the total' : unit === 'count' ? 'addresses' : unit;
  return `${measureLabel(measure)} \u00b7 ${AGGREGATE[measure]} ${meta.bucket ?? 'the range'} \u00b7 ${shown} \u00b7 ${direction} \u00b7 ${meta.zone}`;
}

/** Definitions of a measure, for the page and for the head of a file. */
export const DEFINITIONS: Record<SeriesMeasure, string> = {
  traffic: 'Bytes are estimates of what crossed the boundary (raw x sampling rate, layer 3).',
  packets: 'Packets are estimates of what crossed the boundary (raw x sampling rate).',
  flowRecords:
    'Flow records are counted as exporters sent them, once each, in the slot of their start; formats split long flows differently.',
  uniqueness:
    'Addresses are distinct remote addresses (IPv4 /32, IPv6 /64), merged for each group and each total and never added up.',
  magnitude:
    'Volume by address is bytes x 8 / distinct remote addresses (IPv4 /32, IPv6 /64) of the same group and bucket.',
};

/** What a measure is, and what is not among the named groups and not in the picture: for the page, before any answer. */
export function definitionText(measure: SeriesMeasure): string {
  return `${DEFINITIONS[measure]} Other is all that is not named; where no expected exporter was heard there is a gap and not a zero.`;
}

/** What is compared and how, or why nothing is; null where nothing was asked to be. */
export function comparedText(model: SeriesModel, zone: string): string | null {
  if (model.compared === null) return model.comparedMissing;
  const { from, to } = model.compared;
  const change =
    model.compared.buckets === 0
      ? 'no bucket is whole in both ranges, so no change is told'
      : `change is of ${changeWords(model)}`;
  return `Compared with ${rangeText(from, to, zone)}: ${change}.`;
}

/** "8 of 3,481 groups are named; Other is the 3,473 left"; null where all of them are shown. */
export function shownText({
  shown,
  found,
  foundAtLeast,
}: Pick<SeriesModel, 'shown' | 'found' | 'foundAtLeast'>): string | null {
  if (foundAtLeast)
    return `The ${shown} heaviest groups are named, of at least ${found.toLocaleString('en-US')}; Other is all that is left.`;
  if (found <= shown) return null;
  const rest = found - shown;
  return `${shown} of ${found.toLocaleString('en-US')} groups are named; Other is the ${rest === 1 ? 'one' : rest.toLocaleString('en-US')} left.`;
}

/** Why a 95th percentile may stand above the maximum beside it; null where none does. */
export function p95AboveMaxText(
  model: Pick<SeriesModel, 'halves' | 'p95Of'>,
  bucket: string | null,
): string | null {
  const isAbove = ({ statistics: { p95, max } }: ExploreLine) => p95 !== null && max !== null && p95 > max;
  const lines = model.halves.flatMap(({ series, total }) => [...series, total]);
  if (model.p95Of === null || bucket === null || !lines.some(isAbove)) return null;
  const means = model.p95Of.replace('p95 of ', '');
  return `p95 is of ${means}, Max of means of ${bucket}: so p95 can be the higher of the two.`;
}

/** From this share on, Other leaves the named groups little of a picture. */
const MOST_OF_ALL = 0.8;

/** Whether what is not named is most of what is drawn, so that a picture without it tells more. */
export function isMostlyOther(model: Pick<SeriesModel, 'halves'>): boolean {
  return model.halves.some(({ series }) => {
    const share = series.find(({ keys }) => keys === null)?.statistics.share ?? 0;
    return series.length > 1 && share >= MOST_OF_ALL;
  });
}
