import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalFilters } from './filter/normalForm';
import { sizeProblem } from './filter/parseFilter';
import { printFilters } from './filter/printFilter';
import { anyFilters } from './filter/testing/arbitrary';
import { CALENDAR_PRESETS, type RangePreset, ROLLING_PRESETS } from './presets';
import { DEFAULT_SCOPE, type RangeChoice, type Scope } from './scope';
import {
  parseInstant,
  parseScope,
  printInstant,
  printScope,
  scopeOf,
  unreadParts,
  valuesOf,
  viewParsers,
} from './urlState';

const instant = fc.integer({ min: 0, max: 4_000_000_000 });

const range: fc.Arbitrary<RangeChoice> = fc.oneof(
  fc
    .constantFrom<RangePreset>(...ROLLING_PRESETS, ...CALENDAR_PRESETS, '2025-Q4', '3d', '25h', '90m')
    .map((preset) => ({ kind: 'preset' as const, preset })),
  fc
    .tuple(instant, fc.integer({ min: 1, max: 100_000_000 }))
    .map(([from, length]) => ({ kind: 'absolute' as const, from, to: from + length })),
);

const scope: fc.Arbitrary<Scope> = fc.record({
  range,
  zone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu', 'Etc/GMT+5'),
  direction: fc.constantFrom<Scope['direction']>('both', 'ingress', 'egress'),
  filters: anyFilters.filter((filters) => sizeProblem(filters) === null),
  compare: fc.oneof(
    fc.constantFrom<Scope['compare']>('previous', 'last-quarter', 'none'),
    instant.map((from) => ({ from })),
  ),
});

test('a scope read from its own address is the same scope', () => {
  fc.assert(
    fc.property(scope, (value) => {
      expect(parseScope(new URLSearchParams(printScope(value)))).toEqual({ scope: value });
      expect(scopeOf(valuesOf(value))).toEqual(value);
    }),
  );
});

test('equal scopes have equal addresses, whatever the order of what they ask for', () => {
  fc.assert(
    fc.property(scope, (value) => {
      const filters = normalFilters([...value.filters].reverse());
      expect(printScope({ ...value, filters })).toBe(printScope(value));
    }),
  );
});

test('the default scope is the plain address', () => {
  expect(printScope(DEFAULT_SCOPE)).toBe('');
  expect(parseScope(new URLSearchParams())).toEqual({ scope: DEFAULT_SCOPE });
});

test('an address of people, by hand', () => {
  const parsed = parseScope(
    new URLSearchParams(
      'from=2026-11-21T10:00:00Z&to=2026-11-22T10:00:00.000Z&zone=Asia/Kathmandu&dir=egress&region=US-West,EU-Central&type=!CDN&ip=6',
    ),
  );
  expect(parsed).toEqual({
    scope: {
      range: { kind: 'absolute', from: 1_795_255_200, to: 1_795_341_600 },
      zone: 'Asia/Kathmandu',
      direction: 'egress',
      filters: [
        { kind: 'names', dimension: 'ip', exclude: false, names: ['6'] },
        { kind: 'names', dimension: 'region', exclude: false, names: ['EU-Central', 'US-West'] },
        { kind: 'names', dimension: 'type', exclude: true, names: ['CDN'] },
      ],
      compare: 'previous',
    },
  });
});

