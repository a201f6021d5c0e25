import { axisName } from '@/lib/charts/axisLabel';
import type { GroupMeasure } from '@/lib/flows/contracts/exploreGroups';
import { HEATMAPS, type HeatmapMeasure, type HeatmapName } from '@/lib/flows/heatmapState';

/** Measures as the page calls them, and what they are. */
export const MEASURES = [
  { value: 'volume', label: 'Volume', title: 'All bytes of the range' },
  { value: 'traffic', label: 'Mean rate', title: 'Bits divided by covered seconds' },
  { value: 'p95', label: 'p95', title: 'Number ceil(0.95 N) of N covered 5-minute means' },
  { value: 'uniqueness', label: 'Addresses', title: 'Distinct remote addresses' },
  { value: 'magnitude', label: 'Per address', title: 'Volume in bits divided by distinct remote addresses' },
] as const;

/** The pairs of axes as the page calls them. */
export const PAIRS: readonly { value: HeatmapName; label: string }[] = [
  { value: 'region-type', label: 'Region × type' },
  { value: 'region-metro', label: 'Region × metro' },
  { value: 'type-country', label: 'Type × country' },
  { value: 'type-month', label: 'Type × month' },
  { value: 'region-month', label: 'Region × month' },
  { value: 'weekday-hour', label: 'Weekday × hour' },
  { value: 'day-hour', label: 'Day × hour' },
];

const TITLES: Record<HeatmapName, string> = {
  'region-type': 'Which regions talk to what?',
  'region-metro': 'Which regions talk to which cities?',
  'type-country': 'Which countries are behind which networks?',
  'type-month': 'How do types of network change by the month?',
  'region-month': 'How do regions change by the month?',
  'weekday-hour': 'When in the week is traffic heavy?',
  'day-hour': 'Which hours of which days stand out?',
};

/** The title of a heatmap that stands alone. */
export function titleOf(heatmap: HeatmapName, measure: HeatmapMeasure): string {
  if (heatmap !== 'weekday-hour') return TITLES[heatmap];
  if (measure === 'uniqueness') return 'When in the week do we talk to many addresses?';
  return measure === 'magnitude' ? 'When in the week is an address heavy?' : TITLES[heatmap];
}

const QUESTIONS: Record<'volume' | 'magnitude' | 'uniqueness', string> = {
  volume: 'Where is the volume?',
  magnitude: 'Where is an address heavy?',
  uniqueness: 'Where are the addresses?',
};

/** The title of one of the three panels that stand side by side. */
export function shortTitle(measure: 'volume' | 'magnitude' | 'uniqueness'): string {
  return QUESTIONS[measure];
}

/** measure · aggregate · unit */
export function aggregateOf(measure: GroupMeasure, bits: boolean, p95: 'slots' | 'hours' | null): string {
  switch (measure) {
    case 'volume':
      return `Volume · sum · ${bits ? 'bits' : 'bytes'}`;
    case 'traffic':
      return `Traffic · mean of the covered time · ${bits ? 'bit/s' : 'B/s'}`;
    case 'p95':
      return `Traffic · p95 of ${p95 === 'hours' ? 'hourly' : '5-minute'} means · ${bits ? 'bit/s' : 'B/s'}`;
    case 'uniqueness':
      return 'Uniqueness · distinct remote addresses';
    case 'magnitude':
      return 'Magnitude · volume / remote addresses · bits per address';
    default:
      return measure;
  }
}

/** "region by network type" */
export function axesText(heatmap: HeatmapName): string {
  const [rows, columns] = HEATMAPS[heatmap];
  return `${axisName(rows)} by ${axisName(columns)}`;
}

/** What the measures are, for the page and for the head of a file. */
export const DEFINITION =
  'Volume is bytes, estimated as raw x sampling rate (layer 3); rates divide by the seconds in which an expected exporter was heard; addresses are distinct remote addresses (IPv4 /32, IPv6 /64), merged for each cell and each total and never added; magnitude is bits divided by addresses of the same hours.';
