/**
 * Thirty hours of flow records whose totals can be worked out by hand: each five minutes, each exporter and each network has one
 * record out and one record in, wholly inside the five minutes.
 */
export const SLOT_SECONDS = 300;
export const SLOTS = 360;

/** Networks by documentation and benchmark prefixes; the operators' file below gives them their type. */
export const networks = [
  { type: 'ISP Regional', address: '198.18.1.9', base: 5_000_000 },
  { type: 'CDN', address: '198.18.2.9', base: 3_000_000 },
  { type: 'Hyperscaler', address: '198.18.3.9', base: 2_000_000 },
  { type: 'Neocloud', address: '198.18.4.9', base: 7_000_000 },
  { type: 'Unclassified', address: '198.19.0.9', base: 400_000 },
] as const;

/** Where the address table says that some of these networks are; the others have no place. */
export const places = [
  { prefix: '198.18.1.0/24', country: 'US', metro: 'Chicago' },
  { prefix: '198.18.2.0/24', country: 'DE', metro: 'Frankfurt' },
  { prefix: '198.18.3.0/24', country: 'GB', metro: '' },
  { prefix: '198.18.4.0/24', country: 'US', metro: 'Denver' },
] as const;

export const exporters = [
  { address: '192.0.2.1', region: 'US-West', factor: 2 },
  { address: '192.0.2.2', region: 'EU-Central', factor: 1 },
] as const;

/** Bytes of one record; a saw-tooth of an hour, and three times as much out as in. */
export function bytesOf(base: number, factor: number, slot: number, egress: boolean): number {
  return base * factor * (1 + (slot % 12)) * (egress ? 3 : 1);
}

/** From a day long before the records on, a network that sends nothing has another type. */
export const CHANGED_TYPE = {
  prefix: '203.0.113.0/24',
  day: '2026-01-15',
  before: 'CDN',
  type: 'Hosting',
} as const;

/** The operators' file that gives the networks above their types, and says of one region where it is. */
export const networkFile = `version: 1
regions:
  - { name: US-West, latitude: 37.4, longitude: -121.9 }
exporters:
${exporters.map(({ address, region }) => `  - address: ${address}\n    region: ${region}\n    sampling_rate: 1`).join('\n')}
own_prefixes:
  - 10.0.0.0/8
overrides:
${networks
  .filter(({ type }) => type !== 'Unclassified')
  .map(
    ({ type, address }) =>
      `  - prefix: ${address.replace(/\.9$/, '.0/24')}\n    network_type: ${type}\n    reason: made for browser tests`,
  )
  .join('\n')}
  - prefix: ${CHANGED_TYPE.prefix}
    network_type: ${CHANGED_TYPE.before}
    valid_to: 2026-01-14
    reason: made for browser tests
  - prefix: ${CHANGED_TYPE.prefix}
    network_type: ${CHANGED_TYPE.type}
    valid_from: ${CHANGED_TYPE.day}
    reason: made for browser tests
`;

/**
 * The records as pmacct prints them, one JSON object a line.
 * @param firstSlot UTC epoch seconds of the first five minutes
 */
export function pmacctLines(firstSlot: number): string {
  const time = (seconds: number): string =>
    new Date(seconds * 1000).toISOString().replace('.000Z', '.000000Z');
  const lines: string[] = [];
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const start = firstSlot + slot * SLOT_SECONDS + 10;
    for (const exporter of exporters) {
      for (const network of networks) {
        for (const egress of [true, false]) {
          const local = '10.0.0.1';
          const bytes = bytesOf(network.base, exporter.factor, slot, egress);
          lines.push(
            JSON.stringify({
              event_type: 'purge',
              etype: '800',
              peer_ip_src: exporter.address,
              iface_in: egress ? 1 : 2,
              iface_out: egress ? 2 : 1,
              ip_src: egress ? local : network.address,
              ip_dst: egress ? network.address : local,
              port_src: 443,
              port_dst: 50_000,
              tcp_flags: '24',
              ip_proto: 'tcp',
              tos: 0,
              sampling_rate: 1,
              timestamp_start: time(start),
              timestamp_end: time(start + 120),
              timestamp_arrival: time(start + 125),
              packets: Math.ceil(bytes / 1000),
              bytes,
            }),
          );
        }
      }
    }
  }
  return `${lines.join('\n')}\n`;
}