describe('what cannot be read is named', () => {
  test.each([
    ['range=7m', 'range', '24h'],
    ['from=yesterday&to=2026-11-22T10:00:00Z', 'from', 'UTC instant'],
    ['from=2026-11-22T10:00:00Z', 'to', 'missing'],
    ['from=2026-11-22T10:00:00Z&to=2026-11-22T10:00:00Z', 'to', 'half-open'],
    ['zone=Mars/Olympus', 'zone', 'IANA'],
    ['zone=europe/berlin', 'zone', 'IANA'],
    ['zone=%2B05:45', 'zone', 'IANA'],
    ['dir=up', 'dir', 'ingress'],
    ['type=Fog', 'type', 'network types'],
    ['region=', 'region', 'region names'],
    ['ip=5', 'ip', '4 or 6'],
    ['filter=type+%3D+Fog', 'filter', '"Fog" is no type'],
    ['filter=type+%3D+Fog', 'filter', 'at character 8'],
    ['filter=type+%3D+CDN+and', 'filter', 'at the end'],
    ['compare=never', 'compare', 'previous'],
    ['compare=2026-02-30T00:00:00Z', 'compare', 'UTC instant'],
  ])('%s', (query, key, words) => {
    const parsed = parseScope(new URLSearchParams(query));
    if (!('problems' in parsed)) throw new Error('it was read');
    expect(parsed.problems.map((problem) => problem.key)).toContain(key);
    expect(parsed.problems.map(({ message }) => message).join()).toContain(words);
  });

  test('whatever comes, nothing throws', () => {
    fc.assert(
      fc.property(fc.webQueryParameters({ size: 'xsmall' }), (query) => {
        parseScope(new URLSearchParams(query));
      }),
      { numRuns: 20 },
    );
  });
});

describe('a page that opens a link with a bad part', () => {
  test('names each part that was not understood, of the scope and of the view', () => {
    const parts = unreadParts(
      new URLSearchParams('range=bogus&zone=Mars/X&type=Foo&unit=furlongs&dir=egress'),
    );
    expect(parts.map(({ key, text }) => `${key}=${text}`)).toEqual([
      'range=bogus',
      'zone=Mars/X',
      'type=Foo',
      'unit=furlongs',
    ]);
  });

  test('has nothing to say of a good link, nor of keys it does not know', () => {
    expect(unreadParts(new URLSearchParams('range=7d&unit=bytes&hide=CDN,Neocloud&utm_source=mail'))).toEqual(
      [],
    );
  });
});

describe('links from before there was a filter language', () => {
  const filterOf = (query: string) => {
    const parsed = parseScope(new URLSearchParams(query));
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
    return printFilters(parsed.scope.filters);
  };

  test('are read, joined with what a filter says, and written as one filter', () => {
    expect(filterOf('region=US-West,EU-Central&type=!CDN&ip=6')).toBe(
      'ip = 6 and region in (EU-Central, US-West) and type != CDN',
    );
    expect(filterOf('region=!a%252Cb,%2521c&filter=region+!%3D+d')).toBe('region not in ("!c", "a,b", d)');
    const parsed = parseScope(new URLSearchParams('type=CDN&filter=port+%3D+https'));
    if ('problems' in parsed) throw new Error('it was not read');
    expect(printScope(parsed.scope)).toBe('filter=port+%3D+443+and+type+%3D+CDN');
  });
});

test('a page that opens a link with a bad filter says which part of it is wrong, and why', () => {
  const [part] = unreadParts(new URLSearchParams('filter=region = a and type = Fog'));
  expect(part).toMatchObject({ key: 'filter', text: 'Fog' });
  expect(part?.why).toContain('"Fog" is no type: use "ISP Regional"');
  expect(part?.why).toContain('at character 23');
});

test('hidden series stand in the address, in one order', () => {
  expect(viewParsers.hide.serialize(['Neocloud', 'CDN'])).toBe('CDN,Neocloud');
  expect(viewParsers.hide.parse('Neocloud,CDN,CDN')).toEqual(['CDN', 'Neocloud']);
  expect(viewParsers.hide.parse('')).toBeNull();
});

test('instants are read and written to the second', () => {
  fc.assert(
    fc.property(instant, (t) => {
      expect(parseInstant(printInstant(t))).toBe(t);
    }),
  );
  expect(parseInstant('2026-02-30T00:00:00Z')).toBeNull();
  expect(parseInstant('2026-11-22T10:00:00+01:00')).toBeNull();
});
