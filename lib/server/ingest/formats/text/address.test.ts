import { isIP } from 'node:net';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { isMappedV4, parseAddress } from './address';

function parse(text: string): string | null {
  const bytes = Buffer.from(text, 'latin1');
  const address = parseAddress(bytes, 0, bytes.length);
  return address === null ? null : Buffer.from(address).toString('hex');
}

const mapped = '00000000000000000000ffff';

describe('parseAddress', () => {
  it('writes IPv4 as mapped IPv6', () => {
    expect(parse('192.168.5.16')).toBe(`${mapped}c0a80510`);
    expect(parse('0.0.0.0')).toBe(`${mapped}00000000`);
    expect(parse('255.255.255.255')).toBe(`${mapped}ffffffff`);
    expect(parse('::ffff:192.168.5.16')).toBe(`${mapped}c0a80510`);
  });

  it('reads every spelling of IPv6', () => {
    expect(parse('::')).toBe('00000000000000000000000000000000');
    expect(parse('::1')).toBe('00000000000000000000000000000001');
    expect(parse('1::')).toBe('00010000000000000000000000000000');
    expect(parse('ff02::1:ffd3:fbc2')).toBe('ff0200000000000000000001ffd3fbc2');
    expect(parse('2A01:cb01:2049:8b07:991d:ec85:28df:f629')).toBe('2a01cb0120498b07991dec8528dff629');
    expect(parse('::1.2.3.4')).toBe('00000000000000000000000001020304');
    expect(parse('64:ff9b::192.0.2.33')).toBe('0064ff9b0000000000000000c0000221');
    expect(parse('1:2:3:4:5:6:7::')).toBe('00010002000300040005000600070000');
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1..2.3',
    '1.2.3.4 ',
    '-1.2.3.4',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '12345::',
    'g::',
    'fe80::1%eth0',
    '::1.2.3',
    '1.2.3.4::',
    'localhost',
  ])('refuses %j', (text) => {
    expect(parse(text)).toBeNull();
  });

  it('does not look beyond the end of the text', () => {
    const bytes = Buffer.from('1.2.3.45');
    expect(parseAddress(bytes, 0, 7)?.at(15)).toBe(4);
    expect(parseAddress(Buffer.from('1::'), 0, 2)).toBeNull();
  });

  it('agrees with a library on every address', () => {
    // ipaddr.js 2.5 takes ::1.2.3.4 for ::ffff:1.2.3.4; an address that nobody uses, and that the second test reads.
    const v6 = fc.ipV6().filter((text) => !text.includes('.'));
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), v6), (text) => {
        const known = ipaddr.parse(text);
        const bytes =
          known.kind() === 'ipv4'
            ? [...Buffer.from(mapped, 'hex'), ...known.toByteArray()]
            : known.toByteArray();
        expect(parse(text)).toBe(Buffer.from(bytes).toString('hex'));
      }),
    );
  });

  it('accepts exactly what node:net calls an address', () => {
    const characters = fc.constantFrom(...'0123456789abcdefF:.'.split(''), '::', '255', 'ffff');
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 20 }), (parts) => {
        const text = parts.join('');
        expect(parse(text) !== null).toBe(isIP(text) !== 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('knows mapped IPv4', () => {
    const of = (text: string) => parseAddress(Buffer.from(text), 0, text.length) ?? new Uint8Array(16);
    expect(isMappedV4(of('10.0.0.1'))).toBe(true);
    expect(isMappedV4(of('::ffff:0:1'))).toBe(true);
    expect(isMappedV4(of('::fffe:0:1'))).toBe(false);
  });
});
