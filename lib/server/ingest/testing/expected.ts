import type { FlowRecord } from '../record';

/** What spreading needs of a record. */
export type SpreadRecord = Pick<
  FlowRecord,
  'tsStartMs' | 'durationMs' | 'bytesRaw' | 'packetsRaw' | 'samplingRate'
>;

/** Sums of records by slot (start of the slot in ms), worked out one record and one slot at a time, as metrics.md words it. */
export type Series = Map<number, { bytes: bigint; packets: bigint; records: bigint }>;

/**
 * Spreads records over slots: slot i gets floor(total x cumulative overlap / duration) minus what earlier slots got; a record counts
 * once, in the slot of its start.
 */
export function seriesOf(records: Iterable<SpreadRecord>, slotMs: number): Series {
  const series: Series = new Map();
  for (const record of records) {
    const start = record.tsStartMs;
    const end = start + record.durationMs;
    const totals = {
      bytes: BigInt(record.bytesRaw) * BigInt(record.samplingRate),
      packets: BigInt(record.packetsRaw) * BigInt(record.samplingRate),
    };
    const given = { bytes: 0n, packets: 0n };
    for (let slot = Math.floor(start / slotMs) * slotMs; ; slot += slotMs) {
      const overlapEnd = Math.min(end, slot + slotMs);
      const last = overlapEnd >= end;
      const until = (total: bigint): bigint =>
        last ? total : (total * BigInt(overlapEnd - start)) / BigInt(record.durationMs);
      const entry = series.get(slot) ?? { bytes: 0n, packets: 0n, records: 0n };
      entry.bytes += until(totals.bytes) - given.bytes;
      entry.packets += until(totals.packets) - given.packets;
      entry.records += slot <= start ? 1n : 0n;
      series.set(slot, entry);
      given.bytes = until(totals.bytes);
      given.packets = until(totals.packets);
      if (last) break;
    }
  }
  return series;
}

/** A series as sorted lines, for comparison as text; slots without anything are left out. */
export function seriesLines(series: Series): string[] {
  return [...series]
    .filter(([, { bytes, packets, records }]) => bytes !== 0n || packets !== 0n || records !== 0n)
    .sort(([a], [b]) => a - b)
    .map(
      ([slot, { bytes, packets, records }]) =>
        `${new Date(slot).toISOString()} ${bytes} ${packets} ${records}`,
    );
}
