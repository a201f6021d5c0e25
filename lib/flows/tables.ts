import { DIMENSIONS, type Dimension } from './dimensions';

/** The tables that answer questions. Of two with the same slots that hold what is asked, the one named first has fewer rows. */
export const TABLES = [
  'flows',
  'totals_5m',
  'regions_5m',
  'types_5m',
  'traffic_5m',
  'links_5m',
  'types_1h',
  'traffic_1h',
  'links_1h',
  'services_1h',
  'places_1h',
  'asns_1h',
  'traffic_1d',
  'services_1d',
  'places_1d',
  'asns_1d',
  'endpoints_1d',
  'pairs_1d',
  'uniques_1h',
  'uniques_1d',
  'uniques_10d',
  'uniques_1mo',
  'uniques_asn_1mo',
  'uniques_place_1mo',
  'heavy_addresses_1mo',
  'heavy_locals_1mo',
  'heavy_pairs_1mo',
  'heavy_prefixes_1mo',
] as const;

export type Table = (typeof TABLES)[number];

/** Tables that hold the heaviest of closed months only, the one with fewer rows first. */
export const HEAVY_TABLES = [
  'heavy_addresses_1mo',
  'heavy_locals_1mo',
  'heavy_pairs_1mo',
  'heavy_prefixes_1mo',
] as const satisfies readonly Table[];
export type HeavyTable = (typeof HEAVY_TABLES)[number];

/** How many addresses, prefixes or pairs of each region and network type a month keeps when it closes; what is kept of one is kept of all of them. */
export const KEPT_HEAVIEST = 10_000;

/** Tables that rank everybody of a closed quarter, of all regions and types and of one of each. */
export const QUARTER_TABLES = [
  'heavy_addresses_1q',
  'heavy_locals_1q',
  'heavy_pairs_1q',
  'heavy_prefixes_1q',
] as const;
export type QuarterTable = (typeof QUARTER_TABLES)[number];

/** How many addresses, prefixes or pairs a closed quarter keeps of everything, of each region, of each network type, and of both. */
export const KEPT_OF_QUARTER = 1_000;

export interface TableFacts {
  /** width of the stored slots in UTC, seconds; parts of the calendar have none */
  slotSeconds: number | null;
  /** what the slots are where they have no width: UTC months, or their thirds (days 1 to 10, 11 to 20, 21 to the end) */
  calendar?: 'month' | 'third';
  slot: string;
  dimensions: readonly Dimension[];
  /** sums of bytes, packets and records that are split by slot */
  additive: boolean;
  /** distinct remote addresses can be counted: from merged states, or because the address itself is a column */
  uniques: boolean;
  /** only the heaviest are kept by themselves, and all others together: it answers who they are and what everything comes to */
  heaviest: boolean;
  /** `raw`: kept about as long as raw flows; `years`: two years and more */
  age: 'raw' | 'years';
}

const NARROW = ['type', 'region', 'direction', 'ip'] as const satisfies readonly Dimension[];
const LINK = [
  'exporter',
  'interface',
  'direction',
  'ip',
  'region',
  'linkKind',
  'provider',
] as const satisfies readonly Dimension[];
const ASN = ['asn', ...NARROW] as const satisfies readonly Dimension[];
const PLACE = ['country', 'metro', ...NARROW] as const satisfies readonly Dimension[];
const SERVICE = ['protocol', 'servicePort', ...NARROW] as const satisfies readonly Dimension[];
const ENDPOINT = [
  'remoteAddress',
  'remotePrefix',
  'asn',
  'country',
  'metro',
  ...NARROW,
] as const satisfies readonly Dimension[];
const PAIR = [
  'remoteAddress',
  'remotePrefix',
  'localAddress',
  ...NARROW,
] as const satisfies readonly Dimension[];

const SLOTS = {
  300: '5 minutes',
  3600: '1 hour',
  86400: '1 day',
} as const;

function sums(
  slotSeconds: keyof typeof SLOTS,
  dimensions: readonly Dimension[],
  kind: Partial<TableFacts> = {},
): TableFacts {
  return {
    slotSeconds,
    slot: SLOTS[slotSeconds],
    dimensions,
    additive: true,
    uniques: false,
    heaviest: false,
    age: 'years',
    ...kind,
  };
}

const OF_ADDRESSES = { uniques: true, age: 'raw' } as const;
const STATES = { additive: false, uniques: true } as const;
const PERIODS = { slotSeconds: null, ...STATES, heaviest: false, age: 'years' } as const;
const MONTHS = { ...PERIODS, calendar: 'month', slot: '1 month' } as const;
const THIRDS = { ...PERIODS, calendar: 'third', slot: '10 days' } as const;
const HEAVIEST = { ...MONTHS, uniques: false, heaviest: true } as const;

/** What each table holds. Raw flows keep whole records, so they answer by the minute, spread while they are read. */
export const TABLE_FACTS: Record<Table, TableFacts> = {
  flows: {
    slotSeconds: 60,
    slot: '1 minute',
    dimensions: DIMENSIONS,
    additive: true,
    uniques: true,
    heaviest: false,
    age: 'raw',
  },
  totals_5m: sums(300, ['direction']),
  regions_5m: sums(300, ['region', 'direction']),
  types_5m: sums(300, ['type', 'direction']),
  traffic_5m: sums(300, NARROW),
  links_5m: sums(300, LINK),
  types_1h: sums(3_600, ['type', 'direction']),
  traffic_1h: sums(3_600, NARROW),
  links_1h: sums(3_600, LINK),
  services_1h: sums(3_600, SERVICE),
  places_1h: sums(3_600, PLACE),
  asns_1h: sums(3_600, ASN),
  traffic_1d: sums(86_400, NARROW),
  services_1d: sums(86_400, SERVICE),
  places_1d: sums(86_400, PLACE),
  asns_1d: sums(86_400, ASN),
  endpoints_1d: sums(86_400, ENDPOINT, OF_ADDRESSES),
  pairs_1d: sums(86_400, PAIR, OF_ADDRESSES),
  uniques_1h: sums(3_600, NARROW, { ...STATES, age: 'raw' }),
  uniques_1d: sums(86_400, NARROW, STATES),
  uniques_10d: { dimensions: NARROW, ...THIRDS },
  uniques_1mo: { dimensions: NARROW, ...MONTHS },
  uniques_asn_1mo: { dimensions: ASN, ...MONTHS },
  uniques_place_1mo: { dimensions: PLACE, ...MONTHS },
  heavy_addresses_1mo: { dimensions: ['remoteAddress', 'type', 'region', 'direction'], ...HEAVIEST },
  heavy_locals_1mo: { dimensions: ['localAddress', 'type', 'region', 'direction'], ...HEAVIEST },
  heavy_pairs_1mo: {
    dimensions: ['remoteAddress', 'localAddress', 'type', 'region', 'direction'],
    ...HEAVIEST,
  },
  heavy_prefixes_1mo: { dimensions: ['remotePrefix', 'type', 'region', 'direction'], ...HEAVIEST },
};

export function hasDimensions(table: Table, dimensions: readonly Dimension[]): boolean {
  return dimensions.every((dimension) => TABLE_FACTS[table].dimensions.includes(dimension));
}

/** First instant that each table still keeps, or from which it is complete (epoch seconds); null = keeps everything. */
export type Retention = Readonly<Record<Table, number | null>>;

export const KEEPS_EVERYTHING: Retention = Object.fromEntries(
  TABLES.map((table) => [table, null]),
) as unknown as Retention;
