/** Randomness that depends on nothing but its arguments, so that any part of the demo can be made again alone. */

/** A well mixed 32-bit hash of two integers. */
export function hash2(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ b, 0xc2b2ae35);
  h ^= h >>> 16;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** The same of any number of integers. */
export function hash32(first: number, ...rest: number[]): number {
  return rest.reduce(hash2, hash2(first, rest.length));
}

/** Uniform in [0, 1). */
export function uniform(first: number, ...rest: number[]): number {
  return hash32(first, ...rest) / 4_294_967_296;
}

/**
 * Smooth noise in [-1, 1] whose value changes over about `period` seconds: hashed lattice points joined by a smooth step.
 * @param seconds since 1970
 */
export function smoothNoise(key: number, seconds: number, period: number): number {
  const position = seconds / period;
  const cell = Math.floor(position);
  const x = position - cell;
  const blend = x * x * (3 - 2 * x);
  const a = hash2(key, cell) / 2_147_483_648 - 1;
  const b = hash2(key, cell + 1) / 2_147_483_648 - 1;
  return a + (b - a) * blend;
}

export interface Octave {
  /** seconds */
  period: number;
  /** share of the mean that the octave moves it up or down at most */
  amplitude: number;
}

/** Sum of octaves: autocorrelated at every scale from minutes to days, as load is; never white. */
export function wiggle(key: number, seconds: number, octaves: readonly Octave[]): number {
  let sum = 0;
  for (let index = 0; index < octaves.length; index++) {
    const octave = octaves[index];
    if (octave) sum += octave.amplitude * smoothNoise(hash2(key, index), seconds, octave.period);
  }
  return sum;
}
