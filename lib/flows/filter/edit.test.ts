import { describe, expect, test } from 'vitest';
import {
  addExclude,
  addInclude,
  bothOf,
  narrowTo,
  termOf,
  toggle,
  withoutDimension,
  withoutTerm,
} from './edit';
import type { Filters } from './filter';
import { parseFilters } from './parseFilter';
import { printFilters } from './printFilter';

function read(text: string): Filters {
  const parsed = parseFilters(text);
  if ('error' in parsed) throw new Error(parsed.error.message);
  return parsed.filters;
}

describe('a click', () => {
  test.each([
    ['', 'CDN', 'type = CDN'],
    ['type = CDN', 'CDN', 'type = CDN'],
    ['type = CDN', 'Hosting', 'type in (CDN, Hosting)'],
    ['type != CDN', 'CDN', 'type = CDN'],
    ['type not in (CDN, Hosting)', 'CDN', 'type != Hosting and type = CDN'],
    ['region = a and ip = 4', 'CDN', 'ip = 4 and region = a and type = CDN'],
    ['type = Hosting or region = a', 'CDN', 'type = CDN and (region = a or type = Hosting)'],
  ])('includes: %s + %s', (before, value, after) => {
    expect(printFilters(addInclude(read(before), 'type', value))).toBe(after);
  });

  test.each([
    ['', 'CDN', 'type != CDN'],
    ['type != CDN', 'Hosting', 'type not in (CDN, Hosting)'],
    ['type in (CDN, Hosting)', 'CDN', 'type = Hosting'],
    ['type = CDN', 'CDN', 'type != CDN'],
    ['type = CDN', 'Hosting', 'type != Hosting and type = CDN'],
    ['region = a', 'CDN', 'region = a and type != CDN'],
  ])('excludes: %s - %s', (before, value, after) => {
    expect(printFilters(addExclude(read(before), 'type', value))).toBe(after);
  });

  test.each([
    ['', 'CDN', 'type = CDN'],
    ['type = CDN', 'CDN', ''],
    ['type in (CDN, Hosting)', 'CDN', 'type = Hosting'],
    ['type = Hosting', 'CDN', 'type in (CDN, Hosting)'],
    ['type != CDN', 'CDN', 'type = CDN'],
  ])('toggles: %s with %s', (before, value, after) => {
    expect(printFilters(toggle(read(before), 'type', value))).toBe(after);
  });

  test('narrows to one value, whatever was asked of its dimension', () => {
    expect(
      printFilters(narrowTo(read('type in (CDN, Hosting) and type !~ x and region = a'), 'type', 'CDN')),
    ).toBe('region = a and type = CDN');
  });

  test.each([
    ['asn', '15169', 'asn = AS15169'],
    ['protocol', '6', 'proto = tcp'],
    ['servicePort', '443', 'port = 443'],
    ['ip', '6', 'ip = 6'],
    ['country', '', 'country = none'],
    ['region', 'none', 'region = "none"'],
    ['remoteAddress', '192.0.2.7', 'remote = 192.0.2.7'],
    ['remoteAddress', '::ffff:192.0.2.7', 'remote = 192.0.2.7'],
    ['remoteAddress', '2001:db8::', 'remote in 2001:db8::/64'],
    ['localAddress', '10.1.1.1', 'local = 10.1.1.1'],
    ['remotePrefix', '::ffff:192.0.2.0', 'prefix in 192.0.2.0/24'],
    ['remotePrefix', '2001:db8::', 'prefix in 2001:db8::/48'],
    ['remotePrefix', '2001:db8::/48', 'prefix in 2001:db8::/48'],
  ] as const)('on a value as answers carry it: %s %s', (dimension, value, text) => {
    const filters = addInclude([], dimension, value);
    expect(printFilters(filters)).toBe(text);
    // What a click makes is what the text says.
    expect(read(text)).toEqual(filters);
  });

  test('on no value of the dimension is a fault, not a filter', () => {
    expect(() => addInclude([], 'asn', 'x')).toThrow('"x" is no value of asn');
    expect(() => addInclude([], 'remoteAddress', 'x')).toThrow('"x" is no value of remoteAddress');
  });

  test('takes a number out of the range that holds it', () => {
    expect(printFilters(addExclude(read('port in (80, 8000-8100)'), 'servicePort', '8050'))).toBe(
      'port in (80, 8000-8049, 8051-8100)',
    );
    expect(printFilters(addExclude(read('remote in 192.0.2.0/24'), 'remoteAddress', '192.0.2.7'))).toBe(
      'remote != 192.0.2.7 and remote in 192.0.2.0/24',
    );
  });
});

test('terms go away by their place or their dimension', () => {
  const filters = read('ip = 4 and region = a and (type = CDN or region = b)');
  expect(printFilters(withoutTerm(filters, 1))).toBe('ip = 4 and (region = b or type = CDN)');
  expect(printFilters(withoutTerm(filters, 2))).toBe('ip = 4 and region = a');
  expect(printFilters(withoutDimension(filters, 'region'))).toBe('ip = 4 and (region = b or type = CDN)');
});

test('two filters together', () => {
  expect(printFilters(bothOf(read('region = a'), [termOf('region', ['b'])]))).toBe(
    'region = a and region = b',
  );
});
