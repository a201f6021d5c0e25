import { describe, expect, test } from 'vitest';
import { alternativesOf, describeTerm } from './describe';
import type { Term } from './filter';
import { parseFilters } from './parseFilter';
import { printTerm } from './printFilter';

function term(text: string): Term {
  const read = parseFilters(text);
  if ('error' in read) throw new Error(read.error.message);
  const [only] = read.filters;
  if (only === undefined || only.kind === 'all' || only.kind === 'any') throw new Error(`${text} is no term`);
  return only;
}

describe('a term in words', () => {
  test.each([
    ['type in (CDN, "ISP Regional")', 'Network type', ['CDN', 'ISP Regional']],
    ['country in (DE, none)', 'Country', ['none', 'Germany']],
    ['ip = 6', 'IP version', ['IPv6']],
    ['asn in (15169, 64512-64520)', 'ASN', ['AS15169', 'AS64512-AS64520']],
    ['port in (443, 8000-8100, 6)', 'Service port', ['6', '443 https', '8000-8100']],
    ['proto = udp', 'Protocol', ['udp']],
    ['asn ~ "a\\"b"', 'ASN', ['“a"b” in the name']],
    ['exporter = "a\\"b"', 'Exporter', ['a"b']],
    ['remote in 192.0.2.0/24', 'Remote address', ['192.0.2.0/24']],
  ])('%s', (text, about, values) => {
    expect(describeTerm(term(text))).toEqual({ about, exclude: false, values });
    // One by one they are as many, in the same order.
    const alternatives = alternativesOf(term(text));
    expect(alternatives.flatMap((each) => describeTerm(each).values)).toEqual(values);
  });

  test('two neighbors are two alternatives', () => {
    expect(alternativesOf(term('port not in (443, 444)')).map(printTerm)).toEqual([
      'port != 443',
      'port != 444',
    ]);
  });
});
