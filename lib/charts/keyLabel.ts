import type { KeyName } from '@/lib/flows/contracts/exploreOverTime';
import { DIMENSION_LABEL, type Dimension } from '@/lib/flows/dimensions';
import { countryName } from '@/lib/flows/filter/countries';
import { protocolName } from '@/lib/flows/filter/protocols';
import { serviceName } from '@/lib/flows/filter/services';

/** Names that an answer brings with it, by dimension and key. */
export type Names = ReadonlyMap<string, string>;

export function namesFrom(names: readonly KeyName[]): Names {
  return new Map(names.map(({ dimension, key, name }) => [`${dimension} ${key}`, name]));
}

/** A key of a dimension as people read it: "AS15169 Google LLC", "Germany", "443 https"; the empty key is what nobody knows. */
export function keyLabel(dimension: Dimension, key: string, names: Names): string {
  const name = names.get(`${dimension} ${key}`);
  switch (dimension) {
    case 'asn':
      return key === '0' ? 'No ASN known' : name === undefined ? `AS${key}` : `AS${key} ${name}`;
    case 'country':
      return key === '' ? 'No country known' : (countryName(key) ?? key);
    case 'ip':
      return `IPv${key}`;
    case 'protocol':
      return protocolName(Number(key)) ?? `protocol ${key}`;
    case 'servicePort': {
      const service = serviceName(Number(key));
      return key === '0' ? 'No service port' : service === null ? `port ${key}` : `${key} ${service}`;
    }
    default:
      return name ?? (key === '' ? `No ${DIMENSION_LABEL[dimension]} known` : key);
  }
}

/** The keys of a group, in the order of its dimensions: "CDN · US-West". Null = all others. */
export function groupLabel(by: readonly Dimension[], keys: readonly string[] | null, names: Names): string {
  if (keys === null) return 'Other';
  return by.map((dimension, i) => keyLabel(dimension, keys[i] ?? '', names)).join(' \u00b7 ');
}
