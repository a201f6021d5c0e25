import { describe, expect, it } from 'vitest';
import { quarterRange } from '@/lib/flows/presets';
import { closedQuarters, stepChoice } from './stepScope';

describe('stepping', () => {
  it('a quarter steps to its neighbour, over the turn of the year too', () => {
    expect(stepChoice(quarterRange(2026, 1), -1)).toEqual({ kind: 'preset', preset: '2025-Q4' });
    expect(stepChoice(quarterRange(2025, 4), 1)).toEqual({ kind: 'preset', preset: '2026-Q1' });
  });

  it('any other range steps by its own length', () => {
    expect(stepChoice({ from: 1000, to: 1600 }, -1)).toEqual({ kind: 'absolute', from: 400, to: 1000 });
  });

  it('lists closed quarters, latest first', () => {
    expect(closedQuarters(Date.UTC(2026, 1, 10) / 1000, 3)).toEqual(['2025-Q4', '2025-Q3', '2025-Q2']);
  });
});
