import { expect, it } from 'vitest';
import { transfersBetween } from './transfers';

const from = Date.UTC(2026, 9, 1) / 1000;
const to = Date.UTC(2026, 10, 1) / 1000;
const all = transfersBetween(42, { kind: 'dense', origin: from, finish: to, from, to });

it('transfers run at 100 Gb/s to 1 Tb/s, and some reach 600 Gb/s and more', () => {
  expect(all.length).toBeGreaterThan(200);
  expect(Math.min(...all.map((t) => t.bps))).toBeGreaterThanOrEqual(100e9);
  expect(Math.max(...all.map((t) => t.bps))).toBeLessThanOrEqual(1e12);
  expect(all.filter((t) => t.bps >= 600e9).length).toBeGreaterThan(5);
});

it('no line carries more than its 400 Gb/s', () => {
  for (const t of all) expect(t.bps / t.lines).toBeLessThanOrEqual(400e9);
});

it('a transfer belongs to the batch in which it ends', () => {
  const middle = from + 10 * 86_400 + 1234;
  const parts = [
    ...transfersBetween(42, { kind: 'dense', origin: from, finish: to, from, to: middle }),
    ...transfersBetween(42, { kind: 'dense', origin: from, finish: to, from: middle, to }),
  ];
  expect(parts).toEqual(all);
});
