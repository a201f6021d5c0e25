import { describe, expect, it } from 'vitest';
import { comparedPeriods } from './comparedPeriods';

const at = (text: string) => Date.parse(`2026-11-${text}:00Z`) / 1000;
const range = (from: string, to: string) => ({ from: at(from), to: at(to) });

describe('periods of the headline', () => {
  it('a closed range is asked as it is', () => {
    const asked = range('20T10:05', '20T11:05');
    const before = range('20T09:05', '20T10:05');
    expect(comparedPeriods(asked, before, at('22T00:00'))).toEqual({
      current: { range: asked, uniques: asked },
      previous: { range: before, uniques: before },
    });
  });

  it('the last day, complete to ten minutes ago, meets the same stretch and the same 24 hours of the day before', () => {
    const asked = range('21T22:50', '22T22:50');
    expect(comparedPeriods(asked, range('20T22:50', '21T22:50'), at('22T22:40'))).toEqual({
      current: { range: asked, uniques: range('21T22:00', '22T22:00') },
      previous: { range: range('20T22:50', '21T22:40'), uniques: range('20T22:00', '21T22:00') },
    });
  });

  it('without a complete hour the addresses are of the range, and so are not compared', () => {
    const asked = range('22T22:05', '22T23:05');
    const { current } = comparedPeriods(asked, null, at('22T22:55'));
    expect(current.uniques).toEqual(asked);
  });

  it('nothing complete, or nothing ever received: as it is', () => {
    const asked = range('22T22:05', '22T23:05');
    for (const watermark of [null, at('22T22:05'), at('22T20:00')]) {
      expect(comparedPeriods(asked, null, watermark).current).toEqual({ range: asked, uniques: asked });
    }
  });
});
