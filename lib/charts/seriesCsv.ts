import type { ExploreColumns, ExploreSeries } from '@/lib/flows/contracts/exploreOverTime';
import type { Dimension } from '@/lib/flows/dimensions';
import type { SeriesMeasure } from '@/lib/flows/exploreLimits';
import { type CsvHead, csvTable, flagNames, isoInstant, wholeRate } from './csv';
import { groupLabel, namesFrom } from './keyLabel';
import { inputText } from './timeText';

/** One column for each series: what its numbers are, and how they come out of an answer. */
interface Column {
  readonly unit: string;
  readonly definition: string;
  readonly cell: (series: ExploreSeries, index: number, seconds: number) => string;
}

const sumOf = (series: ExploreSeries, i: number): string => series.sums[i] ?? '0';
const addressesOf = (series: ExploreSeries, i: number): number => series.addresses?.[i] ?? 0;

const BYTES: Column = { unit: 'bytes', definition: 'exact, in the bucket', cell: sumOf };
const ADDRESSES: Column = {
  unit: 'addresses',
  definition: 'distinct remote addresses in the bucket (IPv4 /32, IPv6 /64), merged and never added up',
  cell: (series, i) => String(addressesOf(series, i)),
};

function rateColumn(unit: string, factor: bigint): Column {
  const what = factor === 8n ? 'bytes x 8' : unit.split('/')[0];
  return {
    unit,
    definition: `${what} / divisor_seconds, rounded to whole numbers`,
    cell: (series, i, seconds) => wholeRate(sumOf(series, i), factor, seconds),
  };
}

const COLUMNS: Record<SeriesMeasure, readonly Column[]> = {
  traffic: [BYTES, rateColumn('bit/s', 8n)],
  packets: [{ ...BYTES, unit: 'packets' }, rateColumn('packets/s', 1n)],
  flowRecords: [{ ...BYTES, unit: 'flow records' }, rateColumn('flow records/s', 1n)],
  uniqueness: [ADDRESSES],
  magnitude: [
    BYTES,
    ADDRESSES,
    {
      unit: 'bit/address',
      definition: 'bytes x 8 / addresses of the same bucket, rounded; empty where nobody was seen',
      cell: (series, i) => {
        const addresses = addressesOf(series, i);
        return addresses === 0 ? '' : wholeRate(sumOf(series, i), 8n, addresses);
      },
    },
  ],
};

/** What the columns of `seriesCsv` mean, for the head of the file. */
export function seriesCsvColumns(measure: SeriesMeasure): string[] {
  return [
    'covered_seconds: seconds of the bucket before the watermark in which an expected exporter was heard',
    'divisor_seconds: covered_seconds and, in provisional buckets, also the seconds behind the watermark in which anything came',
    ...COLUMNS[measure].map(
      ({ unit, definition }) => `${unit}: ${definition}; an empty cell is unknown, not zero`,
    ),
  ];
}

/** One line a bucket: every series and the total, exact. An uncovered bucket has empty cells; a covered one with nothing in it has 0. */
export function seriesCsv(
  rows: ExploreColumns,
  { measure, by, zone }: { measure: SeriesMeasure; by: readonly Dimension[]; zone: string },
  head: CsvHead,
): string {
  const names = namesFrom(rows.names);
  const named = (series: ExploreSeries): string =>
    `${groupLabel(by, series.keys, names)} ${series.direction}`;
  const all = [
    ...rows.series.map((series) => ({ series, name: named(series) })),
    ...rows.totals.map((series) => ({ series, name: `Total ${series.direction}` })),
  ];
  const columns = COLUMNS[measure].flatMap((column) => all.map((each) => ({ ...each, column })));
  const header = [
    'bucket_start_utc',
    `bucket_start (${zone})`,
    'covered_seconds',
    'divisor_seconds',
    'state',
    ...columns.map(({ name, column }) => `${name} ${column.unit}`),
  ];
  const lines = rows.buckets.map((start, i) => {
    const seconds = rows.seconds[i] ?? 0;
    return [
      isoInstant(start),
      inputText(start, zone),
      String(rows.coveredSeconds[i] ?? 0),
      String(seconds),
      flagNames(rows.flags[i] ?? 0),
      ...columns.map(({ series, column }) => (seconds > 0 ? column.cell(series, i, seconds) : '')),
    ];
  });
  return csvTable(head, [header, ...lines]);
}
