import 'server-only';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { execute, queryContext } from '@/lib/server/clickhouse/execute';
import { remember } from '@/lib/server/clickhouse/remember';
import { sql } from '@/lib/server/clickhouse/sql';
import { type Metro, readMetros } from '@/lib/server/reference/geo/metros';

export interface Center {
  latitude: number;
  longitude: number;
}

let metros: Promise<ReadonlyMap<string, Center>> | null = null;

function keyOf(country: string, metro: string): string {
  return `${country} ${metro}`;
}

function byKey(list: readonly Metro[]): ReadonlyMap<string, Center> {
  return new Map(
    list.map(({ country, name, latitude, longitude }) => [keyOf(country, name), { latitude, longitude }]),
  );
}

/** Centers of metros, from the file that places addresses. @throws Error naming file, line, cause and fix */
export async function metroCenters(): Promise<(country: string, metro: string) => Center | null> {
  metros ??= readMetros(join(process.cwd(), 'clickhouse', 'taxonomy', 'metros.csv')).then(byKey);
  const centers = await metros.catch((error: unknown) => {
    // The next question reads it again.
    metros = null;
    throw error;
  });
  return (country, metro) => centers.get(keyOf(country, metro)) ?? null;
}

const regions = remember(5_000, () =>
  execute(
    queryContext('region-places', randomUUID(), new AbortController().signal),
    sql`SELECT region, any(region_latitude) AS latitude, any(region_longitude) AS longitude
FROM exporters
WHERE isNotNull(region_latitude) AND isNotNull(region_longitude)
GROUP BY region`,
    z.object({ region: z.string(), latitude: z.number(), longitude: z.number() }),
  ),
);

/** Where our regions are, as far as the operators' file says. */
export async function regionCenters(): Promise<(region: string) => Center | null> {
  const known = new Map((await regions()).map(({ region, ...center }) => [region, center]));
  return (region) => known.get(region) ?? null;
}

/** The next answer reads them anew: in tests. */
export function forgetRegionCenters(): void {
  regions.forget();
}
