import { expect, test } from 'vitest';
import { type Arrival, joint, type Stretch, step, stretchesOf } from './exportSequence';

// One packet a millisecond, `records` in each, from a list of numbers.
const arrive = (numbers: readonly number[], records = 1): Arrival[] =>
  numbers.map((sequence, index) => ({ receivedMs: 1_000 + index, sequence, records }));
const range = (from: number, to: number, by = 1) =>
  Array.from({ length: Math.ceil((to - from) / by) }, (_, i) => from + i * by);
const packets = (numbers: readonly number[]) => stretchesOf(arrive(numbers), 'packets').stretches;
const short = (stretches: Stretch[]) => stretches.map(({ first, span, received }) => [first, span, received]);

test('NetFlow v9: seven packets of ten', () => {
  // 100 to 109 without 103, 104 and 108.
  expect(short(packets([100, 101, 102, 105, 106, 107, 109]))).toEqual([[100, 10, 7]]);
});

test('records of one packet are one packet, also where two packets came mixed', () => {
  const mixed = [
    { receivedMs: 1, sequence: 5, records: 2 },
    { receivedMs: 1, sequence: 6, records: 1 },
    { receivedMs: 1, sequence: 5, records: 3 },
  ];
  expect(short(stretchesOf(mixed, 'packets').stretches)).toEqual([[5, 2, 2]]);
  // As records of IPFIX the same would be 5 of the first from number 5, 1 from number 6 on: more than the number moved.
  expect(short(stretchesOf(mixed, 'records').stretches)).toEqual([[5, 2, 6]]);
});

test('NetFlow v5 and IPFIX: the number is of the first record, the packet holds as many as it holds', () => {
  // 30 records each, from 0, 30, 90: those from 60 to 89 are missing.
  expect(short(stretchesOf(arrive([0, 30, 90], 30), 'records').stretches)).toEqual([[0, 120, 90]]);
  // What a packet of 1 to 30 records moves the number by is what it holds.
  const uneven = [7, 30, 1, 12].map((records, i) => ({
    receivedMs: i,
    sequence: [1_000, 1_007, 1_037, 1_038][i] ?? 0,
    records,
  }));
  expect(short(stretchesOf(uneven, 'records').stretches)).toEqual([[1_000, 50, 50]]);
});

test('the number wraps at 2^32', () => {
  const top = 2 ** 32;
  expect(step(top - 1, 0)).toBe(1);
  expect(step(0, top - 1)).toBe(-1);
  expect(short(packets([top - 3, top - 2, 1, 2]))).toEqual([[top - 3, 6, 4]]);
  expect(short(stretchesOf(arrive([top - 20, top - 10, 10], 10), 'records').stretches)).toEqual([
    [top - 20, 40, 30],
  ]);
});

test('packets that come in another order are all there, also before the first one', () => {
  expect(short(packets([12, 10, 11, 14, 13, 15]))).toEqual([[10, 6, 6]]);
});

test('the order is that of receipt, whatever the order of the input is', () => {
  const shuffled = arrive(range(0, 400)).sort((a, b) => (a.sequence % 7) - (b.sequence % 7));
  expect(short(stretchesOf(shuffled, 'packets').stretches)).toEqual([[0, 400, 400]]);
});

test('an exporter that begins anew loses nothing, wherever its count stood', () => {
  for (const stood of [900, 70_000, 3_000_000_000, 2 ** 32 - 5_000]) {
    const { stretches, parallel } = stretchesOf(
      arrive([...range(stood, stood + 300), ...range(0, 200)]),
      'packets',
    );
    expect(short(stretches)).toEqual([
      [stood, 300, 300],
      [0, 200, 200],
    ]);
    expect(parallel).toBe(false);
  }
});

test('a restart so early that it looks like a late packet hides loss, and never makes any', () => {
  const [{ span, received } = { span: 0, received: 0 }] = packets([...range(0, 50), ...range(0, 50)]);
  expect(received).toBe(span);
});

test('counts that run side by side are told apart, and known to do so', () => {
  // Two engines behind one address; the second loses two of its hundred.
  const numbers = range(0, 100).flatMap((i) => (i % 50 === 20 ? [1_000 + i] : [1_000 + i, 5_000_000 + i]));
  const { stretches, parallel } = stretchesOf(arrive(numbers), 'packets');
  expect(short(stretches)).toEqual([
    [1_000, 100, 100],
    [5_000_000, 100, 98],
  ]);
  expect(parallel).toBe(true);
});

test('more counts than can be followed are said to be', () => {
  const numbers = range(0, 20).map((i) => i * 1_000_000);
  const { stretches, tooMany } = stretchesOf(arrive(numbers), 'packets');
  expect([stretches.length, tooMany]).toEqual([16, true]);
});

const stretch = (first: number, span: number, from: number, to: number): Stretch => ({
  first,
  span,
  received: span,
  from,
  to,
});

test('a batch goes on where the one before ended, or leaves numbers out', () => {
  const a = stretch(100, 50, 0, 10_000);
  expect(joint(a, stretch(150, 10, 10_000, 20_000), 'packets', 60)).toBe(0);
  expect(joint(a, stretch(157, 10, 10_000, 20_000), 'packets', 60)).toBe(7);
  // The packet 149 was cut in two by the end of the batch.
  expect(joint(a, stretch(149, 10, 10_000, 20_000), 'packets', 60)).toBe(-1);
  const beforeWrap = stretch(2 ** 32 - 50, 40, 0, 10_000);
  expect(joint(beforeWrap, stretch(5, 10, 10_000, 20_000), 'packets', 60)).toBe(15);
});

test('what begins anew, leaps, or ran at the same time does not go on', () => {
  const a = stretch(10_000, 50, 0, 10_000);
  expect(joint(a, stretch(0, 10, 10_000, 20_000), 'packets', 60)).toBeNull();
  expect(joint(a, stretch(10_111, 10, 10_000, 20_000), 'packets', 60)).toBeNull();
  expect(joint(a, stretch(10_110, 10, 10_000, 20_000), 'packets', 60)).toBe(60);
  expect(joint(a, stretch(10_050, 10, 8_999, 20_000), 'packets', 60)).toBeNull();
  expect(joint(a, stretch(10_050, 10, 9_000, 20_000), 'packets', 60)).toBe(0);
});
