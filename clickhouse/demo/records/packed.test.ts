import { expect, it } from 'vitest';
import { packed, packed64 } from './packed';

function bytesOf(definition: string): Buffer {
  const base64 = /^base64Decode\('([^']*)'\) AS \w+$/.exec(definition)?.[1];
  if (base64 === undefined) throw new Error(`no packed column: ${definition}`);
  return Buffer.from(base64, 'base64');
}

it('numbers stand little-endian, one width after the other, and are read back by position', () => {
  const column = packed('p_raw', 'UInt32', [1, 0xfffffffe]);
  expect(bytesOf(column.definition)).toEqual(Buffer.from([1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff]));
  expect(column.at('number')).toBe('reinterpretAsUInt32(substring(p_raw, 1 + 4 * (number), 4))');
});

it('whole numbers beyond 32 bits keep every digit', () => {
  const raw = bytesOf(packed('p', 'Float64', [9_007_199_254_740_991]).definition);
  expect(raw.readDoubleLE(0)).toBe(9_007_199_254_740_991);
  const prefix = bytesOf(packed64('s', [0x2a001450_40000000n]).definition);
  expect(prefix.readBigUInt64LE(0)).toBe(0x2a001450_40000000n);
});
