import { describe, expect, it } from 'vitest';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import { FlowTimes, settleTimes } from './flowTimes';
import { TIME_UNKNOWN } from './text/time';

const DAY = 86_400_000;
const T = Date.UTC(2026, 10, 22, 9);
const NOW = Date.UTC(2026, 10, 23);
const TIMEOUT = 1_800_000;

function settle(start: number, end: number | null, received: number | null): FlowTimes | string {
  const times = new FlowTimes();
  times.start = start;
  times.end = end ?? 0;
  times.endMissing = end === null;
  times.received = received ?? TIME_UNKNOWN;
  const rejection = settleTimes(times, TIMEOUT, NOW);
  return rejection === null ? times : rejection.reason;
}

describe('clamping', () => {
  it('leaves good times alone', () => {
    expect(settle(T, T + 500, T + 1000)).toMatchObject({
      start: T,
      end: T + 500,
      received: T + 1000,
      flags: 0,
    });
    expect(settle(T, T, T)).toMatchObject({ start: T, end: T, flags: 0 });
  });

  it('end before start: the start becomes the end', () => {
    expect(settle(T, T - 5000, T)).toMatchObject({
      start: T - 5000,
      end: T - 5000,
      flags: QUALITY_FLAGS.endBeforeStart,
    });
  });

  it('longer than twice the active timeout: the start becomes end minus active timeout', () => {
    const end = T + 2 * TIMEOUT;
    expect(settle(T, end, end)).toMatchObject({ start: T, end, flags: 0 });
    expect(settle(T - 1, end, end)).toMatchObject({
      start: end - TIMEOUT,
      end,
      flags: QUALITY_FLAGS.tooLong,
    });
  });

  it('ending more than 60 s after receipt: shifted to end at receipt', () => {
    expect(settle(T, T + 60_000, T)).toMatchObject({ start: T, end: T + 60_000, flags: 0 });
    expect(settle(T, T + 60_001, T)).toMatchObject({
      start: T - 60_001,
      end: T,
      flags: QUALITY_FLAGS.endsAfterReceipt,
    });
    // An exporter whose clock is eight hours ahead.
    expect(settle(T + 8 * 3_600_000, T + 8 * 3_600_000 + 500, T)).toMatchObject({ start: T - 500, end: T });
  });

  it('applies the rules one after the other and flags each', () => {
    expect(settle(T, T + 3 * TIMEOUT, T)).toMatchObject({
      start: T - TIMEOUT,
      end: T,
      flags: QUALITY_FLAGS.tooLong | QUALITY_FLAGS.endsAfterReceipt,
    });
  });

  it('without a receive time nothing is shifted, and the end stands in for it', () => {
    expect(settle(T, T + 500, null)).toMatchObject({
      end: T + 500,
      received: T + 500,
      flags: QUALITY_FLAGS.noReceiveTime,
    });
    expect(settle(T, T + 500, 5000)).toMatchObject({ received: T + 500, flags: QUALITY_FLAGS.noReceiveTime });
  });

  it('without an end the start stands in for it', () => {
    expect(settle(T, null, T)).toMatchObject({ start: T, end: T, flags: QUALITY_FLAGS.endMissing });
  });
});

describe('impossible times', () => {
  it('before 1980 are rejected', () => {
    expect(settle(Date.UTC(1979, 11, 31, 23, 59), T, T)).toBe('time_before_1980');
    expect(settle(T, Date.UTC(1970, 0, 1), T)).toBe('time_before_1980');
    expect(settle(Date.UTC(1980, 0, 1), Date.UTC(1980, 0, 1), null)).toMatchObject({
      start: Date.UTC(1980, 0, 1),
    });
  });

  it('more than a day after receipt are rejected', () => {
    expect(settle(T, T + DAY, T)).toMatchObject({ end: T });
    expect(settle(T, T + DAY + 1, T)).toBe('time_in_future');
    expect(settle(T + DAY + 1, T, T)).toBe('time_in_future');
  });

  it('without a receive time more than a day after now are rejected', () => {
    expect(settle(NOW + DAY, NOW + DAY, null)).toMatchObject({ start: NOW + DAY });
    expect(settle(NOW, NOW + DAY + 1, null)).toBe('time_in_future');
  });

  it('a receipt more than a day after now is rejected', () => {
    expect(settle(T, T, NOW + DAY)).toMatchObject({ start: T });
    expect(settle(T, T, NOW + DAY + 1)).toBe('time_in_future');
  });
});
