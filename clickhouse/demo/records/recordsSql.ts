import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import type { DemoNetwork } from '../network/demoNetwork';
import { SOURCE_KIND, type Sources } from '../network/sources';
import { REGIONS } from '../plan/regions';
import type { PlanRows } from '../plan/rows';
import { type PackedColumn, packed, packed64 } from './packed';

/** Our own AS number in the demo; from the range for documentation (RFC 5398). */
const OWN_AS = 64500;

/**
 * Lognormal mixture that fits 4 billion campus flows (weight, sigma, median bytes): Jurkiewicz et al., Computer Communications 167,
 * 2021; data under MIT. Packet samples hold nearly all of the few big flows and few of the many small ones, so the demo draws its big
 * flows from the four heaviest components and its small ones from the four lightest.
 */
export const MIXTURE = [
  { weight: 0.4498, sigma: 0.3418, median: 106.2 },
  { weight: 0.202, sigma: 0.5102, median: 277.7 },
  { weight: 0.2687, sigma: 1.2405, median: 1000.1 },
  { weight: 0.06652, sigma: 1.451, median: 12_993 },
  { weight: 0.011004, sigma: 1.3717, median: 278_973 },
  { weight: 0.0015705, sigma: 1.1704, median: 4.888e6 },
  { weight: 0.00029258, sigma: 1.5107, median: 2.803e7 },
  { weight: 0.00014027, sigma: 0.7079, median: 8.318e7 },
] as const;
const HEAVY = 4;

/** SQL that draws a size from components of the mixture with the uniform numbers u, v and w. */
function drawSize(components: readonly (typeof MIXTURE)[number][], u: string, v: string, w: string): string {
  const total = components.reduce((sum, c) => sum + c.weight, 0);
  let cumulative = 0;
  const choose = (of: (c: (typeof MIXTURE)[number]) => number) => {
    cumulative = 0;
    const parts = components.slice(0, -1).map((c) => {
      cumulative += c.weight / total;
      return `${u} < ${cumulative.toFixed(9)}, ${of(c)}`;
    });
    const last = components[components.length - 1];
    return `multiIf(${parts.join(', ')}, ${last ? of(last) : 0})`;
  };
  const normal = `sqrt(-2 * log(${v} + 1e-12)) * cos(6.283185307179586 * ${w})`;
  return `${choose((c) => c.median)} * exp(${choose((c) => c.sigma)} * ${normal})`;
}

/** A uniform number in [0, 1) from a hash expression. */
const unit = (hash: string) => `(bitShiftRight(${hash}, 11) / 9007199254740992)`;

/** Ports of services by kind of the source: the running percentage up to which a port and protocol are chosen. */
const SERVICES = `multiIf(
      kind = ${SOURCE_KIND.backup}, multiIf(pick < 45, (443, 6), pick < 75, (22, 6), pick < 92, (873, 6), (10001, 17)),
      big, multiIf(pick < 66, (443, 6), pick < 84, (443, 17), pick < 90, (8443, 6), pick < 95, (80, 6), pick < 98, (9000, 6), (4500, 17)),
      multiIf(pick < 48, (443, 6), pick < 66, (443, 17), pick < 78, (53, 17), pick < 84, (80, 6), pick < 88, (22, 6), pick < 91, (123, 17),
        pick < 94, (993, 6), pick < 96, (3478, 17), pick < 98, (853, 6), (0, 1)))`;

/**
 * SELECT that makes the records of planned rows inside ClickHouse, with the columns of LANDING_COLUMNS in that order. Each row's raw bytes are divided exactly over its records by sizes
 * drawn from the mixture; a record that carries a tenth of its row or more lasts as long as the row, smaller ones shorter in
 * proportion, so that the row's bytes arrive evenly.
 */
