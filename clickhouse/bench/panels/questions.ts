import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { GroupAxis, GroupMeasure } from '@/lib/flows/contracts/exploreGroups';
import type { SeriesMeasure } from '@/lib/flows/contracts/exploreOverTime';
import type { Dimension } from '@/lib/flows/dimensions';
import { NETWORK_TYPES } from '@/lib/flows/networkTypes';
import type { Scope } from '@/lib/flows/scope';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { answerCoverageCalendar } from '@/lib/server/queries/coverageCalendar';
import { answerDataStatus } from '@/lib/server/queries/dataStatus';
import { answerDoubleCounting } from '@/lib/server/queries/doubleCounting';
import { answerExploreGroups } from '@/lib/server/queries/exploreGroups';
import { answerExploreOverTime } from '@/lib/server/queries/exploreOverTime';
import { answerExporterQuality } from '@/lib/server/queries/exporterQuality';
import { answerFilterValues } from '@/lib/server/queries/filterValues';
import { answerHeadline } from '@/lib/server/queries/headline';
import { answerLateData } from '@/lib/server/queries/lateData';
import { answerRegionTypeHeatmap } from '@/lib/server/queries/regionTypeHeatmap';
import { answerStoredTables } from '@/lib/server/queries/storedTables';
import { answerTrafficMap } from '@/lib/server/queries/trafficMap';
import { answerTrafficOverTime } from '@/lib/server/queries/trafficOverTime';
import { answerUnclassifiedSources } from '@/lib/server/queries/unclassifiedSources';
import { answerWhatChanged } from '@/lib/server/queries/whatChanged';
import type { BarName } from '../report/bars';
import { addressesBy, benchContext, heaviestBy, p95ByType, seriesByType, sumsBy } from './asks';
import type { RangeName } from './ranges';

/** One thing that is measured: an answer of a page as its route gives it, or a question through the product's chooser and SQL builders. */
export interface Question {
  name: string;
  range: RangeName;
  /** the bar that holds for it; null where none is set */
  bar: BarName | null;
  ask(scope: Scope): Promise<{ table: string }>;
}

type Handler = (request: Request<never>, context: QueryContext) => Promise<Answer<unknown>>;

function page(
  name: string,
  handler: unknown,
  bar: BarName | null,
  options: object = {},
): Omit<Question, 'range'> {
  return {
    name,
    bar,
    ask: async (scope) => {
      const { meta } = await (handler as Handler)({ scope, options: options as never }, benchContext(name));
      return { table: meta.table };
    },
  };
}

const by = (...dimensions: Dimension[]) => dimensions;

/** Pages first: these bars hold for each of their statements together. */
const PAGES: readonly Omit<Question, 'range'>[] = [
  page('Overview: headline', answerHeadline, null),
  page('Overview: traffic over time', answerTrafficOverTime, null, { mirror: false }),
  page('Overview: region x type heatmap', answerRegionTypeHeatmap, null),
  page('Data: status', answerDataStatus, null),
  page('Data: exporters', answerExporterQuality, null),
  page('Data: coverage calendar', answerCoverageCalendar, null),
  page('Data: late data', answerLateData, null),
  page('Data: unclassified sources', answerUnclassifiedSources, null),
  page('Data: double counting', answerDoubleCounting, null),
  page('Data: stored tables', answerStoredTables, null),
];

const overTime = (what: string, by: readonly Dimension[], measure: SeriesMeasure = 'traffic') =>
  page(`Explore: ${what}`, answerExploreOverTime, null, { measure, by, top: 8, mirror: false });

const groups = (what: string, by: readonly GroupAxis[], measure: GroupMeasure = 'volume') =>
  page(`Heatmaps: ${what}`, answerExploreGroups, null, { measure, by, top: 12, delta: false });

/** What Explore, the heatmaps and the map ask of a whole quarter: each of several statements, statistics and totals included. */
const EXPLORE: readonly Omit<Question, 'range'>[] = [
  overTime('traffic by type', by('type')),
  overTime('traffic by region and type', by('region', 'type')),
  overTime('traffic by link', by('interface')),
  overTime('traffic by ASN', by('asn')),
  overTime('traffic by country', by('country')),
  overTime('traffic by metro', by('metro')),
  overTime('traffic by protocol and service port', by('protocol', 'servicePort')),
  overTime('distinct addresses by type', by('type'), 'uniqueness'),
  groups('region x type, volume', ['region', 'type']),
  groups('region x type, uniqueness', ['region', 'type'], 'uniqueness'),
  groups('region x type, p95', ['region', 'type'], 'p95'),
  groups('type x country', ['type', 'country']),
  groups('type x month, magnitude', ['type', 'month'], 'magnitude'),
  groups('weekday x hour', ['weekday', 'hour']),
  groups('day x hour', ['day', 'hour']),
  page('Map', answerTrafficMap, null),
];

