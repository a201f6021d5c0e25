/** Measures that can be drawn over time; p95 and mean are statistics of traffic. */
export const SERIES_MEASURES = ['traffic', 'packets', 'flowRecords', 'uniqueness', 'magnitude'] as const;
export type SeriesMeasure = (typeof SERIES_MEASURES)[number];

/** Dimensions that an answer can be split by at once: a column each of a Sankey diagram. */
export const MOST_DIMENSIONS = 3;

/** Groups that are shown beside Other; more are listed by asking for a table. */
export const MOST_GROUPS = 50;
