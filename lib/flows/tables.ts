import { DIMENSIONS, type Dimension } from './dimensions';

/** The tables that answer questions. */
export const TABLES = [
  'flows',
  'traffic_5m',
  'traffic_1h',
  'links_5m',
  'uniques_1h',
  'uniques_1d',
  'uniques_1mo',
] as const;

export type Table = (typeof TABLES)[number];

export interface TableFacts {
  /** width of the stored slots in UTC, seconds; months have none */
  slotSeconds: number | null;
  slot: string;
  dimensions: readonly Dimension[];
  /** sums of bytes, packets and records that are split by slot */
  additive: boolean;
  /** states of distinct remote addresses */
  uniques: boolean;
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

/** What each table holds. Raw flows keep whole records, so they answer by the minute, spread while they are read. */
export const TABLE_FACTS: Record<Table, TableFacts> = {
  flows: { slotSeconds: 60, slot: '1 minute', dimensions: DIMENSIONS, additive: true, uniques: true },
  traffic_5m: { slotSeconds: 300, slot: '5 minutes', dimensions: NARROW, additive: true, uniques: false },
  traffic_1h: { slotSeconds: 3_600, slot: '1 hour', dimensions: NARROW, additive: true, uniques: false },
  links_5m: { slotSeconds: 300, slot: '5 minutes', dimensions: LINK, additive: true, uniques: false },
  uniques_1h: { slotSeconds: 3_600, slot: '1 hour', dimensions: NARROW, additive: false, uniques: true },
  uniques_1d: { slotSeconds: 86_400, slot: '1 day', dimensions: NARROW, additive: false, uniques: true },
  uniques_1mo: { slotSeconds: null, slot: '1 month', dimensions: NARROW, additive: false, uniques: true },
};

export function hasDimensions(table: Table, dimensions: readonly Dimension[]): boolean {
  return dimensions.every((dimension) => TABLE_FACTS[table].dimensions.includes(dimension));
}

/** First instant that each table still keeps (epoch seconds); null = keeps everything. */
export type Retention = Readonly<Record<Table, number | null>>;

export const KEEPS_EVERYTHING: Retention = {
  flows: null,
  traffic_5m: null,
  traffic_1h: null,
  links_5m: null,
  uniques_1h: null,
  uniques_1d: null,
  uniques_1mo: null,
};
