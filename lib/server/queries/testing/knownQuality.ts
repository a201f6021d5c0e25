import type { ClickHouseClient } from '@clickhouse/client';

/**
 * Two days of records with everything wrong that a page about data must find, few enough to be counted by hand. Five minutes are a slot:
 * slot n begins at H0 + 300 n, there are 576 of them.
 *
 * | exporter | configured | sends |
 * |---|---|---|
 * | e1 | yes, rate 1000 | one record of 1,000 bytes a slot, but for the 12 slots of hour 10; some odd ones besides |
 * | e2 | yes | slots 0 to 299 without a sampling rate; from 300 on the same flows that e1 sees, of 900 bytes |
 * | e3 | yes, retired | 10 records in hour 0, cut at the active timeout |
 * | e4 | no | 20 records in hour 5, by a clock eight hours off |
 * | e5 | yes | nothing |
 */
export const SLOTS = 576;

interface Odd {
  exporter: string;
  /** seconds after H0 */
  at: number;
  durationMs?: number;
  /** seconds between end and receipt */
  lag?: number;
  src?: string;
  dst?: string;
  inIf?: number;
  outIf?: number;
  port?: number;
  bytes?: number;
  rate?: number;
  flags?: number;
}

const repeated = (count: number, odd: Odd): Odd[] => Array.from({ length: count }, () => odd);

function records(): Odd[] {
  const all: Odd[] = [];
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const at = slot * 300 + 10;
    if (slot < 120 || slot > 131)
      all.push({ exporter: 'e1', at, dst: slot < 100 ? '20.0.6.7' : '20.0.5.1', port: 50_000 + slot });
    all.push(
      slot < 300
        ? { exporter: 'e2', at, src: '20.0.1.1', dst: '10.1.1.1', inIf: 7, outIf: 8, rate: 0, flags: 1 }
        : { exporter: 'e2', at: at + 1, dst: '20.0.5.1', outIf: 7, port: 50_000 + slot, bytes: 900 },
    );
  }
  const hour = (n: number) => n * 3_600 + 20;
  return [
    ...all,
    // Seen on a backbone interface: another exporter counts them at the edge.
    ...repeated(7, { exporter: 'e1', at: hour(1), dst: '20.0.5.1', outIf: 3, bytes: 5_000 }),
    ...repeated(3, { exporter: 'e1', at: hour(2), src: '20.0.1.1', dst: '20.0.2.2', inIf: 1, bytes: 77 }),
    ...repeated(4, { exporter: 'e1', at: hour(2), src: '10.1.1.1', dst: '10.2.2.2', bytes: 50 }),
    // Received three hours after they ended, on the next day.
    ...repeated(5, { exporter: 'e1', at: hour(22), dst: '20.0.1.1', lag: 10_800, bytes: 10 }),
    // 16 Gb/s and 8 Gb/s over a link of 10 Gb/s.
    { exporter: 'e1', at: hour(30), durationMs: 1_000, dst: '20.0.1.1', bytes: 2_000_000_000 },
    { exporter: 'e1', at: hour(30), durationMs: 1_000, dst: '20.0.1.1', bytes: 1_000_000_000 },
    ...repeated(10, { exporter: 'e3', at: hour(0), dst: '20.0.1.1', flags: 4 }),
    ...repeated(20, { exporter: 'e4', at: hour(5), dst: '20.0.1.1', lag: 28_800 }),
  ];
}

