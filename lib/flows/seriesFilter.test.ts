import { describe, expect, it } from 'vitest';
import { NO_FILTERS } from './filter/filter';
import { parseFilters } from './filter/parseFilter';
import { printFilters } from './filter/printFilter';
import { onlyGroup, withoutGroup } from './seriesFilter';

const said = printFilters;
const read = (text: string) => {
  const found = parseFilters(text);
  if (!('filters' in found)) throw new Error(found.error.message);
  return said(found.filters);
};

describe('a group as a filter', () => {
  it('only this: every dimension is narrowed to its key', () => {
    expect(said(onlyGroup(NO_FILTERS, ['asn', 'region'], ['15169', 'US-West']))).toBe(
      read('asn = 15169 and region = US-West'),
    );
  });

  it('an interface is a number on an exporter', () => {
    expect(said(onlyGroup(NO_FILTERS, ['interface'], ['192.0.2.1 7']))).toBe(
      read('exporter = 192.0.2.1 and interface = 7'),
    );
  });

  it('excluding a group of two leaves out only what has both of its values', () => {
    expect(said(withoutGroup(NO_FILTERS, ['type'], ['CDN']))).toBe(read('type != CDN'));
    expect(said(withoutGroup(NO_FILTERS, ['type', 'region'], ['CDN', 'US-West']))).toBe(
      read('type != CDN or region != US-West'),
    );
  });
});