/** What only days of single addresses answer, over about as long as they are kept beside raw flows. */
const BY_ADDRESS: readonly Omit<Question, 'range'>[] = [
  overTime('traffic by remote address', by('remoteAddress')),
  overTime('traffic by remote prefix', by('remotePrefix')),
].map((question) => ({ ...question, bar: 'endpointsRolling' as const }));

/** Before the quarter there is nothing, so it is held against what lies before a month or a week of it. */
const CHANGED: readonly Question[] = (['month', 'week'] as const).map((range) => {
  const { ask, ...question } = page('Overview: what changed', answerWhatChanged, null);
  return { ...question, range, ask: (scope) => ask({ ...scope, compare: 'previous' }) };
});

const values = (what: string, of: Dimension, typed: string) =>
  page(`Filter: ${what}`, answerFilterValues, 'completion', { of, typed });

/** What completes a filter that is being typed, by names and by the beginning of an address. */
const COMPLETIONS: readonly Omit<Question, 'range'>[] = [
  values('types', 'type', ''),
  values('ASNs by name', 'asn', 'tel'),
  values('countries by name', 'country', 'ger'),
  values('metros by name', 'metro', 'san'),
  values('service ports', 'servicePort', '4'),
  values('addresses', 'remoteAddress', ''),
];

const sums = (
  name: string,
  bar: BarName,
  dimensions: readonly Dimension[],
  which: 'all' | 'top' = 'all',
) => ({
  name,
  bar,
  ask: (scope: Scope) => sumsBy(name, scope, dimensions, which),
});

const heaviest = (name: string, bar: BarName, dimensions: readonly Dimension[]) => ({
  name,
  bar,
  ask: (scope: Scope) => heaviestBy(name, scope, dimensions),
});

const ADDITIVE: readonly Omit<Question, 'range'>[] = [
  { name: 'traffic over time by type', bar: 'additive', ask: (scope) => seriesByType('series', scope) },
  sums('volume by region and type', 'additive', by('region', 'type')),
  sums('volume by type and direction', 'additive', by('type', 'direction')),
  sums('volume by IP version', 'additive', by('ip')),
  sums('volume by link', 'additive', by('exporter', 'interface')),
  { name: 'p95 by type', bar: 'p95', ask: (scope) => p95ByType('p95', scope, NETWORK_TYPES) },
];

const ORIGINS: readonly Omit<Question, 'range'>[] = [
  sums('volume by ASN', 'origins', by('asn'), 'top'),
  sums('volume by country', 'origins', by('country'), 'top'),
  sums('volume by metro', 'origins', by('metro'), 'top'),
  sums('volume by service', 'origins', by('protocol', 'servicePort'), 'top'),
];

const addresses = (name: string, bar: BarName, dimensions: readonly Dimension[]) => ({
  name,
  bar,
  ask: (scope: Scope) => addressesBy(name, scope, dimensions),
});

/** All that is measured, in the order of the report. */
export const QUESTIONS: readonly Question[] = [
  ...(['quarter', 'rolling'] as const).flatMap((range) =>
    [...PAGES, ...ADDITIVE, ...ORIGINS].map((question) => ({ ...question, range })),
  ),
  ...EXPLORE.map((question) => ({ ...question, range: 'quarter' as const })),
  ...(['month', 'quarter'] as const).flatMap((range) =>
    BY_ADDRESS.map((question) => ({ ...question, range })),
  ),
  ...CHANGED,
  ...COMPLETIONS.map((question) => ({ ...question, range: 'quarter' as const })),
  { ...addresses('addresses by region and type', 'uniquesWhole', by('region', 'type')), range: 'month' },
  { ...addresses('addresses by region and type', 'uniquesWhole', by('region', 'type')), range: 'quarter' },
  { ...addresses('addresses by region and type', 'uniquesRolling', by('region', 'type')), range: 'rolling' },
  // By whom and where is a bar of its own, whatever is measured.
  { ...addresses('addresses by ASN', 'origins', by('asn')), range: 'quarter' },
  { ...addresses('addresses by country', 'origins', by('country')), range: 'quarter' },
  { ...heaviest('top addresses', 'endpointsClosed', by('remoteAddress')), range: 'month' },
  { ...heaviest('top addresses', 'endpointsClosed', by('remoteAddress')), range: 'quarter' },
  { ...heaviest('top addresses', 'endpointsRolling', by('remoteAddress')), range: 'rolling' },
  { ...heaviest('top pairs', 'endpointsClosed', by('remoteAddress', 'localAddress')), range: 'quarter' },
  { ...heaviest('top pairs', 'endpointsRolling', by('remoteAddress', 'localAddress')), range: 'rolling' },
  { ...heaviest('top prefixes', 'endpointsClosed', by('remotePrefix')), range: 'month' },
  { ...heaviest('top prefixes', 'endpointsClosed', by('remotePrefix')), range: 'quarter' },
  { ...heaviest('top prefixes', 'endpointsRolling', by('remotePrefix')), range: 'rolling' },
];
