import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import type { GeoSources } from '@/lib/server/reference/geo/buildGeo';
import { writeMmdb } from '@/lib/server/reference/testing/writeMmdb';

/** A small network with everything that enrichment looks up, as files; documentation ranges stand for the internet. */
export interface MadeNetwork {
  folder: string;
  networkFile: string;
  cache: string;
  sources: GeoSources;
  remove(): Promise<void>;
}

export const NETWORK_TEXT = `exporters:
  - { address: 192.0.2.1, region: US-West, sampling_rate: 1000 }
  - { address: "2001:db8:ffff::1", region: EU-Central }
links:
  - { exporter: 192.0.2.1, interface: 1, kind: transit, provider: Lumen, speed: 100G }
  - exporter: 192.0.2.1
    interface: 2
    kind: private
    provider: Onboarding
    network_type: [{ value: Migration, valid_from: 2026-08-01, valid_to: 2026-10-31 }]
  - { exporter: 192.0.2.1, interface: 10, kind: backbone, provider: own network }
own_prefixes: [10.0.0.0/8, "2001:db8:1::/48"]
overrides:
  - { asn: 64501, network_type: Hosting, valid_from: 2026-03-01, reason: test }
  - { prefix: 203.0.113.64/26, network_type: Neocloud, valid_to: 2026-06-30, reason: test }
`;

export async function makeNetwork(): Promise<MadeNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-reference-'));
  const sources = {
    cityDir: join(folder, 'city'),
    asnDir: join(folder, 'asn'),
    taxonomyDir: join(folder, 'taxonomy'),
  };
  for (const dir of Object.values(sources)) await mkdir(dir);
  const file = (path: string, text: string) => writeFile(join(folder, path), text);
  await file('network.yaml', NETWORK_TEXT);
  await file(
    'asn/asn-ipv4.csv',
    `192.88.99.0,192.88.99.255,64509,Anycast
198.51.100.0,198.51.100.255,64502,"Example ISP, Ltd."
203.0.113.0,203.0.113.255,64501,Example CDN
198.18.0.0,198.18.0.255,64503,Nobody knows
`,
  );
  await file(
    'asn/asn-ipv6.csv',
    '2001:db8:2000::,2001:db8:2fff:ffff:ffff:ffff:ffff:ffff,64502,"Example ISP, Ltd."\n',
  );
  await file(
    'taxonomy/asn-types.csv',
    `asn,name,network_type,valid_from,valid_to,evidence
64501,Example CDN,CDN,,,made
64502,Example ISP,ISP Regional,,2026-06-30,made
64502,Example ISP,ISP Tier1,2026-07-01,,made
64509,Anycast,CDN,,,made
`,
  );
  await file('taxonomy/anycast.csv', 'network,name,evidence\nAS64509,Anycast,made\n');
  await file(
    'taxonomy/metros.csv',
    'metro,country,latitude,longitude\nNorthern Virginia,US,39.02,-77.46\nFrankfurt,DE,50.11,8.68\n',
  );
  await writeMmdb(join(sources.cityDir, 'dbip-city-ipv4.mmdb'), 4, {
    '192.88.99.0/24': { country_code: 'US', city: 'Ashburn', latitude: 39.04, longitude: -77.49 },
    '198.51.100.0/24': {
      country_code: 'DE',
      city: 'Frankfurt am Main (Gallus)',
      latitude: 50.1,
      longitude: 8.63,
    },
    '203.0.113.0/24': { country_code: 'US', city: 'Ashburn', latitude: 39.04, longitude: -77.49 },
  });
  await writeMmdb(join(sources.cityDir, 'dbip-city-ipv6.mmdb'), 6, {
    '2001:db8:2000::/36': { country_code: 'DE', city: 'Kiel', latitude: 54.32, longitude: 10.14 },
  });
  return {
    folder,
    networkFile: join(folder, 'network.yaml'),
    cache: join(folder, 'cache'),
    sources,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** One record as a collector would bring it; what is left out is ordinary. */
export interface MadeFlow {
  exporter?: string;
  in_if?: number;
  out_if?: number;
  src: string;
  dst: string;
  src_as?: number;
  dst_as?: number;
  day?: string;
  bytes?: number;
}

/** Sends records through the landing table as one batch. `src_port` of a record is its index, to find it again. */
export async function land(client: ClickHouseClient, flows: readonly MadeFlow[], batch = 1): Promise<void> {
  const mapped = (address: string) => (address.includes(':') ? address : `::ffff:${address}`);
  await client.insert({
    table: 'flows_landing',
    format: 'JSONEachRow',
    clickhouse_settings: {
      async_insert: 0,
      insert_deduplication_token: `batch ${batch}`,
      deduplicate_blocks_in_dependent_materialized_views: 1,
    },
    values: flows.map((flow, index) => ({
      batch_key: batch,
      ts_start: `${flow.day ?? '2026-09-15'} 12:00:00.000`,
      duration_ms: 0,
      ts_recv: `${flow.day ?? '2026-09-15'} 12:00:01.000`,
      exporter: flow.exporter ?? '192.0.2.1',
      in_if: flow.in_if ?? 0,
      out_if: flow.out_if ?? 0,
      src_ip: mapped(flow.src),
      dst_ip: mapped(flow.dst),
      src_port: index,
      proto: 6,
      src_as: flow.src_as ?? 0,
      dst_as: flow.dst_as ?? 0,
      bytes_raw: flow.bytes ?? 1000,
      packets_raw: 1,
      sampling_rate: 1,
      source_format: 'test',
    })),
  });
}
