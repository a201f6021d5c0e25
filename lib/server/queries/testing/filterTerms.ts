import ipaddr from 'ipaddr.js';
import type { Dimension } from '@/lib/flows/dimensions';
import type { TestFlow } from './randomFlows';

// What a filter lets through, worked out flow by flow: nothing is shared with the code that reads and answers it but its text.

/** Names of the ASNs of the random flows, with what may be mistaken for language. */
export const ORGANISATIONS: Record<number, string> = {
  64501: 'Example CDN, Inc.',
  64502: "O'Hara Cable",
  64503: 'NEOCLOUD Example',
  64504: 'Hyper (Example) 100 %',
};
const EXPORTER_NAMES: Record<string, string> = {
  '192.0.2.1': 'edge 192.0.2.1',
  '192.0.2.2': 'edge 192.0.2.2',
  '192.0.2.3': 'edge 192.0.2.3',
};
const COUNTRIES: Record<string, string> = { US: 'United States', DE: 'Germany', '': '' };

/** Whether a filter lets a flow through. */
export type Test = (flow: TestFlow) => boolean;

const inNetwork = (flow: TestFlow, address: string, network: string): boolean => {
  const [base = '', bits = ''] = network.split('/');
  const parsed = ipaddr.parse(base);
  const own = ipaddr.parse(address);
  return (
    own.kind() === parsed.kind() &&
    own.match(parsed, Number(bits)) &&
    flow.ip === (own.kind() === 'ipv4' ? 4 : 6)
  );
};
const has = (name: string | undefined, text: string) => (name ?? '').toLowerCase().includes(text);

/** A term as text, and what it says of a flow. */
export const TERMS: [dimension: Dimension, text: string, says: Test][] = [
  ['type', 'type = CDN', ({ type }) => type === 'CDN'],
  ['type', 'type not in (CDN, "ISP Regional")', ({ type }) => !['CDN', 'ISP Regional'].includes(type)],
  ['type', 'type ~ clou', ({ type }) => has(type, 'clou')],
  ['region', 'region in (US-West, US-East)', ({ region }) => region !== 'EU-Central'],
  ['region', 'region !~ us', ({ region }) => region === 'EU-Central'],
  ['direction', 'direction = egress', ({ direction }) => direction === 'egress'],
  ['ip', 'ip = 6', ({ ip }) => ip === 6],
  ['linkKind', 'link in (private, transit)', ({ linkKind }) => linkKind !== 'unknown'],
  ['provider', 'provider = none', ({ provider }) => provider === ''],
  ['provider', 'provider != Alpha', ({ provider }) => provider !== 'Alpha'],
  ['exporter', 'exporter = 192.0.2.2', ({ exporter }) => exporter === '192.0.2.2'],
  [
    'exporter',
    'exporter ~ "EDGE 192.0.2.3"',
    ({ exporter }) => has(EXPORTER_NAMES[exporter], 'edge 192.0.2.3'),
  ],
  ['interface', 'interface in (1, 4-9)', (flow) => flow.interface === 1 || flow.interface >= 4],
  ['asn', 'asn = AS64502', ({ asn }) => asn === 64_502],
  ['asn', 'asn in AS64502-AS64503', ({ asn }) => asn === 64_502 || asn === 64_503],
  ['asn', 'asn not in (0, 64504)', ({ asn }) => asn !== 0 && asn !== 64_504],
  ['asn', 'asn ~ ("o\'hara", "100 %")', ({ asn }) => asn === 64_502 || asn === 64_504],
  ['asn', 'asn !~ example', ({ asn }) => !has(ORGANISATIONS[asn], 'example')],
  ['country', 'country = DE', ({ country }) => country === 'DE'],
  ['country', 'country ~ states', ({ country }) => has(COUNTRIES[country], 'states')],
  ['country', 'country != none', ({ country }) => country !== ''],
  ['country', 'country ~ atlantis', () => false],
  ['metro', 'metro in (Chicago, none)', ({ metro }) => metro !== 'Denver'],
  ['protocol', 'proto = tcp', ({ protocol }) => protocol === 6],
  ['protocol', 'proto in (icmp, 10-20)', ({ protocol }) => protocol === 1 || protocol === 17],
  ['servicePort', 'port in (https, dns)', ({ servicePort }) => servicePort === 443 || servicePort === 53],
  ['servicePort', 'port < 100', ({ servicePort }) => servicePort < 100],
  ['servicePort', 'port != 0', ({ servicePort }) => servicePort !== 0],
  ['remoteAddress', 'remote = 20.0.1.7', (flow) => inNetwork(flow, flow.remote, '20.0.1.7/32')],
  [
    'remoteAddress',
    'remote in (20.0.2.0/28, 20.0.1.7)',
    (flow) => inNetwork(flow, flow.remote, '20.0.2.0/28') || inNetwork(flow, flow.remote, '20.0.1.7/32'),
  ],
  ['remoteAddress', 'remote in 2a00:1:0:3::/64', (flow) => inNetwork(flow, flow.remote, '2a00:1:0:3::/64')],
  ['remoteAddress', 'remote in ::/0', ({ ip }) => ip === 6],
  [
    'remoteAddress',
    'remote not in (0.0.0.0/0, 2a00::/16)',
    (flow) => !inNetwork(flow, flow.remote, '0.0.0.0/0') && !inNetwork(flow, flow.remote, '2a00::/16'),
  ],
  ['remotePrefix', 'prefix in 20.0.3.0/24', (flow) => inNetwork(flow, flow.remote, '20.0.3.0/24')],
  [
    'remotePrefix',
    'prefix in (20.0.0.0/22, 2a00:4::/48)',
    (flow) => inNetwork(flow, flow.remote, '20.0.0.0/22') || inNetwork(flow, flow.remote, '2a00:4::/48'),
  ],
  [
    'remotePrefix',
    // So many that they are looked up instead of compared.
    `prefix not in (20.0.3.0/24, 2a00:4::/48, ${Array.from({ length: 40 }, (_, i) => `198.51.${i}.0/24`).join(', ')})`,
    (flow) => !inNetwork(flow, flow.remote, '20.0.3.0/24') && !inNetwork(flow, flow.remote, '2a00:4::/48'),
  ],
  ['localAddress', 'local in 10.1.1.0/29', (flow) => inNetwork(flow, flow.local, '10.1.1.0/29')],
  ['localAddress', 'local != 10.1.1.7', (flow) => !inNetwork(flow, flow.local, '10.1.1.7/32')],
  ['localAddress', 'local in fd00::/64', (flow) => inNetwork(flow, flow.local, 'fd00::/64')],
];
