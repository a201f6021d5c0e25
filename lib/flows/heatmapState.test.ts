import { describe, expect, test } from 'vitest';
import { answerableHeatmap, HEATMAP_NAMES, HEATMAPS, heatmapOf, whyNoChange } from './heatmapState';

const none = { heat: null, cell: null, color: null, delta: null } as const;

describe('the state of the heatmaps page', () => {
  test('a plain address is the three measures of the reports', () => {
    expect(heatmapOf(none)).toEqual({ heatmap: 'region-type', measure: null, scale: 'auto', delta: false });
  });

  test('every other pair of axes begins with volume, hours with the rate', () => {
    const first = (heat: (typeof HEATMAP_NAMES)[number]) => heatmapOf({ ...none, heat }).measure;
    for (const heat of ['region-metro', 'type-country', 'type-month', 'region-month'] as const) {
      expect(first(heat), heat).toBe('volume');
    }
    for (const heat of ['weekday-hour', 'day-hour'] as const) expect(first(heat), heat).toBe('traffic');
  });

  test('days and months of two ranges are not compared', () => {
    const shown = HEATMAP_NAMES.filter((heat) => heatmapOf({ ...none, heat, delta: '1' }).delta);
    expect(shown).toEqual(['region-type', 'region-metro', 'type-country', 'weekday-hour']);
    expect(whyNoChange('type-month')).toContain('no month in common');
  });

  test('names in the address say the axes, rows first but of region and type', () => {
    for (const name of HEATMAP_NAMES) {
      const axes: readonly string[] = HEATMAPS[name];
      expect((name === 'region-type' ? axes.toReversed() : axes).join('-')).toBe(name);
    }
    expect(HEATMAPS['region-type'][0]).toBe('type');
  });

  test('volume can be had of every pair; p95 by metro only from raw flows or of hours', () => {
    for (const name of HEATMAP_NAMES) expect(answerableHeatmap(name, 'volume').how).toBe('exact');
    expect(answerableHeatmap('region-type', 'p95').how).toBe('exact');
    expect(answerableHeatmap('region-metro', 'p95').how).toBe('raw');
  });
});
