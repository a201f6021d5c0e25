import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureReference } from '@/lib/server/reference/ensureReference';
import { startTestClickHouse, type TestClickHouse } from '../testing/testEngine';
import { generateDemo } from './generateDemo';
import { startLiveFeed } from './liveFeed';
import { NETWORK_FILE } from './network/demoNetwork';
import { FIVE_MINUTES } from './plan/pieces';
import { demoRemake } from './remakeDemoBatch';

const SEED = 42;
const END = new Date('2026-11-22T00:00:00Z');

let engine: TestClickHouse;
let cache: string;

async function reference(of: TestClickHouse): Promise<void> {
  await ensureReference(of.target, { networkFile: NETWORK_FILE, cache });
}

async function rows<T>(of: TestClickHouse, query: string): Promise<T[]> {
  const answer = await of.owner.query({
    query,
    format: 'JSONEachRow',
    clickhouse_settings: { max_execution_time: 120 },
  });
  return answer.json<T>();
}

/** One line that changes when any record does. */
async function contentOf(of: TestClickHouse, where = '1'): Promise<string> {
  const [line] = await rows<Record<string, string>>(
    of,
    `SELECT count() AS records, toString(sum(toUInt128(bytes))) AS bytes, toString(sum(packets)) AS packets,
       toString(sum(cityHash64(ts_start, duration_ms, ts_recv, exporter, in_if, out_if, src_ip, dst_ip, src_port, dst_port, proto, tcp_flags,
         bytes_raw, packets_raw, sampling_rate, network_type, region, direction, quality_flags))) AS hash
     FROM flows WHERE ${where}`,
  );
  return JSON.stringify(line);
}

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'weir-demo-cache-'));
  engine = await startTestClickHouse({ maxMemoryBytes: 5e9 });
  await reference(engine);
}, 300_000);
afterAll(async () => {
  await engine?.stop();
  await rm(cache, { recursive: true, force: true });
});

