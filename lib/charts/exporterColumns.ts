import { QUALITY_FLAG_TEXT, type QualityFlag } from '@/lib/flows/qualityFlags';
import type { Column } from './tableModel';

export type ExporterState = 'sending' | 'silent' | 'never' | 'retired' | 'unconfigured';

/** In one word each, and what it means. */
export const EXPORTER_STATES: Record<ExporterState, { text: string; meaning: string }> = {
  sending: { text: 'Sending', meaning: 'expected, and heard within the last 24 hours' },
  silent: { text: 'Silent', meaning: 'expected, and not heard for 24 hours' },
  never: { text: 'Never seen', meaning: 'configured, and has not sent anything yet' },
  retired: { text: 'Retired', meaning: 'configured as retired: nothing is expected of it' },
  unconfigured: { text: 'Not configured', meaning: 'sends, but does not stand in the network file' },
};

export const SENDING_COLUMNS: readonly Column[] = [
  {
    key: 'exporter',
    label: 'Exporter',
    csv: 'exporter',
    definition: 'the name in the network file, and the address that its records carry',
  },
  { key: 'region', label: 'Region', csv: 'region', definition: 'our own place, from the network file' },
  {
    key: 'state',
    label: 'State',
    csv: 'state',
    definition: Object.values(EXPORTER_STATES)
      .map(({ text, meaning }) => `${text}: ${meaning}`)
      .join('; '),
  },
  {
    key: 'seen',
    label: 'Last seen',
    csv: 'last_received_utc',
    definition: 'when its newest record was received',
  },
  {
    key: 'now',
    label: 'Records/s now',
    align: 'right',
    csv: 'records_per_second_now',
    definition:
      'counted flow records a second over the 15 minutes that end its usual lag (p99 of 7 days) before now',
  },
  {
    key: 'rate',
    label: 'Records/s',
    align: 'right',
    csv: 'records_per_second',
    definition: 'counted flow records that begin in the range / its covered seconds before the watermark',
  },
  {
    key: 'coverage',
    label: 'Coverage',
    align: 'right',
    csv: 'coverage_share',
    definition:
      'five-minute slots in which it sent something, or did in both neighbors, / slots before the watermark in which it was expected; 0 to 1 in the file',
  },
  {
    key: 'configured',
    label: 'Rate set',
    align: 'right',
    csv: 'configured_sampling_rate',
    definition:
      'sampling_rate in the network file today: holds for records that do not tell theirs; 1 in N packets',
  },
  {
    key: 'rates',
    label: 'Rates seen',
    csv: 'sampling_rates_seen',
    definition:
      'sampling rates of its records, most records first: 1 in N packets; 1 = unsampled or scaled at the source; ? = unknown',
  },
  {
    key: 'unknown',
    label: 'Rate unknown',
    align: 'right',
    csv: 'unknown_rate_share',
    definition:
      'share of its counted flow records without a sampling rate: they are kept, and left out of every scaled total; 0 to 1 in the file',
  },
];

/** What ingest mends about the times of a record. */
export const CLAMPED = [
  'endBeforeStart',
  'tooLong',
  'endsAfterReceipt',
] as const satisfies readonly QualityFlag[];
const CLAMPED_LABEL = {
  endBeforeStart: 'End before start',
  tooLong: 'Too long',
  endsAfterReceipt: 'Ends after receipt',
} as const;

/** Loss above which totals are visibly too low. */
export const HIGH_LOSS = 0.01;

export const DOUBT_COLUMNS: readonly Column[] = [
  {
    key: 'exporter',
    label: 'Exporter',
    csv: 'exporter',
    definition: 'the name in the network file, and the address that its records carry',
  },
  {
    key: 'records',
    label: 'Records',
    align: 'right',
    csv: 'records',
    definition:
      'all records that begin in the range, also those seen on internal interfaces; the counts at the right are of these',
  },
  {
    key: 'median',
    label: 'Lag, median',
    align: 'right',
    csv: 'lag_median_seconds',
    definition:
      'receipt minus end of the record, in seconds: number ceil(0.5 N) of N. It holds the difference of the two clocks and how long the exporter waits before it exports; negative = ended after it was received. Rounded down to 10 s from 5 min on, to 5 min from 1 h on',
  },
  {
    key: 'p99',
    label: 'Lag, p99',
    align: 'right',
    csv: 'lag_p99_seconds',
    definition: 'the same, number ceil(0.99 N) of N',
  },
  ...CLAMPED.map(
    (flag): Column => ({
      key: flag,
      label: CLAMPED_LABEL[flag],
      align: 'right',
      csv: `${flag}_records`,
      definition: `records: ${QUALITY_FLAG_TEXT[flag]}`,
    }),
  ),
  {
    key: 'implausible',
    label: 'Too fast',
    align: 'right',
    csv: 'implausible_records',
    definition:
      'records of a second and longer whose mean rate is above the speed of their link, or above 1.6 Tb/s where the network file does not say its speed: check the sampling rate',
  },
  {
    key: 'other',
    label: 'Other flags',
    csv: 'other_flags',
    definition: 'other quality flags with their records; hover for what each means',
  },
  {
    key: 'boundary',
    label: 'Boundary unknown',
    align: 'right',
    csv: 'unknown_boundary_share',
    definition:
      'share of its ingress and egress bytes over interfaces that the network file does not call external or internal: they count, and may be counted by another exporter too; 0 to 1 in the file',
  },
  {
    key: 'twice',
    label: 'Seen twice',
    align: 'right',
    csv: 'seen_by_another_share',
    definition:
      'share of its bytes in records that another exporter saw too (same 5-tuple, overlapping time): an estimate from the newest hour of the range of which raw flows are kept; 0 to 1 in the file',
  },
  {
    key: 'duplicates',
    label: 'Duplicates',
    align: 'right',
    csv: 'duplicate_records',
    definition:
      'records received in the range that were left out, because an equal one had come before in their batch or in the hour before; a batch that came again as a whole is not in this count. Not known of what came before this was counted, and of the demo',
  },
  {
    key: 'loss',
    label: 'Export loss',
    align: 'right',
    csv: 'sequence_loss_share',
    definition:
      'share of what it exported that never came, by gaps in sequence numbers: records of NetFlow v5 and IPFIX, packets of NetFlow v9 and sFlow, received in the range. \u2264: templates, options and counters have numbers too, and are no flows. A count that begins anew is no loss. Hover for why it is not known; 0 to 1 in the file',
  },
];
