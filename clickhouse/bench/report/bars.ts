/** What is demanded of a question, at the 95th percentile, warm, at the server. */
export const LATENCY_BARS = {
  additive: { label: 'additive by type, region, direction, IP version, link', ms: 50, select1: 15 },
  p95: { label: 'p95', ms: 120, select1: null },
  uniquesWhole: { label: 'uniqueness of whole months and a closed quarter', ms: 120, select1: null },
  uniquesRolling: { label: 'uniqueness of a rolling quarter', ms: 600, select1: null },
  origins: { label: 'ASN, country, metro, service', ms: 300, select1: null },
  endpointsClosed: { label: 'addresses and pairs, closed months and quarters', ms: 250, select1: null },
  endpointsRolling: { label: 'addresses and pairs, from days and raw flows', ms: 3000, select1: null },
  completion: { label: 'values that complete a filter', ms: 100, select1: null },
} as const;
export type BarName = keyof typeof LATENCY_BARS;

export const OTHER_BARS = {
  peerFaster: 10,
  peerRowsFewer: 50,
  ingestRate: 150_000,
  ingestAgainstWide: 4,
  rawBytesAFlow: 40,
  yearsShareOfRaw: 0.15,
  rollupsAgainstRaw: 2.5,
  uniquesError: 0.01,
  /** cells with fewer addresses are not judged */
  uniquesCell: 1_000,
  growth: 1.3,
} as const;

/** What is demanded in a browser, at the 95th percentile. */
export const BROWSER_BARS = {
  /** of the first dashboard */
  scriptBytes: 300_000,
  largestContentfulPaint: 1_200,
  layoutShift: 0,
  /** from an input to the frame that shows it */
  frame: 50,
  /** from a key to the values that complete a filter */
  completion: 100,
} as const;

/** One line of the table of bars. */
export interface Bar {
  what: string;
  measured: string;
  bar: string;
  held: boolean;
}
