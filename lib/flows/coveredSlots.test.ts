import { expect, test } from 'vitest';
import { runsOfSlots, slotsOfMasks } from './coveredSlots';

const DAY = Date.UTC(2026, 6, 1) / 1000;
const at = (clock: string) => Date.parse(`2026-07-01T${clock}:00Z`) / 1000;

test('bits of the masks are the five minutes of a UTC day', () => {
  const early = (1n << 0n) | (1n << 1n) | (1n << 143n);
  const late = (1n << 0n) | (1n << 143n);
  expect(slotsOfMasks(DAY, early, late)).toEqual([
    at('00:00'),
    at('00:05'),
    at('11:55'),
    at('12:00'),
    at('23:55'),
  ]);
  expect(slotsOfMasks(DAY, 0n, 0n)).toEqual([]);
});

test('one silent slot between two others does not end a run, two do', () => {
  expect(runsOfSlots([at('00:00'), at('00:10'), at('00:15'), at('00:30')])).toEqual([
    { from: at('00:00'), to: at('00:20') },
    { from: at('00:30'), to: at('00:35') },
  ]);
  expect(runsOfSlots([])).toEqual([]);
});
