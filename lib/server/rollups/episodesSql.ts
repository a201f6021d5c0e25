/** Bytes from which an episode is kept for years. */
export const LEAST_EPISODE_BYTES = 1_000_000_000;

const V4 = (address: string): string => `bitShiftRight(toUInt128(${address}), 32) = 65535`;
/** IPv4 /32, IPv6 /64 (metrics.md, address). */
const counted = (address: string): string =>
  `if(${V4(address)}, ${address}, tupleElement(IPv6CIDRToRange(${address}, 64), 1))`;

/**
 * SELECT of episodes by host pair and direction (metrics.md, Elephants): records of one key whose gap is at most active + idle timeout of
 * their exporter are joined. Parameters: from, to (epoch ms, starts of records), endFrom, endTo (epoch ms, ends of episodes), least (bytes).
 * Columns as in the table `episodes`. A peak is the greatest sum of a minute, records spread over minutes as everywhere.
 *
 * @param database our own, quoted where needed
 * @param flows name of the local table of raw flows
 * @param pairs SELECT of (direction, remote_address, local_address) that can have an episode of the least size: what it leaves out is
 *   never read
 */
export function episodesSql(database: string, flows: string, pairs: string): string {
  const gap = (name: string, otherwise: number): string =>
    `dictGetOrDefault('${database}.exporter_dict', '${name}', tuple(toString(f.exporter)), toUInt32(${otherwise}))`;
  const key = 'direction, remote_address, local_address';
  return `WITH
  parts AS (
    SELECT f.direction AS direction, ${counted("if(f.direction = 'ingress', f.src_ip, f.dst_ip)")} AS remote_address, ${counted("if(f.direction = 'ingress', f.dst_ip, f.src_ip)")} AS local_address,
      toUInt64(toUnixTimestamp64Milli(f.ts_start)) AS start_ms, start_ms + f.duration_ms AS end_ms, f.bytes_raw * f.sampling_rate AS part_bytes,
      f.packets_raw * f.sampling_rate AS part_packets, f.region AS region, f.network_type AS network_type, f.remote_as AS remote_as, f.exporter AS exporter,
      1000 * toUInt64(${gap('active_timeout', 1800)} + ${gap('idle_timeout', 60)}) AS gap_ms
    FROM ${flows} AS f
    WHERE f.counted = 1 AND f.direction IN ('ingress', 'egress')
      AND f.ts_start >= fromUnixTimestamp64Milli({from:Int64}) AND f.ts_start < fromUnixTimestamp64Milli({to:Int64})
      AND (${key}) IN (${pairs})
  ),
  numbered AS (
    SELECT *, sum(begins) OVER (PARTITION BY ${key} ORDER BY start_ms, end_ms ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS episode
    FROM (
      SELECT *, max(end_ms) OVER (PARTITION BY ${key} ORDER BY start_ms, end_ms ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach,
        start_ms > reach + gap_ms AS begins
      FROM parts
    )
  ),
  sums AS (
    SELECT ${key}, episode, min(start_ms) AS first_ms, max(end_ms) AS last_ms, sum(part_bytes) AS bytes, sum(part_packets) AS packets, count() AS records,
      argMax((region, network_type, remote_as, exporter), (part_bytes, -start_ms)) AS heaviest, max(gap_ms) AS gap
    FROM numbered GROUP BY ${key}, episode
    HAVING bytes >= {least:UInt64} AND last_ms >= {endFrom:Int64} AND last_ms < {endTo:Int64}
  ),
  peaks AS (
    SELECT ${key}, episode, argMin((minute, minute_bytes), (-toInt64(minute_bytes), minute)) AS peak
    FROM (
      SELECT ${key}, episode, slot.1 AS minute, sum(slot.2) AS minute_bytes
      FROM (
        WITH intDiv(start_ms, 60000) AS first_slot, toUInt64(intDiv(greatest(end_ms, start_ms + 1) - 1, 60000) + 1 - first_slot) AS slots,
          greatest(end_ms - start_ms, 1) AS divisor
        SELECT ${key}, episode, arrayJoin(arrayMap(i -> (first_slot + i, toUInt64(
            if(i + 1 = slots, part_bytes, toUInt64(intDiv(toUInt128(part_bytes) * ((first_slot + i + 1) * 60000 - start_ms), divisor)))
            - if(i = 0, 0, toUInt64(intDiv(toUInt128(part_bytes) * ((first_slot + i) * 60000 - start_ms), divisor))))), range(slots))) AS slot
        FROM numbered WHERE (${key}, episode) IN (SELECT ${key}, episode FROM sums)
      )
      GROUP BY ${key}, episode, minute
    )
    GROUP BY ${key}, episode
  )
SELECT fromUnixTimestamp64Milli(toInt64(s.last_ms), 'UTC') AS ended, fromUnixTimestamp64Milli(toInt64(s.first_ms), 'UTC') AS started,
  s.direction AS direction, s.remote_address AS remote_address, s.local_address AS local_address,
  s.heaviest.1 AS region, s.heaviest.2 AS network_type, s.heaviest.3 AS remote_as, s.heaviest.4 AS exporter,
  s.bytes AS bytes, s.packets AS packets, toUInt32(s.records) AS flow_records,
  toDateTime(p.peak.1 * 60, 'UTC') AS peak_minute, p.peak.2 AS peak_bytes, toUInt32(intDiv(s.gap, 1000)) AS gap_seconds,
  toUInt8(toInt64(s.first_ms) <= {from:Int64} + toInt64(s.gap)) AS cut
FROM sums AS s INNER JOIN peaks AS p ON s.direction = p.direction AND s.remote_address = p.remote_address AND s.local_address = p.local_address AND s.episode = p.episode`;
}
