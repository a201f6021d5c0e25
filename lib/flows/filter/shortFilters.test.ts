import { describe, expect, it } from 'vitest';
import { parseFilters } from './parseFilter';
import { shortFilters } from './shortFilters';

function short(text: string, room: number): string {
  const read = parseFilters(text);
  if (!('filters' in read)) throw new Error(read.error.message);
  return shortFilters(read.filters, room);
}

describe('a filter below the title of a picture', () => {
  it('stands as it is written where it is short, and is empty where nothing is filtered', () => {
    expect(short('region = US-West and type != CDN', 60)).toBe('region = US-West and type != CDN');
    expect(shortFilters([])).toBe('');
  });

  it('says how many terms are left out', () => {
    const text = 'asn = AS15169 and country = DE and region = US-West';
    expect(short(text, 50)).toBe('asn = AS15169 and country = DE and 1 more term');
    expect(short(text, 40)).toBe('asn = AS15169 and 2 more terms');
  });

  it('says how many values of a long term are left out, and never cuts one', () => {
    const text = 'asn in (AS100, AS200, AS300, AS400, AS500)';
    expect(short(text, 36)).toBe('asn in (AS100, AS200 and 3 more)');
    expect(short(text, 5)).toBe('asn in (AS100 and 4 more)');
    const name = 'a'.repeat(100);
    expect(short(`metro = ${name}`, 20)).toBe(`metro = ${name}`);
  });

  it('shortens alternatives too, within their brackets where they have any', () => {
    const either = 'country = DE or port = 443 or proto = udp';
    expect(short(either, 40)).toBe('country = DE or 2 more terms');
    const both = `(${either}) and (asn = AS100 or metro = Denver)`;
    expect(short(both, 56)).toBe('(asn = AS100 or metro = Denver) and 3 more terms');
    expect(short(both, 46)).toBe('(asn = AS100 or 1 more term) and 3 more terms');
  });
});
