import type { NetworkType } from '@/lib/flows/networkTypes';
import { formatDay } from '@/lib/server/reference/day';
import { layer, type Period } from '@/lib/server/reference/periods';
import { contains, formatPrefix, type Prefix } from '@/lib/server/reference/prefix';
import type { AsnType } from '@/lib/server/reference/taxonomy/taxonomyFile';

/** A type of the operators' own making, for an ASN or a prefix. */
export interface TypeOverride {
  key: { asn: number } | { prefix: Prefix };
  networkType: NetworkType;
  from: number;
  to: number;
  reason: string;
}

export interface AsnTypeRow {
  asn: number;
  valid_from: string;
  valid_to: string;
  network_type: string;
  name: string;
  evidence: string;
}

export interface PrefixTypeRow {
  prefix: string;
  prefix_id: number;
  valid_from: string;
  valid_to: string;
  network_type: string;
}

interface Reason {
  networkType: NetworkType;
  name: string;
  evidence: string;
}

/** The shipped list with the operators' overrides laid over it, one row for each ASN and stretch of days. */
export function asnTypeRows(types: readonly AsnType[], overrides: readonly TypeOverride[]): AsnTypeRow[] {
  const layers = new Map<number, Period<Reason>[]>();
  const add = (asn: number, period: Period<Reason>) => layers.set(asn, [...(layers.get(asn) ?? []), period]);
  const names = new Map(types.map(({ asn, name }) => [asn, name]));
  // Overrides first: layer() takes the strongest first.
  for (const { key, from, to, networkType, reason } of overrides) {
    if (!('asn' in key)) continue;
    const name = names.get(key.asn) ?? '';
    add(key.asn, { from, to, value: { networkType, name, evidence: `override: ${reason}` } });
  }
  for (const { asn, from, to, networkType, name, evidence } of types) {
    add(asn, { from, to, value: { networkType, name, evidence } });
  }
  return [...layers].flatMap(([asn, periods]) =>
    layer(periods).map(({ from, to, value }) => ({
      asn,
      ...dates(from, to),
      network_type: value.networkType,
      name: value.name,
      evidence: value.evidence,
    })),
  );
}

/**
 * Overrides of prefixes. A look-up finds only the longest prefix, so each prefix also carries the types of the
 * shorter ones around it for the days on which it says nothing itself.
 */
export function prefixTypeRows(overrides: readonly TypeOverride[]): PrefixTypeRow[] {
  const byPrefix = new Map<string, { prefix: Prefix; periods: Period<NetworkType>[] }>();
  for (const { key, from, to, networkType } of overrides) {
    if (!('prefix' in key)) continue;
    const text = formatPrefix(key.prefix);
    const entry = byPrefix.get(text) ?? { prefix: key.prefix, periods: [] };
    entry.periods.push({ from, to, value: networkType });
    byPrefix.set(text, entry);
  }
  const longestFirst = [...byPrefix.values()].sort((a, b) => b.prefix.length - a.prefix.length);
  return [...byPrefix].flatMap(([text, { prefix }], index) => {
    const around = longestFirst.filter((outer) => contains(outer.prefix, prefix));
    return layer(around.flatMap(({ periods }) => periods)).map(({ from, to, value }) => ({
      prefix: text,
      prefix_id: index + 1,
      ...dates(from, to),
      network_type: value,
    }));
  });
}

function dates(from: number, to: number): { valid_from: string; valid_to: string } {
  return { valid_from: formatDay(from), valid_to: formatDay(to) };
}
