import { describe, expect, it } from 'vitest';
import {
  formatChange,
  formatDuration,
  formatShare,
  formatUnder,
  formatValue,
  groupDigits,
  prefixFor,
} from './format';

const t = '\u2009';

describe('values', () => {
  it.each([
    [4_120_000_000_000, 'bit/s', `4.12${t}Tb/s`],
    [41_200_000_000, 'bit/s', `41.2${t}Gb/s`],
    [412_000_000, 'bit/s', `412${t}Mb/s`],
    [999_600, 'bit/s', `1.00${t}Mb/s`],
    [99_960, 'B', `100${t}kB`],
    [9_996, 'B', `10.0${t}kB`],
    [999, 'count', '999'],
    [12_345, 'count', `12.3${t}k`],
    [0, 'bit/s', `0${t}b/s`],
    [-1_500, 'bit/s', `\u22121.50${t}kb/s`],
    [0.004, 'bit/s', `< 0.01${t}b/s`],
    [1e30, 'bit/s', `1000000000${t}Zb/s`],
  ] as const)(
    '%d %s reads %s: three significant figures, powers of 1000, a thin space',
    (value, quantity, text) => {
      expect(formatValue(value, quantity)).toBe(text);
    },
  );

  it('a missing value is a dash, never a zero', () => {
    expect(formatValue(null, 'bit/s')).toBe('\u2013');
    expect(formatShare(null)).toBe('\u2013');
  });

  it('values under a common prefix keep that prefix', () => {
    const index = prefixFor(3_300_000_000);
    expect([3_300_000_000, 250_000_000, 1_000, 0].map((v) => formatUnder(v, index))).toEqual([
      '3.30',
      '0.25',
      '< 0.01',
      '0',
    ]);
  });
});

describe('shares and changes', () => {
  it('a share never reads 0.00', () => {
    expect([0.184, 1, 0, 0.000_02, 0.000_5].map(formatShare)).toEqual([
      `18.4${t}%`,
      `100${t}%`,
      `0${t}%`,
      `< 0.01${t}%`,
      `0.05${t}%`,
    ]);
  });

  it.each([
    [112.3, 100, 'rise', `+12.3${t}%`],
    [87.7, 100, 'fall', `\u221212.3${t}%`],
    [100.01, 100, 'level', `0.0${t}%`],
    [5, 0, 'new', 'new'],
    [0, 0, 'level', `0${t}%`],
    [1200, 100, 'rise', `\u00d7${t}12.0`],
    [0, 100, 'fall', `\u2212100${t}%`],
  ] as const)('from %d against %d: %s %s', (now, before, direction, text) => {
    expect(formatChange(now, before)).toEqual({ direction, text });
  });

  it('nothing to compare with says nothing', () => {
    expect(formatChange(5, null).direction).toBe('none');
  });
});

describe('other texts', () => {
  it('durations take their largest fitting unit', () => {
    expect([10, 60, 300, 3600, 5400, 86_400, 604_800].map(formatDuration)).toEqual([
      `10${t}s`,
      `1${t}min`,
      `5${t}min`,
      `1${t}h`,
      `1.5${t}h`,
      `1${t}day`,
      `7${t}days`,
    ]);
  });

  it('exact integers beyond 2^53 keep every digit', () => {
    expect(groupDigits('1152921504606846976')).toBe('1,152,921,504,606,846,976');
  });
});
