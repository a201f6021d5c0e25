import type { DemoNetwork } from '../../demo/network/demoNetwork';
import type { Sources } from '../../demo/network/sources';
import { REGIONS } from '../../demo/plan/regions';
import { packed, packed64 } from '../../demo/records/packed';
import { MIXTURE } from '../../demo/records/recordsSql';
import { DRAWS, isDiffuse, sourceDraws } from './flowSources';

/** Our own AS number; from the range for documentation (RFC 5398). */
const OWN_AS = 64500;

export interface RecordsWanted {
  seed: number;
  batchKey: bigint;
  records: number;
  /** first start and the end of the last record, milliseconds since 1970 */
  fromMs: number;
  toMs: number;
  /** no record ends later, milliseconds since 1970 */
  latestMs: number;
  /** real ones by default, most of the bytes in few of the records; `even`: 200 kB to 1 MB, so that a few records make a picture of full areas */
  sizes?: 'real' | 'even';
}

const EVEN_SIZE = '200000 + 800000 * u';

const unit = (hash: string) => `(bitShiftRight(${hash}, 11) / 9007199254740992)`;

/** A size in bytes from the lognormal mixture of real flows, which the uniform numbers u, v and w choose. */
function drawSize(): string {
  let cumulative = 0;
  const choose = (of: (c: (typeof MIXTURE)[number]) => number) => {
    cumulative = 0;
    const parts = MIXTURE.slice(0, -1).map((c) => {
      cumulative += c.weight;
      return `u < ${cumulative.toFixed(9)}, ${of(c)}`;
    });
    return `multiIf(${parts.join(', ')}, ${of(MIXTURE[MIXTURE.length - 1] ?? MIXTURE[0])})`;
  };
  return `${choose((c) => c.median)} * exp(${choose((c) => c.sigma)} * sqrt(-2 * log(v + 1e-12)) * cos(6.283185307179586 * w))`;
}

/**
 * SELECT that makes records inside ClickHouse, with the columns of LANDING_COLUMNS in that order: a diffuse mix in which nearly all pairs
 * are distinct, sizes of real flows, and the addresses, links and exporters of the demo's network. The same whenever asked.
 */
