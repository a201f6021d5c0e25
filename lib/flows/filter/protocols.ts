/**
 * IP protocols that flow records of a network edge carry, by the keywords of the IANA registry "Assigned Internet Protocol Numbers"
 * (https://www.iana.org/assignments/protocol-numbers), in lower case; then what else people call them.
 */
const PROTOCOLS: readonly (readonly [number, ...string[]])[] = [
  [1, 'icmp'],
  [2, 'igmp'],
  [4, 'ipip', 'ipv4-encap'],
  [6, 'tcp'],
  [8, 'egp'],
  [9, 'igp'],
  [17, 'udp'],
  [27, 'rdp'],
  [33, 'dccp'],
  [41, 'ipv6', '6in4'],
  [43, 'ipv6-route'],
  [44, 'ipv6-frag'],
  [46, 'rsvp'],
  [47, 'gre'],
  [50, 'esp', 'ipsec'],
  [51, 'ah'],
  [58, 'ipv6-icmp', 'icmp6', 'icmpv6'],
  [59, 'ipv6-nonxt'],
  [60, 'ipv6-opts'],
  [88, 'eigrp'],
  [89, 'ospf', 'ospfigp'],
  [97, 'etherip'],
  [103, 'pim'],
  [108, 'ipcomp'],
  [112, 'vrrp', 'carp'],
  [115, 'l2tp'],
  [124, 'isis'],
  [132, 'sctp'],
  [136, 'udplite'],
  [137, 'mpls-in-ip', 'mpls'],
  [139, 'hip'],
  [142, 'rohc'],
];

const names = new Map(PROTOCOLS.map(([number, name]) => [number, name as string]));
const numbers = new Map(PROTOCOLS.flatMap(([number, ...all]) => all.map((name) => [name, number] as const)));

/** `tcp` for 6; null where no name is known. */
export function protocolName(number: number): string | null {
  return names.get(number) ?? null;
}

/** Number of a protocol by name, in any case; null where the name is unknown. */
export function protocolByName(name: string): number | null {
  return numbers.get(name.toLowerCase()) ?? null;
}

/** Numbers of the protocols that have the text in a name. */
export function protocolsNamed(text: string): number[] {
  const wanted = text.toLowerCase();
  return PROTOCOLS.filter(([, ...all]) => all.some((name) => name.includes(wanted))).map(
    ([number]) => number,
  );
}
