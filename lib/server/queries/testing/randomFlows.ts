/** A record as a test makes it, with what enrichment must find out about it. Instants are epoch milliseconds. */
export interface TestFlow {
  startMs: number;
  durationMs: number;
  exporter: string;
  region: string;
  direction: 'ingress' | 'egress' | 'internal' | 'transit';
  ip: 4 | 6;
  type: string;
  interface: number;
  linkKind: string;
  provider: string;
  counted: boolean;
  remote: string;
  /** the address that is counted: /32, or the /64 */
  remoteAddress: string;
  local: string;
  bytesRaw: bigint;
  packetsRaw: bigint;
  rate: number;
  protocol: number;
  sourcePort: number;
  targetPort: number;
  /** the lower port where it is below 32768, else 0; 0 of ICMP */
  servicePort: number;
  asn: number;
  country: string;
  metro: string;
  /** the /24, or the /48 */
  remotePrefix: string;
  /** /32, or the /64 */
  localAddress: string;
}

/** A generator of its own (mulberry32), so that no library's change moves the data of a test. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const EXPORTERS = [
  { exporter: '192.0.2.1', region: 'US-West' },
  { exporter: '192.0.2.2', region: 'US-East' },
  { exporter: '192.0.2.3', region: 'EU-Central' },
] as const;

/** Remote networks: 20.0.N.0/24 and 2a00:N::/32, each of an ASN of its own. */
export const NETWORKS = [
  { n: 1, asn: 64_501, type: 'CDN', country: 'US', metro: 'Chicago' },
  { n: 2, asn: 64_502, type: 'ISP Regional', country: 'US', metro: 'Denver' },
  { n: 3, asn: 64_503, type: 'Neocloud', country: 'US', metro: 'Chicago' },
  { n: 4, asn: 64_504, type: 'Hyperscaler', country: 'DE', metro: '' },
  { n: 5, asn: 0, type: 'Unclassified', country: '', metro: '' },
] as const;

/** Interfaces of every exporter; what no link says is unknown and counts. */
export const LINKS = [
  { interface: 1, boundary: 'external', kind: 'transit', provider: 'Alpha', type: '' },
  { interface: 2, boundary: 'external', kind: 'private', provider: 'Beta', type: 'Migration' },
  { interface: 3, boundary: 'internal', kind: 'backbone', provider: '', type: '' },
  { interface: 4, boundary: 'unknown', kind: 'unknown', provider: '', type: '' },
] as const;

function pickedOr(picked: number, wanted: number | null): number {
  return wanted ?? picked;
}

/** Records whose starts lie in [fromMs, toMs); durations from 0 to 2 hours, rates 0, 1 and more, a few very large. */
export function randomFlows(seed: number, count: number, fromMs: number, toMs: number): TestFlow[] {
  const random = randomNumbers(seed);
  const below = (n: number) => Math.floor(random() * n);
  const pick = <Value>(values: readonly Value[]): Value => {
    const value = values[below(values.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  };
  return Array.from({ length: count }, () => {
    const { exporter, region } = pick(EXPORTERS);
    const network = pick(NETWORKS);
    const link = pick(LINKS);
    const direction = pick([
      'ingress',
      'egress',
      'ingress',
      'egress',
      'ingress',
      'egress',
      'internal',
      'transit',
    ] as const);
    const ip = pick([4, 4, 6] as const);
    const host = below(40) + 1;
    const inside = below(20) + 1;
    const local4 = direction === 'transit' ? `20.9.9.${inside}` : `10.1.1.${inside}`;
    const local6 = direction === 'transit' ? `2a09::${inside}` : `fd00::${inside}`;
    const remote4 = direction === 'internal' ? `10.2.2.${host}` : `20.0.${network.n}.${host}`;
    // Two addresses a /64, which count as one.
    const remote6 =
      direction === 'internal' ? `fd00:2::${host}` : `2a00:${network.n}:0:${host >> 1}::${host.toString(16)}`;
    const remote6Prefix = direction === 'internal' ? 'fd00:2::' : `2a00:${network.n}:0:${host >> 1}::`;
    const isOwn = direction === 'internal';
    const edge = below(4);
    const protocol = inside === 7 ? 1 : null;
    const sourcePort = protocol === 1 ? 0 : ([443, 53, 8_080, 40_000][(host + inside) % 4] ?? 0);
    const targetPort = protocol === 1 ? 0 : ([50_000, 33_000, 22][inside % 3] ?? 0);
    const lower = Math.min(sourcePort, targetPort);
    const durationMs = [0, below(60_000), below(1_800_000), below(7_200_000)][edge] ?? 0;
    return {
      startMs: fromMs + below(toMs - fromMs),
      durationMs,
      exporter,
      region,
      direction,
      ip,
      type: link.type || (isOwn ? 'Unclassified' : network.type),
      interface: link.interface,
      linkKind: link.kind,
      provider: link.provider,
      counted: link.boundary !== 'internal',
      remote: ip === 4 ? remote4 : remote6,
      remoteAddress: ip === 4 ? remote4 : remote6Prefix,
      local: ip === 4 ? local4 : local6,
      bytesRaw: below(500) === 0 ? 2n ** 52n + BigInt(below(1_000_000)) : BigInt(below(10_000_000)),
      packetsRaw: BigInt(below(5_000) + 1),
      rate: pick([0, 1, 1, 7, 1_000]),
      protocol: pickedOr(pick([6, 17]), protocol),
      sourcePort,
      targetPort,
      servicePort: lower < 32_768 ? lower : 0,
      asn: isOwn ? 0 : network.asn,
      country: isOwn ? '' : network.country,
      metro: isOwn ? '' : network.metro,
      remotePrefix:
        ip === 4 ? (isOwn ? '10.2.2.0' : `20.0.${network.n}.0`) : isOwn ? 'fd00:2::' : `2a00:${network.n}::`,
      localAddress: ip === 4 ? local4 : direction === 'transit' ? '2a09::' : 'fd00::',
    };
  });
}
