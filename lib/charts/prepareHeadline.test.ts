import { describe, expect, it } from 'vitest';
import type { HeadlineFigures, HeadlineRows } from '@/lib/flows/contracts/headline';
import { incomparableText, prepareHeadline } from './prepareHeadline';

const HOUR = 3_600;
/** 2026-11-22T22:00:00Z */
const TEN = 1_795_384_800;

const figures = (from: number, to: number, change: Partial<HeadlineFigures> = {}): HeadlineFigures => ({
  volume: '1000000',
  meanRate: 8_000,
  p95: 9_000,
  p95Ingress: 4_000,
  p95Egress: 5_000,
  uniques: 100,
  uniquesPlusMinus: 0,
  magnitude: 80_000,
  packets: '1000',
  flowRecords: '500',
  coveredSeconds: to - from,
  coverage: 1,
  from,
  to,
  uniquesFrom: from,
  uniquesTo: to,
  ...change,
});
const options = { direction: 'both', unit: 'bits' } as const;
const prepared = (current: HeadlineFigures, previous: HeadlineFigures, watermark: number) => {
  const rows: HeadlineRows = { current, previous, previousMissing: null };
  const list = prepareHeadline(rows, { watermark, zone: 'UTC' }, options);
  const by = (label: string) => {
    const found = list.find((figure) => figure.label === label);
    if (!found) throw new Error(`no figure ${label}`);
    return found;
  };
  return { list, by };
};

describe('the headline', () => {
  it('compares whole equal periods by their sums', () => {
    const { by, list } = prepared(
      figures(TEN - 24 * HOUR, TEN, { volume: '1100000', uniques: 120 }),
      figures(TEN - 48 * HOUR, TEN - 24 * HOUR),
      TEN,
    );
    expect(by('Volume').change).toBeCloseTo(0.1);
    expect(by('Remote addresses').change).toBeCloseTo(0.2);
    expect(by('Remote addresses').of).toBe('');
    expect(incomparableText(list)).toEqual([]);
  });

  it('minutes on their way are no fall of the volume: it changes as the rate of what is complete', () => {
    const to = TEN + 600;
    const { by } = prepared(
      figures(to - 24 * HOUR, to, { volume: '990000', coveredSeconds: 24 * HOUR - 600 }),
      figures(to - 48 * HOUR, to - 24 * HOUR - 600),
      TEN,
    );
    expect(by('Volume').change).toBe(by('Mean rate').change);
    expect(by('Volume').change).toBe(0);
  });

  it('does not compare stretches of unlike length or coverage, and says why', () => {
    const short = prepared(
      figures(TEN, TEN + HOUR, { coveredSeconds: 3_000 }),
      figures(TEN - HOUR, TEN),
      TEN + 3_000,
    );
    expect(short.by('Mean rate').incomparable).toContain(
      '50\u2009min of this range are complete, and 1\u2009h',
    );
    const holey = prepared(figures(TEN, TEN + HOUR, { coverage: 0.4 }), figures(TEN - HOUR, TEN), TEN + HOUR);
    expect(holey.by('Volume').incomparable).toContain('40.0\u2009% of this range');
  });

  it('a period before of which only the end has data is not compared, though its exporters were heard all the time', () => {
    const day = 24 * HOUR;
    const { list } = prepared(
      figures(TEN - 365 * day, TEN),
      figures(TEN - 730 * day, TEN - 365 * day, { coveredSeconds: 145 * day }),
      TEN,
    );
    expect(incomparableText(list)).toEqual([
      'Not comparable: 365\u2009days of this range have data, and 145\u2009days of the compared one',
    ]);
  });

  it('hours of a whole year name the year', () => {
    const day = 24 * HOUR;
    const { by } = prepared(
      figures(TEN - 365 * day + 600, TEN + 600, { uniquesFrom: TEN - 365 * day, uniquesTo: TEN }),
      figures(TEN - 730 * day + 600, TEN - 365 * day + 600),
      TEN + 600,
    );
    expect(by('Remote addresses').of).toBe('of Nov 22 2025, 22:00 \u2013 Nov 22, 22:00, 2026');
  });

  it('addresses and bits per address name the whole hours that they are of, and fit each other', () => {
    const { by } = prepared(
      figures(TEN + 600, TEN + HOUR + 600, { uniquesFrom: TEN, uniquesTo: TEN + HOUR }),
      figures(TEN - HOUR + 600, TEN + 600, { uniquesFrom: TEN - HOUR, uniquesTo: TEN }),
      TEN + HOUR + 600,
    );
    expect(by('Remote addresses').of).toBe('of whole hours, 22:00\u201323:00');
    expect(by('Bits per address').of).toBe(by('Remote addresses').of);
    // 80,000 x 100
    expect(by('Bits per address').detail).toBe('8.00\u2009Mb / 100');
    expect(by('Remote addresses').incomparable).toBe('');
  });

  it('a later period is compared as well as an earlier one', () => {
    const { by } = prepared(
      figures(TEN - 48 * HOUR, TEN - 24 * HOUR),
      figures(TEN - 24 * HOUR, TEN, { uniques: 50 }),
      TEN,
    );
    expect(by('Remote addresses').incomparable).toBe('');
    expect(by('Remote addresses').change).toBe(1);
  });

  it.each([
    ['its last hour is still arriving', { uniquesTo: TEN + HOUR }, {}, TEN + 600, 'still arriving'],
    ['the hours of both overlap', {}, { uniquesTo: TEN - 23 * HOUR }, TEN, 'overlap'],
    [
      'the compared one is later and still arriving',
      {},
      { from: TEN, to: TEN + 24 * HOUR, uniquesFrom: TEN, uniquesTo: TEN + 24 * HOUR },
      TEN + 23.7 * HOUR,
      'still arriving',
    ],
    ['one is longer', {}, { uniquesFrom: TEN - 50 * HOUR }, TEN, 'of 1\u2009day against'],
    ['records are denser', { flowRecords: '2000' }, {}, TEN, '4.0 times as many flow records'],
    ['records are thinner', { flowRecords: '125' }, {}, TEN, '4.0 times fewer flow records'],
  ])('addresses are not compared where %s', (_, now, before, watermark, words) => {
    const { by, list } = prepared(
      figures(TEN - 24 * HOUR, TEN, now),
      figures(TEN - 48 * HOUR, TEN - 24 * HOUR, before),
      watermark,
    );
    expect(by('Remote addresses').incomparable).toContain(words);
    expect(by('Volume').incomparable).toBe('');
    expect(incomparableText(list)[0]).toMatch(/^Remote addresses and Bits per address not comparable: /);
  });
});
