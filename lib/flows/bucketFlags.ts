/** What is special about a bucket of a time axis: bits of `flags`. Apart from the contracts, which bring their schemas along. */
export const BUCKET_FLAGS = {
  /** not whole: the range begins or ends inside it, or an expected exporter is missing in part of it */
  partial: 1,
  /** holds instants after the watermark: may still grow */
  provisional: 2,
  /** no expected exporter was covered: a gap, not a zero */
  uncovered: 4,
  /** later than now */
  future: 8,
} as const;
