/**
 * What an answer can be split or filtered by. An address is the IPv4 /32 or the IPv6 /64, a remote prefix the /24 or the /48. The service
 * port is the lower of the two ports where that is below 32768, else 0 (both ends ephemeral); ICMP has 0. Remote and local address
 * together are a pair.
 */
export const DIMENSIONS = [
  'type',
  'region',
  'direction',
  'ip',
  'linkKind',
  'provider',
  'exporter',
  'interface',
  'asn',
  'country',
  'metro',
  'protocol',
  'servicePort',
  'remotePrefix',
  'remoteAddress',
  'localAddress',
] as const;

export type Dimension = (typeof DIMENSIONS)[number];

/** Single addresses and parts of them: lists of the heaviest hold no more of the others than their sums. */
export const ADDRESSES: readonly Dimension[] = ['remoteAddress', 'remotePrefix', 'localAddress'];

/** As people read it. */
export const DIMENSION_LABEL: Record<Dimension, string> = {
  type: 'network type',
  region: 'region',
  direction: 'direction',
  ip: 'IP version',
  linkKind: 'link kind',
  provider: 'provider',
  exporter: 'exporter',
  interface: 'interface',
  asn: 'ASN',
  country: 'country',
  metro: 'metro',
  protocol: 'protocol',
  servicePort: 'service port',
  remotePrefix: 'remote prefix',
  remoteAddress: 'remote address',
  localAddress: 'local address',
};
