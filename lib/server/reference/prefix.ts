import ipaddr from 'ipaddr.js';

/** A CIDR prefix: the first address as a number of 32 or 128 bits, and the length. */
export interface Prefix {
  version: 4 | 6;
  base: bigint;
  length: number;
}

export const WIDTH = { 4: 32, 6: 128 } as const;

export type PrefixParsed = { ok: true; prefix: Prefix } | { ok: false; cause: string; fix: string };

/** Reads "192.0.2.0/24" or "2001:db8::/32"; a bare address is a prefix of full length. Host bits are an error that names the right prefix. */
export function parsePrefix(text: string): PrefixParsed {
  const [addressText = '', lengthText, ...rest] = text.trim().split('/');
  const version = ipaddr.IPv4.isValidFourPartDecimal(addressText)
    ? 4
    : ipaddr.IPv6.isValid(addressText)
      ? 6
      : null;
  if (version === null || rest.length > 0) {
    return { ok: false, cause: 'is not a prefix', fix: 'write it as 192.0.2.0/24 or 2001:db8::/32' };
  }
  const width = WIDTH[version];
  const length = lengthText === undefined ? width : /^\d{1,3}$/.test(lengthText) ? Number(lengthText) : -1;
  if (length < 0 || length > width) {
    return {
      ok: false,
      cause: `has no valid length after the slash`,
      fix: `write a length from 0 to ${width}`,
    };
  }
  const base = bytesToNumber(ipaddr.parse(addressText).toByteArray());
  if (version === 6 && base >> 32n === 0xffffn) {
    return {
      ok: false,
      cause: 'is an IPv4 address in IPv6 notation',
      fix: `write the IPv4 prefix, for example ${numberToAddress(base & 0xffff_ffffn, 4)}/${Math.max(0, length - 96)}`,
    };
  }
  const prefix = { version, base: maskTo(base, length, width), length } as const;
  if (prefix.base !== base) {
    return { ok: false, cause: 'has bits set after its length', fix: `write ${formatPrefix(prefix)}` };
  }
  return { ok: true, prefix };
}

/** Like parsePrefix, for text that is known to be right. @throws Error naming the text */
export function prefixOf(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (!parsed.ok) throw new Error(`"${text}" ${parsed.cause}: ${parsed.fix}`);
  return parsed.prefix;
}

/** Canonical text: lower case, shortest form (RFC 5952). */
export function formatPrefix({ version, base, length }: Prefix): string {
  return `${numberToAddress(base, version)}/${length}`;
}

/** True where every address of `inner` lies in `outer`. */
export function contains(outer: Prefix, inner: Prefix): boolean {
  return (
    outer.version === inner.version &&
    outer.length <= inner.length &&
    maskTo(inner.base, outer.length, WIDTH[outer.version]) === outer.base
  );
}

/** The fewest prefixes that cover the addresses `first` to `last`, both included, and no other. */
export function rangeToPrefixes(first: bigint, last: bigint, version: 4 | 6): Prefix[] {
  const width = WIDTH[version];
  const result: Prefix[] = [];
  let base = first;
  while (base <= last) {
    let hostBits = base === 0n ? width : trailingZeros(base);
    while (base + (1n << BigInt(hostBits)) - 1n > last) hostBits -= 1;
    result.push({ version, base, length: width - hostBits });
    base += 1n << BigInt(hostBits);
  }
  return result;
}

/** An address as the number of its bits; null where the text is no address. */
export function addressToNumber(text: string): { version: 4 | 6; value: bigint } | null {
  // The ASN table has a million addresses: the common forms are read by hand, 8 times as fast as by the library.
  const v4 = readIpv4(text);
  if (v4 !== null) return { version: 4, value: BigInt(v4) };
  const v6 = readIpv6(text);
  return v6 === null ? null : { version: 6, value: v6 };
}

/** Canonical text of an address: dotted, or the shortest form of RFC 5952. */
export function numberToAddress(value: bigint, version: 4 | 6): string {
  if (version === 4) {
    const bits = Number(value);
    return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
  }
  const words: string[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) words.push(((value >> shift) & 0xffffn).toString(16));
  return shortenZeros(words);
}

/** Replaces the first of the longest runs of two and more zero words by "::". */
function shortenZeros(words: readonly string[]): string {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let index = 0; index <= words.length; index += 1) {
    if (words[index] === '0') continue;
    if (index - start > best.length) best = { start, length: index - start };
    start = index + 1;
  }
  if (best.length < 2) return words.join(':');
  return `${words.slice(0, best.start).join(':')}::${words.slice(best.start + best.length).join(':')}`;
}

const DOTTED = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function readIpv4(text: string): number | null {
  const match = DOTTED.exec(text);
  if (match === null) return null;
  let value = 0;
  for (let index = 1; index <= 4; index += 1) {
    const byte = Number(match[index]);
    if (byte > 255) return null;
    value = value * 256 + byte;
  }
  return value;
}

const WORD = /^[0-9a-f]{1,4}$/i;

function readIpv6(text: string): bigint | null {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0 || !text.includes(':')) return null;
  const words = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const last = tail === '' ? [] : tail.split(':');
    if (words.length + last.length > 7) return null;
    while (words.length + last.length < 8) words.push('0');
    words.push(...last);
  }
  if (words.length !== 8) return null;
  let value = 0n;
  for (let at = 0; at < 8; at += 2) {
    const [high = '', low = ''] = [words[at], words[at + 1]];
    if (!WORD.test(high) || !WORD.test(low)) return null;
    value = (value << 32n) | BigInt(Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16));
  }
  return value;
}

function bytesToNumber(bytes: number[]): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function maskTo(value: bigint, length: number, width: number): bigint {
  const hostBits = BigInt(width - length);
  return (value >> hostBits) << hostBits;
}

function trailingZeros(value: bigint): number {
  let zeros = 0;
  let rest = value;
  for (; (rest & 0xffff_ffffn) === 0n; rest >>= 32n) zeros += 32;
  const low = Number(rest & 0xffff_ffffn);
  return zeros + 31 - Math.clz32(low & -low);
}
