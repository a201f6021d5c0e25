import fc from 'fast-check';
import { COUNTED_DIRECTIONS } from '../../direction';
import { NETWORK_TYPES } from '../../networkTypes';
import type { Expression, Filters, Term } from '../filter';
import { networkAround, printNetwork } from '../networks';
import { GREATEST, normalFilters } from '../normalForm';
import { LINK_KINDS, LONGEST } from '../parseValue';

/** Names as exporters, regions and providers could have them, with everything that might be mistaken for language. */
export const awkwardName = fc.oneof(
  fc.constantFrom(
    'US-West',
    'and',
    'OR',
    'not',
    'in',
    'none',
    'a b',
    'O\'Hara "x"',
    '\\',
    "'; DROP TABLE flows --",
    '{p1:String}',
    'a,b',
    '(',
    '10.0.0.0/8',
    '=',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  fc.stringMatching(/^[a-z0-9-]{1,12}$/),
);

const someOf = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { minLength: 1, maxLength: 4 });

const numbersOf = (greatest: number) =>
  someOf(
    fc
      .tuple(fc.nat({ max: greatest }), fc.oneof(fc.constant(0), fc.nat({ max: 200 })))
      .map(([first, more]): [number, number] => [first, Math.min(greatest, first + more)]),
  );

const networksOf = (longest: Record<4 | 6, number>) =>
  someOf(
    fc
      .oneof(
        fc
          .tuple(fc.nat({ max: longest[4] }), fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }))
          .map(([bits, host]) => networkAround({ version: 4, value: (0xffffn << 32n) | host }, bits)),
        fc
          .tuple(fc.nat({ max: longest[6] }), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }))
          .filter(([, value]) => value >> 32n !== 0xffffn)
          .map(([bits, value]) => networkAround({ version: 6, value }, bits)),
      )
      .map(printNetwork),
  );

const exclude = fc.boolean();

const namesOf = (dimension: 'type' | 'direction' | 'ip' | 'linkKind', names: readonly string[]) =>
  fc.record({
    kind: fc.constant('names' as const),
    dimension: fc.constant(dimension),
    exclude,
    names: someOf(fc.constantFrom(...names)),
  });

export const term: fc.Arbitrary<Term> = fc.oneof(
  namesOf('type', NETWORK_TYPES),
  namesOf('direction', COUNTED_DIRECTIONS),
  namesOf('ip', ['4', '6']),
  namesOf('linkKind', LINK_KINDS),
  fc.record({
    kind: fc.constant('names' as const),
    dimension: fc.constantFrom('region' as const, 'exporter' as const),
    exclude,
    names: someOf(awkwardName),
  }),
  fc.record({
    kind: fc.constant('names' as const),
    dimension: fc.constantFrom('provider' as const, 'metro' as const),
    exclude,
    names: someOf(fc.oneof(awkwardName, fc.constant(''))),
  }),
  fc.record({
    kind: fc.constant('names' as const),
    dimension: fc.constant('country' as const),
    exclude,
    names: someOf(fc.constantFrom('DE', 'IN', 'US', 'XK', 'A1', '')),
  }),
  ...(['interface', 'asn', 'protocol', 'servicePort'] as const).map((dimension) =>
    fc.record({
      kind: fc.constant('numbers' as const),
      dimension: fc.constant(dimension),
      exclude,
      ranges: numbersOf(GREATEST[dimension]),
    }),
  ),
  ...(['remotePrefix', 'remoteAddress', 'localAddress'] as const).map((dimension) =>
    fc.record({
      kind: fc.constant('networks' as const),
      dimension: fc.constant(dimension),
      exclude,
      networks: networksOf(LONGEST[dimension]),
    }),
  ),
  fc.record({
    kind: fc.constant('text' as const),
    dimension: fc.constantFrom(
      'type' as const,
      'region' as const,
      'provider' as const,
      'exporter' as const,
      'country' as const,
      'metro' as const,
      'asn' as const,
    ),
    exclude,
    texts: someOf(awkwardName),
  }),
);

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    term,
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

/** Any expression, not in normal form. */
export const anyExpression: fc.Arbitrary<Expression> = expression;

/** Any filter that is small enough to be read. */
export const anyFilters: fc.Arbitrary<Filters> = fc.array(expression, { maxLength: 3 }).map(normalFilters);
