import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { couldHold, evaluate, type Known } from './evaluate';
import type { Expression, Filters, Term } from './filter';
import { negated, normalFilters } from './normalForm';
import { parseFilters } from './parseFilter';

function read(text: string): Filters {
  const parsed = parseFilters(text);
  if ('error' in parsed) throw new Error(parsed.error.message);
  return parsed.filters;
}

describe('what a filter lets through of which one dimension is known', () => {
  test.each([
    ['', 'region', 'US-West', true],
    ['region = US-West', 'region', 'US-West', true],
    ['region = US-West', 'region', 'US-East', false],
    ['region != US-West', 'region', 'US-West', false],
    ['type = CDN', 'region', 'US-West', null],
    ['type = CDN and region = US-West', 'region', 'US-West', null],
    ['type = CDN and region = US-West', 'region', 'US-East', false],
    ['type = CDN or region = US-West', 'region', 'US-West', true],
    ['type = CDN or region = US-West', 'region', 'US-East', null],
    ['not (type = CDN and region = US-West)', 'region', 'US-East', true],
    ['region ~ us-', 'region', 'US-East', true],
    ['region !~ us-', 'region', 'US-East', false],
    ['country ~ germ', 'country', 'DE', true],
    ['country ~ germ', 'country', 'FR', false],
    ['asn ~ google', 'asn', '15169', null],
    ['asn in (1-10, 20)', 'asn', '10', true],
    ['asn in (1-10, 20)', 'asn', '11', false],
    ['remote in 192.0.2.0/24', 'remoteAddress', '192.0.2.255', true],
    ['remote in 192.0.2.0/24', 'remoteAddress', '::ffff:192.0.2.255', true],
    ['remote in 192.0.2.0/24', 'remoteAddress', '192.0.3.0', false],
    ['remote in ::/0', 'remoteAddress', '192.0.2.1', false],
    ['remote in 2001:db8::/32', 'remoteAddress', '2001:db8:0:7::', true],
    ['exporter ~ edge', 'exporter', '192.0.2.1', null],
    ['exporter ~ 192', 'exporter', '192.0.2.1', true],
  ] as const)('%s with %s = %s: %s', (text, dimension, value, expected) => {
    expect(couldHold(read(text), dimension, value)).toBe(expected);
  });

  test('a name counts where it is known', () => {
    const named = (value: string, name: string) => ({ exporter: { value, name } });
    expect(evaluate(read('exporter ~ edge'), named('192.0.2.1', 'usw-edge1'))).toBe(true);
    expect(evaluate(read('exporter ~ edge'), named('192.0.2.1', 'core'))).toBe(false);
  });
});

/** Small enough that all flows can be gone through. */
const REGIONS = ['a', 'b', 'c'];
const NUMBERS = [0, 1, 2, 3];
const smallTerm: fc.Arbitrary<Term> = fc.oneof(
  fc.record({
    kind: fc.constant('names' as const),
    dimension: fc.constant('region' as const),
    exclude: fc.boolean(),
    names: fc.uniqueArray(fc.constantFrom(...REGIONS), { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('numbers' as const),
    dimension: fc.constant('interface' as const),
    exclude: fc.boolean(),
    ranges: fc.array(
      fc
        .tuple(fc.constantFrom(...NUMBERS), fc.nat({ max: 2 }))
        .map(([first, more]): [number, number] => [first, first + more]),
      { minLength: 1, maxLength: 2 },
    ),
  }),
);
const { small } = fc.letrec<{ small: Expression }>((tie) => ({
  small: fc.oneof(
    { depthSize: 'small' },
    smallTerm,
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('small'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

/** What an expression says of one flow, as the words read. */
function says(expression: Expression, region: string, port: number): boolean {
  if (expression.kind === 'all') return expression.of.every((each) => says(each, region, port));
  if (expression.kind === 'any') return expression.of.some((each) => says(each, region, port));
  if (expression.kind === 'names') return expression.names.includes(region) !== expression.exclude;
  if (expression.kind !== 'numbers') throw new Error(expression.kind);
  return expression.ranges.some(([a, b]) => port >= a && port <= b) !== expression.exclude;
}

const flows = REGIONS.flatMap((region) => NUMBERS.map((port) => ({ region, port })));
const known = (region: string | null, port: number | null): Known => ({
  ...(region === null ? {} : { region: { value: region } }),
  ...(port === null ? {} : { interface: { value: String(port) } }),
});

test('the normal form, and the negation, say the same of every flow', () => {
  fc.assert(
    fc.property(small, (expression) => {
      for (const { region, port } of flows) {
        const expected = says(expression, region, port);
        expect(evaluate(normalFilters([expression]), known(region, port))).toBe(expected);
        expect(evaluate(normalFilters([negated(expression)]), known(region, port))).toBe(!expected);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('with less known, true and false are never wrong', () => {
  fc.assert(
    fc.property(small, (expression) => {
      for (const region of REGIONS) {
        const answer = evaluate(normalFilters([expression]), known(region, null));
        const all = NUMBERS.map((port) => says(expression, region, port));
        if (answer === true) expect(all).not.toContain(false);
        if (answer === false) expect(all).not.toContain(true);
      }
    }),
    { numRuns: 1_000 },
  );
});
