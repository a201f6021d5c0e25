import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { type Contract, parseRequest, type Request } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import { filterValues } from '@/lib/flows/contracts/filterValues';
import { headline } from '@/lib/flows/contracts/headline';
import { regionTypeHeatmap } from '@/lib/flows/contracts/regionTypeHeatmap';
import { dimensionsOf, type Filters } from '@/lib/flows/filter/filter';
import { parseFilters } from '@/lib/flows/filter/parseFilter';
import { hasDimensions, TABLE_FACTS, TABLES, type Table } from '@/lib/flows/tables';
import { closeReader } from '@/lib/server/clickhouse/client';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { sql } from '@/lib/server/clickhouse/sql';
import { forgetFacts } from './facts';
import { answerFilterValues } from './filterValues';
import { answerHeadline } from './headline';
import { answerRegionTypeHeatmap } from './regionTypeHeatmap';
import { exact, small } from './rows';
import { slotsOf } from './slots';
import { minuteSlots, type Slot, sumBy } from './testing/expected';
import { ORGANISATIONS, TERMS, type Test } from './testing/filterTerms';
import { insertFlows, loadReference } from './testing/loadFlows';
import { randomFlows, randomNumbers, type TestFlow } from './testing/randomFlows';
import { testContext, useEngine } from './testing/useEngine';
import { uniqueStates } from './uniques';

// What a filter lets through is worked out here a second time, flow by flow, from its text: nothing is shared with the code that reads
// and answers it but the text.

const at = (text: string) => Date.parse(text) / 1000;
const range = { from: at('2026-01-30T00:00:00Z'), to: at('2026-02-02T00:00:00Z') };
const flows = randomFlows(17, 1_200, range.from * 1000, range.to * 1000);
const slots = minuteSlots(flows).filter(
  (slot) =>
    slot.at >= range.from && slot.at < range.to && ['ingress', 'egress'].includes(slot.flow.direction),
);
let engine: TestClickHouse;

beforeAll(async () => {
  engine = await startTestClickHouse();
  await loadReference(engine.owner);
  await engine.owner.insert({
    table: 'as_names',
    values: Object.entries(ORGANISATIONS).map(([asn, organisation]) => ({ asn: Number(asn), organisation })),
    format: 'JSONEachRow',
  });
  await insertFlows(engine.owner, flows);
  await useEngine(engine.target);
});

afterAll(async () => {
  await closeReader();
  await engine?.stop();
});

function read(text: string): Filters {
  const parsed = parseFilters(text);
  if ('error' in parsed) throw new Error(`${text}: ${parsed.error.message}`);
  return parsed.filters;
}

const row = z.object({ bytes: exact, packets: exact, flowRecords: exact });

/** What a table says. */
async function answered(table: Table, filters: Filters): Promise<string> {
  const [sums] = await execute(
    testContext(),
    sql`SELECT sum(toUInt128(s.bytes)) AS bytes, sum(toUInt128(s.packets)) AS packets, sum(toUInt128(s.flow_records)) AS flowRecords
FROM (${slotsOf({ parts: [{ table, ...range }], dimensions: [], direction: 'both', filters, rawSlotSeconds: 3_600, lookback: 7_200 })}) AS s`,
    row,
  );
  return `${sums?.bytes} ${sums?.packets} ${sums?.flowRecords}`;
}

function expected(says: Test): string {
  const sums = sumBy(
    slots.filter(({ flow }: Slot) => says(flow)),
    () => 'all',
  ).get('all');
  return `${sums?.bytes ?? 0} ${sums?.packets ?? 0} ${sums?.flowRecords ?? 0}`;
}

const ADDITIVE = TABLES.filter((table) => TABLE_FACTS[table].additive);

describe.each(TERMS)('by %s: %s', (dimension, text, says) => {
  test('every table that holds the dimension lets the same through as the records say', async () => {
    const filters = read(text);
    expect(dimensionsOf(filters)).toEqual([dimension]);
    const tables = ADDITIVE.filter((table) => hasDimensions(table, [dimension]));
    expect(tables).toContain('flows');
    const sums = expected(says);
    await Promise.all(tables.map(async (table) => expect(await answered(table, filters), table).toBe(sums)));
  });
});

const COUNTING = TABLES.filter(
  (table) => TABLE_FACTS[table].uniques && TABLE_FACTS[table].slotSeconds !== null,
);

test('distinct addresses of what each filter lets through, from raw flows and from every table that counts them', async () => {
  for (const [dimension, text, says] of TERMS) {
    const own = new Set(slots.filter(({ flow }) => says(flow)).map(({ flow }) => flow.remoteAddress));
    const tables = COUNTING.filter((table) => hasDimensions(table, [dimension]));
    expect(tables).toContain('flows');
    await Promise.all(
      tables.map(async (table) => {
        const states = uniqueStates([{ table, ...range }], [], 'both', read(text), 7_200);
        const [row] = await execute(
          testContext(),
          sql`SELECT uniqCombined64Merge(17)(s.addresses) AS addresses FROM (${states}) AS s`,
          z.object({ addresses: small }),
        );
        expect(row?.addresses, `${table}: ${text}`).toBe(own.size);
      }),
    );
  }
});

