import { describe, expect, test } from 'vitest';
import type { Ask } from './plan';
import { KEEPS_EVERYTHING } from './tables';
import { at, parts, plan, range, refusal } from './testing/choose';

describe('distinct addresses', () => {
  const uniques = (ask: Partial<Ask>) =>
    plan({ measure: 'uniqueness', dimensions: ['region', 'type'], axis: false, ...ask });

  test('are composed of whole months, days and hours', () => {
    expect(parts(uniques({ range: range('2026-07-30T22:00:00Z', '2026-11-02T01:00:00Z') }))).toEqual([
      'uniques_1h 2026-07-30T22:00 2026-07-31T00:00',
      'uniques_1d 2026-07-31T00:00 2026-08-01T00:00',
      'uniques_1mo 2026-08-01T00:00 2026-11-01T00:00',
      'uniques_1d 2026-11-01T00:00 2026-11-02T00:00',
      'uniques_1h 2026-11-02T00:00 2026-11-02T01:00',
    ]);
  });

  test('take thirds of months between days and months, as far back as they are complete', () => {
    const asked = range('2026-01-09T00:00:00Z', '2026-04-22T00:00:00Z');
    const whole = [
      'uniques_1d 2026-01-09T00:00 2026-01-11T00:00',
      'uniques_10d 2026-01-11T00:00 2026-02-01T00:00',
      'uniques_1mo 2026-02-01T00:00 2026-04-01T00:00',
      'uniques_10d 2026-04-01T00:00 2026-04-21T00:00',
      'uniques_1d 2026-04-21T00:00 2026-04-22T00:00',
    ];
    expect(parts(uniques({ range: asked }))).toEqual(whole);
    const retention = { ...KEEPS_EVERYTHING, uniques_10d: at('2026-04-12T00:00:00Z') };
    expect(parts(uniques({ range: asked, retention }))).toEqual([
      'uniques_1d 2026-01-09T00:00 2026-02-01T00:00',
      'uniques_1mo 2026-02-01T00:00 2026-04-01T00:00',
      'uniques_1d 2026-04-01T00:00 2026-04-22T00:00',
    ]);
    expect(parts(uniques({ range: range('2026-02-11T00:00:00Z', '2026-03-01T00:00:00Z') }))).toEqual([
      'uniques_10d 2026-02-11T00:00 2026-03-01T00:00',
    ]);
  });

  test('of a quarter are three months', () => {
    expect(parts(uniques({ range: range('2026-07-01T00:00:00Z', '2026-10-01T00:00:00Z') }))).toEqual([
      'uniques_1mo 2026-07-01T00:00 2026-10-01T00:00',
    ]);
  });

  test('widen to the nearest stored edge and say so: hours, and days where hours are gone', () => {
    const asked = range('2026-09-03T10:20:00Z', '2026-09-05T10:20:00Z');
    expect(uniques({ range: asked })).toMatchObject({
      ...range('2026-09-03T10:00:00Z', '2026-09-05T11:00:00Z'),
      widened: expect.stringContaining('whole UTC hours'),
    });
    const retention = { ...KEEPS_EVERYTHING, uniques_1h: at('2026-10-18T12:00:00Z') };
    expect(uniques({ range: asked, retention })).toMatchObject({
      ...range('2026-09-03T00:00:00Z', '2026-09-06T00:00:00Z'),
      widened: expect.stringContaining('whole UTC days'),
    });
  });

  test('by ASN and place are composed of whole months and days of single addresses', () => {
    const asked = range('2026-07-30T22:00:00Z', '2026-09-02T01:00:00Z');
    expect(parts(uniques({ dimensions: ['asn', 'region'], range: asked }))).toEqual([
      'endpoints_1d 2026-07-30T00:00 2026-08-01T00:00',
      'uniques_asn_1mo 2026-08-01T00:00 2026-09-01T00:00',
      'endpoints_1d 2026-09-01T00:00 2026-09-03T00:00',
    ]);
    const retention = { ...KEEPS_EVERYTHING, endpoints_1d: at('2026-10-01T00:00:00Z') };
    expect(uniques({ dimensions: ['metro'], range: asked, retention })).toMatchObject({
      table: 'uniques_place_1mo',
      widened: expect.stringContaining('whole UTC months'),
    });
    expect(plan({ measure: 'uniqueness', dimensions: ['asn', 'country'], axis: false }).table).toBe(
      'endpoints_1d',
    );
  });

  test('before any state is kept are refused with the date', () => {
    const months = at('2026-06-01T00:00:00Z');
    const retention = { ...KEEPS_EVERYTHING, uniques_1h: months, uniques_1d: months, uniques_1mo: months };
    expect(
      refusal({
        measure: 'uniqueness',
        axis: false,
        range: range('2026-05-01T00:00:00Z', '2026-08-01T00:00:00Z'),
        retention,
      }),
    ).toMatchObject({ code: 'not_retained', retainedFrom: months });
  });
});
