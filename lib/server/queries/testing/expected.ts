import type { TestFlow } from './randomFlows';

/** One slot of one record, as the metrics catalogue says it: nothing here is shared with the code under test. */
export interface Slot {
  /** start, epoch seconds */
  at: number;
  bytes: bigint;
  packets: bigint;
  flowRecords: bigint;
  sampledPackets: bigint;
  flow: TestFlow;
}

const MINUTE = 60_000n;

/** Cumulative overlap rule: slot i gets floor(total x cumulative overlap i / duration) minus what earlier slots got. */
function spread(total: bigint, startMs: bigint, durationMs: bigint): { at: number; part: bigint }[] {
  const first = startMs / MINUTE;
  if (durationMs === 0n) return [{ at: Number(first) * 60, part: total }];
  const parts: { at: number; part: bigint }[] = [];
  let given = 0n;
  for (let slot = first; slot * MINUTE < startMs + durationMs; slot += 1n) {
    const end = (slot + 1n) * MINUTE;
    const overlap = (end < startMs + durationMs ? end : startMs + durationMs) - startMs;
    const upTo = (total * overlap) / durationMs;
    parts.push({ at: Number(slot) * 60, part: upTo - given });
    given = upTo;
  }
  return parts;
}

/** All minute slots of the records that count. */
export function minuteSlots(flows: readonly TestFlow[]): Slot[] {
  return flows
    .filter((flow) => flow.counted)
    .flatMap((flow) => {
      const rate = BigInt(flow.rate);
      const bytes = spread(flow.bytesRaw * rate, BigInt(flow.startMs), BigInt(flow.durationMs));
      const packets = spread(flow.packetsRaw * rate, BigInt(flow.startMs), BigInt(flow.durationMs));
      return bytes.map(({ at, part }, index) => ({
        at,
        bytes: part,
        packets: packets[index]?.part ?? 0n,
        flowRecords: index === 0 ? 1n : 0n,
        sampledPackets: index === 0 && flow.rate > 1 ? flow.packetsRaw : 0n,
        flow,
      }));
    });
}

export interface Sums {
  bytes: bigint;
  packets: bigint;
  flowRecords: bigint;
  sampledPackets: bigint;
}

/** Sums of slots by a key. */
export function sumBy(slots: readonly Slot[], key: (slot: Slot) => string): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const slot of slots) {
    const name = key(slot);
    const sum = sums.get(name) ?? { bytes: 0n, packets: 0n, flowRecords: 0n, sampledPackets: 0n };
    sum.bytes += slot.bytes;
    sum.packets += slot.packets;
    sum.flowRecords += slot.flowRecords;
    sum.sampledPackets += slot.sampledPackets;
    sums.set(name, sum);
  }
  return sums;
}

/** Distinct counted addresses by a key, over slots. */
export function addressesBy(slots: readonly Slot[], key: (slot: Slot) => string): Map<string, Set<string>> {
  const sets = new Map<string, Set<string>>();
  for (const slot of slots) {
    const name = key(slot);
    const set = sets.get(name) ?? new Set();
    set.add(slot.flow.remoteAddress);
    sets.set(name, set);
  }
  return sets;
}