describe('the whole length, with as few records as keep every five minutes covered', () => {
  beforeAll(async () => {
    await generateDemo(engine.target, { seed: SEED, end: END, records: 1_000_000 });
  }, 900_000);

  /** Per cent of the bytes sent in [from, to) by network type. */
  async function shares(from: string, to: string): Promise<Record<string, number>> {
    const found = await rows<{ type: string; share: number }>(
      engine,
      `SELECT network_type AS type, toFloat64(sum(toUInt128(bytes))) * 100 / sum(sum(toUInt128(bytes))) OVER () AS share FROM traffic_1h
       WHERE direction = 'egress' AND bucket >= toDateTime('${from}', 'UTC') AND bucket < toDateTime('${to}', 'UTC') GROUP BY type`,
    );
    return Object.fromEntries(found.map(({ type, share }) => [type, share]));
  }
  const near = (actual: number | undefined, published: number) =>
    expect(Math.abs((actual ?? Number.NaN) - published)).toBeLessThanOrEqual(1.5);
  const sum = (s: Record<string, number>, ...types: string[]) =>
    types.reduce((total, t) => total + (s[t] ?? 0), 0);

  it('shares of August 2025 stand within 1.5 points of the published ones', async () => {
    const s = await shares('2025-08-01', '2025-09-01');
    near(s.Neocloud, 19.8);
    near(s.Hyperscaler, 3.5);
    near(sum(s, 'Neocloud', 'Hyperscaler', 'Hosting'), 36.2);
  });

  it('shares of the fourth quarter of 2025 stand within 1.5 points of the published ones', async () => {
    const s = await shares('2025-10-01', '2026-01-01');
    near(s.Neocloud, 18.4);
    near(s.Hyperscaler, 18);
    near(sum(s, 'Neocloud', 'Hyperscaler', 'Hosting'), 49.6);
    near(sum(s, 'Neocloud', 'Hyperscaler'), 36.4);
    near(s.CDN, 20);
    near(s['ISP Regional'], 21.5);
  });

  it('shares of the first quarter of 2026 stand within 1.5 points of the published ones', async () => {
    const s = await shares('2026-01-01', '2026-04-01');
    near(s.CDN, 32);
    near(s['ISP Regional'], 27.8);
    near(sum(s, 'Neocloud', 'Hyperscaler'), 25.5);
  });

  it.each([
    ['2025-10-01', '2026-01-01'],
    ['2026-01-01', '2026-04-01'],
    ['2026-07-01', '2026-10-01'],
  ])(
    'US-West x ISP Regional leads volume, US-East x Neocloud magnitude, US-West uniqueness (%s to %s)',
    async (from, to) => {
      const cells = await rows<{ region: string; type: string; volume: number; magnitude: number }>(
        engine,
        `SELECT region, network_type AS type, toFloat64(sum(bytes)) AS volume, volume * 8 / uniqCombined64Merge(17)(addresses) AS magnitude
       FROM uniques_1mo WHERE direction IN ('ingress', 'egress') AND bucket >= toDateTime('${from}', 'UTC') AND bucket < toDateTime('${to}', 'UTC')
       GROUP BY region, type`,
      );
      const top = (of: 'volume' | 'magnitude') => cells.reduce((a, b) => (b[of] > a[of] ? b : a));
      expect(top('volume')).toMatchObject({ region: 'US-West', type: 'ISP Regional' });
      expect(top('magnitude')).toMatchObject({ region: 'US-East', type: 'Neocloud' });
      const [first] = await rows<{ region: string }>(
        engine,
        `SELECT region, uniqCombined64Merge(17)(addresses) AS uniques FROM uniques_1mo WHERE direction IN ('ingress', 'egress')
       AND bucket >= toDateTime('${from}', 'UTC') AND bucket < toDateTime('${to}', 'UTC') GROUP BY region ORDER BY uniques DESC LIMIT 1`,
      );
      expect(first?.region).toBe('US-West');
    },
  );

  it('every type has 30 records and more in each five minutes of the last 14 days', async () => {
    const [least] = await rows<{ least: string; slots: string }>(
      engine,
      `SELECT min(n) AS least, count() AS slots FROM (
         SELECT bucket, network_type, sum(flow_records) AS n FROM traffic_5m
         WHERE direction IN ('ingress', 'egress') AND bucket >= toDateTime('2026-11-08', 'UTC') GROUP BY bucket, network_type)`,
    );
    expect(Number(least?.slots)).toBe(14 * 288 * 8);
    expect(Number(least?.least)).toBeGreaterThanOrEqual(30);
  });

  it('types and Unclassified add up to the total, and the types are those of the taxonomy', async () => {
    const [totals] = await rows<{ all: string; types: string; names: string[] }>(
      engine,
      `SELECT (SELECT toString(sum(toUInt128(bytes))) FROM flows WHERE counted = 1) AS all, toString(sum(toUInt128(bytes))) AS types,
         arraySort(groupUniqArrayIf(network_type, direction IN ('ingress', 'egress'))) AS names FROM traffic_5m`,
    );
    expect(totals?.types).toBe(totals?.all);
    expect(totals?.names).toEqual([
      'CDN',
      'Hosting',
      'Hyperscaler',
      'ISP Regional',
      'ISP Tier1',
      'Migration',
      'Neocloud',
      'Unclassified',
    ]);
  });

  it('Migration runs over private links only, and from August to October most', async () => {
    const months = await rows<{ month: number; kinds: string[]; bytes: number }>(
      engine,
      `SELECT toYYYYMM(bucket) AS month, groupUniqArray(link_kind) AS kinds, toFloat64(sum(toUInt128(bytes))) AS bytes FROM (
         SELECT ts_start AS bucket, link_kind, bytes FROM flows WHERE network_type = 'Migration') GROUP BY month ORDER BY month`,
    );
    expect(months.every(({ kinds }) => kinds.length === 1 && kinds[0] === 'private')).toBe(true);
    const of = (month: number) => months.find((m) => m.month === month)?.bytes ?? 0;
    for (const month of [202508, 202509, 202510]) expect(of(month)).toBeGreaterThan(4 * of(202512));
  });

  it('one network in US-East has the published ten-minute rows', async () => {
    const [found] = await rows<{ longest: string }>(
      engine,
      `SELECT max(length) AS longest FROM (
         SELECT arrayMax(x -> length(x), arraySplit((f, i) -> f = 0, fits, arrayEnumerate(fits))) AS length FROM (
           SELECT groupArray(out BETWEEN 71.1 AND 74.2 AND back BETWEEN 3.92 AND 4.46) AS fits FROM (
             SELECT slot, sumIf(b, direction = 'egress') * 8 / 600 / 1e9 AS out, sumIf(b, direction = 'ingress') * 8 / 600 / 1e9 AS back FROM (
               SELECT direction, arrayJoin(range(toUInt32(intDiv(s, 600)), toUInt32(intDiv(e - 1, 600)) + 1)) AS slot,
                 toFloat64(bytes) * (least(e, toFloat64(slot * 600 + 600)) - greatest(s, toFloat64(slot * 600))) / (e - s) AS b
               FROM (SELECT direction, bytes, toUnixTimestamp64Milli(ts_start) / 1000 AS s, s + greatest(duration_ms, 1) / 1000 AS e FROM flows
                 WHERE remote_as = 33425 AND region = 'US-East' AND interface = 3 AND counted = 1
                   AND ts_start >= toDateTime64('2026-05-01', 3, 'UTC') AND ts_start < toDateTime64('2026-06-01', 3, 'UTC')))
             GROUP BY slot ORDER BY slot)))`,
    );
    expect(Number(found?.longest)).toBeGreaterThanOrEqual(4);
  });

  it('about 15 % of records are IPv6, a few are internal, transit, flagged, without a rate, or seen on a backbone', async () => {
    const [part] = await rows<Record<string, number>>(
      engine,
      `SELECT avg(ip_version = 6) AS v6, avg(direction = 'internal') AS internal, avg(direction = 'transit') AS transit,
         avg(quality_flags != 0) AS flagged, avg(sampling_rate = 0) AS unknown, avg(counted = 0) AS backbone,
         toFloat64(sumIf(toUInt128(bytes), ip_version = 6)) / toFloat64(sum(toUInt128(bytes))) AS v6Bytes FROM flows`,
    );
    // With the fewest records only the long ones are there, of which IPv6 has less than of the short ones.
    expect(part?.v6).toBeGreaterThan(0.07);
    expect(part?.v6).toBeLessThan(0.22);
    expect(part?.v6Bytes).toBeGreaterThan(0.1);
    expect(part?.v6Bytes).toBeLessThan(0.22);
    for (const kind of ['internal', 'transit', 'flagged', 'unknown', 'backbone']) {
      expect(part?.[kind], kind).toBeGreaterThan(0.0001);
      expect(part?.[kind], kind).toBeLessThan(0.05);
    }
  });

  it('no record ends after the end, or reaches twice the active timeout', async () => {
    const [worst] = await rows<{ last: string; longest: number }>(
      engine,
      `SELECT toString(max(ts_end)) AS last, max(duration_ms) AS longest FROM flows`,
    );
    expect(Date.parse(`${worst?.last.replace(' ', 'T')}Z`)).toBeLessThanOrEqual(END.getTime());
    expect(worst?.longest).toBeLessThan(2 * 1_800_000);
  });

  it('batches of the ledger hold exactly what flows holds of them', async () => {
    const wrong = await rows(
      engine,
      `SELECT l.batch_id FROM (SELECT * FROM ingest_batches FINAL) AS l LEFT JOIN
         (SELECT batch_key, count() AS n, sum(bytes) AS b, sum(packets) AS p, countIf(quality_flags != 0) AS f FROM flows GROUP BY batch_key) AS s
         ON l.batch_key = s.batch_key
       WHERE state != 'committed' OR n != accepted OR b != bytes OR p != packets OR f != flagged`,
    );
    expect(wrong).toEqual([]);
  });

  it('a second run changes nothing', async () => {
    const before = await contentOf(engine);
    const again = await generateDemo(engine.target, { seed: SEED, end: END });
    expect(again.made).toBe(0);
    expect(await contentOf(engine)).toBe(before);
  });

  it('a whole batch sent again changes nothing', async () => {
    const before = await contentOf(engine);
    const rollups = 'SELECT toString(sum(bytes)) AS b, toString(sum(flow_records)) AS n FROM ';
    const tables = [
      'traffic_5m',
      'traffic_1h',
      'links_5m',
      'coverage_5m',
      'uniques_1h',
      'uniques_1d',
      'uniques_10d',
      'uniques_1mo',
    ];
    const sums = () => Promise.all(tables.map((table) => rows(engine, rollups + table)));
    const were = await sums();
    // As after a crash that hit between the insert and the ledger's last word on it.
    await engine.owner.command({
      query: `INSERT INTO ingest_batches SELECT * REPLACE ('pending' AS state, version + 1 AS version) FROM ingest_batches FINAL
        WHERE source LIKE 'demo:%' ORDER BY records LIMIT 2`,
    });
    const again = await generateDemo(engine.target, { seed: SEED, end: END });
    expect(again.records).toBeGreaterThan(0);
    const [open] = await rows<{ n: number }>(
      engine,
      "SELECT toUInt32(countIf(state != 'committed')) AS n FROM ingest_batches FINAL",
    );
    expect(open?.n).toBe(0);
    expect(await contentOf(engine)).toBe(before);
    expect(await sums()).toEqual(were);
  });

  it('a batch made again for reconcile has the same rows', async () => {
    const [batch] = await rows<{ key: string; source: string; options: string }>(
      engine,
      'SELECT toString(batch_key) AS key, source, options FROM ingest_batches FINAL ORDER BY records LIMIT 1',
    );
    if (!batch) throw new Error('no batch');
    const query = await demoRemake(engine.target)({
      key: BigInt(batch.key),
      source: batch.source,
      options: JSON.parse(batch.options),
    });
    const columns =
      'ts_start, duration_ms, exporter, in_if, out_if, src_ip, dst_ip, src_port, dst_port, proto, bytes_raw, packets_raw, sampling_rate';
    const answer = await engine.owner.query({
      query: `SELECT toString(sum(cityHash64(${columns}))) AS hash, count() AS n FROM (${query})
              UNION ALL SELECT toString(sum(cityHash64(${columns}))) AS hash, count() AS n FROM flows WHERE batch_key = ${batch.key}`,
      format: 'JSONEachRow',
      clickhouse_settings: { max_query_size: '100000000' },
    });
    const [made, stored] = await answer.json<{ hash: string; n: string }>();
    expect(made).toEqual(stored);
  });
});

