import type { CityTable } from '@/lib/server/reference/geo/mmdb';

/** What a look-up answers: country (ISO 3166-1 alpha-2) and metro, either may be empty. */
export interface PlaceValue {
  country: string;
  metro: string;
}

/** Nothing known, or nothing that would be true. */
export const NOWHERE = 0;

/** Small numbers for (country, metro), so that trees of millions of nodes can hold them. */
export class PlaceValues {
  private readonly values: PlaceValue[] = [{ country: '', metro: '' }];
  private readonly ids = new Map<string, number>([['\t', NOWHERE]]);
  private readonly countries: number[] = [NOWHERE];

  constructor(private readonly metroOf: (country: string, latitude: number, longitude: number) => string) {}

  /** Number of the place of a leaf; NOWHERE where the table knows nothing. */
  ofLeaf(table: CityTable, leaf: number): number {
    if (leaf === table.nodeCount) return NOWHERE;
    const { country, latitude, longitude } = table.place(leaf);
    if (!/^[A-Z]{2}$/.test(country)) return NOWHERE;
    return this.id(country, this.metroOf(country, latitude, longitude));
  }

  value(id: number): PlaceValue {
    return this.values[id] ?? { country: '', metro: '' };
  }

  /** The same country without a metro. */
  countryOnly(id: number): number {
    return this.countries[id] ?? NOWHERE;
  }

  private id(country: string, metro: string): number {
    const key = `${country}\t${metro}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const countryId = metro === '' ? this.values.length : this.id(country, '');
    const id = this.values.length;
    this.values.push({ country, metro });
    this.ids.set(key, id);
    this.countries.push(metro === '' ? id : countryId);
    return id;
  }
}
