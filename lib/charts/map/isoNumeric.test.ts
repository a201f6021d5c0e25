import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { countryName } from '@/lib/flows/filter/countries';
import { alpha2Of } from './isoNumeric';

interface Topology {
  objects: { countries: { geometries: { id?: string; properties: { name: string } }[] } };
}

const file = createRequire(import.meta.url).resolve('world-atlas/countries-110m.json');
const { objects }: Topology = JSON.parse(readFileSync(file, 'utf8'));
const countries = objects.countries.geometries;

/** Letters only, without accents and the words that lists of countries shorten. */
function plain(name: string): string[] {
  return name
    .normalize('NFD')
    .replace(/[^a-z .&'-]/gi, '')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length > 2 && !['and', 'the', 'rep', 'republic', 'islands'].includes(word));
}

/** Lands whose name in the topology is not the one that browsers know. */
const OTHERWISE: Record<string, string> = {
  'Fr. S. Antarctic Lands': 'TF',
  Myanmar: 'MM',
  Macedonia: 'MK',
  'Dem. Rep. Congo': 'CD',
  eSwatini: 'SZ',
};

describe('codes of countries', () => {
  it('lead from every country of the topology to the country of the same name', () => {
    const wrong = countries.flatMap(({ id, properties: { name } }) => {
      const code = alpha2Of(id, name);
      if (code === null) return ['Somaliland', 'N. Cyprus'].includes(name) ? [] : [name];
      if (OTHERWISE[name] !== undefined) return OTHERWISE[name] === code ? [] : [name];
      const known = plain(countryName(code) ?? '');
      const same = plain(name).some((word) => known.some((other) => other.startsWith(word.slice(0, 4))));
      return same ? [] : [`${name} is ${code}, ${countryName(code)}`];
    });
    expect(wrong).toEqual([]);
  });

  it('are each of one country', () => {
    const codes = countries.flatMap(({ id, properties }) => alpha2Of(id, properties.name) ?? []);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.length).toBeGreaterThan(170);
  });

  it('are read with and without leading zeros, and unknown ones lead nowhere', () => {
    expect([alpha2Of('4', ''), alpha2Of(4, ''), alpha2Of('004', '')]).toEqual(['AF', 'AF', 'AF']);
    expect(alpha2Of('999', '')).toBeNull();
    expect(alpha2Of(undefined, 'Kosovo')).toBe('XK');
  });
});
