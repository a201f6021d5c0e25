/** What can be measured; each definition stands in the metrics catalogue under the same name. */
export const MEASURES = [
  'volume',
  'traffic',
  'packets',
  'flowRecords',
  'p95',
  'p95Hourly',
  'uniqueness',
  'magnitude',
] as const;

export type Measure = (typeof MEASURES)[number];

/** Sums, which any table that has the dimensions and the slots can answer exactly. */
export const ADDITIVE_MEASURES = [
  'volume',
  'traffic',
  'packets',
  'flowRecords',
] as const satisfies readonly Measure[];

export const MEASURE_LABEL: Record<Measure, string> = {
  volume: 'volume',
  traffic: 'traffic',
  packets: 'packets',
  flowRecords: 'flow records',
  p95: '95th percentile',
  p95Hourly: '95th percentile of hourly means',
  uniqueness: 'distinct remote addresses',
  magnitude: 'bits per remote address',
};

export function isAdditive(measure: Measure): boolean {
  return (ADDITIVE_MEASURES as readonly Measure[]).includes(measure);
}

/** Whether a measure is made of distinct counts, which can be merged and never added. */
export function countsAddresses(measure: Measure): boolean {
  return measure === 'uniqueness' || measure === 'magnitude';
}
