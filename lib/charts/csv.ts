import type { Meta } from '@/lib/flows/contracts/envelope';
import type { HeatmapRows } from '@/lib/flows/contracts/regionTypeHeatmap';
import type { TrafficColumns } from '@/lib/flows/contracts/trafficOverTime';
import { BUCKET_FLAGS } from '@/lib/flows/coverage';
import { inputText } from './timeText';

/**
 * Tables as text for spreadsheets and scripts: comment lines that say what stands below, then RFC 4180 with exact
 * integers. Sums arrive as decimal strings and leave as the same strings: no value passes through a JavaScript number.
 */

export interface CsvHead {
  readonly title: string;
  /** one line each: scope, definition, source */
  readonly lines: readonly string[];
}

/** What the bytes of traffic over time are. */
export const TRAFFIC_DEFINITION =
  'Bytes are estimates of what crossed the boundary (raw x sampling rate, layer 3).';

/** What the measures of a region by type are. */
export const HEATMAP_DEFINITION =
  'Volume is bytes, estimated as raw x sampling rate (layer 3); addresses are distinct remote addresses (IPv4 /32, IPv6 /64) of whole UTC hours, complete ones where the range runs until now; magnitude is bits divided by addresses of the same hours. Totals of addresses are counted anew, never added.';

/** `2026-11-22T10:00:00Z` */
export function isoInstant(instant: number): string {
  return new Date(instant * 1000).toISOString().replace('.000Z', 'Z');
}

/** Quotes a field where it must be; a leading = + - @ is kept from being a formula. */
function field(value: string): string {
  const safe = /^[=+@]|^-(?!\d)/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Comment lines, then RFC 4180: the first row is the header. */
export function csvTable(head: CsvHead, rows: readonly (readonly string[])[]): string {
  const comments = [head.title, ...head.lines].map((line) => `# ${line.replace(/[\r\n]+/g, ' ')}`);
  return `${[...comments, ...rows.map((row) => row.map(field).join(','))].join('\r\n')}\r\n`;
}

/** The state of a bucket in words, by its flags. */
export function flagNames(flags: number): string {
  const names = Object.entries(BUCKET_FLAGS).flatMap(([name, bit]) => (flags & bit ? [name] : []));
  return names.length > 0 ? names.join(' ') : 'whole';
}

/** What the columns of `trafficCsv` mean, for the head of the file. */
export const TRAFFIC_CSV_COLUMNS = [
  'covered_seconds: seconds of the bucket before the watermark in which an expected exporter was heard',
  'divisor_seconds: covered_seconds and, in provisional buckets, also the seconds behind the watermark in which anything came; rate = bytes x 8 / divisor_seconds',
  'bit/s: that rate, rounded to whole bits; bytes are exact; an empty cell is unknown, not zero',
];

/** sum x factor / divisor, rounded half up to a whole number; no value passes through a JavaScript number. */
export function wholeRate(sum: string, factor: bigint, divisor: number): string {
  const whole = BigInt(divisor);
  return String((BigInt(sum) * factor * 2n + whole) / (2n * whole));
}

/**
 * One line a bucket: exact bytes and the rate by type and in total, and the seconds that divide them. An uncovered bucket has
 * empty cells; a covered one without traffic has 0. With 5-minute buckets the p95 can be computed again from it by hand.
 */
export function trafficCsv(rows: TrafficColumns, meta: Pick<Meta, 'zone'>, head: CsvHead): string {
  const columns = [...rows.series, ...rows.totals];
  const header = [
    'bucket_start_utc',
    `bucket_start (${meta.zone})`,
    'covered_seconds',
    'divisor_seconds',
    'state',
    ...columns.map((series) => `${series.key} ${series.direction} bytes`),
    ...columns.map((series) => `${series.key} ${series.direction} bit/s`),
  ];
  const lines = rows.buckets.map((start, i) => {
    const seconds = rows.seconds[i] ?? 0;
    const covered = seconds > 0;
    return [
      isoInstant(start),
      inputText(start, meta.zone),
      String(rows.coveredSeconds[i] ?? 0),
      String(seconds),
      flagNames(rows.flags[i] ?? 0),
      ...columns.map((series) => (covered ? (series.bytes[i] ?? '') : '')),
      ...columns.map((series) => (covered ? wholeRate(series.bytes[i] ?? '0', 8n, seconds) : '')),
    ];
  });
  return csvTable(head, [header, ...lines]);
}

/** One line a cell, totals last; an absent cell is left out. */
export function heatmapCsv(rows: HeatmapRows, head: CsvHead): string {
  const header = [
    'region',
    'network_type',
    'volume_bytes',
    'traffic_bits_per_second',
    'unique_addresses',
    'unique_addresses_plus_minus',
    'magnitude_bits_per_address',
    'sampled_packets',
    'fewer_than_400_sampled_packets',
  ];
  type Cell = HeatmapRows['total'];
  const line = (region: string, type: string, cell: Cell): string[] => [
    region,
    type,
    cell.volume,
    cell.traffic === null ? '' : String(cell.traffic),
    cell.uniques === null ? '' : String(cell.uniques),
    cell.uniques === null ? '' : String(cell.uniquesPlusMinus),
    cell.magnitude === null ? '' : String(cell.magnitude),
    cell.sampledPackets,
    cell.fewPackets ? 'yes' : 'no',
  ];
  const lines = rows.regions.flatMap((region, r) =>
    rows.types.flatMap((type, t) => {
      const cell = rows.cells[r]?.[t];
      return cell ? [line(region, type, cell)] : [];
    }),
  );
  const regionTotals = rows.regions.flatMap((region, r) => {
    const cell = rows.regionTotals[r];
    return cell ? [line(region, 'Total', cell)] : [];
  });
  const typeTotals = rows.types.flatMap((type, t) => {
    const cell = rows.typeTotals[t];
    return cell ? [line('Total', type, cell)] : [];
  });
  return csvTable(head, [
    header,
    ...lines,
    ...regionTotals,
    ...typeTotals,
    line('Total', 'Total', rows.total),
  ]);
}
