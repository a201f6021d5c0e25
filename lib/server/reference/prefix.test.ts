import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import {
  addressToNumber,
  contains,
  formatPrefix,
  numberToAddress,
  parsePrefix,
  prefixOf,
  rangeToPrefixes,
} from '@/lib/server/reference/prefix';

const v4 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });
// Addresses full of zero and full words are where shortening goes wrong.
const word = fc.oneof(fc.constant(0n), fc.constant(0xffffn), fc.bigInt({ min: 0n, max: 0xffffn }));
const v6 = fc
  .array(word, { minLength: 8, maxLength: 8 })
  .map((words) => words.reduce((all, one) => (all << 16n) | one, 0n));

function bytesOf(value: bigint, count: number): number[] {
  return Array.from({ length: count }, (_, index) =>
    Number((value >> BigInt(8 * (count - 1 - index))) & 0xffn),
  );
}

describe('addresses', () => {
  test('text and number agree with ipaddr.js in both directions', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          v4.map((value) => [value, 4] as const),
          v6.map((value) => [value, 6] as const),
        ),
        ([value, version]) => {
          const address = ipaddr.fromByteArray(bytesOf(value, version === 4 ? 4 : 16));
          const text = address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
          expect(numberToAddress(value, version)).toBe(text);
          expect(addressToNumber(text)).toEqual({ version, value });
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('what is no address is null', () => {
    for (const text of [
      '',
      '1.2.3',
      '1.2.3.256',
      'host',
      '1:2',
      '::g',
      '1.2.3.4.5',
      '1::2::3',
      '1:2:3:4:5:6:7:8:9',
      '::12345',
      '1:2:3:4:5:6:7',
      ':1::',
    ])
      expect(addressToNumber(text)).toBeNull();
  });
});

describe('prefixes', () => {
  test('the prefixes of a range cover exactly the range, in order and without two that could be one', () => {
    for (const [version, width, number] of [
      [4, 32, v4],
      [6, 128, v6],
    ] as const) {
      fc.assert(
        fc.property(number, number, (a, b) => {
          const [first, last] = a < b ? [a, b] : [b, a];
          const prefixes = rangeToPrefixes(first, last, version);
          let next = first;
          for (const [index, { base, length }] of prefixes.entries()) {
            const size = 1n << BigInt(width - length);
            expect(base).toBe(next);
            expect(base % size).toBe(0n);
            const before = prefixes[index - 1];
            const siblings =
              before !== undefined && before.length === length && before.base % (2n * size) === 0n;
            expect(siblings).toBe(false);
            next = base + size;
          }
          expect(next).toBe(last + 1n);
        }),
        { numRuns: 100 },
      );
    }
  });

  test('the whole of each address space is one prefix', () => {
    expect(rangeToPrefixes(0n, 2n ** 32n - 1n, 4).map(formatPrefix)).toEqual(['0.0.0.0/0']);
    expect(rangeToPrefixes(0n, 2n ** 128n - 1n, 6).map(formatPrefix)).toEqual(['::/0']);
  });

  test('a bare address is a prefix of full length', () => {
    expect(formatPrefix(prefixOf('192.0.2.7'))).toBe('192.0.2.7/32');
    expect(formatPrefix(prefixOf('2001:DB8:0:0::1'))).toBe('2001:db8::1/128');
  });

  test('host bits, lengths and forms that are wrong are refused with the right prefix', () => {
    expect(parsePrefix('10.1.2.3/8')).toMatchObject({ ok: false, fix: 'write 10.0.0.0/8' });
    expect(parsePrefix('2001:db8::1/32')).toMatchObject({ ok: false, fix: 'write 2001:db8::/32' });
    for (const text of [
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '10/8',
      '::/129',
      'x/8',
      '::ffff:10.0.0.0/104',
    ]) {
      expect(parsePrefix(text).ok).toBe(false);
    }
  });

  test('a prefix contains itself and what is longer inside it, of its own version only', () => {
    const inside = (outer: string, inner: string) => contains(prefixOf(outer), prefixOf(inner));
    expect(inside('10.0.0.0/8', '10.0.0.0/8')).toBe(true);
    expect(inside('10.0.0.0/8', '10.255.0.0/16')).toBe(true);
    expect(inside('10.0.0.0/8', '11.0.0.0/16')).toBe(false);
    expect(inside('10.0.0.0/16', '10.0.0.0/8')).toBe(false);
    expect(inside('::/0', '10.0.0.0/8')).toBe(false);
  });
});
