import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STEP_NAMES } from './buckets';
import { DIMENSIONS } from './dimensions';
import { SERIES_MEASURES } from './exploreLimits';
import {
  changedExplore,
  DEFAULT_EXPLORE,
  type ExploreState,
  type ExploreValues,
  exploreLink,
  exploreOf,
  exploreParsers,
  exploreValues,
  seriesKey,
  unreadExplore,
  VISUALS,
  visualFor,
} from './exploreState';
import { DEFAULT_SCOPE } from './scope';
import { scopeParsers, viewParsers } from './urlState';

function read(search: URLSearchParams): ExploreState {
  const values = Object.fromEntries(
    Object.entries(exploreParsers).map(([key, parser]) => {
      const text = search.get(key);
      return [key, text === null ? null : parser.parse(text)];
    }),
  );
  return exploreOf(values as ExploreValues);
}

const states: fc.Arbitrary<ExploreState> = fc.record({
  measure: fc.constantFrom(...SERIES_MEASURES),
  by: fc.uniqueArray(fc.constantFrom(...DIMENSIONS), { maxLength: 3 }),
  visual: fc.constantFrom(...VISUALS),
  top: fc.integer({ min: 1, max: 50 }),
  mirror: fc.boolean(),
  step: fc.option(fc.constantFrom(...STEP_NAMES), { nil: null }),
  p95: fc.boolean(),
  own: fc.boolean(),
  hidden: fc
    .uniqueArray(
      fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 }).map(seriesKey),
      {
        maxLength: 5,
      },
    )
    .map((keys) => keys.sort()),
});

describe('the state of Explore in the address', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(states, (state) => {
        const link = exploreLink(DEFAULT_SCOPE, state);
        expect(read(new URL(link, 'http://weir').searchParams)).toEqual(state);
      }),
    );
  });

  it('a plain question is a plain address', () => {
    expect(exploreLink(DEFAULT_SCOPE, {})).toBe('/explore');
    expect(Object.values(exploreValues(DEFAULT_EXPLORE)).every((value) => value === null)).toBe(true);
    expect(exploreLink({ ...DEFAULT_SCOPE, direction: 'egress' }, { by: ['asn', 'region'], top: 12 })).toBe(
      '/explore?dir=egress&by=asn%2Cregion&top=12',
    );
  });

  it('reads dimensions by the words of filters too, and writes them in one way', () => {
    expect(exploreParsers.by.parse('port,link,remote')).toEqual(['servicePort', 'linkKind', 'remoteAddress']);
    expect(exploreParsers.by.parse('proto,protocol')).toBeNull();
    expect(exploreParsers.by.serialize(['servicePort'])).toBe('servicePort');
  });

  it.each([
    'by=asn,asn',
    'by=asn,region,type,metro',
    'by=colour',
    'by=',
    'top=0',
    'top=51',
    'top=1.5',
    'of=volume',
    'as=pie',
    'step=7m',
    'off=a,,b',
  ])('%s is not understood, and said so', (query) => {
    const search = new URLSearchParams(query);
    expect(unreadExplore(search)).toHaveLength(1);
    expect(read(search)).toEqual(DEFAULT_EXPLORE);
  });

  it("its keys are no other page's", () => {
    const others = [...Object.keys(scopeParsers), ...Object.keys(viewParsers)];
    expect(Object.keys(exploreParsers).filter((key) => others.includes(key))).toEqual([]);
  });

  it('other groups bring other series: what was hidden is shown again', () => {
    const hiding = { ...DEFAULT_EXPLORE, hidden: ['CDN'] };
    expect(changedExplore(hiding, { by: ['asn'] }).hidden).toEqual([]);
    expect(changedExplore(hiding, { p95: true }).hidden).toEqual(['CDN']);
  });

  it('different keys have different names, and none is taken for Other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 2, maxLength: 2 }),
        fc.array(fc.string(), { minLength: 2, maxLength: 2 }),
        (a, b) => {
          expect(seriesKey(a) === seriesKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
          expect(seriesKey(a)).not.toBe(seriesKey(null));
        },
      ),
    );
    expect(seriesKey(['*'])).not.toBe(seriesKey(null));
    expect(seriesKey(['a,b'])).toBe('a%2Cb');
  });
});

describe('visualFor', () => {
  const traffic = { visual: 'auto', measure: 'traffic' } as const;
  it('draws an area by itself, a number for one moment, a table for many series', () => {
    expect(visualFor(traffic, 8, 288)).toEqual({ drawn: 'area', why: null });
    expect(visualFor(traffic, 8, 1).drawn).toBe('numbers');
    expect(visualFor(traffic, 20, 288).drawn).toBe('area');
    expect(visualFor(traffic, 21, 288).drawn).toBe('table');
    expect(visualFor({ ...traffic, visual: 'lines' }, 21, 288).drawn).toBe('lines');
  });

  it.each(['uniqueness', 'magnitude'] as const)(
    'never stacks %s, and says why when an area is asked for',
    (measure) => {
      expect(visualFor({ visual: 'auto', measure }, 8, 24)).toEqual({ drawn: 'lines', why: null });
      for (const visual of ['area', 'share'] as const) {
        const { drawn, why } = visualFor({ visual, measure }, 8, 24);
        expect(drawn).toBe('lines');
        expect(why).toMatch(/add/);
      }
    },
  );
});
