import { describe, expect, test } from 'vitest';
import { HOURS_OF_WEEK, shiftAtEnd } from './baseline';

/** mulberry32, so that no library's change moves the data. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A daily wave, half as high on weekends, with normal noise of 5 %. */
function hours(weeks: number, seed: number): number[] {
  const next = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Array.from({ length: weeks * HOURS_OF_WEEK }, (_, i) => {
    const wave = 100 + 40 * Math.sin((2 * Math.PI * (i % 24)) / 24);
    return wave * (i % HOURS_OF_WEEK >= 120 ? 0.5 : 1) * (1 + 0.05 * normal());
  });
}

describe('a shift of the level at the end', () => {
  test('is found where it was planted: from its first hour, with its ratio', () => {
    const planted = hours(9, 1).map((value, i, all) => (i >= all.length - 7 ? value * 1.5 : value));
    const shift = shiftAtEnd(planted, 24);
    expect(shift?.from).toBe(planted.length - 7);
    expect(shift?.isOlder).toBe(false);
    expect(shiftAtEnd(planted, 5)).toMatchObject({ from: planted.length - 5, isOlder: true });
    expect(shift?.ratio).toBeGreaterThan(1.4);
    expect(shift?.ratio).toBeLessThan(1.6);
    expect((shift?.mean ?? 0) / (shift?.usual ?? 1)).toBeCloseTo(shift?.ratio ?? 0, 10);
  });

  test('downward as well as upward', () => {
    const planted = hours(9, 2).map((value, i, all) => (i >= all.length - 5 ? value * 0.5 : value));
    expect(shiftAtEnd(planted, 24)?.ratio).toBeLessThan(0.6);
  });

  test('a weekend is not one, nor is the night: they are so every week', () => {
    const all = hours(9, 3);
    for (let end = 8 * HOURS_OF_WEEK; end <= all.length; end += 6) {
      expect(shiftAtEnd(all.slice(0, end), 24)).toBeNull();
    }
  });

  test('noise alone shows none in 200 series', () => {
    const found = Array.from({ length: 200 }, (_, seed) => shiftAtEnd(hours(8, 1_000 + seed), 24)).filter(
      Boolean,
    );
    expect(found).toEqual([]);
  });

  test('two hours are not enough, and one that is over is none', () => {
    const lift = (from: number, to: number) =>
      hours(9, 4).map((value, i, all) => (i >= all.length - from && i < all.length - to ? value * 2 : value));
    expect(shiftAtEnd(lift(2, 0), 24)).toBeNull();
    expect(shiftAtEnd(lift(12, 3), 24)).toBeNull();
    expect(shiftAtEnd(lift(3, 0), 24)).not.toBeNull();
  });

  test('with less than seven weeks nobody can tell', () => {
    const planted = hours(7, 5).map((value, i, all) => (i >= all.length - 7 ? value * 3 : value));
    expect(shiftAtEnd(planted.slice(HOURS_OF_WEEK / 2), 24)).toBeNull();
  });

  test('hours that nobody covered are left out, and a level of zero is none', () => {
    const gaps = hours(9, 6).map((value, i) => (i % 50 === 0 ? null : value));
    expect(shiftAtEnd(gaps, 24)).toBeNull();
    expect(
      shiftAtEnd(
        hours(9, 7).map(() => 0),
        24,
      ),
    ).toBeNull();
  });
});
