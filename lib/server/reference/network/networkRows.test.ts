import { describe, expect, test } from 'vitest';
import { parseDay } from '@/lib/server/reference/day';
import { EMPTY_NETWORK, parseNetwork } from '@/lib/server/reference/network/networkFile';
import { networkRows } from '@/lib/server/reference/network/networkRows';

const TODAY = parseDay('2026-11-22') ?? 0;
const prefixes = (text: string) =>
  networkRows(parseNetwork(text, 'f'), TODAY).own_prefixes.map(({ prefix }) => prefix);
const ALWAYS = [
  '224.0.0.0/4',
  'ff00::/8',
  '255.255.255.255/32',
  '127.0.0.0/8',
  '::1/128',
  '169.254.0.0/16',
  'fe80::/10',
];

describe('rows of the network tables', () => {
  test('nothing configured: RFC 1918, ULA and link-local are ours, and what is always local', () => {
    const found = networkRows(EMPTY_NETWORK, TODAY).own_prefixes.map(({ prefix }) => prefix);
    expect(new Set(found)).toEqual(
      new Set(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', ...ALWAYS]),
    );
    expect(new Set(found).size).toBe(found.length);
  });

  test('configured prefixes replace the defaults, and what is always local stays', () => {
    expect(new Set(prefixes('own_prefixes: [198.51.100.0/24]\n'))).toEqual(
      new Set(['198.51.100.0/24', ...ALWAYS]),
    );
  });

  test('every exporter of a region knows where the region is, and others know nothing', () => {
    const { exporters } = networkRows(
      parseNetwork(
        `regions: [{ name: A, latitude: 50.1, longitude: 8.7 }]
exporters: [{ address: e1, region: A }, { address: e2, region: A }, { address: e3, region: B }]
`,
        'f',
      ),
      TODAY,
    );
    expect(
      exporters.map(({ region_latitude, region_longitude }) => [region_latitude, region_longitude]),
    ).toEqual([
      [50.1, 8.7],
      [50.1, 8.7],
      [null, null],
    ]);
  });

  test('a link with a type for some days is a row for each stretch, within the days of the link', () => {
    const { links } = networkRows(
      parseNetwork(
        `exporters: [{ address: e, region: A }]
links:
  - exporter: e
    interface: 7
    kind: private
    valid_from: 2026-01-01
    network_type:
      - { value: Migration, valid_from: 2025-08-01, valid_to: 2026-02-28 }
      - { value: Hosting, valid_from: 2026-05-01, valid_to: 2026-05-31 }
`,
        'f',
      ),
      TODAY,
    );
    expect(
      links.map(({ valid_from, valid_to, network_type }) => [valid_from, valid_to, network_type]),
    ).toEqual([
      ['2026-01-01', '2026-02-28', 'Migration'],
      ['2026-03-01', '2026-04-30', ''],
      ['2026-05-01', '2026-05-31', 'Hosting'],
      ['2026-06-01', '2149-06-06', ''],
    ]);
  });

  test('an exporter is expected up to and including its retired day', () => {
    const expected = (retired: string) =>
      networkRows(parseNetwork(`exporters: [{ address: e, region: A${retired} }]\n`, 'f'), TODAY).exporters[0]
        ?.expected;
    expect([expected(''), expected(', retired: 2026-11-22'), expected(', retired: 2026-11-21')]).toEqual([
      1, 1, 0,
    ]);
  });

  test('the day of retirement is kept, and one that was only seen is retired without a region', () => {
    const { exporters } = networkRows(
      parseNetwork(
        'exporters: [{ address: e, region: A }, { address: 192.0.2.7, retired: 2026-10-31 }]\n',
        'f',
      ),
      TODAY,
    );
    expect(exporters.map(({ region, retired_on }) => [region, retired_on])).toEqual([
      ['A', '2149-06-06'],
      ['Unassigned', '2026-10-31'],
    ]);
  });
});
