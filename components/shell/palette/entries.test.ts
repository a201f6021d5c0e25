import { describe, expect, it } from 'vitest';
import { printFilters } from '@/lib/flows/filter/printFilter';
import { type PaletteContext, paletteGroups } from './entries';

const context: PaletteContext = {
  now: Date.parse('2026-11-22T19:22:41Z') / 1000,
  zone: 'UTC',
  fiscalStart: 1,
  pages: [
    { href: '/', label: 'Overview' },
    { href: '/data', label: 'Data' },
  ],
  filters: [],
  values: [{ dimension: 'asn', value: '13335', label: 'AS13335 Cloudflare' }],
};
const labels = (text: string) =>
  paletteGroups(text, context).flatMap(({ items }) => items.map(({ label }) => label));
const first = (text: string, group: string) =>
  paletteGroups(text, context).find(({ value }) => value === group)?.items[0];

describe('the palette finds', () => {
  it('pages, usual ranges and the help before anything is typed', () => {
    expect(labels('')).toEqual([
      'Overview',
      'Data',
      'Last hour',
      'Last 24 hours',
      'Last 7 days',
      'Last 30 days',
      'Last 90 days',
      'Keyboard shortcuts',
    ]);
  });

  it('pages by the beginning of a word', () => {
    expect(labels('ove')).toEqual(['Overview']);
  });

  it('any range in words', () => {
    expect(first('last 3 days', 'Time range')).toMatchObject({
      label: 'Last 3 days',
      detail: 'Nov 19, 2026, 19:20 until Nov 22, 2026, 19:20, UTC',
      action: { range: { kind: 'preset', preset: '3d' } },
    });
    expect(first('yesterday 14:00 to 18:00', 'Time range')?.label).toBe(
      'Nov 21, 2026, 14:00 until Nov 21, 2026, 18:00, UTC',
    );
  });

  it('an offered range once, though its words are read as well', () => {
    expect(
      paletteGroups('last week', context).find(({ value }) => value === 'Time range')?.items,
    ).toHaveLength(1);
  });

  it('an ASN by number and by name', () => {
    const action = {
      filters: [{ kind: 'numbers', dimension: 'asn', exclude: false, ranges: [[13335, 13335]] }],
      inExplore: false,
    };
    expect(first('AS13335', 'Show only')).toMatchObject({ label: 'AS13335 Cloudflare', action });
    // A name holds the text anywhere, as the data is asked.
    expect(first('oudfl', 'Show only')).toMatchObject({ detail: 'ASN', action });
    expect(first('64500', 'Show only')?.label).toBe('AS64500');
    // by number and by name, but once
    expect(labels('13335').filter((label) => label.startsWith('AS'))).toEqual(['AS13335 Cloudflare']);
  });

  it('addresses and prefixes, for Explore', () => {
    for (const [text, detail] of [
      ['192.0.2.7', 'Remote address'],
      ['192.0.2.0/24', 'Remote prefix'],
      ['2001:db8::/32', 'Remote prefix'],
    ] as const) {
      expect(first(text, 'Show only')).toMatchObject({ detail, action: { does: 'narrow', inExplore: true } });
    }
    expect(labels('300.1.2.3')).toEqual([]);
  });

  it('network types and countries', () => {
    expect(first('neo', 'Show only')).toMatchObject({ label: 'Neocloud', detail: 'Network type' });
    expect(first('germ', 'Show only')).toMatchObject({ label: 'Germany', detail: 'Country' });
  });

  it('a whole filter, as it is written', () => {
    expect(first('type=CDN and port = 443', 'Show only')?.label).toBe('port = 443 and type = CDN');
  });

  it('nothing where nothing is meant', () => {
    expect(labels('qwertz')).toEqual([]);
  });

  it('keeps the other filters when it narrows', () => {
    const filters = [{ kind: 'names', dimension: 'region', exclude: false, names: ['US-West'] }] as const;
    const [group] = paletteGroups('192.0.2.7', { ...context, filters });
    const action = group?.items[0]?.action;
    expect(action?.does === 'narrow' && printFilters(action.filters)).toBe(
      'region = US-West and remote = 192.0.2.7',
    );
  });
});
