import { COUNTED_DIRECTIONS } from '../direction';
import { NETWORK_TYPES } from '../networkTypes';
import { countryByName } from './countries';
import type { NameDimension, NetworkDimension, NumberDimension, NumberRange } from './filter';
import { networkAround, parseAddress, printAddress, printNetwork } from './networks';
import { GREATEST } from './normalForm';
import { protocolByName } from './protocols';
import { serviceByName } from './services';
import { isPlainName, printQuoted } from './text';
import { wordOf } from './words';

/** What was read, or what is wrong with it in words. */
export type Read<Value> = { value: Value } | { problem: string };

export const LINK_KINDS = ['transit', 'ix', 'pni', 'private', 'backbone', 'customer', 'unknown'] as const;

/** Dimensions of which every name is known; names are read in any case, with or without spaces and hyphens. */
const CLOSED: Partial<Record<NameDimension, readonly string[]>> = {
  type: NETWORK_TYPES,
  direction: COUNTED_DIRECTIONS,
  ip: ['4', '6'],
  linkKind: LINK_KINDS,
};

/** Dimensions in which the absence of a name is a value. */
const MAY_BE_NONE: readonly NameDimension[] = ['provider', 'country', 'metro'];

const loose = (text: string) => text.toLowerCase().replace(/[\s_-]/g, '');

/** All names of a dimension where that is a closed set; null where any name may be. */
export function closedNames(dimension: NameDimension): readonly string[] | null {
  return CLOSED[dimension] ?? null;
}

/** One name as it was written. @param quoted in quotes, `none` is a name like others */
export function readName(dimension: NameDimension, text: string, quoted: boolean): Read<string> {
  const isNone = quoted ? text === '' : text.toLowerCase() === 'none';
  if (isNone && MAY_BE_NONE.includes(dimension)) return { value: '' };
  if (text === '') return { problem: `a name of ${wordOf(dimension)} is never empty` };
  const closed = closedNames(dimension);
  if (closed !== null) {
    const wanted = dimension === 'ip' ? loose(text).replace(/^(ip)?v/, '') : loose(text);
    const found = closed.find((name) => loose(name) === wanted);
    if (found !== undefined) return { value: found };
    return {
      problem: `${shown(text)} is no ${wordOf(dimension)}: use ${closed.map(printChoice).join(', ')}`,
    };
  }
  if (dimension === 'country') return readCountry(text);
  if (!isPlainName(text)) return { problem: 'the name is too long or has characters that cannot be shown' };
  return { value: text };
}

function readCountry(text: string): Read<string> {
  if (/^[a-z][a-z0-9]$/i.test(text)) return { value: text.toUpperCase() };
  const code = countryByName(text);
  return code === null
    ? {
        problem: `${shown(text)} is no country: use a code of two letters such as DE, its English name, or none`,
      }
    : { value: code };
}

/** `443`, `8000-8100`, `https`, `AS15169`, `AS64512-AS65534`, `tcp`. */
export function readNumbers(dimension: NumberDimension, text: string): Read<NumberRange> {
  const bounds = /^(?:AS)?(\d{1,10})(?:(?:-|\.\.)(?:AS)?(\d{1,10}))?$/i.exec(text);
  const isPlain = dimension === 'asn' || !/as/i.test(text);
  if (bounds && isPlain) {
    const first = Number(bounds[1]);
    return readBounds(dimension, first, bounds[2] === undefined ? first : Number(bounds[2]));
  }
  const named = numberByName(dimension, text);
  if (named !== null) return { value: [named, named] };
  return { problem: `${shown(text)} is no ${wordOf(dimension)}: ${EXAMPLES[dimension]}` };
}

const EXAMPLES: Record<NumberDimension, string> = {
  asn: 'use AS15169, 15169 or a range such as AS64512-AS65534; asn ~ google finds names',
  servicePort: 'use a number, a range such as 8000-8100, or a service such as https, dns, ssh',
  protocol: 'use tcp, udp, icmp, gre, esp, another name or number of the registry, or a range such as 50-51',
  interface: 'use the number of an interface, or a range such as 1-48',
};

function numberByName(dimension: NumberDimension, text: string): number | null {
  if (dimension === 'protocol') return protocolByName(text);
  if (dimension === 'servicePort') return text.toLowerCase() === 'none' ? 0 : serviceByName(text);
  return dimension === 'asn' && text.toLowerCase() === 'none' ? 0 : null;
}

/** Both ends of a range checked. Ports above those of services are cut off, unless nothing else is left. */
export function readBounds(dimension: NumberDimension, first: number, last: number): Read<NumberRange> {
  const greatest = GREATEST[dimension];
  if (first > last) return { problem: `the range ${first}-${last} is empty: put the smaller number first` };
  if (dimension === 'servicePort' && first > greatest) {
    return first > 65_535
      ? { problem: `${first} is no port: the greatest is 65535` }
      : {
          problem: `${first} is no service port: that is the lower of the two ports, and 0 where both are above ${greatest}`,
        };
  }
  if (dimension === 'servicePort') return { value: [first, Math.min(last, greatest)] };
  if (last > greatest) return { problem: `${last} is no ${wordOf(dimension)}: the greatest is ${greatest}` };
  return { value: [first, last] };
}

/** The longest prefix of an IP version that a dimension keeps apart. */
export const LONGEST: Record<NetworkDimension, Record<4 | 6, number>> = {
  remotePrefix: { 4: 24, 6: 48 },
  remoteAddress: { 4: 32, 6: 64 },
  localAddress: { 4: 32, 6: 64 },
};

/** `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`; an address without a length is the whole of what is kept apart. */
export function readBlock(dimension: NetworkDimension, text: string): Read<string> {
  const [address = '', length, ...more] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === null || more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) {
    return {
      problem: `${shown(text)} is no address or network: use 192.0.2.0/24, 192.0.2.7 or 2001:db8::/32`,
    };
  }
  const { version } = parsed;
  const whole = version === 4 ? 32 : 128;
  const longest = LONGEST[dimension][version];
  // A mapped address counts its length from the IPv6 end.
  const written =
    length === undefined ? whole : Number(length) - (version === 4 && address.includes(':') ? 96 : 0);
  if (written > whole || written < 0)
    return { problem: `/${length} is no prefix length of IPv${version}: use 0 to ${whole}` };
  const kept = networkAround(parsed, Math.min(written, longest));
  if (written > longest && (length !== undefined || kept.first !== parsed.value)) {
    const what =
      dimension === 'remotePrefix'
        ? `Prefixes are the IPv4 /24 and the IPv6 /48`
        : `IPv6 addresses are kept as /64`;
    return { problem: `${what}: write ${printNetwork(kept)}` };
  }
  const network = networkAround(parsed, Math.min(written, longest));
  if (network.first !== parsed.value) {
    return {
      problem: `${printAddress(parsed.value)} is not the first address of its /${written}: write ${printNetwork(network)}`,
    };
  }
  return { value: printNetwork(network) };
}

/** A text to be looked for in names. */
export function readText(text: string): Read<string> {
  if (text === '') return { problem: 'a text to look for is never empty' };
  if (!isPlainName(text)) return { problem: 'the text is too long or has characters that cannot be shown' };
  return { value: text.toLowerCase() };
}

function printChoice(name: string): string {
  return /\s/.test(name) ? printQuoted(name) : name;
}

const MOST_SHOWN = 40;

/** What somebody wrote, cut to what a line can hold. */
export function shown(text: string): string {
  return `"${text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text}"`;
}
