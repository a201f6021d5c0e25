import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { parseRequest } from '@/lib/flows/contracts/contract';
import { trafficOverTime } from '@/lib/flows/contracts/trafficOverTime';
import { answered, forgetAnswers } from './answerCache';
import { closeReader } from './clickhouse/client';
import { forgetVersions } from './dataVersion';
import { forgetFacts } from './queries/facts';
import { insertFlows, loadReference } from './queries/testing/loadFlows';
import { randomFlows, type TestFlow } from './queries/testing/randomFlows';
import { testContext, useEngine } from './queries/testing/useEngine';
import { answerTrafficOverTime } from './queries/trafficOverTime';

const at = (text: string) => Date.parse(text);
const JUNE = [at('2025-06-10T00:00:00Z'), at('2025-06-11T00:00:00Z')] as const;
const AUGUST = [at('2025-08-10T00:00:00Z'), at('2025-08-11T00:00:00Z')] as const;
const june: TestFlow[] = randomFlows(5, 300, ...JUNE);
const august: TestFlow[] = randomFlows(6, 300, ...AUGUST);

let engine: TestClickHouse;
let made = 0;

beforeAll(async () => {
  engine = await startTestClickHouse();
  await loadReference(engine.owner);
  await insertFlows(engine.owner, june);
  await useEngine(engine.target);
});
afterAll(async () => {
  await closeReader();
  await engine?.stop();
});
beforeEach(() => {
  made = 0;
  forgetAnswers();
  forgetEverythingElse();
});

function forgetEverythingElse(): void {
  forgetVersions();
  forgetFacts();
}

async function ask(query = '') {
  const parsed = parseRequest(
    trafficOverTime,
    new URLSearchParams(`from=2025-06-10T00:00:00Z&to=2025-06-11T00:00:00Z&compare=none${query}`),
  );
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return answered(trafficOverTime, parsed.request, testContext(), (request, context) => {
    made += 1;
    return answerTrafficOverTime(request, context);
  });
}

test('a repeat is the same answer, made once, and says that it was kept', async () => {
  const first = await ask();
  const again = await ask();
  expect(made).toBe(1);
  expect(again.rows).toEqual(first.rows);
  expect([first.meta.kept, again.meta.kept]).toEqual([false, true]);
});

test('other filters, options and ranges are other questions', async () => {
  await ask();
  await ask('&region=US-West');
  await ask('&mirror=1');
  await ask('&dir=egress');
  expect(made).toBe(4);
});

test('records of its month make it anew, those of another month do not', async () => {
  const before = await ask();
  await insertFlows(engine.owner, august);
  forgetEverythingElse();
  // The newer records are from later days, so nothing about who was expected in June has changed.
  const afterAugust = await ask();
  await insertFlows(engine.owner, june.slice(0, 50));
  forgetEverythingElse();
  const afterJune = await ask();
  expect(afterAugust.rows).toEqual(before.rows);
  expect(afterJune.meta.kept).toBe(false);
  expect(afterJune.rows.totals[0]?.statistics.total).not.toBe(before.rows.totals[0]?.statistics.total);
});

test('merges change nothing, a rebuilt partition does', async () => {
  await ask();
  await engine.owner.command({ query: 'OPTIMIZE TABLE traffic_5m FINAL' });
  await engine.owner.command({ query: 'OPTIMIZE TABLE types_5m FINAL' });
  forgetEverythingElse();
  expect((await ask()).meta.kept).toBe(true);
  await engine.owner.command({ query: 'CREATE TABLE rebuilt AS types_5m' });
  await engine.owner.command({ query: 'INSERT INTO rebuilt SELECT * FROM types_5m LIMIT 10' });
  await engine.owner.command({ query: 'ALTER TABLE types_5m REPLACE PARTITION 202506 FROM rebuilt' });
  forgetEverythingElse();
  expect((await ask()).meta.kept).toBe(false);
});

test('an answer that fails is not kept', async () => {
  const parsed = parseRequest(trafficOverTime, new URLSearchParams('range=24h'));
  if ('problems' in parsed) throw new Error('unread');
  const fail = () =>
    answered(trafficOverTime, parsed.request, testContext(), async () => Promise.reject(new Error('no')));
  await expect(fail()).rejects.toThrow('no');
  await expect(fail()).rejects.toThrow('no');
});
