import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCounter, parseMilliseconds, parseUint } from './number';

const uint = (text: string) => parseUint(Buffer.from(text), 0, text.length);
const milliseconds = (text: string) => parseMilliseconds(Buffer.from(text), 0, text.length);

describe('parseUint', () => {
  it('reads whole numbers of up to 15 digits and nothing else', () => {
    expect(uint('0')).toBe(0);
    expect(uint('007')).toBe(7);
    expect(uint('999999999999999')).toBe(999_999_999_999_999);
    for (const text of ['', '-1', '1.0', '1e3', ' 1', '1000000000000000', 'x']) expect(uint(text)).toBe(-1);
  });
});

describe('parseCounter', () => {
  it('keeps every digit: 2^60 and 2^63 - 1', () => {
    expect(parseCounter('1152921504606846976')).toBe(1_152_921_504_606_846_976n);
    expect(parseCounter('9223372036854775807')).toBe(9_223_372_036_854_775_807n);
    expect(parseCounter('9007199254740991')).toBe(9_007_199_254_740_991);
    expect(parseCounter('9007199254740993')).toBe(9_007_199_254_740_993n);
  });

  it('names what is wrong', () => {
    expect(parseCounter('9223372036854775808')).toBe('counter_overflow');
    expect(parseCounter('1e40')).toBe('counter_overflow');
    expect(parseCounter('-1')).toBe('negative_counter');
    expect(parseCounter('-0.5')).toBe('negative_counter');
    expect(parseCounter('1.5')).toBe('fractional_counter');
    expect(parseCounter('0.1')).toBe('fractional_counter');
    expect(parseCounter('15e-1')).toBe('fractional_counter');
    for (const text of ['', 'many', '1,5', '0x10', 'NaN', '1.2 M'])
      expect(parseCounter(text)).toBe('invalid_number');
  });

  it('reads whole numbers that are written as decimals', () => {
    expect(parseCounter('98.0')).toBe(98);
    expect(parseCounter('98.')).toBe(98);
    expect(parseCounter('1.5e3')).toBe(1500);
    expect(parseCounter('1e18')).toBe(10n ** 18n);
    expect(parseCounter('-0')).toBe(0);
    expect(parseCounter('0.000')).toBe(0);
    expect(parseCounter('1500e-2')).toBe(15);
  });

  it('gives back every counter that fits, exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (value) => {
        const read = parseCounter(value.toString());
        expect(typeof read).not.toBe('string');
        expect(BigInt(read)).toBe(value);
      }),
    );
  });
});

describe('parseMilliseconds', () => {
  it('cuts seconds to milliseconds', () => {
    expect(milliseconds('22.896')).toBe(22_896);
    expect(milliseconds('0.000')).toBe(0);
    expect(milliseconds('7')).toBe(7000);
    expect(milliseconds('1.9999')).toBe(1999);
    expect(milliseconds('-1.5')).toBe(-1500);
    for (const text of ['', '-', 'x', '1.x', '1e3', '00:01:00']) expect(milliseconds(text)).toBeNaN();
  });

  it('gives back every duration of whole milliseconds', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (value) => {
        expect(milliseconds((value / 1000).toFixed(3))).toBe(value);
      }),
    );
  });
});
