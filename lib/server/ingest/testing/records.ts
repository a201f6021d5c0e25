import type { FlowRecord, ParsedRecord } from '../record';

/** A record over documentation addresses; every field can be set. */
export function flowRecord(fields: Partial<FlowRecord> = {}): FlowRecord {
  return {
    tsStartMs: Date.UTC(2026, 10, 22, 9),
    durationMs: 0,
    tsRecvMs: Date.UTC(2026, 10, 22, 10),
    exporter: '192.0.2.1',
    obsDomain: 0,
    inIf: 1,
    outIf: 2,
    reportedDirection: 0,
    srcIp: ipv4(10, 0, 0, 1),
    dstIp: ipv4(203, 0, 113, 9),
    srcPort: 443,
    dstPort: 50_000,
    proto: 6,
    tos: 0,
    tcpFlags: 0,
    srcAs: 0,
    dstAs: 0,
    bytesRaw: 1000,
    packetsRaw: 10,
    samplingRate: 1,
    sourceFormat: 'test',
    qualityFlags: 0,
    sequence: null,
    exportVersion: 'unknown',
    comparedByContent: true,
    ...fields,
  };
}

export function ipv4(a: number, b: number, c: number, d: number): Uint8Array {
  return Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, a, b, c, d]);
}

/** A parsed record whose text is that of its fields. */
export function parsed(record: FlowRecord): ParsedRecord {
  const raw = JSON.stringify(record, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value instanceof Uint8Array ? [...value].join('.') : value,
  );
  return { ok: true, record, raw };
}

/** `count` records, each different, over `days` days from the start of 2026-11-01, at most an hour long. */
export function manyRecords(count: number, days = 1, seed = 1): ParsedRecord[] {
  const day = Date.UTC(2026, 10, 1);
  return Array.from({ length: count }, (_, i) => {
    const n = i * 2_654_435_761 + seed * 97;
    return parsed(
      flowRecord({
        tsStartMs: day + (i % days) * 86_400_000 + (n % 86_400_000),
        durationMs: n % 7 === 0 ? 0 : n % 3_600_000,
        srcIp: ipv4(10, seed & 255, (i >> 8) & 255, i & 255),
        dstIp: ipv4(198, 51, 100, (n >> 3) & 255),
        dstPort: (n >>> 0) % 65_536,
        bytesRaw: (n % 1_000_003) + 64,
        packetsRaw: (n % 997) + 1,
      }),
    );
  });
}

/** Blocks of records, as a format's reader gives them. */
export async function* inBlocks(records: ParsedRecord[], size = 1000): AsyncGenerator<ParsedRecord[]> {
  for (let at = 0; at < records.length; at += size) yield records.slice(at, at + size);
}