export function benchRecordsSql(wanted: RecordsWanted, sources: Sources, network: DemoNetwork): string {
  const { all } = sources;
  const exporters = [...new Set(all.map((s) => s.exporter))];
  const number = (name: string, of: (source: (typeof all)[number]) => number) =>
    packed(name, 'UInt32', all.map(of));
  const draws = packed('p_draws', 'UInt16', sourceDraws(sources));
  const of = {
    region: number('s_region', (s) => REGIONS.indexOf(s.region)),
    ingress: number('s_ingress', (s) => (s.direction === 'ingress' ? 1 : 0)),
    exporter: number('s_exporter', (s) => exporters.indexOf(s.exporter)),
    outer: number('s_outer', (s) => s.interface),
    backbone: number('s_backbone', (s) => network.backboneOf(s.exporter)),
    asn: number('s_asn', (s) => s.asn),
    version: number('s_version', (s) => s.ipVersion),
    offset: number('s_offset', (s) => s.poolOffset),
    length: number('s_length', (s) => s.poolLength),
    hosts: number('s_hosts', (s) => s.hosts),
    diffuse: number('s_diffuse', (s) => (isDiffuse(s) ? 1 : 0)),
  };
  const rates = packed(
    's_rate',
    'UInt32',
    all.map((s) => network.samplingRate(s.exporter, wanted.fromMs / 1000)),
  );
  const prefixes = packed64('s_prefixes', sources.prefixes);
  const definitions = [draws, ...Object.values(of), rates, prefixes].map((c) => c.definition);
  const own = '[3221225984, 3325256704, 3405803776]';

  return `WITH ${definitions.join(',\n  ')}
SELECT
  toUInt64(${wanted.batchKey}) AS batch_key,
  toUInt64(0) AS dedup_key,
  fromUnixTimestamp64Milli(start_ms, 'UTC') AS ts_start,
  duration AS duration_ms,
  fromUnixTimestamp64Milli(start_ms + duration + 200 + toInt64(h_time % 1800), 'UTC') AS ts_recv,
  bytes AS bytes_raw,
  greatest(toUInt64(1), intDiv(bytes, packet_size)) AS packets_raw,
  ${rates.at('source')} AS sampling_rate,
  [${exporters.map((e) => `'${e}'`).join(', ')}][1 + ${of.exporter.at('source')}] AS exporter,
  toUInt32(0) AS obs_domain,
  toUInt32(if(from_remote, outer, backbone)) AS in_if,
  toUInt32(if(from_remote, backbone, outer)) AS out_if,
  CAST(if(from_remote, 'ingress', 'egress') AS Enum8('unknown' = 0, 'ingress' = 1, 'egress' = 2)) AS reported_direction,
  CAST(if(from_remote, remote, local) AS IPv6) AS src_ip,
  CAST(if(from_remote, local, remote) AS IPv6) AS dst_ip,
  if(proto = 1, 0, if(from_remote = remote_serves, service_port, client_port)) AS src_port,
  if(proto = 1, 0, if(from_remote = remote_serves, client_port, service_port)) AS dst_port,
  proto,
  toUInt8(if(h_port % 41 = 0, 184, if(h_port % 17 = 0, 8, 0))) AS tos,
  toUInt8(if(proto != 6, 0, if(h_port % 23 = 0, 2, 27))) AS tcp_flags,
  toUInt32(if(from_remote, asn, ${OWN_AS})) AS src_as,
  toUInt32(if(from_remote, ${OWN_AS}, asn)) AS dst_as,
  'bench' AS source_format,
  toUInt32(0) AS quality_flags
FROM (
  SELECT *,
    -- Short flows last milliseconds; long ones as long as a rate between 20 kB/s and 6 MB/s needs, 25 minutes at most.
    toUInt32(least(toInt64(if(bytes < 1500, h_time % 200, least(1500000, bytes / (20 * exp(5.7 * ${unit('cityHash64(h, 5)')}))))), ${wanted.latestMs} - start_ms)) AS duration,
    ${of.ingress.at('source')} = 1 AS from_remote,
    ${of.outer.at('source')} AS outer,
    ${of.backbone.at('source')} AS backbone,
    ${of.asn.at('source')} AS asn,
    ${of.version.at('source')} AS version,
    ${of.region.at('source')} AS region,
    ${of.hosts.at('source')} AS hosts,
    -- One record in eight belongs to the known heavy addresses of its network, chosen by Zipf's law.
    if(${of.diffuse.at('source')} = 1 AND cityHash64(h, 6) % 8 != 0, cityHash64(h, 7),
      cityHash64(asn, region, toUInt32(floor(exp(${unit('cityHash64(h, 7)')} * log(hosts + 1)))))) AS h_address,
    ${prefixes.at(`${of.offset.at('source')} + h_address % ${of.length.at('source')}`)} AS prefix,
    toUInt128(if(version = 4, 281470681743360 + prefix + 1 + intDiv(h_address, 1024) % 254,
      bitShiftLeft(toUInt128(prefix + intDiv(h_address, 1024) % 65536), 64) + intHash64(h_address))) AS remote,
    cityHash64(h, 8) AS h_port,
    toUInt128(if(version = 4, 281470681743360 + ${own}[1 + h_port % 3] + intDiv(h_port, 4) % 256,
      bitShiftLeft(toUInt128(2306139568115548160 + region), 64) + 16 + intDiv(h_port, 4) % 65536)) AS local,
    cityHash64(h, 9) % 100 AS pick,
    multiIf(pick < 48, (443, 6), pick < 66, (443, 17), pick < 76, (53, 17), pick < 82, (80, 6), pick < 85, (22, 6), pick < 88, (123, 17),
      pick < 91, (993, 6), pick < 93, (3478, 17), pick < 95, (853, 6), pick < 97, (8443, 6), pick < 99, (1024 + h_port % 4000, 17), (0, 1)) AS service,
    toUInt16(service.1) AS service_port,
    toUInt8(service.2) AS proto,
    toUInt16(32768 + intDiv(h_port, 128) % 28000) AS client_port,
    h_port % 100 >= 82 AS remote_serves,
    toUInt64(if(bytes > 3000, 700 + h_time % 760, least(bytes, 90 + h_time % 1100))) AS packet_size
  FROM (
    SELECT
      cityHash64(${wanted.seed}, toUInt64(${wanted.batchKey}), number) AS h,
      cityHash64(h, 4) AS h_time,
      ${draws.at(`h % ${DRAWS}`)} AS source,
      ${unit('cityHash64(h, 1)')} AS u, ${unit('cityHash64(h, 2)')} AS v, ${unit('cityHash64(h, 3)')} AS w,
      toUInt64(greatest(64, least(4e9, floor(${wanted.sizes === 'even' ? EVEN_SIZE : drawSize()})))) AS bytes,
      toInt64(${wanted.fromMs}) + toInt64(floor(${unit('cityHash64(h, 10)')} * ${wanted.toMs - wanted.fromMs})) AS start_ms
    FROM numbers(${wanted.records})
  )
)`;
}
