import { describe, expect, it } from 'vitest';
import type { ExploreLine } from '@/lib/charts/prepareSeries';
import { byText, isMostlyOther, measureLine, p95AboveMaxText, questionText, shownText } from './exploreWords';

describe('the words of Explore', () => {
  it('ask the question that the state means', () => {
    expect(questionText('traffic', ['type'], 'both')).toBe('Where does traffic go, by network type?');
    expect(questionText('uniqueness', [], 'ingress')).toBe('How many addresses send to us?');
    expect(byText(['asn', 'region', 'country'])).toBe('ASN, region and country');
  });

  it('name measure, aggregate, bucket, unit and zone', () => {
    const meta = { bucket: '5 minutes', zone: 'UTC' };
    expect(measureLine({ measure: 'traffic', unit: 'bit/s', isShare: false }, meta, 'egress')).toBe(
      'Traffic · mean of 5 minutes · bit/s · egress · UTC',
    );
    expect(measureLine({ measure: 'uniqueness', unit: 'count', isShare: false }, meta, 'egress')).toContain(
      'distinct in 5 minutes · addresses',
    );
  });

  it('say how many groups are named of how many', () => {
    expect(shownText({ shown: 12, found: 3_481, foundAtLeast: false })).toBe(
      '12 of 3,481 groups are named; Other is the 3,469 left.',
    );
    expect(shownText({ shown: 5, found: 5, foundAtLeast: false })).toBeNull();
    expect(shownText({ shown: 12, found: 3_481, foundAtLeast: true })).toBe(
      'The 12 heaviest groups are named, of at least 3,481; Other is all that is left.',
    );
  });

  const line = (keys: string[] | null, p95: number | null, max: number | null, share: number) =>
    ({ keys, statistics: { p95, max, share, last: null, mean: null } }) as unknown as ExploreLine;
  const halves = (series: ExploreLine[]) => [
    { direction: 'both' as const, series, total: line([], 5, 6, 1) },
  ];

  it('explain a p95 of short means above a maximum of long ones, and nothing else', () => {
    const model = { p95Of: 'p95 of 5-minute means' as const, halves: halves([line(['CDN'], 5, 4, 0.5)]) };
    expect(p95AboveMaxText(model, '1 day')).toBe(
      'p95 is of 5-minute means, Max of means of 1 day: so p95 can be the higher of the two.',
    );
    expect(p95AboveMaxText({ ...model, halves: halves([line(['CDN'], 4, 4, 0.5)]) }, '1 day')).toBeNull();
    expect(p95AboveMaxText({ ...model, p95Of: null }, '1 day')).toBeNull();
  });

  it('offer a picture without Other where it is most of it', () => {
    const named = line(['CDN'], 1, 1, 0.2);
    expect(isMostlyOther({ halves: halves([named, line(null, 1, 1, 0.8)]) })).toBe(true);
    expect(isMostlyOther({ halves: halves([named, line(null, 1, 1, 0.79)]) })).toBe(false);
    expect(isMostlyOther({ halves: halves([line(['CDN'], 1, 1, 1)]) })).toBe(false);
  });
});
