import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { engineWithFlows } from '@/clickhouse/testing/engineWithFlows';
import type { Dimension } from '@/lib/flows/dimensions';
import { DEFAULT_SCOPE } from '@/lib/flows/scope';
import { execute } from '@/lib/server/clickhouse/execute';
import { join, sql } from '@/lib/server/clickhouse/sql';
import { closeMonths } from '@/lib/server/rollups/closeMonths';
import { planFor } from './asked';
import { columnList, dimensionColumn } from './columns';
import { forgetFacts, loadFacts } from './facts';
import { exact } from './rows';
import { slotsOf } from './slots';
import { minuteSlots } from './testing/expected';
import { randomFlows, type TestFlow } from './testing/randomFlows';
import { testContext } from './testing/useEngine';

const at = (text: string) => Date.parse(text) / 1000;
const NOVEMBER = at('2026-11-01T00:00:00Z');
const range = { from: at('2026-10-01T00:00:00Z'), to: at('2026-11-02T00:00:00Z') };
const flows: TestFlow[] = randomFlows(
  21,
  3_000,
  at('2026-10-29T00:00:00Z') * 1000,
  at('2026-11-03T00:00:00Z') * 1000,
);

const engine = engineWithFlows(flows, (started) => closeMonths(started.target, NOVEMBER));

const stored = ({ ip }: TestFlow, address: string) =>
  ip === 4 ? `::ffff:${address}` : ipaddr.parse(address).toString();

/** The heaviest as the records say, added up by hand. */
function byHand(key: (flow: TestFlow) => string): string[] {
  const totals = new Map<string, bigint>();
  for (const { flow, at: slot, bytes } of minuteSlots(flows)) {
    if (slot < range.from || slot >= range.to || !['ingress', 'egress'].includes(flow.direction)) continue;
    totals.set(key(flow), (totals.get(key(flow)) ?? 0n) + bytes);
  }
  return [...totals]
    .sort(([a, left], [b, right]) => (left === right ? (a < b ? -1 : 1) : left < right ? 1 : -1))
    .slice(0, 20)
    .map(([name, bytes]) => `${name} ${bytes}`);
}

async function asked(dimensions: Dimension[]) {
  forgetFacts();
  const facts = await loadFacts();
  const plan = planFor(DEFAULT_SCOPE, facts, {
    measure: 'volume',
    dimensions,
    range,
    axis: false,
    heaviest: true,
  });
  const rows = await execute(
    testContext(),
    sql`SELECT arrayStringConcat([${join(
      dimensions.map((name) => sql`toString(${dimensionColumn(name)})`),
      ', ',
    )}], ' ') AS name, sum(toUInt128(bytes)) AS total
FROM (${slotsOf({ parts: plan.parts, dimensions, direction: 'both', filters: [], rawSlotSeconds: 60, lookback: 7_200 })})
GROUP BY ${columnList(dimensions)} ORDER BY total DESC, name LIMIT 20`,
    z.object({ name: z.string(), total: exact }),
  );
  return { table: plan.table, rows: rows.map(({ name, total }) => `${name} ${total}`) };
}

test('top addresses of a closed month and the days after it are those of the records', async () => {
  const { table, rows } = await asked(['remoteAddress']);
  expect(table).toBe('heavy_addresses_1mo + endpoints_1d');
  expect(rows).toHaveLength(20);
  expect(rows).toEqual(byHand((flow) => stored(flow, flow.remoteAddress)));
});

test('so are top pairs by type', async () => {
  const { table, rows } = await asked(['remoteAddress', 'localAddress', 'type']);
  expect(table).toBe('heavy_pairs_1mo + pairs_1d');
  expect(rows).toEqual(
    byHand((flow) => `${stored(flow, flow.remoteAddress)} ${stored(flow, flow.localAddress)} ${flow.type}`),
  );
});

test('the others, kept as one row without an address, are on no list', async () => {
  await engine().owner.command({
    query: `INSERT INTO heavy_addresses_1mo (bucket, region, network_type, rank, direction, bytes, packets)
      VALUES (toDateTime('2026-10-01 00:00:00', 'UTC'), 'US-West', 'CDN', 0, 'egress', 1000000000000000, 1)`,
  });
  expect((await asked(['remoteAddress'])).rows).toEqual(byHand((flow) => stored(flow, flow.remoteAddress)));
});
