import { beforeAll, describe, expect, it } from 'vitest';
import { NETWORK_TYPES, type NetworkType } from '@/lib/flows/networkTypes';
import { readDemoNetwork } from '../network/demoNetwork';
import { type CellCurve, type PlanDirection, planCurves } from './curve';

let curves: CellCurve[];
beforeAll(async () => {
  curves = planCurves(42, (await readDemoNetwork()).migrationOpen);
});

const utc = (text: string) => Date.parse(`${text}T00:00:00Z`) / 1000;

/** bit/s of a type at an instant over all regions. */
function bps(type: NetworkType, direction: PlanDirection, seconds: number): number {
  let sum = 0;
  for (const curve of curves) {
    if (curve.cell.type === type && curve.cell.direction === direction) {
      sum += curve.bps(seconds) + curve.backupBps(seconds);
    }
  }
  return sum;
}

/** Mean Gb/s by type over [from, to), from hourly values. */
function means(direction: PlanDirection, from: string, to: string): Record<NetworkType, number> {
  const sums = Object.fromEntries(NETWORK_TYPES.map((type) => [type, 0])) as Record<NetworkType, number>;
  const hours = (utc(to) - utc(from)) / 3600;
  for (let hour = 0; hour < hours; hour++) {
    for (const type of NETWORK_TYPES)
      sums[type] += bps(type, direction, utc(from) + (hour + 0.5) * 3600) / 1e9 / hours;
  }
  return sums;
}

function shares(direction: PlanDirection, from: string, to: string): Record<NetworkType, number> {
  const mean = means(direction, from, to);
  const total = NETWORK_TYPES.reduce((sum, type) => sum + mean[type], 0);
  return Object.fromEntries(NETWORK_TYPES.map((type) => [type, (100 * mean[type]) / total])) as Record<
    NetworkType,
    number
  >;
}

/** Every five minutes of a day, over all types. */
function day(
  direction: PlanDirection,
  date: string,
  types: readonly NetworkType[] = NETWORK_TYPES,
): number[] {
  return Array.from({ length: 288 }, (_, i) =>
    types.reduce((sum, type) => sum + bps(type, direction, utc(date) + 150 + i * 300), 0),
  );
}

const near = (actual: number, published: number) => expect(Math.abs(actual - published)).toBeLessThan(1.2);

describe('published shares of traffic sent', () => {
  it('August 2025', () => {
    const s = shares('egress', '2025-08-01', '2025-09-01');
    near(s.Neocloud, 19.8);
    near(s.Hyperscaler, 3.5);
    near(s.Neocloud + s.Hyperscaler + s.Hosting, 36.2);
  });
  it('fourth quarter of 2025', () => {
    const s = shares('egress', '2025-10-01', '2026-01-01');
    near(s.Neocloud, 18.4);
    near(s.Hyperscaler, 18);
    near(s.Neocloud + s.Hyperscaler + s.Hosting, 49.6);
    near(s.CDN, 20);
    near(s['ISP Regional'], 21.5);
  });
  it('first quarter of 2026', () => {
    const s = shares('egress', '2026-01-01', '2026-04-01');
    near(s.CDN, 32);
    near(s['ISP Regional'], 27.8);
    near(s.Neocloud + s.Hyperscaler, 25.5);
  });
});

it('CDN is two thirds above its first quarter by the second of 2026', () => {
  const growth =
    means('egress', '2026-04-01', '2026-07-01').CDN / means('egress', '2025-07-01', '2025-10-01').CDN;
  expect(growth).toBeGreaterThan(1.6);
  expect(growth).toBeLessThan(1.75);
});

it('neocloud rises from July to November and peaks in October', () => {
  const month = (from: string, to: string) => means('egress', from, to).Neocloud;
  const [july, september, october, november, december] = [
    month('2025-07-01', '2025-08-01'),
    month('2025-09-01', '2025-10-01'),
    month('2025-10-01', '2025-11-01'),
    month('2025-11-01', '2025-12-01'),
    month('2025-12-01', '2026-01-01'),
  ];
  expect(september).toBeGreaterThan(july);
  expect(october).toBeGreaterThan(september);
  expect(october).toBeGreaterThan(november);
  expect(november).toBeGreaterThan(july);
  expect(november).toBeGreaterThan(december);
});

