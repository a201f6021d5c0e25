import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from '@/lib/flows/contracts/whatChanged';
import { MOST_CHANGES, pickChanges } from './pickChanges';

const mover = (
  key: string,
  now: number,
  before: number,
  weight: number,
  dimension: 'type' | 'asn' = 'type',
): Change => ({
  kind: 'mover',
  dimension,
  key,
  name: null,
  now,
  before,
  weight,
});
const appeared = (key: string, weight: number): Change => ({
  kind: 'appeared',
  dimension: 'remoteAddress',
  key,
  name: null,
  rate: 1,
  weight,
});

describe('the changes worth a sentence', () => {
  test('come weightiest first', () => {
    const picked = pickChanges([
      mover('CDN', 110, 100, 0.03),
      appeared('192.0.2.1', 0.2),
      mover('ISP Tier1', 50, 100, 0.1),
    ]);
    expect(picked.map(({ key }) => key)).toEqual(['192.0.2.1', 'ISP Tier1', 'CDN']);
  });

  test('are not small ones: below 2 % of everything, or below 5 % of the group itself', () => {
    expect(
      pickChanges([
        mover('CDN', 200, 100, 0.019),
        mover('Hosting', 1_040, 1_000, 0.3),
        appeared('192.0.2.1', 0.01),
      ]),
    ).toEqual([]);
  });

  test('are at most two of a kind and dimension', () => {
    const types = ['CDN', 'Hosting', 'Neocloud'].map((key, i) => mover(key, 300, 100, 0.5 - i / 10));
    const picked = pickChanges([...types, mover('15169', 300, 100, 0.05, 'asn')]);
    expect(picked.map(({ key }) => key)).toEqual(['CDN', 'Hosting', '15169']);
  });

  test('do not depend on the order in which they come, and are at most five', () => {
    const some = fc.array(
      fc.record({
        key: fc.constantFrom('a', 'b', 'c', 'd'),
        weight: fc.double({ min: 0, max: 1, noNaN: true }),
        asn: fc.boolean(),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(some, (list) => {
        const unique = [...new Map(list.map((each) => [`${each.key}${each.asn}`, each])).values()];
        const changes = unique.map(({ key, weight, asn }) =>
          mover(key, 300, 100, weight, asn ? 'asn' : 'type'),
        );
        const picked = pickChanges(changes);
        expect(pickChanges([...changes].reverse())).toEqual(picked);
        expect(picked.length).toBeLessThanOrEqual(MOST_CHANGES);
      }),
    );
  });
});
