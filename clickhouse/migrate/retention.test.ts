import { expect, test } from 'vitest';
import { parseRetention } from './retention';

test('without a setting each table has its default', () => {
  expect(parseRetention(undefined)).toEqual({
    flows: 35,
    flows_rejected: 90,
    batch_exporters: 730,
    traffic_5m: 'keep',
    totals_5m: 'keep',
    types_5m: 'keep',
    regions_5m: 'keep',
    links_5m: 'keep',
    coverage_5m: 'keep',
    coverage_1d: 'keep',
    quality_1h: 'keep',
    traffic_1h: 1825,
    types_1h: 'keep',
    links_1h: 'keep',
    traffic_1d: 'keep',
    asns_1h: 730,
    places_1h: 730,
    services_1h: 730,
    asns_1d: 'keep',
    places_1d: 'keep',
    services_1d: 'keep',
    endpoints_1d: 35,
    pairs_1d: 35,
    uniques_1h: 35,
    uniques_1d: 730,
    uniques_10d: 730,
    uniques_1mo: 'keep',
    uniques_asn_1mo: 'keep',
    uniques_place_1mo: 'keep',
    heavy_addresses_1mo: 'keep',
    heavy_locals_1mo: 'keep',
    heavy_pairs_1mo: 'keep',
    heavy_prefixes_1mo: 'keep',
    heavy_addresses_1q: 'keep',
    heavy_locals_1q: 'keep',
    heavy_pairs_1q: 'keep',
    heavy_prefixes_1q: 'keep',
  });
});

test('a setting holds for its table and leaves the others', () => {
  expect(parseRetention(' traffic_5m=keep , uniques_1mo=10y,links_5m=6w')).toMatchObject({
    traffic_5m: 'keep',
    uniques_1mo: 3650,
    links_5m: 42,
    flows: 35,
  });
});

test('addresses and hours of uniqueness stay as long as raw flows unless they are set', () => {
  expect(parseRetention('flows=keep')).toMatchObject({
    uniques_1h: 'keep',
    endpoints_1d: 'keep',
    pairs_1d: 'keep',
  });
  expect(parseRetention('flows=90d,uniques_1h=40d')).toMatchObject({ flows: 90, uniques_1h: 40 });
});

test('all=keep keeps everything, and a single table may still differ', () => {
  expect(new Set(Object.values(parseRetention('all=keep')))).toEqual(new Set(['keep']));
  expect(parseRetention('all=keep,flows=7d')).toMatchObject({ flows: 7, traffic_1h: 'keep' });
});

test.each(['flows=0d', 'flows=35', 'flows=forever', 'flows', 'flows=-1d', 'flows=999999y'])(
  'a value that is no time is an error that says what to write: %s',
  (setting) => {
    expect(() => parseRetention(setting)).toThrow(/flows=35d, 5w, 2y.*flows=keep/);
  },
);

test('an unknown table is an error that lists the known ones', () => {
  expect(() => parseRetention('flow=1d')).toThrow(/"flow".*flows, flows_rejected/);
});
