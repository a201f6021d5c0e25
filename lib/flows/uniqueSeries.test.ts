import { describe, expect, test } from 'vitest';
import type { Ask } from './plan';
import { KEEPS_EVERYTHING } from './tables';
import { chooseUniqueSeries } from './uniqueSeries';

const at = (text: string) => Date.parse(text) / 1000;
const NOW = at('2026-11-23T00:00:00Z');
const DAY = 86_400;

/** Raw flows, hours of states and days of addresses for 35 days, as by default; days of states for two years. */
const DEFAULTS = {
  ...KEEPS_EVERYTHING,
  flows: NOW - 35 * DAY,
  uniques_1h: NOW - 35 * DAY,
  endpoints_1d: NOW - 35 * DAY,
  uniques_1d: NOW - 730 * DAY,
};

const ask = (from: string, to: string, change: Partial<Ask> = {}): Ask => ({
  measure: 'uniqueness',
  dimensions: ['type'],
  range: { from: at(from), to: at(to) },
  zone: 'UTC',
  axis: true,
  retention: DEFAULTS,
  lookback: 3_600,
  ...change,
});

function chosen(asked: Ask) {
  const choice = chooseUniqueSeries(asked);
  if ('refusal' in choice) throw new Error(choice.refusal.why);
  return choice.series;
}

describe('distinct addresses over time', () => {
  test.each([
    ['a day by the hour', '2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z', '1h', 'uniques_1h'],
    ['a quarter by the day', '2026-07-01T00:00:00Z', '2026-10-01T00:00:00Z', '1d', 'uniques_1d'],
    ['a year by the month', '2025-11-01T00:00:00Z', '2026-11-01T00:00:00Z', '1mo', 'uniques_1mo'],
  ])('%s', (_, from, to, bucket, table) => {
    const { plan } = chosen(ask(from, to));
    expect([plan.bucket?.name, plan.table]).toEqual([bucket, table]);
  });

  test('a step that was asked for is taken: months of a quarter', () => {
    const { plan } = chosen(ask('2026-07-01T00:00:00Z', '2026-10-01T00:00:00Z', { step: '1mo' }));
    expect(plan).toMatchObject({ table: 'uniques_1mo', bucket: { name: '1mo' } });
  });

  test('where days are no longer kept, months answer, and the range is that of whole months', () => {
    const { plan } = chosen(ask('2024-07-10T00:00:00Z', '2024-08-20T00:00:00Z'));
    expect(plan).toMatchObject({
      table: 'uniques_1mo',
      from: at('2024-07-01T00:00:00Z'),
      to: at('2024-09-01T00:00:00Z'),
    });
  });

  test('by ASN a quarter is drawn by the month, and by the day while days are kept', () => {
    const byAsn = (from: string, to: string) => chosen(ask(from, to, { dimensions: ['asn'] })).plan;
    expect(byAsn('2026-07-01T00:00:00Z', '2026-10-01T00:00:00Z')).toMatchObject({
      table: 'uniques_asn_1mo',
      bucket: { name: '1mo' },
    });
    expect(byAsn('2026-11-10T00:00:00Z', '2026-11-20T00:00:00Z')).toMatchObject({
      table: 'endpoints_1d',
      bucket: { name: '1d' },
    });
  });

  test('days of New York are not days of UTC: those of UTC are drawn, and it is said', () => {
    const days = chosen(ask('2026-07-01T00:00:00Z', '2026-10-01T00:00:00Z', { zone: 'America/New_York' }));
    expect(days.zone).toBe('UTC');
    expect(days.zoneNote).toContain('America/New_York');
    const hours = chosen(ask('2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z', { zone: 'America/New_York' }));
    expect([hours.zone, hours.zoneNote]).toEqual(['America/New_York', null]);
  });

  test('hours of Kathmandu begin at :15, so hours of UTC are drawn', () => {
    const series = chosen(ask('2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z', { zone: 'Asia/Kathmandu' }));
    expect([series.zone, series.plan.bucket?.name]).toEqual(['UTC', '1h']);
  });

  test('by exporter raw flows are counted while they are kept, in days of the zone', () => {
    const byExporter = { dimensions: ['exporter'], zone: 'Asia/Kathmandu', step: '1d' } as const;
    const { plan, zone, zoneNote } = chosen(ask('2026-11-10T00:00:00Z', '2026-11-20T00:00:00Z', byExporter));
    expect(plan).toMatchObject({
      table: 'flows',
      bucket: { name: '1d' },
      from: at('2026-11-10T00:00:00Z'),
      to: at('2026-11-20T00:00:00Z'),
      widened: null,
    });
    expect([zone, zoneNote]).toEqual(['Asia/Kathmandu', null]);
    expect(chooseUniqueSeries(ask('2026-10-01T00:00:00Z', '2026-11-20T00:00:00Z', byExporter))).toMatchObject(
      { refusal: { code: 'not_retained', retainedFrom: NOW - 35 * DAY + 3_600 } },
    );
  });

  test('by remote address there is nothing to count', () => {
    const asked = ask('2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z', { dimensions: ['remoteAddress'] });
    expect(chooseUniqueSeries(asked)).toMatchObject({ refusal: { code: 'not_answerable' } });
  });
});
