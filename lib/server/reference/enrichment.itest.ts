import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { loadAsnTable } from '@/lib/server/reference/asn/loadAsnTable';
import { loadGeo } from '@/lib/server/reference/geo/loadGeo';
import { loadNetwork } from '@/lib/server/reference/network/loadNetwork';
import { loadTaxonomy } from '@/lib/server/reference/taxonomy/loadTaxonomy';
import {
  land,
  type MadeFlow,
  type MadeNetwork,
  makeNetwork,
  NETWORK_TEXT,
} from '@/lib/server/reference/testing/madeNetwork';

let engine: TestClickHouse;
let made: MadeNetwork;

beforeAll(async () => {
  [engine, made] = await Promise.all([startTestClickHouse(), makeNetwork()]);
  await loadNetwork(engine.target, made.networkFile);
  await loadTaxonomy(engine.target, made.sources.taxonomyDir);
  await loadAsnTable(engine.target, made.cache, made.sources.asnDir);
  await loadGeo(engine.target, made.cache, { sources: made.sources });
});

afterAll(async () => {
  await engine?.stop();
  await made?.remove();
});

let batch = 100;

interface Enriched {
  region: string;
  direction: string;
  link_kind: string;
  provider: string;
  counted: number;
  network_type: string;
  remote_as: number;
  country: string;
  metro: string;
  taxonomy_version: number;
  geo_version: number;
}

