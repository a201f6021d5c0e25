import { untilText } from '@/lib/charts/timeText';
import { countriesNamed, countryName } from '@/lib/flows/filter/countries';
import { bothOf, narrowTo, withoutDimension } from '@/lib/flows/filter/edit';
import type { Filters } from '@/lib/flows/filter/filter';
import { parseFilters } from '@/lib/flows/filter/parseFilter';
import { printFilters } from '@/lib/flows/filter/printFilter';
import { NETWORK_TYPES } from '@/lib/flows/networkTypes';
import { presetLabel, type RangePreset } from '@/lib/flows/presets';
import { type RangeChoice, resolveRange, type Scope } from '@/lib/flows/scope';
import { readRange, type Sense } from '@/lib/flows/words/readRange';

export type PaletteAction =
  | { does: 'go'; href: string }
  | { does: 'range'; range: RangeChoice }
  /** shows only this; an address is looked at in Explore, which can answer about it */
  | { does: 'narrow'; filters: Filters; inExplore: boolean }
  | { does: 'help' };

export interface PaletteEntry {
  /** distinct among all entries that are shown together */
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly action: PaletteAction;
}

export interface PaletteGroup {
  readonly value: string;
  readonly items: PaletteEntry[];
}

export interface PaletteContext extends Sense {
  readonly pages: readonly { href: string; label: string }[];
  readonly filters: Scope['filters'];
  /** names that are known to be in the data, beside those that everybody knows */
  readonly values: readonly KnownValue[];
}

/** A value that a dimension has in the data. */
export interface KnownValue {
  readonly dimension: 'asn' | 'metro' | 'region' | 'exporter' | 'provider';
  readonly value: string;
  readonly label: string;
}

const MOST_COUNTRIES = 5;
const MOST_VALUES = 8;

const OFFERED: readonly RangePreset[] = [
  '1h',
  '24h',
  '7d',
  '30d',
  '90d',
  'today',
  'yesterday',
  'this-week',
  'last-week',
  'this-month',
  'last-month',
  'this-quarter',
  'last-quarter',
  'this-year',
  'last-year',
];
const FIRST_OFFERED = 5;

