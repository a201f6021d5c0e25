import type { NetworkType } from '@/lib/flows/networkTypes';
import { formatDay, LAST_DAY } from '@/lib/server/reference/day';
import type { Link, Network } from '@/lib/server/reference/network/schema';
import { layer, type Period } from '@/lib/server/reference/periods';
import { formatPrefix } from '@/lib/server/reference/prefix';

/** Local where operators configured nothing (metrics.md, Accounting). */
export const DEFAULT_OWN_PREFIXES = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  '169.254.0.0/16',
  'fe80::/10',
] as const;

/** Multicast, broadcast, loopback and link-local belong to the side that sees them, whatever is configured. */
export const ALWAYS_LOCAL_PREFIXES = [
  '224.0.0.0/4',
  'ff00::/8',
  '255.255.255.255/32',
  '127.0.0.0/8',
  '::1/128',
  '169.254.0.0/16',
  'fe80::/10',
] as const;

/** Region of exporters that nobody configured, as exporter_dict has it. */
const UNASSIGNED = 'Unassigned';

/** Rows of the tables exporters, exporter_sampling, links, own_prefixes and type_overrides, as JSONEachRow takes them. */
export interface NetworkRows {
  exporters: {
    exporter: string;
    name: string;
    region: string;
    active_timeout: number;
    idle_timeout: number;
    expected: 0 | 1;
    /** last day on which records are expected; LAST_DAY = not retired */
    retired_on: string;
    /** degrees; null = the file does not say where the region is */
    region_latitude: number | null;
    region_longitude: number | null;
  }[];
  exporter_sampling: { exporter: string; valid_from: string; valid_to: string; sampling_rate: number }[];
  links: {
    exporter: string;
    interface: number;
    valid_from: string;
    valid_to: string;
    name: string;
    boundary: string;
    kind: string;
    provider: string;
    speed_bps: string;
    network_type: string;
  }[];
  own_prefixes: { prefix: string }[];
  type_overrides: {
    asn: number;
    prefix: string;
    valid_from: string;
    valid_to: string;
    network_type: string;
    reason: string;
  }[];
}

/** @param today UTC day (day.ts); an exporter retired before it is no longer expected */
export function networkRows(network: Network, today: number): NetworkRows {
  const places = new Map(network.regions.map((region) => [region.name, region]));
  const placeOf = (region: string | undefined) => places.get(region ?? '');
  return {
    exporters: network.exporters.map((exporter) => ({
      exporter: exporter.address,
      name: exporter.name ?? exporter.address,
      region: exporter.region ?? UNASSIGNED,
      active_timeout: exporter.active_timeout,
      idle_timeout: exporter.idle_timeout,
      expected: exporter.retired === undefined || exporter.retired >= today ? 1 : 0,
      retired_on: formatDay(exporter.retired ?? LAST_DAY),
      region_latitude: placeOf(exporter.region)?.latitude ?? null,
      region_longitude: placeOf(exporter.region)?.longitude ?? null,
    })),
    exporter_sampling: network.exporters.flatMap(({ address, sampling_rate = [] }) =>
      sampling_rate.map((period) => ({ exporter: address, ...dates(period), sampling_rate: period.value })),
    ),
    links: network.links.flatMap(linkRows),
    own_prefixes: ownPrefixes(network).map((prefix) => ({ prefix })),
    type_overrides: network.overrides.map((override) => ({
      asn: override.asn ?? 0,
      prefix: override.prefix === undefined ? '' : formatPrefix(override.prefix),
      ...dates(override),
      network_type: override.network_type,
      reason: override.reason,
    })),
  };
}

function ownPrefixes(network: Network): string[] {
  const configured = network.own_prefixes.map(formatPrefix);
  return [
    ...new Set([...(configured.length > 0 ? configured : DEFAULT_OWN_PREFIXES), ...ALWAYS_LOCAL_PREFIXES]),
  ];
}

/** One row for each stretch of days in which the link has one type: the dictionary finds a link by day. */
function linkRows(link: Link): NetworkRows['links'] {
  const types: Period<NetworkType | ''>[] = link.networkTypes.flatMap(({ from, to, value }) => {
    const cut = { from: Math.max(from, link.from), to: Math.min(to, link.to), value };
    return cut.from <= cut.to ? [cut] : [];
  });
  return layer([...types, { from: link.from, to: link.to, value: '' as const }]).map((period) => ({
    exporter: link.exporter,
    interface: link.interface,
    ...dates(period),
    name: link.name ?? '',
    boundary: link.boundary,
    kind: link.kind,
    provider: link.provider ?? '',
    speed_bps: String(link.speed ?? 0n),
    network_type: period.value,
  }));
}

function dates({ from, to }: { from: number; to: number }): { valid_from: string; valid_to: string } {
  return { valid_from: formatDay(from), valid_to: formatDay(to) };
}