async function enrich(flow: MadeFlow): Promise<Enriched> {
  batch += 1;
  await land(engine.owner, [flow], batch);
  const result = await engine.owner.query({
    query: `SELECT region, direction, link_kind, provider, counted, network_type, remote_as, country, metro, taxonomy_version, geo_version
      FROM flows WHERE batch_key = {batch:UInt64}`,
    query_params: { batch },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<Enriched>();
  if (row === undefined) throw new Error('the record was not stored');
  return row;
}

const OURS = '10.1.1.1';
const CDN = '203.0.113.9';
const ISP = '198.51.100.9';

describe('enrichment of a record', () => {
  test('region, link kind and provider come from the exporter and its outer interface, by direction', async () => {
    expect(await enrich({ src: OURS, dst: CDN, in_if: 10, out_if: 1 })).toMatchObject({
      region: 'US-West',
      direction: 'egress',
      link_kind: 'transit',
      provider: 'Lumen',
      counted: 1,
    });
    expect(await enrich({ src: CDN, dst: OURS, in_if: 1, out_if: 10 })).toMatchObject({
      direction: 'ingress',
      link_kind: 'transit',
      counted: 1,
    });
    expect(await enrich({ exporter: '2001:db8:ffff::1', src: CDN, dst: OURS, in_if: 1 })).toMatchObject({
      region: 'EU-Central',
      link_kind: 'unknown',
      provider: '',
      counted: 1,
    });
    expect(await enrich({ exporter: 'elsewhere', src: CDN, dst: OURS })).toMatchObject({
      region: 'Unassigned',
    });
  });

  test('what crosses an internal interface is kept and not counted', async () => {
    expect(await enrich({ src: OURS, dst: CDN, in_if: 1, out_if: 10 })).toMatchObject({
      link_kind: 'backbone',
      counted: 0,
    });
  });

  test('Migration is a link on its days, both of them included, whatever the address says', async () => {
    const type = async (day: string) => (await enrich({ src: ISP, dst: OURS, in_if: 2, day })).network_type;
    expect(await type('2026-07-31')).toBe('ISP Tier1');
    expect(await type('2026-08-01')).toBe('Migration');
    expect(await type('2026-10-31')).toBe('Migration');
    expect(await type('2026-11-01')).toBe('ISP Tier1');
    expect((await enrich({ src: ISP, dst: OURS, in_if: 1, day: '2026-09-01' })).network_type).toBe(
      'ISP Tier1',
    );
    // Outside its Migration days the link is still the link.
    expect((await enrich({ src: ISP, dst: OURS, in_if: 2, day: '2026-11-01' })).provider).toBe('Onboarding');
  });

  test('an AS changes its type on the day the list says', async () => {
    const type = async (day: string) => (await enrich({ src: ISP, dst: OURS, day })).network_type;
    expect(await type('2026-06-30')).toBe('ISP Regional');
    expect(await type('2026-07-01')).toBe('ISP Tier1');
  });

  test('an override of an ASN is stronger than the list, from its day on', async () => {
    const type = async (day: string) => (await enrich({ src: CDN, dst: OURS, day })).network_type;
    expect(await type('2026-02-28')).toBe('CDN');
    expect(await type('2026-03-01')).toBe('Hosting');
  });

  test('an override of a prefix is stronger than one of its ASN, on its days', async () => {
    const type = async (address: string, day: string) =>
      (await enrich({ src: address, dst: OURS, day })).network_type;
    expect(await type('203.0.113.64', '2026-06-30')).toBe('Neocloud');
    expect(await type('203.0.113.127', '2026-06-30')).toBe('Neocloud');
    expect(await type('203.0.113.63', '2026-06-30')).toBe('Hosting');
    expect(await type('203.0.113.128', '2026-06-30')).toBe('Hosting');
    expect(await type('203.0.113.64', '2026-07-01')).toBe('Hosting');
  });

  test('IPv6 is looked up like IPv4', async () => {
    expect(await enrich({ src: '2001:db8:2000::9', dst: '2001:db8:1::1' })).toMatchObject({
      direction: 'ingress',
      network_type: 'ISP Tier1',
      remote_as: 64502,
      country: 'DE',
      // Kiel is farther than 80 km from every centre of the list.
      metro: '',
    });
  });

  test('an IPv4 address in a NAT64 address is looked up as IPv4', async () => {
    // 64:ff9b::/96 and 198.51.100.9
    expect(await enrich({ src: '2001:db8:1::1', dst: '64:ff9b::c633:6409' })).toMatchObject({
      direction: 'egress',
      network_type: 'ISP Tier1',
      remote_as: 64502,
      country: 'DE',
      metro: 'Frankfurt',
    });
    // One bit beside the prefix it is an ordinary address that nobody knows.
    expect(await enrich({ src: '2001:db8:1::1', dst: '64:ff9b::1:c633:6409' })).toMatchObject({
      remote_as: 0,
      country: '',
    });
  });

  test('an IPv4-mapped IPv6 address is the IPv4 address', async () => {
    expect(await enrich({ src: '::ffff:198.51.100.9', dst: '::ffff:10.1.1.1' })).toMatchObject({
      direction: 'ingress',
      network_type: 'ISP Tier1',
      metro: 'Frankfurt',
    });
  });

  test('what nobody knows is Unclassified and has no place', async () => {
    const nowhere = { network_type: 'Unclassified', country: '', metro: '' };
    expect(await enrich({ src: '192.0.2.200', dst: OURS })).toMatchObject({ ...nowhere, remote_as: 0 });
    // An AS without a type, and one that only the router knows.
    expect(await enrich({ src: '198.18.0.9', dst: OURS })).toMatchObject({
      ...nowhere,
      direction: 'ingress',
      remote_as: 64503,
    });
    expect(await enrich({ src: '192.0.2.200', dst: OURS, src_as: 4_294_967_295 })).toMatchObject(nowhere);
  });

  test('the reported AS counts only where the table knows none', async () => {
    expect(await enrich({ src: '192.0.2.200', dst: OURS, src_as: 64502 })).toMatchObject({
      remote_as: 64502,
      network_type: 'ISP Tier1',
    });
    expect(await enrich({ src: CDN, dst: OURS, src_as: 64502 })).toMatchObject({ remote_as: 64501 });
  });

  test('anycast has a type and no place', async () => {
    expect(await enrich({ src: '192.88.99.9', dst: OURS })).toMatchObject({
      network_type: 'CDN',
      country: '',
      metro: '',
    });
  });

  test('multicast, broadcast, loopback and link-local belong to the side that sees them', async () => {
    for (const local of [
      '224.0.0.251',
      '239.255.255.250',
      '255.255.255.255',
      '127.0.0.1',
      '169.254.7.7',
      'fe80::1',
      'ff02::fb',
      '::1',
    ]) {
      const other = local.includes(':') ? '2001:db8:1::1' : OURS;
      expect((await enrich({ src: other, dst: local })).direction, local).toBe('internal');
    }
    expect((await enrich({ src: CDN, dst: ISP })).direction).toBe('transit');
  });

  test('each record carries the versions it was enriched with', async () => {
    expect(await enrich({ src: CDN, dst: OURS })).toMatchObject({ taxonomy_version: 1, geo_version: 1 });
  });
});

describe('loading again', () => {
  test('nothing changed: nothing is loaded, and versions stay', async () => {
    const loads = [
      await loadNetwork(engine.target, made.networkFile),
      await loadTaxonomy(engine.target, made.sources.taxonomyDir),
      await loadAsnTable(engine.target, made.cache, made.sources.asnDir),
      await loadGeo(engine.target, made.cache, { sources: made.sources }),
    ];
    expect(loads.map(({ changed, version }) => [changed, version])).toEqual(
      Array.from({ length: 4 }, () => [false, 1]),
    );
  });

  test('a broken network file never replaces what is loaded', async () => {
    await writeFile(made.networkFile, NETWORK_TEXT.replace('US-West', ''));
    await expect(loadNetwork(engine.target, made.networkFile)).rejects.toThrow(
      /line 2: exporters\[0\]\.region/,
    );
    expect(await enrich({ src: OURS, dst: CDN, out_if: 1 })).toMatchObject({
      region: 'US-West',
      provider: 'Lumen',
    });
    await writeFile(made.networkFile, NETWORK_TEXT);
  });

  test('a changed file holds for what comes afterwards; a changed type makes a new taxonomy version', async () => {
    await writeFile(
      made.networkFile,
      NETWORK_TEXT.replace('US-West', 'US-South').replace('network_type: Hosting', 'network_type: Neocloud'),
    );
    expect(await loadNetwork(engine.target, made.networkFile)).toMatchObject({ changed: true, version: 2 });
    expect(await loadTaxonomy(engine.target, made.sources.taxonomyDir)).toMatchObject({
      changed: true,
      version: 2,
    });
    expect(await enrich({ src: CDN, dst: OURS, in_if: 1 })).toMatchObject({
      region: 'US-South',
      network_type: 'Neocloud',
      taxonomy_version: 2,
    });
    const earlier = await engine.owner.query({
      query: `SELECT DISTINCT region FROM flows WHERE batch_key < {batch:UInt64} AND region LIKE 'US%'`,
      query_params: { batch },
      format: 'JSONEachRow',
    });
    expect(await earlier.json()).toEqual([{ region: 'US-West' }]);
  });
});
