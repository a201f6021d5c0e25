import { describe, expect, it } from 'vitest';
import { cuts, meet, nearest, overlap, touches } from './shapes';

describe('measures of room', () => {
  it('tell lines that run through a box from those that pass it', () => {
    const box = { left: 10, top: 10, right: 20, bottom: 20 };
    expect(cuts({ from: [0, 0], to: [30, 30] }, box)).toBe(true);
    expect(cuts({ from: [0, 15], to: [9, 15] }, box)).toBe(false);
    expect(cuts({ from: [0, 25], to: [30, 25] }, box)).toBe(false);
    expect(cuts({ from: [12, 12], to: [13, 13] }, box)).toBe(true);
  });

  it('tell circles that reach into a box by its side or corner', () => {
    const box = { left: 10, top: 10, right: 20, bottom: 20 };
    expect(touches(box, { x: 5, y: 15, radius: 5.1 })).toBe(true);
    expect(touches(box, { x: 5, y: 5, radius: 5.1 })).toBe(false);
    expect(touches(box, { x: 5, y: 15, radius: 4 }, 1.5)).toBe(true);
  });

  it('tell boxes that stand apart from those that come too close', () => {
    const box = { left: 10, top: 10, right: 20, bottom: 20 };
    const beside = { left: 21, top: 10, right: 30, bottom: 20 };
    expect(overlap(box, beside)).toBe(false);
    expect(overlap(box, beside, 1.5)).toBe(true);
    expect(overlap(box, { ...beside, top: 30, bottom: 40 }, 1.5)).toBe(false);
  });

  it('tell lines that cross, and how far a point is from the nearest point of one', () => {
    expect(meet({ from: [0, 0], to: [10, 10] }, { from: [0, 10], to: [10, 0] })).toBe(true);
    expect(meet({ from: [0, 0], to: [4, 4] }, { from: [0, 10], to: [10, 0] })).toBe(false);
    expect(nearest({ from: [0, 0], to: [10, 0] }, { x: 5, y: 3, radius: 1 })).toBe(3);
    expect(nearest({ from: [0, 0], to: [10, 0] }, { x: 13, y: 4, radius: 1 })).toBe(5);
    expect(nearest({ from: [7, 7], to: [7, 7] }, { x: 7, y: 2, radius: 1 })).toBe(5);
  });
});
