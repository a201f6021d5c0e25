import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { needsSharedData, sharedData } from '@/lib/testing/sharedData';
import { openIngest } from './ingest';
import { ingestFile } from './ingestFile';
import {
  asAkvoradoCsv,
  asAkvoradoJson,
  asFlowLog,
  asGoflow2Json,
  asGoflow2Protobuf,
  asPmacctCsv,
  asWeirNdjson,
  OWN_COLUMNS,
  spreadAtReceipt,
  spreadFromSecond,
  spreadInSeconds,
  spreadOf,
  type Truth,
  truthOf,
} from './testing/convertCapture';
import { type SpreadRecord, seriesLines, seriesOf } from './testing/expected';
import { emptyTables, ROLLUP_SLOT_MS, rollupLines, rowsOf, TABLES, totalsLine } from './testing/stored';

const CAPTURES = [
  { file: 'flows/nfdump-netflow9.json.gz', format: 'nfdump-json', read: readNfdump },
  { file: 'flows/nfacctd-ipfix.json.gz', format: 'pmacct-json', read: readNfacctd },
];
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
const SEEN_BY_THEIR_SIDE = [
  '224.0.0.0/4',
  '255.255.255.255/32',
  '127.0.0.0/8',
  '169.254.0.0/16',
  'ff00::/8',
  'fe80::/10',
  '::1/128',
];

/** The same records in every other format, and what the format leaves of their times. */
const WRITTEN: {
  format: string;
  spread: (record: Truth) => SpreadRecord;
  write?: (records: readonly Truth[]) => Buffer;
}[] = [
  { format: 'nfdump-csv', spread: spreadFromSecond },
  { format: 'pmacct-csv', spread: (record) => spreadOf(record), write: asPmacctCsv },
  { format: 'goflow2-json', spread: (record) => spreadOf(record), write: asGoflow2Json },
  { format: 'goflow2-protobuf', spread: (record) => spreadOf(record), write: asGoflow2Protobuf },
  { format: 'weir-ndjson', spread: (record) => spreadOf(record), write: asWeirNdjson },
  { format: 'weir-parquet', spread: (record) => spreadOf(record), write: asWeirNdjson },
  { format: 'aws-vpc', spread: spreadInSeconds, write: asFlowLog },
  { format: 'akvorado-json', spread: spreadAtReceipt, write: asAkvoradoJson },
  { format: 'akvorado-csv', spread: spreadAtReceipt, write: asAkvoradoCsv },
];

