import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';

/** Centre of a metropolitan area. Degrees. */
export interface Metro {
  name: string;
  country: string;
  latitude: number;
  longitude: number;
}

/** How far a city may lie from the centre of its metro. */
export const METRO_RADIUS_KM = 80;

const EARTH_RADIUS_KM = 6371;

/** @param file metros.csv: metro,country,latitude,longitude @throws Error naming file, line, cause and fix */
export async function readMetros(file: string): Promise<Metro[]> {
  const records: { record: Record<string, string>; info: { lines: number } }[] = parse(
    await readFile(file, 'utf8'),
    {
      columns: true,
      info: true,
    },
  );
  return records.map(({ record, info }) => {
    const latitude = Number(record.latitude);
    const longitude = Number(record.longitude);
    const { metro: name = '', country = '' } = record;
    if (
      name === '' ||
      !/^[A-Z]{2}$/.test(country) ||
      !(Math.abs(latitude) <= 90) ||
      !(Math.abs(longitude) <= 180)
    ) {
      throw new Error(
        `${file}, line ${info.lines} is not a metro: write name, country of two letters, latitude and longitude in degrees`,
      );
    }
    return { name, country, latitude, longitude };
  });
}

/**
 * The metro of a place: the nearest centre of the same country within METRO_RADIUS_KM, else an empty text.
 * A metro never crosses a border: "metro" is a part of "country" in every table.
 */
export function metroFinder(
  metros: readonly Metro[],
): (country: string, latitude: number, longitude: number) => string {
  const byCountry = new Map<string, Metro[]>();
  for (const metro of metros) byCountry.set(metro.country, [...(byCountry.get(metro.country) ?? []), metro]);
  return (country, latitude, longitude) => {
    let nearest = '';
    let least = METRO_RADIUS_KM;
    for (const metro of byCountry.get(country) ?? []) {
      const distance = distanceKm(latitude, longitude, metro.latitude, metro.longitude);
      if (distance <= least) {
        least = distance;
        nearest = metro.name;
      }
    }
    return nearest;
  };
}

/** Great-circle distance (haversine), 0.5 % off at most for not being an ellipsoid. */
export function distanceKm(
  latitude1: number,
  longitude1: number,
  latitude2: number,
  longitude2: number,
): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((latitude2 - latitude1) * rad) / 2) ** 2 +
    Math.cos(latitude1 * rad) *
      Math.cos(latitude2 * rad) *
      Math.sin(((longitude2 - longitude1) * rad) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(h));
}
