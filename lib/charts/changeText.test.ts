import { describe, expect, test } from 'vitest';
import type { Change } from '@/lib/flows/contracts/whatChanged';
import { printFilters } from '@/lib/flows/filter/printFilter';
import { DEFAULT_SCOPE } from '@/lib/flows/scope';
import { parseScope } from '@/lib/flows/urlState';
import { changeText } from './changeText';

const at = (text: string) => Date.parse(text) / 1000;
const ranges = {
  asked: { from: at('2026-11-22T00:00:00Z'), to: at('2026-11-23T00:00:00Z') },
  compared: { from: at('2026-11-21T00:00:00Z'), to: at('2026-11-22T00:00:00Z') },
};
const say = (change: Change, unit: 'bits' | 'bytes' = 'bits') => {
  const { subject, text, href, way } = changeText(change, DEFAULT_SCOPE, ranges, unit);
  return { said: `${subject} ${text}`.replaceAll('\u2009', ' '), href, way };
};
const about = { dimension: 'type', key: 'CDN', name: null } as const;
const scopeOf = (href: string) => {
  const read = parseScope(
    new URLSearchParams(
      [...new URL(href, 'http://weir.example').searchParams].filter(
        ([key]) => !['by', 'as', 'of'].includes(key),
      ),
    ),
  );
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.scope;
};

describe('a change as a sentence', () => {
  test('of a mover', () => {
    const { said, way, href } = say({ kind: 'mover', ...about, now: 120e9, before: 100e9, weight: 0.1 });
    expect(said).toBe('CDN rose by 20.0 % to 120 Gb/s, from 100 Gb/s.');
    expect(way).toBe('rise');
    expect(printFilters(scopeOf(href).filters)).toBe('type = CDN');
  });

  test('of one that fell, came or went, in bytes', () => {
    const mover = (now: number, before: number) =>
      say(
        { kind: 'mover', dimension: 'asn', key: '64500', name: 'Example', now, before, weight: 0.1 },
        'bytes',
      ).said;
    expect(mover(40e9, 80e9)).toBe('AS64500 Example fell by 50.0 % to 5.00 GB/s, from 10.0 GB/s.');
    expect(mover(8e9, 0)).toBe('AS64500 Example is new at 1.00 GB/s.');
    expect(mover(0, 8e9)).toBe('AS64500 Example is gone, from 1.00 GB/s.');
  });

  test('of endpoints: the link of one that vanished leads to where it was', () => {
    const endpoint = {
      dimension: 'remoteAddress',
      key: '192.0.2.7',
      name: null,
      rate: 2e9,
      weight: 0.034,
    } as const;
    expect(say({ kind: 'appeared', ...endpoint }).said).toBe(
      '192.0.2.7 is among the heaviest addresses and was not seen before: 2.00 Gb/s, 3.4 % of all traffic.',
    );
    const { said, href } = say({ kind: 'vanished', ...endpoint });
    expect(said).toContain('is not seen any more: 2.00 Gb/s, 3.4 %');
    expect(scopeOf(href).range).toEqual({ kind: 'absolute', ...ranges.compared });
  });

  test('of a shift of the level', () => {
    const { said, href } = say({
      kind: 'shift',
      ...about,
      since: at('2026-11-22T14:00:00Z'),
      until: at('2026-11-23T00:00:00Z'),
      isOlder: false,
      now: 60e9,
      usual: 100e9,
      weight: 0.1,
    });
    expect(said).toBe(
      'CDN has run 40.0 % below what is usual for these hours of the week since Nov 22, 2026, 14:00: 60.0 Gb/s instead of 100 Gb/s.',
    );
    expect(scopeOf(href).compare).toBe('previous');
    const older = say({
      kind: 'shift',
      ...about,
      since: 0,
      until: 24 * 3_600,
      isOlder: true,
      now: 60e9,
      usual: 100e9,
      weight: 0.1,
    });
    expect(older.said).toContain('these hours of the week for 24 hours and more: 60.0 Gb/s');
  });
});