export function recordsSql(
  seed: number,
  batchKey: bigint,
  rows: PlanRows,
  sources: Sources,
  network: DemoNetwork,
): string {
  const all = sources.all;
  const row = {
    start: packed('p_start', 'UInt32', rows.start),
    duration: packed('p_duration', 'UInt32', rows.duration),
    source: packed('p_source', 'UInt16', rows.source),
    raw: packed('p_raw', 'Float64', rows.raw),
    rate: packed('p_rate', 'UInt32', rows.rate),
    big: packed('p_big', 'UInt8', rows.big),
    small: packed('p_small', 'UInt8', rows.small),
    copies: packed('p_copies', 'UInt8', rows.copies),
  };
  const exporters = [...new Set(all.flatMap((s) => [s.exporter, network.neighbour(s.exporter)]))];
  const number = (name: string, of: (source: (typeof all)[number]) => number) =>
    packed(name, 'UInt32', all.map(of));
  const of = {
    kind: number('s_kind', (s) => SOURCE_KIND[s.kind]),
    region: number('s_region', (s) => REGIONS.indexOf(s.region)),
    ingress: number('s_ingress', (s) => (s.direction === 'ingress' ? 1 : 0)),
    exporter: number('s_exporter', (s) => exporters.indexOf(s.exporter)),
    neighbour: number('s_neighbour', (s) => exporters.indexOf(network.neighbour(s.exporter))),
    outer: number('s_outer', (s) => s.interface),
    backbone: number('s_backbone', (s) => network.backboneOf(s.exporter)),
    asn: number('s_asn', (s) => s.asn),
    version: number('s_version', (s) => s.ipVersion),
    offset: number('s_offset', (s) => s.poolOffset),
    length: number('s_length', (s) => s.poolLength),
    hosts: number('s_hosts', (s) => s.hosts),
    persistence: number('s_persistence', (s) => s.persistence),
  };
  const prefixes = packed64('s_prefixes', sources.prefixes);
  const definitions = [...Object.values(row), ...Object.values(of), prefixes].map(
    (c: PackedColumn) => c.definition,
  );
  const big = drawSize(MIXTURE.slice(HEAVY), 'u', 'v', 'w');
  const small = drawSize(MIXTURE.slice(0, HEAVY), 'u', 'v', 'w');

  // From the inside out: rows of the plan; sizes of each row's records; one row a record; addresses and ports; the landing's columns.
  return `WITH ${definitions.join(',\n  ')}
SELECT
  toUInt64(${batchKey}) AS batch_key,
  toUInt64(0) AS dedup_key,
  fromUnixTimestamp64Milli(start_ms, 'UTC') AS ts_start,
  duration AS duration_ms,
  fromUnixTimestamp64Milli(start_ms + duration + 200 + toInt64(h_time % 1800), 'UTC') AS ts_recv,
  bytes AS bytes_raw,
  greatest(toUInt64(1), intDiv(bytes + packet_size - 1, packet_size)) AS packets_raw,
  rate AS sampling_rate,
  [${exporters.map((e) => `'${e}'`).join(', ')}][1 + if(copy, neighbour, exporter_index)] AS exporter,
  toUInt32(0) AS obs_domain,
  toUInt32(if(copy OR NOT from_remote, backbone, outer)) AS in_if,
  toUInt32(multiIf(copy, backbone, kind = ${SOURCE_KIND.transit}, if(outer = 1, 2, 1), from_remote, backbone, outer)) AS out_if,
  if(from_remote, 'ingress', 'egress') AS reported_direction,
  CAST(if(from_remote, remote, local) AS IPv6) AS src_ip,
  CAST(if(from_remote, if(kind = ${SOURCE_KIND.transit}, other, local), if(kind = ${SOURCE_KIND.internal}, inner, remote)) AS IPv6) AS dst_ip,
  if(proto = 1, 0, if(from_remote = remote_serves, service_port, client_port)) AS src_port,
  if(proto = 1, 0, if(from_remote = remote_serves, client_port, service_port)) AS dst_port,
  proto,
  toUInt8(if(h_port % 41 = 0, 184, if(h_port % 17 = 0, 8, 0))) AS tos,
  toUInt8(if(proto != 6, 0, multiIf(big, 24, h_port % 23 = 0, 2, 27))) AS tcp_flags,
  toUInt32(if(from_remote, asn, ${OWN_AS})) AS src_as,
  toUInt32(if(from_remote, ${OWN_AS}, asn)) AS dst_as,
  'demo' AS source_format,
  toUInt32(multiIf(rate = 0, ${QUALITY_FLAGS.unknownSamplingRate}, h_time % 1499 = 0, ${QUALITY_FLAGS.endsAfterReceipt}, 0)) AS quality_flags
FROM (
  SELECT *,
    ${of.kind.at('source')} AS kind,
    ${of.region.at('source')} AS region,
    ${of.ingress.at('source')} = 1 AS from_remote,
    ${of.exporter.at('source')} AS exporter_index,
    ${of.neighbour.at('source')} AS neighbour,
    ${of.outer.at('source')} AS outer,
    ${of.backbone.at('source')} AS backbone,
    ${of.asn.at('source')} AS asn,
    ${of.version.at('source')} AS version,
    ${of.hosts.at('source')} AS hosts,
    ${of.length.at('source')} AS pool_length,
    toUInt32(least(row_ms, greatest(1, row_ms * 10 * part * (0.6 + 0.4 * ${unit('h_record')})))) AS duration,
    row_start + toInt64(intHash64(h_record) % (row_ms - duration + 1)) AS start_ms,
    cityHash64(h_record, 3) AS h_time,
    -- Big flows keep their addresses and ports for a while; small ones are new each time.
    if(big, cityHash64(${seed}, source, i, intDiv(row_start, 1000 * toInt64(${of.persistence.at('source')}))), cityHash64(h_record, 4)) AS h_host,
    toUInt32(floor(exp(${unit('h_host')} * log(hosts + 1)))) AS rank,
    cityHash64(asn, region, rank) AS h_address,
    ${prefixes.at(`${of.offset.at('source')} + h_address % pool_length`)} AS prefix,
    toUInt128(if(version = 4, 281470681743360 + prefix + 1 + intDiv(h_address, 1024) % 254,
      bitShiftLeft(toUInt128(prefix + intDiv(h_address, 1024) % 65536), 64) + intHash64(h_address))) AS remote,
    cityHash64(h_host, 5) AS h_port,
    toUInt32(region * 192 + toUInt32(floor(exp(${unit('h_port')} * log(190)))) + 1) AS local_index,
    toUInt128(if(version = 4, 281470681743360 + [3221225984, 3325256704, 3405803776][1 + intDiv(local_index, 256)] + local_index % 256,
      bitShiftLeft(toUInt128(2306139568115548160 + region), 64) + local_index + 16)) AS local,
    toUInt128(281470681743360 + [3221225984, 3325256704, 3405803776][1 + h_port % 3] + intDiv(h_port, 1024) % 256) AS inner,
    toUInt128(281470681743360 + bitAnd(${prefixes.at('h_port % 64')}, 4294967295) + 9) AS other,
    if(big, cityHash64(source, i), h_port) % 100 AS pick,
    ${SERVICES} AS service,
    toUInt16(service.1) AS service_port,
    toUInt8(service.2) AS proto,
    toUInt16(32768 + intDiv(h_port, 128) % 28000) AS client_port,
    -- The data sits with us: mostly the remote end asks and we serve.
    h_port % 100 >= 82 AS remote_serves,
    toUInt64(if(big, 1320 + h_time % 150, least(bytes, 90 + h_time % 1100))) AS packet_size
  FROM (
    SELECT row_start, row_ms, source, rate, bytes_and_flag.1 AS bytes, bytes_and_flag.2 AS i, bytes_and_flag.3 AS copy,
      bytes_and_flag.1 / row_raw AS part, i < big_count AS big, cityHash64(h_row, i) AS h_record
    FROM (
      SELECT row_start, row_ms, source, rate, row_raw, big_count, h_row,
        arrayMap(i -> (${unit('cityHash64(h_row, i, 1)')} AS u, ${unit('cityHash64(h_row, i, 2)')} AS v, ${unit('cityHash64(h_row, i, 7)')} AS w, if(i < big_count, ${big}, ${small})).4,
          range(big_count + small_count)) AS sizes,
        arrayCumSum(sizes) AS sums,
        row_raw - 64 * (big_count + small_count) AS beyond_floor,
        arrayMap(s -> toUInt64(floor(beyond_floor * (s / sums[-1]))), sums) AS upto,
        arrayMap((s, i) -> (64 + s - if(i = 1, 0, upto[i - 1]), toUInt8(i - 1), toUInt8(0)), upto, arrayEnumerate(upto)) AS split,
        arrayJoin(if(copies = 0, split, arrayPushBack(split, (split[1].1, toUInt8(0), toUInt8(1))))) AS bytes_and_flag
      FROM (
        SELECT ${rows.base} + toInt64(${row.start.at('number')}) AS row_start,
          ${row.duration.at('number')} AS row_ms,
          ${row.source.at('number')} AS source,
          toUInt64(${row.raw.at('number')}) AS row_raw,
          ${row.rate.at('number')} AS rate,
          ${row.big.at('number')} AS big_count,
          ${row.small.at('number')} AS small_count,
          ${row.copies.at('number')} AS copies,
          cityHash64(${seed}, source, row_start) AS h_row
        FROM numbers(${rows.start.length})
      )
    )
  )
)`;
}