it('the levels of one point in May 2026 are those published', () => {
  const may = Array.from({ length: 31 * 48 }, (_, i) => utc('2026-05-01') + i * 1800);
  const range = (type: NetworkType, direction: PlanDirection) => {
    const values = may.map((t) => bps(type, direction, t) / 1e9).sort((a, b) => a - b);
    return {
      low: values[Math.floor(values.length * 0.02)] ?? 0,
      high: values[Math.floor(values.length * 0.98)] ?? 0,
    };
  };
  const within = ({ low, high }: { low: number; high: number }, from: number, to: number) => {
    expect(low).toBeGreaterThanOrEqual(from);
    expect(high).toBeLessThanOrEqual(to);
  };
  within(range('Hyperscaler', 'egress'), 50, 150);
  within(range('Neocloud', 'egress'), 190, 360);
  within(range('Hosting', 'ingress'), 72, 130);
  expect(range('CDN', 'egress').high).toBeGreaterThan(540);
  expect(range('CDN', 'egress').high).toBeLessThan(640);
  expect(range('ISP Regional', 'ingress').high).toBeGreaterThan(395);
  expect(range('ISP Regional', 'ingress').high).toBeLessThan(500);
});

describe('a day of five-minute values', () => {
  it('has a trough of about half of its peak', () => {
    const total = day('egress', '2026-11-18');
    const ratio = Math.min(...total) / Math.max(...total);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(0.72);
    const homes = day('egress', '2026-11-18', ['ISP Regional']);
    expect(Math.min(...homes) / Math.max(...homes)).toBeLessThan(0.62);
  });

  it('moves in small steps, as load does and noise does not', () => {
    const total = day('egress', '2026-11-18');
    const mean = total.reduce((a, b) => a + b) / total.length;
    const steps = total.slice(1).map((value, i) => Math.abs(value - (total[i] ?? 0)) / mean);
    expect(steps.reduce((a, b) => a + b) / steps.length).toBeLessThan(0.012);
    expect(Math.max(...steps)).toBeLessThan(0.05);
  });

  it('is no smooth curve either: around its two-hour mean it keeps moving, and keeps direction for a while', () => {
    const total = day('egress', '2026-11-18');
    const rest = total.map((value, i) => {
      const around = total.slice(Math.max(0, i - 12), i + 13);
      return value / (around.reduce((a, b) => a + b) / around.length) - 1;
    });
    const variance = rest.reduce((sum, r) => sum + r * r, 0) / rest.length;
    expect(Math.sqrt(variance)).toBeGreaterThan(0.004);
    const lagged = rest.slice(1).reduce((sum, r, i) => sum + r * (rest[i] ?? 0), 0) / rest.length;
    expect(lagged / variance).toBeGreaterThan(0.4);
  });
});

it('backups start at local midnight, on the hour, and larger on the 1st', () => {
  const hosting = curves.find(
    ({ cell }) => cell.region === 'US-West' && cell.type === 'Hosting' && cell.direction === 'ingress',
  );
  const at = (text: string) => hosting?.backupBps(Date.parse(text) / 1000) ?? 0;
  // US-West is eight hours behind UTC in November.
  expect(at('2026-11-18T08:10:00Z')).toBeGreaterThan(3e9);
  expect(at('2026-11-18T07:50:00Z')).toBeLessThan(0.1e9);
  expect(at('2026-11-18T15:04:00Z')).toBeGreaterThan(0.3e9);
  expect(at('2026-11-18T15:30:00Z')).toBe(0);
  expect(at('2026-12-01T08:20:00Z')).toBeGreaterThan(1.4 * at('2026-11-18T08:20:00Z'));
});

it('Migration flows only on days on which the line is marked so', () => {
  const west = curves.find(
    ({ cell }) => cell.region === 'US-West' && cell.type === 'Migration' && cell.direction === 'egress',
  );
  expect(west?.bps(utc('2025-07-20'))).toBe(0);
  expect(west?.bps(utc('2025-09-15'))).toBeGreaterThan(5e9);
  expect(west?.bps(utc('2026-02-15'))).toBe(0);
  expect(west?.bps(utc('2026-09-15'))).toBeGreaterThan(5e9);
});
