import { describe, expect, it } from 'vitest';
import { byText, measureLine, questionText, shownText } from './exploreWords';

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
});