/** Expressions over the terms, as text and as what it says. */
function randomExpression(random: () => number, depth: number): { text: string; says: Test } {
  const below = (n: number) => Math.floor(random() * n);
  if (depth === 0 || below(3) === 0) {
    const [, text, says] = TERMS[below(TERMS.length)] ?? ['type', '', () => true];
    return { text, says };
  }
  const a = randomExpression(random, depth - 1);
  if (below(4) === 0) return { text: `not (${a.text})`, says: (flow) => !a.says(flow) };
  const b = randomExpression(random, depth - 1);
  return below(2) === 0
    ? { text: `(${a.text}) and (${b.text})`, says: (flow) => a.says(flow) && b.says(flow) }
    : { text: `(${a.text}) or (${b.text})`, says: (flow) => a.says(flow) || b.says(flow) };
}

test('sixty expressions of and, or, not: raw flows and every rollup that holds their dimensions', async () => {
  const random = randomNumbers(5);
  const seen = new Set<Table>();
  let something = 0;
  for (let i = 0; i < 60; i += 1) {
    const { text, says } = randomExpression(random, 3);
    const filters = read(text);
    const tables = ADDITIVE.filter((table) => hasDimensions(table, dimensionsOf(filters)));
    const sums = expected(says);
    if (sums !== '0 0 0') something += 1;
    for (const table of tables) seen.add(table);
    await Promise.all(
      tables.map(async (table) => expect(await answered(table, filters), `${table}: ${text}`).toBe(sums)),
    );
  }
  expect(something).toBeGreaterThan(30);
  expect([...seen]).toEqual(
    expect.arrayContaining(['flows', 'links_1h', 'asns_1d', 'pairs_1d', 'endpoints_1d', 'services_1h']),
  );
});

