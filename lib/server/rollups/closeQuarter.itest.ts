import { expect, test } from 'vitest';
import { engineWithFlows } from '@/clickhouse/testing/engineWithFlows';
import { HEAVY_TABLES } from '@/lib/flows/tables';
import { minuteSlots, type Slot } from '@/lib/server/queries/testing/expected';
import { insertFlows } from '@/lib/server/queries/testing/loadFlows';
import { randomFlows } from '@/lib/server/queries/testing/randomFlows';
import { closeMonths } from './closeMonths';
import { closeQuarter, QUARTER_TABLES } from './closeQuarter';

const at = (text: string) => Date.parse(text) / 1000;
const JULY = at('2026-07-01T00:00:00Z');
const OCTOBER = at('2026-10-01T00:00:00Z');
const KEPT = 4;

// Records that begin before the quarter and end after it count with what of them lies in it.
const flows = randomFlows(31, 2_500, at('2026-06-30T20:00:00Z') * 1000, at('2026-10-01T04:00:00Z') * 1000);
const engine = engineWithFlows(flows);

const rows = async <Row>(query: string): Promise<Row[]> =>
  (await engine().owner.query({ query, format: 'JSONEachRow' })).json<Row>();

interface Carried {
  key: string;
  ingress: bigint;
  egress: bigint;
  hasIngress: boolean;
  hasEgress: boolean;
}

/** By hand: what each key carried across the boundary, in the cells of one ranking. */
function cellsOf(cell: (slot: Slot) => string, key: (slot: Slot) => string): Map<string, Carried[]> {
  const cells = new Map<string, Map<string, Carried>>();
  for (const slot of minuteSlots(flows)) {
    const { direction } = slot.flow;
    if (slot.at < JULY || slot.at >= OCTOBER || (direction !== 'ingress' && direction !== 'egress')) continue;
    const own = cells.get(cell(slot)) ?? new Map<string, Carried>();
    cells.set(cell(slot), own);
    const name = key(slot);
    const found = own.get(name) ?? {
      key: name,
      ingress: 0n,
      egress: 0n,
      hasIngress: false,
      hasEgress: false,
    };
    own.set(name, found);
    found[direction] += slot.bytes;
    if (direction === 'ingress') found.hasIngress = true;
    else found.hasEgress = true;
  }
  return new Map(
    [...cells].map(([name, own]) => [
      name,
      [...own.values()].sort((a, b) => (a.ingress + a.egress < b.ingress + b.egress ? 1 : -1)),
    ]),
  );
}

const RANKINGS = [
  ['everything', 0, 0, () => ' '],
  ['each region', 1, 0, ({ flow }: Slot) => `${flow.region} `],
  ['each network type', 0, 1, ({ flow }: Slot) => ` ${flow.type}`],
  ['each region and type', 1, 1, ({ flow }: Slot) => `${flow.region} ${flow.type}`],
] as const;

const KEYS: Record<string, (slot: Slot) => string> = {
  heavy_addresses_1q: ({ flow }) => flow.remoteAddress,
  heavy_locals_1q: ({ flow }) => flow.localAddress,
  heavy_pairs_1q: ({ flow }) => `${flow.remoteAddress} ${flow.localAddress}`,
  heavy_prefixes_1q: ({ flow }) => flow.remotePrefix,
};

