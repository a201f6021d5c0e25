import { beforeAll, describe, expect, test } from 'vitest';
import { engineWithFlows } from '@/clickhouse/testing/engineWithFlows';
import { DEFAULT_SCOPE } from '@/lib/flows/scope';
import { closeMonth, HEAVY_TABLES } from '@/lib/server/rollups/closeMonth';
import { closeMonths } from '@/lib/server/rollups/closeMonths';
import { endpointChanges } from './endpointChanges';
import { forgetFacts, loadFacts } from './facts';
import { minuteSlots, type Slot, sumBy } from './testing/expected';
import { at, counted, KEY } from './testing/exploreFixture';
import { randomFlows } from './testing/randomFlows';
import { testContext } from './testing/useEngine';

const [SEPTEMBER, OCTOBER, NOVEMBER] = ['2025-09', '2025-10', '2025-11'].map((month) =>
  at(`${month}-01T00:00:00Z`),
) as [number, number, number];
const AUGUST = at('2025-08-01T00:00:00Z');
const flows = randomFlows(37, 700, AUGUST * 1000, (NOVEMBER - 7_200) * 1000);
const engine = engineWithFlows(flows, (started) => closeMonths(started.target, NOVEMBER));
const slots = minuteSlots(flows).filter(counted);

const addressOf = ({ flow }: Slot) => KEY.remoteAddress(flow);
const within = (from: number, to: number) => slots.filter((slot) => slot.at >= from && slot.at < to);

/** Of the 20 heaviest of one range those that the other has not at all, with their bytes. */
function only(own: Slot[], other: Slot[]): string[] {
  const there = new Set(other.map(addressOf));
  return [...sumBy(own, addressOf)]
    .sort(([, a], [, b]) => (a.bytes < b.bytes ? 1 : -1))
    .slice(0, 20)
    .flatMap(([name, { bytes }]) => (there.has(name) ? [] : [`${name} ${bytes}`]));
}

/** What is answered of September and October against the 61 days before, with bytes from the rates. */
async function changes() {
  forgetFacts();
  const context = testContext();
  const scope = { ...DEFAULT_SCOPE, compare: { from: SEPTEMBER - (NOVEMBER - SEPTEMBER) } };
  const found = await endpointChanges(scope, { from: SEPTEMBER, to: NOVEMBER }, await loadFacts(), context);
  return { found: found?.({ now: 1, before: 1 }) ?? null, context };
}

const names = (list: readonly string[]) => list.map((each) => each.split(' ')[0]).sort();

describe.each([
  ['lists of everybody', 10_000, true],
  ['lists of two a cell: who is on none of them may be heavier', 2, false],
])('%s', (_, kept, isEnough) => {
  beforeAll(async () => {
    for (const table of HEAVY_TABLES)
      for (const month of [AUGUST, SEPTEMBER, OCTOBER])
        await closeMonth(engine().owner, 'weir', table, month, kept);
  });

  test('who came and who went, with the rates of their days', async () => {
    const { found, context } = await changes();
    const own = within(SEPTEMBER, NOVEMBER);
    const other = within(SEPTEMBER - (NOVEMBER - SEPTEMBER), SEPTEMBER);
    const keysOf = (kind: string) =>
      (found ?? []).flatMap((change) => (change.kind === kind ? [change.key] : [])).sort();
    expect(keysOf('appeared')).toEqual(names(only(own, other)));
    expect(keysOf('vanished')).toEqual(names(only(other, own)));
    expect(found?.length).toBeGreaterThan(0);
    const sums = sumBy(own, addressOf);
    const seconds = (found ?? []).flatMap((change) =>
      change.kind === 'appeared' ? [(Number(sums.get(change.key)?.bytes ?? 0n) * 8) / change.rate] : [],
    );
    // All divide by the same covered time.
    for (const each of seconds) expect(each / (seconds[0] ?? 0)).toBeCloseTo(1, 9);
    expect(context.statements.some(({ sql }) => sql.includes('FROM heavy_addresses_1mo'))).toBe(true);
    const isOfEverybody = ({ sql }: { sql: string }) => sql.includes('ORDER BY total DESC, remote_address');
    expect(context.statements.some(isOfEverybody)).toBe(!isEnough);
  });
});

test('where days are gone nothing is said of addresses', async () => {
  const days = Math.floor((Date.now() / 1000 - OCTOBER) / 86_400);
  await engine().owner.insert({
    table: 'retention',
    values: ['flows', 'endpoints_1d', 'pairs_1d'].map((table_name) => ({
      table_name,
      keep_days: days,
      set_at: new Date().toISOString().slice(0, 23).replace('T', ' '),
    })),
    format: 'JSONEachRow',
  });
  expect((await changes()).found).toBeNull();
});
