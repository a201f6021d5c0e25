import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { formatDay } from '@/lib/server/reference/day';
import { NetworkFileError, parseNetwork, readNetworkFile } from '@/lib/server/reference/network/networkFile';

function problemsOf(text: string): string[] {
  try {
    parseNetwork(text, 'network.yaml');
  } catch (error) {
    if (error instanceof NetworkFileError) {
      return error.problems.map(({ line, thing, cause, fix }) => `${line} ${thing} ${cause}: ${fix}`);
    }
    throw error;
  }
  return [];
}

const ONE_EXPORTER = 'exporters:\n  - { address: 10.0.0.1, region: US-West }\n';

describe('the operators’ file', () => {
  test('the example file is read: four regions with two exporters each, and its dated values', async () => {
    const network = parseNetwork(
      await readFile('clickhouse/network.example.yaml', 'utf8'),
      'network.example.yaml',
    );
    expect(network.exporters).toHaveLength(8);
    expect(new Set(network.exporters.map(({ region }) => region))).toEqual(
      new Set(['US-West', 'US-East', 'CA-East', 'EU-Central']),
    );
    expect(network.exporters.at(-1)?.sampling_rate?.map(({ value, to }) => [value, formatDay(to)])).toEqual([
      [2000, '2025-12-31'],
      [1000, '2149-06-06'],
    ]);
    expect(network.links.filter(({ networkTypes }) => networkTypes.length > 0)).toHaveLength(4);
    expect(
      network.links.every(({ kind, boundary }) => (kind === 'backbone') === (boundary === 'internal')),
    ).toBe(true);
    expect(network.links[0]?.speed).toBe(400_000_000_000n);
  });

  test('a file that does not exist and an empty file are an empty network', async () => {
    expect((await readNetworkFile('/nonexistent/network.yaml')).network.exporters).toEqual([]);
    expect(parseNetwork('# nothing yet\n', 'network.yaml').links).toEqual([]);
    expect(parseNetwork('exporters:\nlinks:\n', 'network.yaml').links).toEqual([]);
  });

  test('an exporter needs a region, unless it is retired', () => {
    expect(problemsOf('exporters:\n  - { address: 10.0.0.1 }\n')).toEqual([
      '2 exporters[0].region is missing: add it',
    ]);
    expect(problemsOf('exporters:\n  - { address: 10.0.0.1, retired: 2026-10-31 }\n')).toEqual([]);
  });

  test('a region says where it is, is that of an exporter, and stands once', () => {
    const of = (regions: string) => problemsOf(`${ONE_EXPORTER}regions:\n${regions}`);
    expect(of('  - { name: US-West, latitude: 37.4, longitude: -121.9 }\n')).toEqual([]);
    expect(of('  - { name: US-West, latitude: 97, longitude: west }\n')).toEqual([
      '4 regions[0].latitude is out of range: write degrees from -90 to 90',
      '4 regions[0].longitude is not a number: write degrees from -180 to 180',
    ]);
    expect(of('  - { name: US-Wset, latitude: 0, longitude: 0 }\n')).toEqual([
      '4 regions[0].name "US-Wset" is the region of no exporter: correct the name, or give an exporter this region',
    ]);
    expect(
      of(
        '  - { name: US-West, latitude: 0, longitude: 0 }\n  - { name: US-West, latitude: 0, longitude: 0 }\n',
      ),
    ).toEqual(['5 regions[1].name "US-West" is listed twice: keep one entry for each region']);
  });

  test('the boundary follows from the kind where it is not written', () => {
    const link = (kind: string) =>
      parseNetwork(`${ONE_EXPORTER}links:\n  - { exporter: 10.0.0.1, interface: 1${kind} }\n`, 'f').links[0]
        ?.boundary;
    expect([link(''), link(', kind: backbone'), link(', kind: ix')]).toEqual([
      'unknown',
      'internal',
      'external',
    ]);
  });

  test('speeds are bits per second in decimal units', () => {
    const speed = (text: string) =>
      parseNetwork(`${ONE_EXPORTER}links:\n  - { exporter: 10.0.0.1, interface: 1, speed: ${text} }\n`, 'f')
        .links[0]?.speed;
    expect([speed('2.5G'), speed('800M'), speed('1T'), speed('9600')]).toEqual([
      2_500_000_000n,
      800_000_000n,
      1_000_000_000_000n,
      9600n,
    ]);
  });

  test('every error names line, thing, cause and fix, and all are reported at once', () => {
    const text = `version: 1
exporters:
  - address: 10.0.0.1
    regoin: US-West
  - address: 10.0.0.2
    region: US-East
    sampling_rate: 0
    active_timeout: soon
  - address: 10.0.0.3
    region: US-East
    sampling_rate:
      - { value: 10, valid_to: 2025-12-31 }
      - { value: 20, valid_from: 2025-12-31 }
links:
  - exporter: 10.0.0.9
    interface: 1
    kind: transi
    speed: fast
  - exporter: 10.0.0.2
    interface: 4
    network_type: Migratoin
own_prefixes:
  - 10.0.0.1/8
  - ::ffff:10.0.0.0/104
  - intranet
overrides:
  - asn: 64512
    network_type: CDN
    valid_from: 2026-02-30
    reason: x
  - network_type: CDN
    reason: x
  - asn: 64513
    network_type: CDN
`;
    expect(problemsOf(text)).toEqual([
      '3 exporters[0].region is missing: add it',
      '4 exporters[0].regoin is not a key this file has: remove it, or correct its spelling after network.example.yaml',
      '7 exporters[1].sampling_rate is out of range: write whole packets per sampled packet from 1 to 4294967295',
      '8 exporters[1].active_timeout is not a number: write whole seconds from 1 to 86400',
      '12 exporters[2].sampling_rate has two values for 2025-12-31: end one period on the day before the next begins',
      '17 links[0].kind is not a kind of link: use transit, ix, pni, private, backbone, customer, unknown',
      '18 links[0].speed is not a speed: write bits per second as 400G, 2.5G, 800M or a number',
      '21 links[1].network_type is not a network type: use one of ISP Regional, ISP Tier1, CDN, Hosting, Hyperscaler, Neocloud, Migration, Unclassified',
      '23 own_prefixes[0] has bits set after its length: write 10.0.0.0/8',
      '24 own_prefixes[1] is an IPv4 address in IPv6 notation: write the IPv4 prefix, for example 10.0.0.0/8',
      '25 own_prefixes[2] is not a prefix: write it as 192.0.2.0/24 or 2001:db8::/32',
      '29 overrides[0].valid_from is not a day: write it as 2026-01-31, between 1970-01-01 and 2149-06-06',
      '31 overrides[1] needs either an asn or a prefix: write one of the two, and two overrides for both',
      '33 overrides[2].reason is missing: add it',
    ]);
  });

  test('entries that contradict each other are errors at the second one', () => {
    const text = `exporters:
  - { address: 10.0.0.1, region: A }
  - { address: 10.0.0.1, region: B }
links:
  - { exporter: 10.0.0.7, interface: 1 }
  - { exporter: 10.0.0.1, interface: 1, valid_to: 2026-01-31 }
  - { exporter: 10.0.0.1, interface: 1, valid_from: 2026-01-31 }
overrides:
  - { asn: 1, network_type: CDN, reason: x }
  - { asn: 1, network_type: Hosting, reason: x, valid_from: 2026-01-01 }
`;
    expect(problemsOf(text)).toEqual([
      '3 exporters[1].address "10.0.0.1" is listed twice: keep one entry for each exporter',
      '5 links[0].exporter "10.0.0.7" is not among the exporters: add it under exporters, or correct the address',
      '7 links[2].interface interface 1 of "10.0.0.1" has two links on 2026-01-31: give each a valid_from and valid_to that do not meet, or remove one',
      '10 overrides[1] says a second type for the same ASN on 2026-01-01: end the first with a valid_to before this one begins, or remove one',
    ]);
  });

  test('text that is not YAML is an error with its line', () => {
    const [problem] = problemsOf('exporters:\n  - address: 1\n   region: x\n');
    expect(problem).toMatch(/^3 the text is not YAML here \(.+\): compare the indentation/);
    expect(problemsOf('- a list\n')[0]).toMatch(/^1 the file /);
  });
});