/** Writes reference data, records, ledger and rejected records. @param h0 midnight UTC, epoch seconds */
export async function insertKnownQuality(owner: ClickHouseClient, h0: number): Promise<void> {
  const put = (table: string, values: object[]) => owner.insert({ table, values, format: 'JSONEachRow' });
  const always = { valid_from: '1970-01-01', valid_to: '2149-06-06' };
  await put(
    'exporters',
    ['e1', 'e2', 'e3', 'e5'].map((exporter) => ({
      exporter,
      name: `edge-${exporter}`,
      region: 'US-West',
      active_timeout: 1_800,
      idle_timeout: 60,
      expected: exporter === 'e3' ? 0 : 1,
    })),
  );
  await put('exporter_sampling', [{ exporter: 'e1', ...always, sampling_rate: 1_000 }]);
  const link = { exporter: 'e1', ...always, name: '', provider: '', network_type: '' };
  await put('links', [
    { ...link, interface: 1, boundary: 'external', kind: 'transit', speed_bps: '10000000000' },
    { ...link, interface: 3, boundary: 'internal', kind: 'backbone', speed_bps: '0' },
  ]);
  await put('own_prefixes', [{ prefix: '10.0.0.0/8' }]);
  await put('asn_prefixes', [
    { prefix: '20.0.1.0/24', asn: 64_501 },
    { prefix: '20.0.6.0/24', asn: 64_999 },
  ]);
  await put('as_names', [{ asn: 64_999, organisation: 'Nameless Networks' }]);
  await put('asn_types', [
    { asn: 64_501, ...always, network_type: 'CDN', name: '', evidence: '', taxonomy_version: 1 },
  ]);
  await owner.command({ query: 'SYSTEM RELOAD DICTIONARIES' });
  await put(
    'flows_landing',
    records().map((odd) => {
      const durationMs = odd.durationMs ?? 60_000;
      const end = h0 + odd.at + durationMs / 1000;
      return {
        batch_key: 1,
        dedup_key: 0,
        ts_start: (h0 + odd.at).toFixed(3),
        duration_ms: durationMs,
        ts_recv: (end + (odd.lag ?? 5)).toFixed(3),
        exporter: odd.exporter,
        in_if: odd.inIf ?? 99,
        out_if: odd.outIf ?? 1,
        src_ip: `::ffff:${odd.src ?? '10.1.1.1'}`,
        dst_ip: `::ffff:${odd.dst}`,
        src_port: 443,
        dst_port: odd.port ?? 40_000,
        proto: 6,
        bytes_raw: String(odd.bytes ?? 1_000),
        packets_raw: '1',
        sampling_rate: odd.rate ?? 1,
        source_format: 'test',
        quality_flags: odd.flags ?? 0,
      };
    }),
  );
  await put('ingest_batches', batches(h0));
  await put('flows_rejected', rejected(h0));
}

const text = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');

function batches(h0: number): object[] {
  const now = h0 + SLOTS * 300 + 130;
  const batch = (id: string, source: string, counts: number[], at: number[], state: string) => ({
    batch_id: id.repeat(64),
    batch_key: '1',
    source,
    source_name: `${source}.json`,
    source_offset: 0,
    records: counts[0],
    accepted: counts[1],
    rejected: counts[2],
    duplicates: counts[3],
    flagged: counts[4],
    bytes: '1',
    packets: '1',
    first_start: text(at[0] ?? 0),
    last_end: text(at[1] ?? 0),
    batch_size: 50_000,
    format: 'test',
    format_version: 1,
    options: '{}',
    token: '',
    state,
    created_at: text(at[2] ?? 0),
    version: '1',
  });
  return [
    batch('a', 'live', [100, 90, 4, 6, 10], [h0, h0 + 3_600, h0 + 3_660], 'committed'),
    // A file of hour 1 that was imported 45 hours later.
    batch('b', 'late-file', [50, 50, 0, 0, 0], [h0 + 3_600, h0 + 7_200, h0 + 47 * 3_600], 'committed'),
    batch('c', 'live', [5, 5, 0, 0, 0], [h0, h0 + 60, now - 600], 'pending'),
    batch('d', 'live', [5, 5, 0, 0, 0], [h0, h0 + 60, now - 10], 'pending'),
    batch('e', 'gone', [7, 7, 0, 0, 0], [h0, h0 + 60, h0 + 70], 'lost'),
    // The same file again, under another name.
    batch('f', 'copy', [100, 0, 0, 100, 0], [0, 0, h0 + 7_300], 'committed'),
  ];
}

/** What somebody might send to do harm, and a record too long to show. */
export const HOSTILE = '=HYPERLINK("http://x.example") <script>alert(1)</script> \u0007\u202e';

function rejected(h0: number): object[] {
  const row = (at: number, reason: string, record: string, offset: number) => ({
    rejected_at: text(h0 + at),
    batch_key: '1',
    source_name: '/captures/edge.json',
    source_offset: offset,
    format: 'test',
    reason,
    detail: `line ${offset}: what is wrong`,
    record,
  });
  return [
    ...[1, 2, 3, 4].map((n) => row(n * 600, 'malformed', n === 4 ? HOSTILE : `{"n":${n}`, n)),
    row(500, 'invalid_time', 'x'.repeat(1_000), 9),
    // The day before the range.
    row(-80_000, 'malformed', '{', 10),
  ];
}
