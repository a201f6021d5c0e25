import type { SpreadRecord } from '@/lib/server/ingest/testing/expected';

/** Records as somebody writes or sends them, and what they must come to. */
export interface WrittenRecords {
  /** Weir's own records, one a line, each line with its line break. */
  lines: string[];
  records: SpreadRecord[];
}

const FIRST_DAY = Date.UTC(2026, 10, 1);
const DAYS = 3;
const DAY_MS = 86_400_000;

/**
 * Makes records of which no two are alike, over three days from 2026-11-01 on, at most twenty minutes long. What they come to is worked
 * out here and not read back.
 *
 * @param way number that tells those of one way from those of another
 */
export function recordsOf(way: number): (count: number) => WrittenRecords {
  let next = 0;
  return (count) => {
    const made: WrittenRecords = { lines: [], records: [] };
    for (let i = 0; i < count; i += 1) {
      const n = next;
      next += 1;
      const mixed = (n * 2_654_435_761 + way * 97) % 4_294_967_296;
      const record = {
        tsStartMs: FIRST_DAY + (n % DAYS) * DAY_MS + (mixed % DAY_MS),
        durationMs: n % 5 === 0 ? 0 : mixed % 1_200_000,
        bytesRaw: 64 + (mixed % 1_000_003),
        packetsRaw: 1 + (mixed % 997),
        samplingRate: 1,
      };
      made.records.push(record);
      made.lines.push(
        `${JSON.stringify({
          ts_start: `${record.tsStartMs}000000`,
          ts_end: `${record.tsStartMs + record.durationMs}000000`,
          exporter: `192.0.2.${way}`,
          src_ip: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
          dst_ip: `198.51.100.${mixed % 256}`,
          src_port: n % 65_536,
          dst_port: 443,
          proto: 6,
          in_if: 1,
          out_if: 2,
          bytes_raw: record.bytesRaw,
          packets_raw: record.packetsRaw,
          sampling_rate: 1,
        })}\n`,
      );
    }
    return made;
  };
}
