import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dimension } from './dimensions';
import { type Ask, printed } from './plan';
import { KEEPS_EVERYTHING, type Retention, TABLES } from './tables';
import { at, parts, plan, range, refusal } from './testing/choose';

describe('sums by type', () => {
  test('of a month in buckets of two hours come from hours', () => {
    expect(plan({})).toMatchObject({
      table: 'types_1h',
      bucket: { name: '2h' },
      widened: null,
      reason:
        'types_1h holds network type, direction in slots of 1 hour; buckets of 2 hours are finer than 1 day',
    });
  });

  test('come from the narrowest table that holds what is split and filtered by', () => {
    const tableFor = (...dimensions: Dimension[]) => plan({ dimensions }).table;
    expect(tableFor('direction')).toBe('types_1h');
    expect(tableFor('region', 'direction')).toBe('traffic_1h');
    expect(tableFor('type', 'ip')).toBe('traffic_1h');
    const p95For = (...dimensions: Dimension[]) => plan({ dimensions, measure: 'p95', axis: false }).table;
    expect(p95For('direction')).toBe('totals_5m');
    expect(p95For('region')).toBe('regions_5m');
    expect(p95For('type')).toBe('types_5m');
    expect(p95For('type', 'region')).toBe('traffic_5m');
  });

  test('not on hours take the edges from five minutes', () => {
    expect(parts(plan({ range: range('2026-10-24T09:25:00Z', '2026-11-22T10:40:00Z') }))).toEqual([
      'types_5m 2026-10-24T09:25 2026-10-24T10:00',
      'types_1h 2026-10-24T10:00 2026-11-22T10:00',
      'types_5m 2026-11-22T10:00 2026-11-22T10:40',
    ]);
  });

  test('without a time axis take whole UTC days too, in any zone', () => {
    const chosen = plan({
      axis: false,
      measure: 'volume',
      zone: 'Asia/Kathmandu',
      range: range('2026-10-24T09:25:00Z', '2026-11-22T10:40:00Z'),
    });
    expect(parts(chosen)).toEqual([
      'types_5m 2026-10-24T09:25 2026-10-24T10:00',
      'types_1h 2026-10-24T10:00 2026-10-25T00:00',
      'traffic_1d 2026-10-25T00:00 2026-11-22T00:00',
      'types_1h 2026-11-22T00:00 2026-11-22T10:00',
      'types_5m 2026-11-22T10:00 2026-11-22T10:40',
    ]);
    expect(chosen.reason).toBe(
      'traffic_1d for the whole UTC days, types_1h for the whole hours, types_5m for what is left at the edges: all hold network type, direction',
    );
  });

  test('in buckets of days come from days in UTC only', () => {
    const years = range('2024-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
    expect(plan({ range: years })).toMatchObject({ table: 'traffic_1d', bucket: { name: '1w' } });
    expect(plan({ range: years, zone: 'America/New_York' }).table).toBe('types_1h');
  });

  test('in buckets finer than an hour come from five minutes', () => {
    const chosen = plan({ range: range('2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z') });
    expect(chosen.table).toBe('types_5m');
    expect(chosen.reason).toMatch(/5 minutes are finer than 1 hour/);
  });

  test('in a zone whose hours are not those of UTC come from five minutes, where buckets are drawn', () => {
    const chosen = plan({ zone: 'Asia/Kathmandu' });
    expect(chosen.table).toBe('types_5m');
    expect(chosen.reason).toMatch(/hours of Asia\/Kathmandu are not hours of UTC/);
  });

  test('not on five minutes are widened, and say so', () => {
    const chosen = plan({ range: range('2026-10-24T09:22:10Z', '2026-11-22T10:41:00Z') });
    expect(chosen).toMatchObject(range('2026-10-24T09:20:00Z', '2026-11-22T10:45:00Z'));
    expect(chosen.widened).toBe(
      'Widened to 2026-10-24 09:20 UTC until 2026-11-22 10:45 UTC: the tables that answer keep slots of 5 minutes.',
    );
  });

  test('of a short range are drawn by the minute from raw flows while these are kept', () => {
    const short = range('2026-11-22T09:13:00Z', '2026-11-22T10:02:00Z');
    expect(plan({ range: short })).toMatchObject({
      table: 'flows',
      ...short,
      widened: null,
      bucket: { name: '1m' },
    });
    expect(
      plan({ range: short, retention: { ...KEEPS_EVERYTHING, flows: at('2026-11-22T09:00:00Z') } }),
    ).toMatchObject({
      table: 'types_5m',
      widened: expect.stringContaining('5 minutes'),
    });
  });

  test('of a short range are not drawn by the minute where that would read more than ten million records', () => {
    const short = range('2026-11-22T09:00:00Z', '2026-11-22T10:00:00Z');
    expect(plan({ range: short, recordsPerSlot: 400_000 }).table).toBe('flows');
    expect(plan({ range: short, recordsPerSlot: 420_000 }).table).toBe('types_5m');
  });

  test('leave no hour or day that straddles the cut', () => {
    const cut = at('2026-11-20T10:35:00Z');
    const chosen = plan({ axis: false, measure: 'volume', cut });
    expect(parts(chosen)).toEqual([
      'traffic_1d 2026-10-24T00:00 2026-11-20T00:00',
      'types_1h 2026-11-20T00:00 2026-11-20T10:00',
      'types_5m 2026-11-20T10:00 2026-11-22T00:00',
    ]);
    expect(plan({ axis: false, measure: 'volume', cut: at('2020-01-01T00:00:00Z') }).table).toBe('types_5m');
  });
});

describe('other dimensions', () => {
  test('of links, origins and services come from tables of their own', () => {
    expect(plan({ dimensions: ['provider', 'linkKind'] }).table).toBe('links_1h');
    expect(plan({ dimensions: ['provider', 'linkKind'], measure: 'p95', axis: false }).table).toBe(
      'links_5m',
    );
    expect(plan({ dimensions: ['asn', 'type'] }).table).toBe('asns_1h');
    expect(plan({ dimensions: ['country', 'metro'] }).table).toBe('places_1h');
    expect(plan({ dimensions: ['protocol', 'servicePort'] }).table).toBe('services_1h');
    expect(plan({ dimensions: ['asn'], axis: false }).table).toBe('asns_1d');
    expect(plan({ dimensions: ['asn'], measure: 'p95Hourly', axis: false }).table).toBe('asns_1h');
  });

  test('that are kept by the hour take edges from raw flows while these are kept and few, else widen', () => {
    const asked = range('2026-11-10T09:12:00Z', '2026-11-20T10:40:00Z');
    const ask: Partial<Ask> = { dimensions: ['asn'], measure: 'volume', axis: false, range: asked };
    expect(parts(plan(ask))).toEqual([
      'flows 2026-11-10T09:12 2026-11-10T10:00',
      'asns_1h 2026-11-10T10:00 2026-11-11T00:00',
      'asns_1d 2026-11-11T00:00 2026-11-20T00:00',
      'asns_1h 2026-11-20T00:00 2026-11-20T10:00',
      'flows 2026-11-20T10:00 2026-11-20T10:40',
    ]);
    const wide = range('2026-11-10T09:00:00Z', '2026-11-20T11:00:00Z');
    expect(plan({ ...ask, recordsPerSlot: 1_000_000 })).toMatchObject({
      ...wide,
      widened: expect.stringContaining('whole hours'),
    });
    const retention = { ...KEEPS_EVERYTHING, flows: at('2026-11-15T00:00:00Z') };
    expect(plan({ ...ask, retention })).toMatchObject(wide);
  });

  test('over a day are drawn from raw flows while these are few, else by the hour', () => {
    const day = range('2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z');
    expect(plan({ dimensions: ['asn'], range: day })).toMatchObject({
      table: 'flows',
      bucket: { name: '5m' },
    });
    expect(plan({ dimensions: ['asn'], range: day, recordsPerSlot: 1_000_000 })).toMatchObject({
      table: 'asns_1h',
      bucket: { name: '1h' },
    });
  });

  test('of hours in a zone off by 45 minutes are drawn from raw flows, or refused with the way out', () => {
    const ask: Partial<Ask> = { dimensions: ['country'], zone: 'Asia/Kathmandu' };
    expect(plan(ask).table).toBe('flows');
    const retention = { ...KEEPS_EVERYTHING, flows: at('2026-11-15T00:00:00Z') };
    expect(refusal({ ...ask, retention })).toMatchObject({
      code: 'not_retained',
      change: expect.stringContaining('In UTC, places_1h may still answer'),
    });
  });

  test('of addresses come from days, and are refused where neither these nor raw flows are kept', () => {
    const ask: Partial<Ask> = { dimensions: ['remoteAddress'], measure: 'volume', axis: false };
    expect(plan(ask).table).toBe('endpoints_1d');
    expect(plan({ ...ask, dimensions: ['remoteAddress', 'localAddress'] }).table).toBe('pairs_1d');
    expect(plan({ ...ask, dimensions: ['remotePrefix', 'asn'] }).table).toBe('endpoints_1d');
    const since = at('2026-11-01T00:00:00Z');
    const retention = { ...KEEPS_EVERYTHING, flows: since, endpoints_1d: since, pairs_1d: since };
    expect(refusal({ ...ask, retention })).toMatchObject({ code: 'not_retained', retainedFrom: since });
  });

  test('that no rollup holds together come from raw flows, which say why', () => {
    const chosen = plan({ dimensions: ['type', 'exporter'] });
    expect(chosen.table).toBe('flows');
    expect(chosen.reason).toContain('no rollup holds traffic by network type, exporter together');
  });

  test('p95 takes whole slots of five minutes', () => {
    expect(plan({ measure: 'p95', axis: false })).toMatchObject({ table: 'types_5m' });
    expect(
      plan({
        measure: 'p95',
        axis: false,
        dimensions: ['asn'],
        range: range('2026-11-21T00:02:00Z', '2026-11-21T12:00:00Z'),
      }),
    ).toMatchObject({
      table: 'flows',
      ...range('2026-11-21T00:00:00Z', '2026-11-21T12:00:00Z'),
    });
  });

  test('distinct addresses by address are refused, with what to choose instead', () => {
    expect(refusal({ measure: 'uniqueness', dimensions: ['remoteAddress'], axis: false })).toMatchObject({
      code: 'not_answerable',
      change: expect.stringContaining('Choose'),
    });
  });
});

describe('past retention', () => {
  const all = (first: number) =>
    Object.fromEntries(TABLES.map((table) => [table, first])) as unknown as Retention;
  const kept = (change: Partial<Retention>): Retention => ({ ...KEEPS_EVERYTHING, ...change });

  test('of five minutes, hours answer and the range is widened to them', () => {
    const chosen = plan({
      range: range('2026-01-01T00:20:00Z', '2026-02-01T00:00:00Z'),
      dimensions: ['region', 'type'],
      retention: kept({ flows: at('2026-06-01T00:00:00Z'), traffic_5m: at('2026-06-01T00:00:00Z') }),
    });
    expect(chosen).toMatchObject({ table: 'traffic_1h', from: at('2026-01-01T00:00:00Z') });
    expect(chosen.widened).toContain('whole hours');
  });

  test('of everything, the first date is named', () => {
    const retention: Retention = {
      ...all(at('2026-06-01T00:00:00Z')),
      traffic_1h: at('2026-03-01T00:00:00Z'),
    };
    const dimensions: Dimension[] = ['region', 'type'];
    expect(
      refusal({ dimensions, range: range('2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z'), retention }),
    ).toMatchObject({
      code: 'not_retained',
      retainedFrom: at('2026-03-01T00:00:00Z'),
      change: expect.stringContaining('2026-03-01 00:00 UTC'),
    });
  });

  test('hours cannot stand in for p95, nor in a zone that is off by 45 minutes', () => {
    const retention = kept({ traffic_5m: at('2026-06-01T00:00:00Z') });
    const old = range('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z');
    const dimensions: Dimension[] = ['region', 'type'];
    expect(refusal({ measure: 'p95', dimensions, range: old, retention }).code).toBe('not_retained');
    expect(refusal({ zone: 'Asia/Kathmandu', dimensions, range: old, retention }).change).toContain(
      'In UTC, traffic_1h may still answer',
    );
  });

  test('of raw flows, with the first instant whose records are all kept', () => {
    const flows = at('2026-11-01T00:00:00Z');
    expect(refusal({ dimensions: ['asn', 'exporter'], retention: kept({ flows }) })).toMatchObject({
      code: 'not_retained',
      retainedFrom: flows + 3_600,
    });
  });

  test.each<[string, Partial<Ask>]>([
    ['raw flows', { dimensions: ['asn', 'exporter'] }],
    ['hours', { dimensions: ['region', 'type'] }],
    ['five minutes', { dimensions: ['region', 'type'], measure: 'p95', axis: false }],
  ])('what is offered of %s is still kept when it is taken up later in the hour', (_, ask) => {
    const to = at('2026-11-20T00:00:00Z');
    const clock = fc.integer({ min: 1, max: 86_399 }).filter((seconds) => seconds % 3_600 !== 0);
    fc.assert(
      fc.property(clock, fc.integer({ min: 0, max: 3_600 }), (seconds, later) => {
        const since = at('2026-11-01T00:00:00Z') + seconds;
        const old = { from: at('2026-10-01T00:00:00Z'), to };
        const { retainedFrom: from = 0, change } = refusal({ ...ask, range: old, retention: all(since) });
        expect(from).toBeLessThanOrEqual(since + 3 * 3_600);
        expect(change).toContain(printed(from));
        expect(plan({ ...ask, range: { from, to }, retention: all(since + later) }).from).toBe(from);
      }),
    );
  });
});
