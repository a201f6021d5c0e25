/** What an answer can be split or filtered by. */
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
] as const;

export type Dimension = (typeof DIMENSIONS)[number];

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
};
