import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '../testing/testEngine';
import { migrationsDirectory } from './files';
import { migrateClickHouse } from './migrateClickHouse';

let engine: TestClickHouse;
beforeAll(async () => {
  engine = await startTestClickHouse({ migrated: 'here' });
});
afterAll(() => engine?.stop());

async function send(): Promise<void> {
  await engine.client('owner').insert({
    table: 'flows_landing',
    format: 'JSONEachRow',
    values: [
      {
        batch_key: 1,
        ts_start: '2026-11-07 10:00:00.000',
        exporter: '192.0.2.1',
        src_ip: '::ffff:10.0.0.1',
        dst_ip: '::ffff:203.0.113.9',
        bytes_raw: 1000,
        packets_raw: 1,
        sampling_rate: 1,
      },
    ],
    clickhouse_settings: {
      async_insert: 0,
      insert_deduplication_token: 'the batch',
      deduplicate_blocks_in_dependent_materialized_views: 1,
    },
  });
}

async function stored(): Promise<unknown> {
  const result = await engine.client('owner').query({
    query: `SELECT toUInt32((SELECT count() FROM flows)) AS flows, toUInt32((SELECT sum(flow_records) FROM traffic_5m)) AS traffic_5m,
      toUInt32((SELECT sum(flow_records) FROM types_1h)) AS types_1h, toUInt32((SELECT sum(flow_records) FROM uniques_asn_1mo)) AS uniques_asn_1mo`,
    format: 'JSONEachRow',
  });
  return (await result.json())[0];
}

const ONCE = { flows: 1, traffic_5m: 1, types_1h: 1, uniques_asn_1mo: 1 };

test('a token of the first life of a database still holds after a restart, through every view', async () => {
  await send();
  expect(await stored()).toEqual(ONCE);
  await engine.restart();
  await send();
  expect(await stored()).toEqual(ONCE);
});

test('a view that a run cut short left off is put on again by the next one', async () => {
  await engine.client('owner').command({ query: 'DETACH TABLE types_1h_mv SYNC' });
  expect(await migrateClickHouse(engine.target)).toEqual({ applied: [] });
  const result = await engine.client('owner').query({
    query: "SELECT name FROM system.tables WHERE database = 'weir' AND name = 'types_1h_mv'",
    format: 'JSONEachRow',
  });
  expect(await result.json()).toEqual([{ name: 'types_1h_mv' }]);
});

test('a view whose query a migration changes still knows the tokens of before, and those of after a restart', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'weir-migrations-'));
  try {
    await cp(migrationsDirectory, directory, { recursive: true });
    await writeFile(
      join(directory, '9999_changed.sql'),
      `ALTER TABLE {{db}}.types_1h_mv {{on_cluster}} MODIFY QUERY
SELECT toStartOfHour(bucket) AS bucket, network_type, direction, sum(bytes) AS bytes, sum(packets) + 0 AS packets,
    sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets
FROM {{local types_5m}} GROUP BY bucket, network_type, direction;`,
    );
    expect(await migrateClickHouse(engine.target, { directory })).toEqual({ applied: ['9999_changed'] });
  } finally {
    await rm(directory, { recursive: true });
  }
  await send();
  expect(await stored()).toEqual(ONCE);
  await engine.restart();
  await send();
  expect(await stored()).toEqual(ONCE);
});
