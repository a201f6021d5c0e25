import { describe, expect, test } from 'vitest';
import { answerableHeatmap, HEATMAP_NAMES, HEATMAPS, heatmapOf } from './heatmapState';

const none = { heat: null, cell: null, color: null, delta: null } as const;

describe('the state of the heatmaps page', () => {
  test('a plain address is the three measures of the reports', () => {
    expect(heatmapOf(none)).toEqual({ heatmap: 'region-type', measure: null, scale: 'linear', delta: false });
  });

  test('every other pair of axes begins with volume', () => {
    for (const heat of HEATMAP_NAMES.slice(1)) {
      expect(heatmapOf({ ...none, heat }).measure).toBe('volume');
    }
  });

  test('names in the address say the axes', () => {
    for (const name of HEATMAP_NAMES) expect(HEATMAPS[name].join('-')).toBe(name);
  });

  test('volume can be had of every pair; p95 by metro only from raw flows or of hours', () => {
    for (const name of HEATMAP_NAMES) expect(answerableHeatmap(name, 'volume').how).toBe('exact');
    expect(answerableHeatmap('region-type', 'p95').how).toBe('exact');
    expect(answerableHeatmap('region-metro', 'p95').how).toBe('raw');
  });
});
