import { describe, expect, it } from 'vitest';
import { moveCell } from './moveCell';

describe('moveCell', () => {
  it('moves by arrows, Home and End, and stays inside', () => {
    const size = { rows: 2, columns: 3 };
    expect(moveCell('ArrowUp', { row: 0, column: 1 }, size)).toEqual({ row: 0, column: 1 });
    expect(moveCell('ArrowDown', { row: 0, column: 1 }, size)).toEqual({ row: 1, column: 1 });
    expect(moveCell('End', { row: 0, column: 1 }, size, true)).toEqual({ row: 1, column: 2 });
    expect(moveCell('a', { row: 0, column: 1 }, size)).toBeNull();
  });
});
