/**
 * What the sequence numbers of exports say about loss. Meanings differ:
 *
 * | version | counts | of | a number that is missing is |
 * |---|---|---|---|
 * | NetFlow v5 | flow records sent before this packet | engine | a record that did not come |
 * | IPFIX (RFC 7011, 3.1) | data records sent before this message, modulo 2^32 | observation domain and stream | a record that did not come, or data of options, which no collector hands on as a flow: at most |
 * | NetFlow v9 (RFC 3954, 5.1) | export packets | source id | a packet that did not come, or one of templates or options alone: at most |
 * | sFlow 5 | datagrams | agent and sub-agent | a datagram that did not come, or one of interface counters alone: at most |
 *
 * Loss is estimated by the hour of receipt for each exporter, observation domain, version and source format: missing / expected, where
 * expected is how far the number moved. Within a batch packets are brought in the order of their receipt and cut into stretches; between
 * batches, and between an hour and the next, stretches are joined where the second goes on from the first. What does not go on (a step
 * back: a restart; a leap further than all that came in the hour: another count, or an outage that coverage shows) counts as nothing.
 *
 * A batch that ends within a packet leaves its records in two; joined they are one packet again, except where the range ends there, which
 * may hide as many lost records as stood in the first half.
 *
 * Not told from one another are engines of NetFlow v5 and sub-agents of sFlow, which collectors leave out: as long as their numbers lie
 * apart they become stretches of their own.
 */

/** As `type` of goflow2's messages numbers them; 0 = not known. */
export const EXPORT_VERSIONS = ['unknown', 'sflow5', 'netflow5', 'netflow9', 'ipfix'] as const;
export type ExportVersion = (typeof EXPORT_VERSIONS)[number];

/** What one step of the number stands for; null where nobody can say. */
export function unitOf(version: ExportVersion): 'packets' | 'records' | null {
  if (version === 'netflow5' || version === 'ipfix') return 'records';
  return version === 'unknown' ? null : 'packets';
}

/** Records of one packet that stood side by side, in the order of the input. */
export interface Arrival {
  receivedMs: number;
  /** 0 to 2^32 - 1 */
  sequence: number;
  records: number;
}

/** A count that moved on without a break that could not be loss. */
export interface Stretch {
  /** receipt of its first and last packet, ms since 1970 */
  from: number;
  to: number;
  /** least number, 0 to 2^32 - 1 */
  first: number;
  /** how far the number moved, its last packet included; packets or records */
  span: number;
  /** what came of it; packets or records */
  received: number;
}

/** How far behind the greatest number a packet may come late, in packets and in records; beyond it the exporter began anew. */
const BEHIND = { packets: 128, records: 4_096 };
/** How far ahead within a batch; beyond it a stretch of its own begins, and the hour decides. */
const AHEAD = { packets: 4_096, records: 65_536 };
const MOST_STRETCHES = 16;
/** Two batches of one collector may overlap by this much, ms. */
const SIDE_BY_SIDE = 1_000;

interface Open {
  first: number;
  /** offsets from `first`; `low` is 0 or less */
  low: number;
  high: number;
  /** records of each packet, by its offset */
  packets: Map<number, number>;
  from: number;
  to: number;
  firstIndex: number;
  lastIndex: number;
}

/** The difference b - a of two numbers that wrap at 2^32, from -2^31 to 2^31 - 1. */
export function step(a: number, b: number): number {
  return (b - a) | 0;
}

/**
 * Cuts what came into stretches.
 * @returns `parallel`: several counts ran at the same time; `tooMany`: more than 16, of which the rest was left out
 */
export function stretchesOf(
  arrivals: readonly Arrival[],
  unit: 'packets' | 'records',
): { stretches: Stretch[]; parallel: boolean; tooMany: boolean } {
  const ordered = [...arrivals].sort((a, b) => a.receivedMs - b.receivedMs);
  const open: Open[] = [];
  let tooMany = false;
  for (const [index, { receivedMs, sequence, records }] of ordered.entries()) {
    const found = nearest(open, sequence, unit);
    if (found === null) {
      if (open.length >= MOST_STRETCHES) {
        tooMany = true;
        continue;
      }
      const packets = new Map([[0, records]]);
      const at = { from: receivedMs, to: receivedMs, firstIndex: index, lastIndex: index };
      open.push({ first: sequence, low: 0, high: 0, packets, ...at });
      continue;
    }
    const { stretch, ahead } = found;
    const offset = stretch.high + ahead;
    stretch.packets.set(offset, (stretch.packets.get(offset) ?? 0) + records);
    stretch.low = Math.min(stretch.low, offset);
    stretch.high = Math.max(stretch.high, offset);
    stretch.to = receivedMs;
    stretch.lastIndex = index;
  }
  return {
    stretches: open.map((each) => closed(each, unit)),
    parallel: open.some((a) =>
      open.some((b) => a !== b && a.firstIndex < b.firstIndex && b.firstIndex < a.lastIndex),
    ),
    tooMany,
  };
}

function nearest(
  open: readonly Open[],
  sequence: number,
  unit: 'packets' | 'records',
): { stretch: Open; ahead: number } | null {
  let best: { stretch: Open; ahead: number } | null = null;
  for (const stretch of open) {
    const ahead = step(stretch.first + stretch.high, sequence);
    if (ahead < -BEHIND[unit] || ahead > AHEAD[unit]) continue;
    if (best === null || Math.abs(ahead) < Math.abs(best.ahead)) best = { stretch, ahead };
  }
  return best;
}

function closed({ first, low, high, packets, from, to }: Open, unit: 'packets' | 'records'): Stretch {
  let records = 0;
  for (const count of packets.values()) records += count;
  const last = unit === 'packets' ? 1 : (packets.get(high) ?? 0);
  return {
    from,
    to,
    first: (first + low) >>> 0,
    span: high - low + last,
    received: unit === 'packets' ? packets.size : records,
  };
}

/**
 * How the second of two stretches goes on from the first: the numbers left out between them, or, below 0, those that both hold (a batch
 * that ends within a packet). null: it does not go on.
 * @param most the furthest leap that may be loss: what came in the hour
 */
export function joint(a: Stretch, b: Stretch, unit: 'packets' | 'records', most: number): number | null {
  if (b.from + SIDE_BY_SIDE < a.to) return null;
  const between = step(a.first + a.span, b.first);
  return between < -BEHIND[unit] || between > most ? null : between;
}

/** The bounds that a query needs to join stretches as `joint` does. */
export const JOINT = { behind: BEHIND, sideBySideMs: SIDE_BY_SIDE } as const;
