import { describe, expect, test } from 'vitest';
import { compareRange } from './scope';

const at = (text: string) => Date.parse(text) / 1000;
const day = { from: at('2026-11-21T06:00Z'), to: at('2026-11-22T06:00Z') };

describe('a range is compared with', () => {
  test('the one before it', () => {
    expect(compareRange(day, 'previous', 'UTC')).toEqual({ from: at('2026-11-20T06:00Z'), to: day.from });
  });

  test('the same weekdays of the quarter before, 13 weeks earlier', () => {
    expect(compareRange(day, 'last-quarter', 'UTC')).toEqual({
      from: at('2026-08-22T06:00Z'),
      to: at('2026-08-23T06:00Z'),
    });
  });

  test('any other of its length', () => {
    expect(compareRange(day, { from: at('2025-11-21T06:00Z') }, 'UTC')).toEqual({
      from: at('2025-11-21T06:00Z'),
      to: at('2025-11-22T06:00Z'),
    });
  });

  test('nothing', () => {
    expect(compareRange(day, 'none', 'UTC')).toBeNull();
  });
});
