import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { ASN_FILES, exists } from '@/lib/server/reference/asn/asnCache';
import { asnSourceDir } from '@/lib/server/reference/asn/loadAsnTable';
import { fingerprint } from '@/lib/server/reference/fingerprint';
import { CITY_FILES, type GeoSources } from '@/lib/server/reference/geo/buildGeo';
import { PRECISION, VAGUE_PRICE } from '@/lib/server/reference/geo/compactTable';
import { METRO_RADIUS_KM } from '@/lib/server/reference/geo/metros';
import { runBuild } from '@/lib/server/reference/geo/runBuild';
import { hashOf, type LoadResult, loadIfChanged } from '@/lib/server/reference/loads';
import { reloadDictionary, replaceTable } from '@/lib/server/reference/replaceTable';
import { type ReferenceTarget, withOwner } from '@/lib/server/reference/target';

/** Grows when the same files would be made into another table. */
const BUILDER = `geo 1 ${JSON.stringify({ PRECISION, VAGUE_PRICE, METRO_RADIUS_KM })}`;

/** Folder of the city tables that npm installs. Operators mount newer files of the same layout and set WEIR_GEO_DIR. */
export function geoSources(env: NodeJS.ProcessEnv = process.env): GeoSources {
  return {
    cityDir: env.WEIR_GEO_DIR || join(process.cwd(), 'node_modules', '@ip-location-db', 'dbip-city-mmdb'),
    asnDir: asnSourceDir(env),
    taxonomyDir: join(process.cwd(), 'clickhouse', 'taxonomy'),
  };
}

export interface LoadGeoOptions {
  sources?: GeoSources;
  /** Told what is under way, for a person. */
  onProgress?: (text: string) => void;
  signal?: AbortSignal;
}

/**
 * Loads prefix -> (country, metro). The first time it is made from the city tables, which takes minutes of one core
 * in a process of its own; after that it comes from the cache folder. Nothing needs to wait for it: records that arrive
 * before are found and mended by mendGeo.
 */
export async function loadGeo(
  target: ReferenceTarget,
  cacheDir: string,
  { sources = geoSources(), onProgress = () => {}, signal }: LoadGeoOptions = {},
): Promise<LoadResult> {
  const files = [
    join(sources.cityDir, CITY_FILES[4]),
    join(sources.cityDir, CITY_FILES[6]),
    join(sources.asnDir, ASN_FILES[4]),
    join(sources.asnDir, ASN_FILES[6]),
    join(sources.taxonomyDir, 'metros.csv'),
    join(sources.taxonomyDir, 'anycast.csv'),
  ];
  const hash = hashOf(BUILDER, ...(await fingerprint(files, cacheDir)));
  const load = (client: ClickHouseClient): Promise<LoadResult> =>
    loadIfChanged(client, target, 'geo', hash, async () => {
      const table = join(cacheDir, `geo-${hash.slice(0, 16)}.tsv`);
      const built = !(await exists(table));
      const before = Date.now();
      if (built) {
        onProgress('countries and metros: making the table, 0 %');
        await runBuild(
          sources,
          table,
          (percent) => onProgress(`countries and metros: making the table, ${percent} %`),
          signal,
        );
        await removeOlder(table);
      }
      const buildSeconds = (Date.now() - before) / 1000;
      onProgress('countries and metros: loading the table');
      signal?.throwIfAborted();
      const rows = await replaceTable(client, target, 'geo_prefixes', {
        files: [table],
        columns: ['prefix', 'country', 'metro'],
      });
      await reloadDictionary(client, target, 'geo_dict');
      return { rows, detail: { cityDir: sources.cityDir, built, buildSeconds } };
    });
  return withOwner(target, load, signal);
}

/** Tables of older sources: each takes tens of megabytes. */
async function removeOlder(table: string): Promise<void> {
  for (const name of await readdir(dirname(table))) {
    if (/^geo-[0-9a-f]{16}\.tsv$/.test(name) && name !== basename(table))
      await rm(join(dirname(table), name), { force: true });
  }
}