describe('killed, resumed and repeated', () => {
  const options = {
    seed: 7,
    start: new Date('2026-11-07T00:00:00Z'),
    end: new Date('2026-11-10T00:00:00Z'),
    records: 300_000,
  };

  it('two runs are equal, also when the engine is killed in the middle of one', async () => {
    const other = await startTestClickHouse({ maxMemoryBytes: 4e9 });
    try {
      await reference(other);
      let killed = false;
      await expect(
        generateDemo(other.target, {
          ...options,
          onProgress: (text) => {
            // In the middle of the batches that follow the first.
            if (!killed && !text.includes(' 0.0 of')) {
              killed = true;
              other.engine().kill('SIGKILL');
            }
          },
        }),
      ).rejects.toThrow();
      expect(killed).toBe(true);
      await other.restart();
      const resumed = await generateDemo(other.target, options);
      expect(resumed.made).toBeGreaterThan(0);
      const straight = await startTestClickHouse({ maxMemoryBytes: 4e9 });
      try {
        await reference(straight);
        await generateDemo(straight.target, options);
        expect(await contentOf(other)).toBe(await contentOf(straight));
        const rollup =
          'SELECT toString(sum(bytes)) AS b, toString(sum(packets)) AS p, toString(sum(flow_records)) AS n FROM traffic_5m';
        expect(await rows(other, rollup)).toEqual(await rows(straight, rollup));
      } finally {
        await straight.stop();
      }
      await feed(other);
    } finally {
      await other.stop();
    }
  }, 600_000);

  /** The live feed goes on, and stopping, starting and pausing it neither doubles nor loses anything. */
  async function feed(of: TestClickHouse): Promise<void> {
    const end = options.end.getTime();
    const round = (now: number) =>
      new Promise<void>((resolve, reject) => {
        let last = Promise.resolve();
        const running = startLiveFeed(of.target, {
          seed: options.seed,
          now: () => now,
          onError: reject,
          onRecords: () => {
            clearTimeout(timer);
            timer = setTimeout(() => {
              last = running.stop();
              last.then(resolve, reject);
            }, 400);
          },
        });
        let timer = setTimeout(() => running.stop().then(resolve, reject), 8_000);
      });
    await round(end + 72_000);
    await round(end + 130_000);
    await round(end + 130_000);
    const since = `ts_start >= fromUnixTimestamp64Milli(${end}, 'UTC')`;
    const [once] = await rows<{ doubled: string; records: string }>(
      of,
      `SELECT count() - uniqExact(cityHash64(ts_start, duration_ms, exporter, in_if, src_ip, dst_ip, src_port, dst_port, bytes_raw)) AS doubled,
         count() AS records FROM flows WHERE ${since}`,
    );
    expect(Number(once?.records)).toBeGreaterThan(300);
    expect(Number(once?.doubled)).toBe(0);
    // A pause of two hours is filled, and every five minutes of it have traffic near that before.
    await round(end + 7_200_000);
    const volumes = await rows<{ bytes: number }>(
      of,
      `SELECT toFloat64(sum(bytes)) AS bytes FROM traffic_5m WHERE direction IN ('ingress', 'egress') AND bucket >= toDateTime(${end / 1000 - 3600}, 'UTC')
         AND bucket < toDateTime(${end / 1000 + 7200 - FIVE_MINUTES}, 'UTC') GROUP BY bucket ORDER BY bucket`,
    );
    expect(volumes.length).toBe(35);
    for (const [i, { bytes }] of volumes.slice(1).entries()) {
      expect(Math.abs(bytes / (volumes[i]?.bytes ?? 0) - 1)).toBeLessThan(0.12);
    }
  }
});
