import { describe, expect, it } from 'vitest';
import { dataStatus } from '@/lib/flows/contracts/dataStatus';
import { headline } from '@/lib/flows/contracts/headline';
import { regionTypeHeatmap } from '@/lib/flows/contracts/regionTypeHeatmap';
import { trafficOverTime } from '@/lib/flows/contracts/trafficOverTime';
import { questions } from './questions';

describe('questions', () => {
  it('are asked where their contracts say', () => {
    const contracts = { dataStatus, headline, regionTypeHeatmap, trafficOverTime };
    expect(Object.keys(questions).sort()).toEqual(Object.keys(contracts).sort());
    for (const [name, contract] of Object.entries(contracts)) {
      expect(questions[name as keyof typeof questions].path).toBe(contract.path);
    }
  });
});
