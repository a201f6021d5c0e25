import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TrafficColumns } from '@/lib/flows/contracts/trafficOverTime';
import { DEFAULT_SCOPE } from '@/lib/flows/scope';
import { questions } from './questions';
import { queryOf } from './useQuestion';

const statistics = { last: 8, mean: 8, p95: 8, max: 8, total: '600', share: 1 };
/** Two buckets, the first settled. */
const columns = (bytes: [string, string], tailFrom?: number): TrafficColumns => ({
  buckets: [0, 300],
  end: 600,
  coveredSeconds: [300, 0],
  seconds: [300, 300],
  flags: [0, 2],
  series: [{ key: 'CDN', direction: 'both', bytes, statistics }],
  totals: [{ key: 'Total', direction: 'both', bytes, statistics }],
  ...(tailFrom === undefined ? {} : { tailFrom }),
});
const meta = { watermark: 300, to: 600, asked: { from: 0, to: 600 }, notes: [] };

const asked: (string | null)[] = [];
let client: QueryClient;
let wholeSince = 0;
const refetch = () =>
  client.fetchQuery({
    ...queryOf(questions.trafficOverTime, DEFAULT_SCOPE, undefined, 600, () => wholeSince),
    staleTime: 0,
  });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-22T19:21:00Z') });
  client = new QueryClient();
  wholeSince = 0;
  asked.length = 0;
  vi.stubGlobal('fetch', async (address: string) => {
    const settled = new URLSearchParams(address.split('?')[1]).get('settled');
    asked.push(settled);
    const rows = settled === null ? columns(['300', '100']) : columns(['0', '250'], 300);
    return Response.json({ rows, meta });
  });
});
afterEach(() => {
  client.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('a refresh asks for what is new alone and joins it with what is held', async () => {
  await refetch();
  const { rows } = await refetch();
  expect(asked).toEqual([null, '1970-01-01T00:05:00Z']);
  expect(rows.totals[0]).toMatchObject({ bytes: ['300', '250'], statistics: { total: '550', p95: 8 } });
});

it('after a person has refreshed, it is asked whole', async () => {
  await refetch();
  wholeSince = Number.POSITIVE_INFINITY;
  await refetch();
  expect(asked).toEqual([null, null]);
});

it('with the next five minutes of the clock, too', async () => {
  await refetch();
  vi.setSystemTime(Date.parse('2026-11-22T19:25:01Z'));
  await refetch();
  expect(asked).toEqual([null, null]);
});
