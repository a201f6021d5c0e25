import { describe, expect, it } from 'vitest';
import { mayGrow } from './usePageClock';

const answer = (to: number, watermark: number | null, askedTo = to, question = 'headline') => ({
  rows: {},
  meta: { question, from: 0, to, asked: { from: 0, to: askedTo }, watermark },
});

describe('the live refresh asks again', () => {
  it('what reaches beyond the watermark', () => {
    expect(mayGrow(answer(1_200, 900))).toBe(true);
    // cut to whole hours, but asked until now
    expect(mayGrow(answer(600, 900, 1_200))).toBe(true);
  });

  it('what was not answered yet, or has no watermark', () => {
    expect(mayGrow(undefined)).toBe(true);
    expect(mayGrow(answer(600, null))).toBe(true);
  });

  it('what tells how things stand now, of any range', () => {
    expect(mayGrow(answer(600, 900, 600, 'data-status'))).toBe(true);
  });

  it('nothing that had ended before it', () => {
    expect(mayGrow(answer(900, 900))).toBe(false);
  });
});
