import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runsOfMasks, runsOfSlots } from './coveredSlots';

const SECONDS_OF_DAY = 86_400;
const DAY = Date.UTC(2026, 6, 1) / 1000;
const at = (clock: string) => Date.parse(`2026-07-01T${clock}:00Z`) / 1000;
const ANY = { from: 0, to: DAY + 10 * SECONDS_OF_DAY };

test('bits of the masks are the five minutes of a UTC day', () => {
  const early = (1n << 0n) | (1n << 1n) | (1n << 143n);
  const late = (1n << 0n) | (1n << 143n);
  expect(runsOfMasks([{ day: DAY, early, late }], ANY)).toEqual([
    { from: at('00:00'), to: at('00:10') },
    { from: at('11:55'), to: at('12:05') },
    { from: at('23:55'), to: DAY + SECONDS_OF_DAY },
  ]);
  expect(runsOfMasks([{ day: DAY, early: 0n, late: 0n }], ANY)).toEqual([]);
});

test('one silent slot between two others does not end a run, two do', () => {
  expect(runsOfSlots([at('00:00'), at('00:10'), at('00:15'), at('00:30')])).toEqual([
    { from: at('00:00'), to: at('00:20') },
    { from: at('00:30'), to: at('00:35') },
  ]);
  expect(runsOfSlots([])).toEqual([]);
});

test('masks of days give the runs of their slots within a range, whole days and days with gaps alike', () => {
  const whole = fc.constant(Array<boolean>(288).fill(true));
  const some = fc.array(fc.boolean(), { minLength: 288, maxLength: 288 });
  const one = fc.nat(287).map((silent) => Array.from({ length: 288 }, (_, slot) => slot !== silent));
  const days = fc.array(fc.oneof(whole, one, some), { minLength: 1, maxLength: 5 });
  const edges = fc.tuple(fc.nat(6 * 288), fc.nat(6 * 288));
  fc.assert(
    fc.property(days, edges, (slotsOfDays, [a, b]) => {
      const range = { from: DAY + Math.min(a, b) * 300, to: DAY + Math.max(a, b) * 300 };
      const masks = slotsOfDays.map((slots, day) => ({
        day: DAY + day * SECONDS_OF_DAY,
        early: maskOf(slots.slice(0, 144)),
        late: maskOf(slots.slice(144)),
      }));
      const starts = slotsOfDays
        .flat()
        .flatMap((sent, slot) => (sent ? [DAY + slot * 300] : []))
        .filter((start) => start >= range.from && start < range.to);
      expect(runsOfMasks(masks, range)).toEqual(runsOfSlots(starts));
    }),
  );
});

function maskOf(slots: readonly boolean[]): bigint {
  return slots.reduce((mask, sent, bit) => (sent ? mask | (1n << BigInt(bit)) : mask), 0n);
}
