import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { distanceKm, metroFinder, readMetros } from '@/lib/server/reference/geo/metros';

const centres = [
  { name: 'Northern Virginia', country: 'US', latitude: 39.02, longitude: -77.46 },
  { name: 'Washington DC', country: 'US', latitude: 38.91, longitude: -77.04 },
  { name: 'Detroit', country: 'US', latitude: 42.33, longitude: -83.05 },
];

describe('metros', () => {
  test('a city belongs to the nearest centre', () => {
    const metro = metroFinder(centres);
    expect(metro('US', 39.04, -77.49)).toBe('Northern Virginia');
    expect(metro('US', 38.98, -77.0)).toBe('Washington DC');
  });

  test('a city farther than 80 km from every centre has none', () => {
    const metro = metroFinder(centres);
    // One degree of latitude is 111.2 km.
    expect(metro('US', 42.33 + 0.71, -83.05)).toBe('Detroit');
    expect(metro('US', 42.33 + 0.73, -83.05)).toBe('');
    expect(metro('US', Number.NaN, Number.NaN)).toBe('');
  });

  test('a metro does not cross a border', () => {
    expect(metroFinder(centres)('CA', 42.3, -83.0)).toBe('');
  });

  test('distances are those of the great circle', () => {
    // London to Paris: 343 to 344 km between the two centres.
    expect(distanceKm(51.5074, -0.1278, 48.8566, 2.3522)).toBeGreaterThan(342);
    expect(distanceKm(51.5074, -0.1278, 48.8566, 2.3522)).toBeLessThan(345);
    expect(distanceKm(0, 179.9, 0, -179.9)).toBeCloseTo(22.2, 0);
  });

  test('the shipped list has the metros of the published reports, each name once', async () => {
    const metros = await readMetros(join('clickhouse', 'taxonomy', 'metros.csv'));
    const names = metros.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of [
      'Chicago',
      'Dallas',
      'Houston',
      'Denver',
      'New York',
      'Northern Virginia',
      'Atlanta',
    ]) {
      expect(names).toContain(name);
    }
  });
});
