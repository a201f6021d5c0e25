import { type ExportVersion, joint, type Stretch, unitOf } from './exportSequence';

/** What came of one exporter, observation domain, version and source format in one hour of receipt, all batches together. */
export interface SequenceHour {
  exporter: string;
  obsDomain: number;
  version: ExportVersion;
  sourceFormat: string;
  /** start of the hour, epoch seconds */
  hour: number;
  /** records with a sequence number and a time of receipt */
  numbered: number;
  /** how far the numbers moved, and what came of it, after batches that go on from one another were joined; packets or records */
  span: number;
  received: number;
  /** times that a count began anew or could not be followed */
  restarts: number;
  parallel: boolean;
  tooMany: boolean;
  /** the earliest and the latest stretch of the hour; null where there is none */
  first: Stretch | null;
  last: Stretch | null;
}

/** Why loss cannot be told. */
export const UNKNOWN_LOSS = {
  noNumbers: 'its records carry no sequence number with a time of receipt',
  noVersion:
    'the format does not say what its sequence numbers count, or merges records of several packets (pmacct)',
  tooMany: 'more than 16 counts run under one exporter and observation domain',
  tooFew: 'fewer than 100 packets or records moved the number: too few to tell',
  countsOtherwise: 'more came than the number moved by: the exporter counts otherwise than its version says',
  mostlyMissing:
    'a third of the numbers or more is missing: left out on purpose, shared among collectors, counted otherwise, or lost',
} as const;
export type UnknownLoss = keyof typeof UNKNOWN_LOSS;

export interface SequenceLoss {
  missing: number;
  expected: number;
  restarts: number;
  /** null: missing / expected is sound */
  unknown: UnknownLoss | null;
}

const FEWEST = 100;
const MOST_OVER = 1.1;
const MOST_MISSING = 1 / 3;

/** Sums up the hours of one exporter, observation domain, version and source format; an hour goes on from the one before. */
export function sequenceLossOf(hours: readonly SequenceHour[]): SequenceLoss {
  const ordered = [...hours].sort((a, b) => a.hour - b.hour);
  const [any] = ordered;
  const none = { missing: 0, expected: 0, restarts: 0 };
  if (any === undefined || ordered.every(({ numbered }) => numbered === 0))
    return { ...none, unknown: 'noNumbers' };
  const unit = unitOf(any.version);
  if (unit === null) return { ...none, unknown: 'noVersion' };
  let received = 0;
  let expected = 0;
  let missing = 0;
  let restarts = 0;
  let before: SequenceHour | null = null;
  for (const hour of ordered) {
    let { span, received: came } = hour;
    restarts += hour.restarts;
    const between = before === null ? 0 : betweenHours(before, hour, unit);
    if (between === null) restarts += 1;
    else span += between;
    if (unit === 'packets' && (between ?? 0) < 0) came -= 1;
    expected += span;
    received += came;
    missing += Math.max(0, span - came);
    before = hour;
  }
  const sums = { missing, expected, restarts };
  if (ordered.some(({ tooMany }) => tooMany)) return { ...sums, unknown: 'tooMany' };
  if (received > MOST_OVER * expected + FEWEST) return { ...sums, unknown: 'countsOtherwise' };
  if (expected < FEWEST) return { ...sums, unknown: 'tooFew' };
  if (missing >= MOST_MISSING * expected) return { ...sums, unknown: 'mostlyMissing' };
  return { ...sums, unknown: null };
}

/** Numbers between the last stretch of an hour and the first of the next; null where the count began anew. */
function betweenHours(a: SequenceHour, b: SequenceHour, unit: 'packets' | 'records'): number | null {
  if (a.last === null || b.first === null || a.parallel || b.parallel) return 0;
  // What lies between is an outage that coverage shows.
  if (b.hour - a.hour > 3_600) return 0;
  return joint(a.last, b.first, unit, b.received);
}

/** What is known of one exporter's loss, of all that it exports together. */
export interface ExporterLoss extends SequenceLoss {
  /** missing / expected of those of which it is sound; null where it is of none */
  share: number | null;
  /** what is missing may also have been templates, options or counters; else exact */
  atMost: boolean;
  /** observation domains, each version and source format by itself: of which loss is known, and all */
  knownCounts: number;
  counts: number;
}

/** @param hours all hours of one exporter; null = nothing came of which anything was counted */
export function lossOfExporter(hours: readonly SequenceHour[]): ExporterLoss | null {
  const counts = new Map<string, SequenceHour[]>();
  for (const hour of hours) {
    const key = JSON.stringify([hour.obsDomain, hour.version, hour.sourceFormat]);
    const own = counts.get(key);
    if (own === undefined) counts.set(key, [hour]);
    else own.push(hour);
  }
  const losses = [...counts.values()].map((own) => ({
    ...sequenceLossOf(own),
    version: own[0]?.version,
    numbered: own.reduce((sum, { numbered }) => sum + numbered, 0),
  }));
  const known = losses.filter(({ unknown }) => unknown === null);
  // Where nothing is known, the reason is that of the count with the most records.
  const [most] = [...losses].sort((a, b) => b.numbered - a.numbered);
  if (most === undefined) return null;
  const told = known.length === 0 ? [most] : known;
  const missing = told.reduce((sum, each) => sum + each.missing, 0);
  const expected = told.reduce((sum, each) => sum + each.expected, 0);
  return {
    missing,
    expected,
    share: known.length === 0 ? null : missing / expected,
    atMost: told.some(({ version }) => version !== 'netflow5'),
    restarts: told.reduce((sum, { restarts }) => sum + restarts, 0),
    unknown: known.length === 0 ? most.unknown : null,
    knownCounts: known.length,
    counts: losses.length,
  };
}
