import type { ClickHouseClient } from '@clickhouse/client';
import { EXPORTERS, LINKS, NETWORKS, type TestFlow } from './randomFlows';

/** Fills the reference tables that `randomFlows` relies on, and reloads the dictionaries. */
export async function loadReference(owner: ClickHouseClient): Promise<void> {
  const always = { valid_from: '1970-01-01', valid_to: '2149-06-06' };
  const put = (table: string, values: object[]) => owner.insert({ table, values, format: 'JSONEachRow' });
  await put(
    'exporters',
    EXPORTERS.map(({ exporter, region }) => ({
      exporter,
      name: `edge ${exporter}`,
      region,
      active_timeout: 3_600,
      idle_timeout: 60,
      expected: 1,
      // The operators' file says where this region is, and of the others nothing.
      ...(region === 'US-West' ? { region_latitude: 37.4, region_longitude: -121.9 } : {}),
    })),
  );
  await put(
    'links',
    EXPORTERS.flatMap(({ exporter }) =>
      LINKS.map((link) => ({
        exporter,
        interface: link.interface,
        ...always,
        name: `link ${link.interface}`,
        boundary: link.boundary,
        kind: link.kind,
        provider: link.provider,
        speed_bps: 0,
        network_type: link.type,
      })),
    ),
  );
  await put('own_prefixes', [{ prefix: '10.0.0.0/8' }, { prefix: 'fd00::/8' }]);
  const known = NETWORKS.filter(({ asn }) => asn !== 0);
  await put(
    'asn_prefixes',
    known.flatMap(({ n, asn }) => [
      { prefix: `20.0.${n}.0/24`, asn },
      { prefix: `2a00:${n}::/32`, asn },
    ]),
  );
  await put(
    'asn_types',
    known.map(({ asn, type }) => ({
      asn,
      ...always,
      network_type: type,
      name: type,
      evidence: '',
      taxonomy_version: 3,
    })),
  );
  await put(
    'geo_prefixes',
    NETWORKS.filter(({ country }) => country !== '').flatMap(({ n, country, metro }) => [
      { prefix: `20.0.${n}.0/24`, country, metro },
      { prefix: `2a00:${n}::/32`, country, metro },
    ]),
  );
  await put('reference_versions', [{ name: 'taxonomy', version: 3, loaded_at: 1 }]);
  await owner.command({ query: 'SYSTEM RELOAD DICTIONARIES' });
}

/** Sends the records in through the landing table, as an import does. */
export async function insertFlows(owner: ClickHouseClient, flows: readonly TestFlow[]): Promise<void> {
  const mapped = (flow: TestFlow, address: string) => (flow.ip === 4 ? `::ffff:${address}` : address);
  await owner.insert({
    table: 'flows_landing',
    format: 'JSONEachRow',
    values: flows.map((flow) => {
      const remoteIsSource = flow.direction === 'ingress' || flow.direction === 'transit';
      return {
        batch_key: 1,
        dedup_key: 0,
        ts_start: (flow.startMs / 1000).toFixed(3),
        duration_ms: flow.durationMs,
        ts_recv: ((flow.startMs + flow.durationMs) / 1000).toFixed(3),
        exporter: flow.exporter,
        in_if: remoteIsSource ? flow.interface : 99,
        out_if: remoteIsSource ? 99 : flow.interface,
        src_ip: mapped(flow, remoteIsSource ? flow.remote : flow.local),
        dst_ip: mapped(flow, remoteIsSource ? flow.local : flow.remote),
        src_port: flow.sourcePort,
        dst_port: flow.targetPort,
        proto: flow.protocol,
        bytes_raw: String(flow.bytesRaw),
        packets_raw: String(flow.packetsRaw),
        sampling_rate: flow.rate,
        source_format: 'test',
      };
    }),
  });
}