describe.skipIf(sharedData === null)(needsSharedData('the captures of one truth'), () => {
  let engine: TestClickHouse;
  let owner: ClickHouseClient;
  let spool: string;
  beforeAll(async () => {
    engine = await startTestClickHouse();
    owner = engine.client('owner');
    spool = await mkdtemp(join(tmpdir(), 'weir-spool-'));
  });
  afterAll(async () => {
    await engine?.stop();
    await rm(spool, { recursive: true, force: true });
  });

  async function importCapture({ file, format }: (typeof CAPTURES)[number], ownPrefixes: string[]) {
    await emptyTables(owner);
    await owner.command({ query: 'TRUNCATE TABLE own_prefixes' });
    await owner.insert({
      table: 'own_prefixes',
      values: ownPrefixes.map((prefix) => ({ prefix })),
      format: 'JSONEachRow',
    });
    await owner.command({ query: 'SYSTEM RELOAD DICTIONARY own_prefix_dict' });
    const ingest = openIngest({ clickhouse: engine.target, databaseUrl: '' }, { spool });
    try {
      return await ingestFile(ingest, { path: join(sharedData ?? '', file), format, zone: 'UTC' });
    } finally {
      await ingest.close();
    }
  }

  test.each(CAPTURES)('$file: totals and series, in flows and in every additive rollup', async (capture) => {
    const raw = capture.read(gunzipSync(await readFile(join(sharedData ?? '', capture.file))).toString());
    const { summary, problem } = await importCapture(capture, PRIVATE);

    expect(problem).toBeNull();
    expect(summary).toMatchObject({ records: 2764, accepted: 2764, rejected: 0, duplicates: 0 });
    expect([summary.packets, summary.bytes]).toEqual([26_595n, 15_076_546n]);
    for (const table of TABLES) {
      expect([table, await totalsLine(owner, table)]).toEqual([table, '2764 26595 15076546']);
    }

    expect(await minutesOfFlows(owner)).toEqual(seriesLines(seriesOf(raw, 60_000)));
    for (const [table, slotMs] of Object.entries(ROLLUP_SLOT_MS)) {
      expect([table, await rollupLines(owner, table)]).toEqual([table, seriesLines(seriesOf(raw, slotMs))]);
    }
  });

  test('both captures give the same series by the minute', async () => {
    const [a, b] = await Promise.all(
      CAPTURES.map(async ({ file, read }) =>
        seriesLines(
          seriesOf(read(gunzipSync(await readFile(join(sharedData ?? '', file))).toString()), 60_000),
        ),
      ),
    );
    expect(a).toEqual(b);
  });

  test('directions with RFC 1918 as local are those worked out by hand', async () => {
    for (const capture of CAPTURES) {
      await importCapture(capture, PRIVATE);
      expect(await directions(owner)).toEqual({
        egress: '1430 2083640',
        ingress: '771 8053277',
        internal: '225 1455129',
        transit: '338 3484500',
      });
    }
  });

  test('multicast, broadcast and link-local belong to the side that sees them: that traffic moves to internal', async () => {
    const records = JSON.parse(
      gunzipSync(await readFile(join(sharedData ?? '', CAPTURES[0]?.file ?? ''))).toString(),
    ) as NfdumpRecord[];
    const moved = records
      .filter(
        ({ src4_addr: src = '', dst4_addr: dst = '' }) => isPrivate(src) && /^(22[4-9]|23\d|255)\./.test(dst),
      )
      .reduce((sum, { in_bytes }) => sum + in_bytes, 0);
    expect(moved).toBe(77_406);
    const neighbours = records
      .filter(
        ({ src6_addr: src = '', dst6_addr: dst = '' }) => src.startsWith('fe80:') && /^(ff|fe80)/.test(dst),
      )
      .reduce((sum, { in_bytes }) => sum + in_bytes, 0);
    for (const capture of CAPTURES) {
      await importCapture(capture, [...PRIVATE, ...SEEN_BY_THEIR_SIDE]);
      const bytes = Object.fromEntries(
        Object.entries(await directions(owner)).map(([direction, line]) => [
          direction,
          Number(line.split(' ')[1]),
        ]),
      );
      expect(bytes.egress).toBe(2_083_640 - moved);
      expect(bytes.internal).toBe(1_455_129 + moved + neighbours);
      expect(Object.values(bytes).reduce((sum, value) => sum + value, 0)).toBe(15_076_546);
    }
  });

  describe('through every other format', () => {
    let truth: Truth[];
    beforeAll(async () => {
      truth = truthOf(
        gunzipSync(await readFile(join(sharedData ?? '', 'flows/nfdump-netflow9.json.gz'))).toString(),
      );
    });

    /** Parquet as ClickHouse writes it, from the NDJSON. */
    async function asParquet(ndjson: Buffer): Promise<Buffer> {
      await owner.command({ query: `CREATE OR REPLACE TABLE convert (${OWN_COLUMNS}) ENGINE = Memory` });
      await owner.insert({
        table: 'convert',
        values: ndjson
          .toString()
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as object),
        format: 'JSONEachRow',
      });
      const { stream } = await owner.exec({ query: 'SELECT * FROM convert FORMAT Parquet' });
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      await owner.command({ query: 'DROP TABLE convert' });
      return Buffer.concat(chunks);
    }

    async function fileOf(
      format: string,
      write: ((records: readonly Truth[]) => Buffer) | undefined,
    ): Promise<string> {
      if (write === undefined) return join(sharedData ?? '', 'flows/nfdump-netflow9.csv.gz');
      const path = join(spool, `${format}.input`);
      const bytes = write(truth);
      await writeFile(path, format === 'weir-parquet' ? await asParquet(bytes) : bytes);
      return path;
    }

    test.each(WRITTEN)(
      '$format: the same totals, and its series, in flows and in every additive rollup',
      async ({ format, spread, write }) => {
        await emptyTables(owner);
        const path = await fileOf(format, write);
        const ingest = openIngest({ clickhouse: engine.target, databaseUrl: '' }, { spool });
        const { summary, problem } = await ingestFile(ingest, { path, format, zone: 'UTC' }).finally(() =>
          ingest.close(),
        );

        expect(problem).toBeNull();
        expect(summary).toMatchObject({ records: 2764, accepted: 2764, rejected: 0, duplicates: 0 });
        expect([summary.packets, summary.bytes]).toEqual([26_595n, 15_076_546n]);
        const expected = truth.map(spread);
        for (const [table, slotMs] of Object.entries(ROLLUP_SLOT_MS)) {
          expect([table, await totalsLine(owner, table)]).toEqual([table, '2764 26595 15076546']);
          expect([table, await rollupLines(owner, table)]).toEqual([
            table,
            seriesLines(seriesOf(expected, slotMs)),
          ]);
        }
        expect(await minutesOfFlows(owner)).toEqual(seriesLines(seriesOf(expected, 60_000)));
      },
    );

    test('without a name the content decides, and the guess is told; an option without effect is told too', async () => {
      await emptyTables(owner);
      const told: string[] = [];
      const ingest = openIngest({ clickhouse: engine.target, databaseUrl: '' }, { spool });
      const { summary } = await ingestFile(ingest, {
        path: join(sharedData ?? '', 'flows/nfdump-netflow9.csv.gz'),
        zone: 'UTC',
        samplingRate: 1000,
        onGuess: (text) => told.push(text),
        onWarning: (text) => told.push(text),
      }).finally(() => ingest.close());
      expect([summary.accepted, summary.bytes]).toEqual([2764, 15_076_546n]);
      expect(told).toEqual([
        'looks like nfdump CSV: reading it as --format nfdump-csv',
        expect.stringContaining('--sampling-rate 1000 has no effect'),
      ]);
    });

    test('formats with milliseconds give one series by the minute, and it is that of the capture', () => {
      const all = WRITTEN.filter(({ spread }) => truth.every((r) => spread(r).tsStartMs === r.startMs)).map(
        ({ format }) => format,
      );
      expect(all).toEqual(['pmacct-csv', 'goflow2-json', 'goflow2-protobuf', 'weir-ndjson', 'weir-parquet']);
    });
  });
});

