import { describe, expect, test } from 'vitest';
import { printFilters } from './filter/printFilter';
import { narrowScope } from './narrowScope';
import { DEFAULT_SCOPE, type Scope } from './scope';

const at = (text: string) => Date.parse(text) / 1000;
const range = { from: at('2026-01-01T00:00:00Z'), to: at('2026-04-01T00:00:00Z') };
const scope: Scope = { ...DEFAULT_SCOPE, range: { kind: 'absolute', ...range } };
const inNewYork = { ...scope, zone: 'America/New_York' };

const filtersOf = (change: Partial<Scope> | null) => printFilters(change?.filters ?? []);

describe('a chosen cell', () => {
  test('narrows both of its dimensions', () => {
    const change = narrowScope(scope, range, [
      { by: 'region', key: 'US-West' },
      { by: 'type', key: 'CDN' },
    ]);
    expect(filtersOf(change)).toBe('region = US-West and type = CDN');
    expect(change?.range).toBeUndefined();
  });

  test('of a month becomes that month of the zone', () => {
    const change = narrowScope(inNewYork, range, [{ by: 'month', key: '2026-02' }]);
    expect(change?.range).toEqual({
      kind: 'absolute',
      from: at('2026-02-01T05:00:00Z'),
      to: at('2026-03-01T05:00:00Z'),
    });
  });

  test('of a day on which clocks change is 23 hours long', () => {
    const change = narrowScope(inNewYork, range, [{ by: 'day', key: '2026-03-08' }]);
    expect(change?.range).toEqual({
      kind: 'absolute',
      from: at('2026-03-08T05:00:00Z'),
      to: at('2026-03-09T04:00:00Z'),
    });
  });

  test('of a day and an hour is that hour; the range is never left', () => {
    expect(
      narrowScope(scope, range, [
        { by: 'day', key: '2026-03-31' },
        { by: 'hour', key: '23' },
      ])?.range,
    ).toEqual({ kind: 'absolute', from: at('2026-03-31T23:00:00Z'), to: range.to });
    expect(narrowScope(inNewYork, range, [{ by: 'month', key: '2026-03' }])?.range).toMatchObject({
      to: range.to,
    });
  });

  test('of a weekday and an hour narrows nothing', () => {
    expect(
      narrowScope(scope, range, [
        { by: 'weekday', key: '1' },
        { by: 'hour', key: '9' },
      ]),
    ).toBeNull();
  });

  test('of an interface narrows its exporter too', () => {
    const text = filtersOf(narrowScope(scope, range, [{ by: 'interface', key: '192.0.2.1 7' }]));
    expect(text).toContain('192.0.2.1');
    expect(text).toContain('7');
  });
});
