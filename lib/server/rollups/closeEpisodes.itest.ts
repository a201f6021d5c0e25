import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import type { FlowRecord } from '@/lib/server/ingest/record';
import { seriesOf } from '@/lib/server/ingest/testing/expected';
import { flowRecord, ipv4, parsed } from '@/lib/server/ingest/testing/records';
import { type TestIngest, testIngest } from '@/lib/server/ingest/testing/testIngest';
import { closeEpisodes } from './closeEpisodes';

let engine: TestClickHouse;
let ingest: TestIngest;
beforeAll(async () => {
  engine = await startTestClickHouse();
  ingest = await testIngest(engine.target);
  // One exporter has short timeouts, of the other nobody said anything: 1,800 + 60 s.
  await engine.owner.command({
    query:
      "INSERT INTO exporters (exporter, name, region, active_timeout, idle_timeout, expected) VALUES ('192.0.2.9', 'short', 'US-West', 60, 15, 1)",
  });
  await engine.owner.command({ query: "INSERT INTO own_prefixes VALUES ('10.0.0.0/8')" });
  for (const dictionary of ['exporter_dict', 'own_prefix_dict'])
    await engine.owner.command({ query: `SYSTEM RELOAD DICTIONARY weir.${dictionary}` });
});
afterAll(async () => {
  await engine?.stop();
  await ingest?.remove();
});

const DAY = 86_400_000;
const FIRST = Date.UTC(2026, 10, 8);
const GAP_MS = { '192.0.2.1': 1_860_000, '192.0.2.9': 75_000 } as const;
const LEAST = 1_000_000_000;

/** Six pairs over three days: long transfers in parts, pauses near the limit, parts that overlap, small ones between. */
function records(): FlowRecord[] {
  let state = 42;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const made: FlowRecord[] = [];
  for (let pair = 0; pair < 6; pair += 1) {
    const exporter = pair % 2 === 0 ? '192.0.2.1' : '192.0.2.9';
    let at = FIRST + Math.floor(random() * 3_600_000);
    while (at < FIRST + 3 * DAY) {
      const durationMs = Math.floor(random() * 900_000);
      const outward = pair < 4;
      const [local, remote] = [ipv4(10, 0, 0, pair), ipv4(203, 0, 113, pair)];
      made.push(
        flowRecord({
          exporter,
          tsStartMs: at,
          durationMs,
          tsRecvMs: at + durationMs,
          srcIp: outward ? local : remote,
          dstIp: outward ? remote : local,
          srcPort: made.length % 60_000,
          bytesRaw: Math.floor(random() ** 3 * 700_000_000),
          packetsRaw: 1 + Math.floor(random() * 1000),
        }),
      );
      // Mostly shorter than the gap, at times just at it, just over it, or hours.
      const gap = GAP_MS[exporter];
      const choice = random();
      const pause =
        choice < 0.5
          ? random() * gap
          : choice < 0.6
            ? gap
            : choice < 0.7
              ? gap + 1
              : choice < 0.8
                ? -durationMs / 2
                : gap + random() * 4 * 3_600_000;
      at += durationMs + Math.floor(pause);
    }
  }
  return made;
}

/** Episodes worked out one record after another. */
function expectedEpisodes(all: readonly FlowRecord[]): string[] {
  const byPair = new Map<string, FlowRecord[]>();
  for (const record of all) {
    const key = [record.srcIp, record.dstIp].map((ip) => ip.slice(12).join('.')).join(' > ');
    byPair.set(key, [...(byPair.get(key) ?? []), record]);
  }
  const lines: string[] = [];
  for (const [key, own] of byPair) {
    own.sort((a, b) => a.tsStartMs - b.tsStartMs);
    let episode: FlowRecord[] = [];
    let reach = Number.NEGATIVE_INFINITY;
    const flush = () => {
      const bytes = episode.reduce((sum, { bytesRaw }) => sum + BigInt(bytesRaw), 0n);
      if (bytes >= BigInt(LEAST)) {
        const start = Math.min(...episode.map(({ tsStartMs }) => tsStartMs));
        const minutes = [...seriesOf(episode, 60_000)].sort(([a], [b]) => a - b);
        const peak = minutes.reduce((best, one) => (one[1].bytes > best[1].bytes ? one : best));
        lines.push(
          `${key} ${new Date(start).toISOString()} ${new Date(reach).toISOString()} ${bytes} ${episode.length} ${new Date(peak[0]).toISOString().slice(0, 16)} ${peak[1].bytes}`,
        );
      }
    };
    for (const record of own) {
      if (record.tsStartMs > reach + GAP_MS[record.exporter as keyof typeof GAP_MS]) {
        flush();
        episode = [];
      }
      episode.push(record);
      reach = Math.max(reach, record.tsStartMs + record.durationMs);
    }
    flush();
  }
  return lines.sort();
}

async function storedEpisodes(): Promise<string[]> {
  const rows = await engine.owner.query({
    query: `SELECT concat(replaceOne(toString(if(direction = 'egress', local_address, remote_address)), '::ffff:', ''), ' > ',
        replaceOne(toString(if(direction = 'egress', remote_address, local_address)), '::ffff:', ''), ' ', replaceOne(toString(started), ' ', 'T'), 'Z ',
        replaceOne(toString(ended), ' ', 'T'), 'Z ', toString(bytes), ' ', toString(flow_records), ' ', formatDateTime(peak_minute, '%Y-%m-%dT%H:%i'), ' ', toString(peak_bytes)) AS line
      FROM episodes ORDER BY line`,
    format: 'JSONEachRow',
  });
  return (await rows.json<{ line: string }>()).map(({ line }) => line);
}

const ALL = records();
const AFTER = FIRST / 1000 + 5 * 86_400;

test('episodes are joined over pauses up to active + idle timeout, with their bytes, ends and peak minute', async () => {
  await ingest.run(ALL.map(parsed));
  const { days } = await closeEpisodes(engine.target, AFTER);
  const expected = expectedEpisodes(ALL);
  expect(expected.length).toBeGreaterThan(20);
  expect(await storedEpisodes()).toEqual(expected);
  expect(days.reduce((sum, { episodes }) => sum + episodes, 0)).toBe(expected.length);
});

test('a day that is closed is not made again until records of it come', async () => {
  expect((await closeEpisodes(engine.target, AFTER)).days).toEqual([]);
  const late = flowRecord({
    tsStartMs: FIRST + DAY + 3_600_000,
    durationMs: 60_000,
    tsRecvMs: FIRST + 4 * DAY,
    srcIp: ipv4(10, 0, 0, 99),
    dstIp: ipv4(203, 0, 113, 99),
    bytesRaw: 5_000_000_000,
  });
  await ingest.run([parsed(late)], { source: 'late' });
  const { days } = await closeEpisodes(engine.target, AFTER);
  expect(days.map(({ day }) => day)).toContain('2026-11-09');
  expect(await storedEpisodes()).toEqual(expectedEpisodes([...ALL, late]));
});

test('a day stays open until the watermark has passed its end and the longest gap', async () => {
  await engine.owner.command({ query: 'TRUNCATE TABLE episode_days' });
  const dayOver = (FIRST + DAY) / 1000;
  expect((await closeEpisodes(engine.target, dayOver + 1_859)).days).toEqual([]);
  expect((await closeEpisodes(engine.target, dayOver + 1_860)).days).toMatchObject([{ day: '2026-11-08' }]);
});
