import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerable } from './answerable';
import { chooseRollup } from './chooseRollup';
import { DIMENSIONS, type Dimension } from './dimensions';
import { countsAddresses, MEASURES } from './measures';
import { HEAVY_TABLES, hasDimensions, KEEPS_EVERYTHING, type Retention, TABLE_FACTS, TABLES } from './tables';
import { at } from './testing/choose';

const DAY = 86_400;

const anyAsk = fc.record({
  measure: fc.constantFrom(...MEASURES),
  dimensions: fc.uniqueArray(fc.constantFrom<Dimension>(...DIMENSIONS), { maxLength: 3 }),
  range: fc
    .tuple(
      fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2026-11-22T00:00:00Z') }),
      fc.integer({ min: 1, max: 120 * DAY }),
    )
    .map(([from, length]) => ({ from, to: from + length })),
  zone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu'),
  axis: fc.boolean(),
  retention: fc
    .array(
      fc.constantFrom(
        null,
        at('2026-10-18T11:11:11Z'),
        at('2026-02-18T11:11:11Z'),
        at('2025-06-18T11:11:11Z'),
        at('2025-03-01T00:00:00Z'),
      ),
      { minLength: TABLES.length, maxLength: TABLES.length },
    )
    .map(
      (firsts) =>
        Object.fromEntries(TABLES.map((table, i) => [table, firsts[i] ?? null])) as unknown as Retention,
    ),
  cut: fc.option(fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2026-11-22T00:00:00Z') })),
  lookback: fc.constantFrom(3_600, 7_200),
  heaviest: fc.boolean(),
  closedMonths: fc
    .subarray(['2025-06', '2025-07', '2026-02', '2026-08', '2026-09', '2026-10'])
    .map((names) => names.map((name) => at(`${name}-01T00:00:00Z`)))
    .map((months) => ({
      heavy_addresses_1mo: months,
      heavy_locals_1mo: months,
      heavy_pairs_1mo: months,
      heavy_prefixes_1mo: months,
    })),
});

test('whatever is asked: a plan covers the range without gap, on slots of tables that hold the dimensions and are kept; or a reason is given', () => {
  fc.assert(
    fc.property(anyAsk, (ask) => {
      const choice = chooseRollup(ask);
      if ('refusal' in choice) {
        expect(choice.refusal.why).not.toBe('');
        expect(choice.refusal.change).not.toBe('');
        return;
      }
      const { plan: chosen } = choice;
      expect(chosen.from).toBeLessThanOrEqual(ask.range.from);
      expect(chosen.to).toBeGreaterThanOrEqual(ask.range.to);
      expect(chosen.widened === null).toBe(chosen.from === ask.range.from && chosen.to === ask.range.to);
      expect(chosen.reason).not.toBe('');
      let edge = chosen.from;
      for (const { table, from, to } of chosen.parts) {
        expect(from).toBe(edge);
        expect(to).toBeGreaterThan(from);
        edge = to;
        const { slotSeconds } = TABLE_FACTS[table];
        if (slotSeconds !== null) expect([from % slotSeconds, to % slotSeconds]).toEqual([0, 0]);
        expect(hasDimensions(table, ask.dimensions)).toBe(true);
        const kept = ask.retention[table];
        if (kept !== null) expect(from).toBeGreaterThanOrEqual(kept);
      }
      expect(edge).toBe(chosen.to);
      const counted =
        countsAddresses(ask.measure) && answerable(ask.measure, ask.dimensions).tables.length > 0;
      expect(chosen.bucket === null).toBe(!ask.axis || counted);
    }),
    { numRuns: 1_000 },
  );
});

test('what answerable calls exact or a sketch is answered from rollups for any range they keep', () => {
  fc.assert(
    fc.property(anyAsk, (ask) => {
      const { how, tables } = answerable(ask.measure, ask.dimensions);
      const choice = chooseRollup({ ...ask, retention: KEEPS_EVERYTHING });
      expect('plan' in choice).toBe(how !== 'none');
      // Raw flows at the edges, in zones of odd minutes and for few points are cases of their own.
      const old = chooseRollup({
        ...ask,
        zone: 'UTC',
        retention: { ...KEEPS_EVERYTHING, flows: at('2030-01-01T00:00:00Z') },
      });
      if (how === 'exact' || how === 'sketch') {
        if ('refusal' in old) throw new Error(old.refusal.why);
        for (const { table } of old.plan.parts) expect([...tables, ...HEAVY_TABLES]).toContain(table);
      }
    }),
    { numRuns: 500 },
  );
});