/** The series by the minute of what stands in flows, spread by the test and not by a view. */
async function minutesOfFlows(owner: ClickHouseClient): Promise<string[]> {
  const stored = await rowsOf<{ ms: string; duration_ms: number; bytes: string; packets: string }>(
    owner,
    'SELECT toUnixTimestamp64Milli(ts_start) AS ms, duration_ms, toString(bytes) AS bytes, toString(packets) AS packets FROM flows',
  );
  const flows = stored.map((row) => ({
    tsStartMs: Number(row.ms),
    durationMs: row.duration_ms,
    bytesRaw: BigInt(row.bytes),
    packetsRaw: BigInt(row.packets),
    samplingRate: 1,
  }));
  return seriesLines(seriesOf(flows, 60_000));
}

function isPrivate(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
}

async function directions(owner: ClickHouseClient): Promise<Record<string, string>> {
  const rows = await rowsOf<{ direction: string; line: string }>(
    owner,
    `SELECT direction, concat(toString(count()), ' ', toString(sum(bytes))) AS line FROM flows GROUP BY direction`,
  );
  return Object.fromEntries(rows.map(({ direction, line }) => [direction, line]));
}

interface NfdumpRecord {
  first: string;
  last: string;
  in_bytes: number;
  in_packets: number;
  src4_addr?: string;
  dst4_addr?: string;
  src6_addr?: string;
  dst6_addr?: string;
}

function readNfdump(text: string): SpreadRecord[] {
  return (JSON.parse(text) as NfdumpRecord[]).map((record) =>
    spread(`${record.first}Z`, `${record.last}Z`, record.in_bytes, record.in_packets),
  );
}

interface NfacctdRecord {
  timestamp_start: string;
  timestamp_end: string;
  bytes: number;
  packets: number;
}

function readNfacctd(text: string): SpreadRecord[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as NfacctdRecord)
    .map((record) => spread(record.timestamp_start, record.timestamp_end, record.bytes, record.packets));
}

function spread(start: string, end: string, bytes: number, packets: number): SpreadRecord {
  const tsStartMs = Date.parse(start);
  return {
    tsStartMs,
    durationMs: Date.parse(end) - tsStartMs,
    bytesRaw: bytes,
    packetsRaw: packets,
    samplingRate: 1,
  };
}