test.each(QUARTER_TABLES)('$name ranks everybody four times over', async (table) => {
  // In many parts, as of a large network.
  await closeQuarter(engine().owner, 'weir', table, JULY, KEPT, { rows: 400, keys: 50 });
  const key = KEYS[table.name] as (slot: Slot) => string;
  for (const [name, byRegion, byType, cell] of RANKINGS) {
    const expected = cellsOf(cell, key);
    const found = await rows<Record<string, string | number>>(
      `SELECT concat(region, ' ', network_type) AS cell, rank, concat(${table.keys.map((each) => `replaceRegexpOne(toString(${each}), '^::ffff:', '')`).join(", ' ', ")}) AS key,
         toString(ingress_bytes) AS ingress, toString(egress_bytes) AS egress, toString(most_bytes) AS most,
         toString(ingress_keys) AS ingressKeys, toString(egress_keys) AS egressKeys, toString(both_keys) AS bothKeys
       FROM ${table.name} WHERE by_region = ${byRegion} AND by_type = ${byType} ORDER BY cell, rank`,
    );
    expect(new Set(found.map(({ cell: of }) => of)), name).toEqual(new Set(expected.keys()));
    for (const [of, all] of expected) {
      const [others, ...listed] = found.filter((row) => row.cell === of);
      expect(
        listed.map((row) => [row.rank, row.ingress, row.egress]),
        `${name}: ${of}`,
      ).toEqual(all.slice(0, KEPT).map((each, i) => [i + 1, `${each.ingress}`, `${each.egress}`]));
      expect(listed.map((row) => canonical(`${row.key}`))).toEqual(
        all.slice(0, KEPT).map((each) => canonical(each.key)),
      );
      const rest = all.slice(KEPT);
      const sum = (way: 'ingress' | 'egress') => `${rest.reduce((total, each) => total + each[way], 0n)}`;
      expect(others).toMatchObject({
        rank: 0,
        ingress: sum('ingress'),
        egress: sum('egress'),
        most: `${rest[0] === undefined ? 0n : rest[0].ingress + rest[0].egress}`,
        ingressKeys: `${all.filter(({ hasIngress }) => hasIngress).length}`,
        egressKeys: `${all.filter(({ hasEgress }) => hasEgress).length}`,
        bothKeys: `${all.length}`,
      });
    }
  }
});

/** IPv4 within IPv6 as IPv4. */
const canonical = (text: string): string => text.replaceAll('::ffff:', '');

test('a quarter is closed once when it is over, and again when records come later; a fiscal one besides', async () => {
  const owner = engine().owner;
  const quarters = async (fiscalStart = 1) =>
    (await closeMonths(engine().target, at('2026-11-02T00:00:00Z'), { fiscalStart })).closed.filter(
      ({ table }) => table.endsWith('_1q'),
    );
  const of = (month: string, first: boolean) =>
    QUARTER_TABLES.map(({ name }) => ({ table: name, month, first }));
  const early = await closeMonths(engine().target, OCTOBER - 1);
  expect(early.closed.map(({ table, month }) => `${table} ${month}`)).toEqual([
    ...HEAVY_TABLES.flatMap((table) => ['2026-06', '2026-07', '2026-08'].map((month) => `${table} ${month}`)),
    ...QUARTER_TABLES.map(({ name }) => `${name} 2026-04`),
  ]);
  expect(await quarters()).toEqual(of('2026-07', true));
  expect(await quarters()).toEqual([]);
  expect(await quarters(2)).toEqual(
    QUARTER_TABLES.flatMap(({ name }) =>
      ['2026-05', '2026-08'].map((month) => ({ table: name, month, first: true })),
    ),
  );
  await insertFlows(owner, flows.slice(0, 20));
  expect((await quarters()).filter(({ month }) => month === '2026-07')).toEqual(of('2026-07', false));
});

test('a quarter of which days are gone keeps its ranking; one that never was ranked is no failure', async () => {
  const owner = engine().owner;
  const before = await rows('SELECT * FROM heavy_pairs_1q ORDER BY ALL');
  expect(before.length).toBeGreaterThan(1_000);
  await owner.command({
    query:
      'ALTER TABLE pairs_1d MODIFY TTL bucket + toIntervalDay(5) SETTINGS materialize_ttl_after_modify = 0',
  });
  await owner.command({
    query: "ALTER TABLE closed_months DELETE WHERE endsWith(table_name, '_1q') SETTINGS mutations_sync = 2",
  });
  const { left, closed } = await closeMonths(engine().target, at('2026-11-02T00:00:00Z'));
  expect(left.filter((text) => text.includes('_1q'))).toEqual([]);
  expect(closed.filter(({ table }) => table.startsWith('heavy_pairs'))).toEqual([]);
  expect(await rows('SELECT * FROM heavy_pairs_1q ORDER BY ALL')).toEqual(before);
});
