import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '../testing/testEngine';
import { applyRetention } from './applyRetention';
import { parseRetention } from './retention';

let engine: TestClickHouse;
beforeAll(async () => {
  engine = await startTestClickHouse();
});
afterAll(() => engine?.stop());

async function ttlOfFlows(): Promise<string> {
  const result = await engine.owner.query({
    query:
      "SELECT extract(engine_full, 'toIntervalDay\\((\\\\d+)\\\\)') AS days FROM system.tables WHERE database = 'weir' AND name = 'flows'",
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ days: string }>();
  return row?.days ?? 'no table';
}

test('what was set once stays when a later start names nothing, and goes by what a start does name', async () => {
  const defaults = parseRetention(undefined);
  // A first start without a setting: defaults.
  expect((await applyRetention(engine.target, defaults, { onlyUnset: true })).changed).toContain('flows');
  expect(await ttlOfFlows()).toBe('35');
  // Somebody keeps everything, as the demo does.
  await applyRetention(engine.target, parseRetention('all=keep'));
  expect(await ttlOfFlows()).toBe('');
  // A start or a migration that names nothing must not delete what was kept.
  expect(await applyRetention(engine.target, defaults, { onlyUnset: true })).toEqual({ changed: [] });
  expect(await ttlOfFlows()).toBe('');
  await applyRetention(engine.target, parseRetention('flows=7d'));
  expect(await ttlOfFlows()).toBe('7');
});
