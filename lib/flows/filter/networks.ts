/** A block of addresses. IPv4 is counted as IPv6 does it: 0.0.0.0/0 is ::ffff:0:0/96. */
export interface Network {
  version: 4 | 6;
  first: bigint;
  last: bigint;
  /** as people write it: 0 to 32 of IPv4, 0 to 128 of IPv6 */
  bits: number;
}

const MAPPED = 0xffffn << 32n;
const ALL_V4 = (1n << 32n) - 1n;

/** The 128 bits of an address; null for anything else. `::ffff:192.0.2.1` is the IPv4 address. */
export function parseAddress(text: string): { version: 4 | 6; value: bigint } | null {
  if (!text.includes(':')) {
    const v4 = parseV4(text);
    return v4 === null ? null : { version: 4, value: MAPPED | v4 };
  }
  const value = parseV6(text);
  if (value === null) return null;
  return { version: value >> 32n === 0xffffn ? 4 : 6, value };
}

function parseV4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    // No leading zeros: some read them as octal.
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseV6(text: string): bigint | null {
  if (text.length > 45) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head = '', tail] = halves;
  const before = groupsOf(head, tail === undefined);
  const after = tail === undefined ? [] : groupsOf(tail, true);
  if (before === null || after === null) return null;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...before, ...new Array<number>(missing).fill(0), ...after].reduce(
    (value, group) => (value << 16n) | BigInt(group),
    0n,
  );
}

/** Groups of 16 bits; the last one may be written as IPv4. */
function groupsOf(text: string, isEnd: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (isEnd && i === parts.length - 1 && part.includes('.')) {
      const v4 = parseV4(part);
      if (v4 === null) return null;
      groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return null;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

/** RFC 5952, and dotted for IPv4. */
export function printAddress(value: bigint): string {
  if (value >> 32n === 0xffffn) {
    return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn));
  // The longest run of zeros, of two groups at least, the first of equal ones.
  let at = -1;
  let length = 1;
  for (let i = 0; i < 8; i += 1) {
    let run = 0;
    while (i + run < 8 && groups[i + run] === 0) run += 1;
    if (run > length) [at, length] = [i, run];
  }
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  return at < 0 ? hex(groups) : `${hex(groups.slice(0, at))}::${hex(groups.slice(at + length))}`;
}

/** The block of so many leading bits that holds an address. */
export function networkAround({ version, value }: { version: 4 | 6; value: bigint }, bits: number): Network {
  const host = (1n << BigInt((version === 4 ? 32 : 128) - bits)) - 1n;
  const first = (value | host) ^ host;
  return { version, first, last: first | host, bits };
}

/** `192.0.2.0/24` and `2001:db8::/32`, as they stand in a filter. */
export function printNetwork({ first, bits }: Network): string {
  return `${printAddress(first)}/${bits}`;
}

/** Reads what printNetwork wrote. @throws Error for anything else */
export function readNetwork(text: string): Network {
  const [address = '', bits = ''] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === null || !/^\d{1,3}$/.test(bits)) throw new Error(`"${text}" is no network`);
  return networkAround(parsed, Number(bits));
}

export function holdsNetwork(outer: Network, inner: Network): boolean {
  return outer.version === inner.version && outer.first <= inner.first && outer.last >= inner.last;
}

/** IPv4 first, then by address, the wider first. */
export function compareNetworks(a: Network, b: Network): number {
  if (a.version !== b.version) return a.version - b.version;
  return a.first < b.first ? -1 : a.first > b.first ? 1 : a.bits - b.bits;
}

/** What an IPv6 network is without the addresses that stand for IPv4: one or two stretches. */
export function stretchesOf({ version, first, last }: Network): [first: bigint, last: bigint][] {
  const end = MAPPED + ALL_V4;
  if (version === 4 || last < MAPPED || first > end) return [[first, last]];
  const stretches: [bigint, bigint][] = [
    [first, MAPPED - 1n],
    [end + 1n, last],
  ];
  return stretches.filter(([from, to]) => from <= to);
}