/** What a text may mean, best first, by kind. Nothing typed: the pages and the usual ranges. */
export function paletteGroups(typed: string, context: PaletteContext): PaletteGroup[] {
  const text = typed.trim();
  const groups: PaletteGroup[] = [
    { value: 'Pages', items: pages(text, context) },
    { value: 'Time range', items: ranges(text, context) },
    { value: 'Show only', items: text === '' ? [] : narrowing(text, context) },
    { value: 'Help', items: help(text) },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

/** A word of the name begins so. */
function matches(name: string, text: string): boolean {
  return ` ${name.toLowerCase()}`.includes(text === '' ? '' : ` ${text.toLowerCase()}`);
}

function pages(text: string, { pages: all }: PaletteContext): PaletteEntry[] {
  return all
    .filter(({ label }) => matches(label, text))
    .map(({ href, label }) => ({ id: `go ${href}`, label, detail: 'Page', action: { does: 'go', href } }));
}

function ranges(text: string, context: PaletteContext): PaletteEntry[] {
  const named =
    text === ''
      ? OFFERED.slice(0, FIRST_OFFERED)
      : OFFERED.filter((each) => matches(presetLabel(each), text));
  const choices: RangeChoice[] = named.map((preset) => ({ kind: 'preset', preset }));
  const read = text === '' ? null : readRange(text, context);
  if (read !== null && 'choice' in read && !choices.some((each) => same(each, read.choice)))
    choices.unshift(read.choice);
  return choices.map((range) => rangeEntry(range, context));
}

function same(a: RangeChoice, b: RangeChoice): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function rangeEntry(range: RangeChoice, { now, zone }: PaletteContext): PaletteEntry {
  const { from, to } = resolveRange({ range, zone }, now);
  const words = untilText(from, to, zone);
  const name = range.kind === 'preset' ? presetLabel(range.preset) : null;
  return {
    id: `range ${JSON.stringify(range)}`,
    label: name ?? words,
    detail: name === null ? '' : words,
    action: { does: 'range', range },
  };
}

function narrowing(text: string, context: PaletteContext): PaletteEntry[] {
  const found = [
    ...addresses(text, context),
    ...numbers(text, context),
    ...names(text, context),
    ...written(text, context),
  ];
  // An ASN may be found by its number and by its name.
  return [...new Map(found.map((entry) => [entry.id, entry])).values()];
}

/** "192.0.2.7", "192.0.2.0/24", "2001:db8::/48" */
function addresses(text: string, { filters }: PaletteContext): PaletteEntry[] {
  if (!/^[\da-f.:]+(?:\/\d{1,3})?$/i.test(text) || !/[.:]/.test(text)) return [];
  const read = parseFilters(`remote in ${text}`);
  if ('error' in read) return [];
  return [
    {
      id: `remote ${text}`,
      label: printFilters(read.filters),
      detail: text.includes('/') ? 'Remote prefix' : 'Remote address',
      action: {
        does: 'narrow',
        filters: bothOf(withoutDimension(filters, 'remoteAddress'), read.filters),
        inExplore: true,
      },
    },
  ];
}

/** "13335", "AS13335" */
function numbers(text: string, { filters, values }: PaletteContext): PaletteEntry[] {
  const number = /^(?:asn? ?)?(\d{1,10})$/i.exec(text)?.[1];
  if (number === undefined || Number(number) > 4_294_967_295) return [];
  const value = String(Number(number));
  const known = values.find((each) => each.dimension === 'asn' && each.value === value);
  return [
    {
      id: `asn ${value}`,
      label: known?.label ?? `AS${value}`,
      detail: 'ASN',
      action: { does: 'narrow', filters: narrowTo(filters, 'asn', value), inExplore: false },
    },
  ];
}

function names(text: string, { filters, values }: PaletteContext): PaletteEntry[] {
  const types = NETWORK_TYPES.filter((type) => matches(type, text)).map((type) =>
    nameEntry(filters, 'type', type, type, 'Network type'),
  );
  const wanted = text.toLowerCase();
  const known = values
    .filter(({ label, value }) => `${label} ${value}`.toLowerCase().includes(wanted))
    .slice(0, MOST_VALUES)
    .map(({ dimension, value, label }) => nameEntry(filters, dimension, value, label, KIND[dimension]));
  const isWord = /^[a-z][a-z .'-]+$/i.test(text);
  const countries = (isWord ? countriesNamed(text) : [])
    .filter((code) => code.toLowerCase() === text.toLowerCase() || matches(countryName(code) ?? '', text))
    .slice(0, MOST_COUNTRIES)
    .map((code) => nameEntry(filters, 'country', code, countryName(code) ?? code, 'Country'));
  return [...types, ...known, ...countries];
}

const KIND: Record<KnownValue['dimension'], string> = {
  asn: 'ASN',
  metro: 'Metro',
  region: 'Region',
  exporter: 'Exporter',
  provider: 'Provider',
};

function nameEntry(
  filters: Filters,
  dimension: 'type' | 'country' | KnownValue['dimension'],
  value: string,
  label: string,
  detail: string,
): PaletteEntry {
  return {
    id: `${dimension} ${value}`,
    label,
    detail,
    action: { does: 'narrow', filters: narrowTo(filters, dimension, value), inExplore: false },
  };
}

/** A whole filter: "port = 443 and country = DE". */
function written(text: string, { filters }: PaletteContext): PaletteEntry[] {
  if (!/[=~<>]| in /.test(text)) return [];
  const read = parseFilters(text);
  if ('error' in read || read.filters.length === 0) return [];
  return [
    {
      id: 'filter',
      label: printFilters(read.filters),
      detail: filters.length === 0 ? 'Filter' : 'Filter, in place of the present one',
      action: { does: 'narrow', filters: read.filters, inExplore: false },
    },
  ];
}

function help(text: string): PaletteEntry[] {
  const label = 'Keyboard shortcuts';
  return matches(label, text) ? [{ id: 'help', label, detail: '?', action: { does: 'help' } }] : [];
}