describe('what a filter can be completed with', () => {
  const RANGE = 'from=2026-01-30T00:00:00Z&to=2026-02-02T00:00:00Z';

  async function asked(query: string) {
    const parsed = parseRequest(filterValues, new URLSearchParams(`${RANGE}&${query}`));
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
    return filterValues.answer.parse(await answerFilterValues(parsed.request, testContext()));
  }

  /** Bytes by key of what the records say, the most first. */
  function heaviest(key: (flow: TestFlow) => string, says: Test = () => true) {
    return [
      ...sumBy(
        slots.filter(({ flow }) => says(flow)),
        ({ flow }) => key(flow),
      ),
    ]
      .filter(([, { bytes }]) => bytes > 0n)
      .sort(([, a], [, b]) => (a.bytes < b.bytes ? 1 : -1))
      .map(([name, { bytes }]) => ({ key: name, bytes: String(bytes) }));
  }
  const keysAndBytes = (rows: { values: { key: string; bytes: string }[] }) =>
    rows.values.map(({ key, bytes }) => ({ key, bytes }));

  test('values with their bytes and share, the heaviest first, from days', async () => {
    const { rows, meta } = await asked('of=asn');
    expect(meta.table).toBe('asns_1d');
    expect(keysAndBytes(rows)).toEqual(heaviest(({ asn }) => String(asn)));
    expect(rows.values.find(({ key }) => key === '64502')?.label).toBe("O'Hara Cable");
    expect(rows.values.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 6);
  });

  test.each([
    ['of=asn&typed=hara', ['64502'], "O'Hara Cable"],
    ['of=asn&typed=AS6450', ['64501', '64502', '64503', '64504'], null],
    ['of=country&typed=germ', ['DE'], 'Germany'],
    ['of=country&typed=de', ['DE'], 'Germany'],
    ['of=servicePort&typed=https', ['443'], 'https'],
    ['of=servicePort&typed=44', ['443'], 'https'],
    ['of=protocol&typed=tc', ['6'], 'tcp'],
    ['of=type&typed=isp', ['ISP Regional'], ''],
    ['of=exporter&typed=EDGE+192.0.2.3', ['192.0.2.3'], 'edge 192.0.2.3'],
    ['of=ip&typed=v6', ['6'], ''],
    ['of=metro&typed=chic', ['Chicago'], ''],
    ["of=region&typed='+OR+1", [], null],
    ['of=asn&typed=%25', ['64504'], 'Hyper (Example) 100 %'],
  ])('%s', async (query, keys, label) => {
    const { rows } = await asked(query);
    expect(rows.values.map(({ key }) => key).sort()).toEqual(keys);
    if (label !== null) expect(rows.values[0]?.label).toBe(label);
  });

  test('within the scope: its filters and its direction', async () => {
    const { rows } = await asked('of=type&dir=egress&filter=region+=+US-West');
    expect(rows.filtered).toBe(true);
    const says: Test = ({ region, direction }) => region === 'US-West' && direction === 'egress';
    expect(keysAndBytes(rows)).toEqual(heaviest(({ type }) => type, says));
  });

  test('where no rollup holds the filters too, values are of everything, and it says so', async () => {
    const { rows, meta } = await asked('of=metro&filter=port+=+443');
    expect(rows.filtered).toBe(false);
    expect(meta.notes.map(({ code }) => code)).toContain('unfiltered');
    expect(keysAndBytes(rows)).toEqual(heaviest(({ metro }) => metro));
    expect(meta.table).not.toContain('flows');
  });

  test.each([
    ['', () => true],
    ['&filter=type+=+CDN', ({ type }: TestFlow) => type === 'CDN'],
    ['&filter=asn+=+64502', ({ asn }: TestFlow) => asn === 64_502],
  ] as const)('addresses with their share of the newest day%s', async (filter, says) => {
    const { rows } = await asked(`of=remoteAddress${filter}`);
    const ofDay = slots.filter((slot) => slot.at >= at('2026-02-01T00:00:00Z') && says(slot.flow));
    const everything = ofDay.reduce((sum, { bytes }) => sum + bytes, 0n);
    const byAddress = sumBy(ofDay, ({ flow }) => (flow.ip === 4 ? flow.remote : `${flow.remoteAddress}/64`));
    expect(rows.values.length).toBeGreaterThan(3);
    for (const { key, bytes, share } of rows.values.filter((each) => !each.key.includes(':'))) {
      expect(bytes).toBe(String(byAddress.get(key)?.bytes));
      expect(share).toBeCloseTo(Number(bytes) / Number(everything), 9);
    }
  });

  test('addresses of the newest day, by how they begin', async () => {
    const { rows, meta } = await asked('of=remoteAddress&typed=20.0.1.');
    expect([meta.from, meta.to]).toEqual([at('2026-02-01T00:00:00Z'), at('2026-02-02T00:00:00Z')]);
    expect(rows.values.length).toBeGreaterThan(5);
    expect(rows.values.every(({ key }) => /^20\.0\.1\.\d+$/.test(key))).toBe(true);
    const v6 = await asked('of=remoteAddress&typed=2a00:2:');
    expect(v6.rows.values.length).toBeGreaterThan(2);
    expect(v6.rows.values.every(({ key }) => /^2a00:2:.*\/64$/.test(key))).toBe(true);
    expect((await asked('of=remotePrefix&typed=20.0.3.0/24')).rows.values.map(({ key }) => key)).toEqual([
      '20.0.3.0/24',
    ]);
  });
});

describe('an answer with a filter that no table of addresses holds', () => {
  const query = 'from=2026-01-30T00:00:00Z&to=2026-02-02T00:00:00Z&compare=none&filter=proto+=+tcp';
  const says: Test = ({ protocol }) => protocol === 6;
  const own = slots.filter(({ flow }) => says(flow));

  async function asked<Rows>(
    contract: Contract<unknown, Rows>,
    answer: (request: Request<unknown>, context: QueryContext) => Promise<Answer<Rows>>,
  ) {
    forgetFacts();
    const parsed = parseRequest(contract, new URLSearchParams(query));
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
    return contract.answer.parse(await answer(parsed.request, testContext()));
  }
  const keepFlows = (days: number) =>
    engine.owner.insert({
      table: 'retention',
      values: [{ table_name: 'flows', keep_days: days }],
      format: 'JSONEachRow',
    });

  test('counts addresses from raw flows while they are kept, and says so when they are not; its sums stand', async () => {
    const volume = sumBy(own, () => 'all').get('all')?.bytes;
    const addresses = new Set(own.map(({ flow }) => flow.remoteAddress)).size;
    const whole = await asked(headline, answerHeadline);
    expect(whole.rows.current).toMatchObject({ volume: String(volume), uniques: addresses });
    expect((await asked(regionTypeHeatmap, answerRegionTypeHeatmap)).rows.total.uniques).toBe(addresses);

    await keepFlows(1);
    try {
      const { rows, meta } = await asked(headline, answerHeadline);
      expect(rows.current).toMatchObject({ volume: String(volume), uniques: null, magnitude: null });
      expect(meta.notes.map(({ code }) => code)).toContain('no_uniques');
      const heatmap = await asked(regionTypeHeatmap, answerRegionTypeHeatmap);
      expect(heatmap.rows.total).toMatchObject({ volume: String(volume), uniques: null, magnitude: null });
    } finally {
      await keepFlows(0);
      forgetFacts();
    }
  });
});
