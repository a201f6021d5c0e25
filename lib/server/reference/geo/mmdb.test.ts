import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import maxmind, { type Response } from 'maxmind';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CityTable, openCityTable, type Place } from '@/lib/server/reference/geo/mmdb';
import { addressToNumber, numberToAddress, WIDTH } from '@/lib/server/reference/prefix';
import { writeMmdb } from '@/lib/server/reference/testing/writeMmdb';

interface CityRecord {
  country_code: string;
  city: string;
  latitude: number;
  longitude: number;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-mmdb-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function lookUp(table: CityTable, address: string): Place | null {
  const number = addressToNumber(address);
  if (number === null) throw new Error(address);
  let node = 0;
  for (let shift = BigInt(WIDTH[table.version] - 1); node < table.nodeCount; shift -= 1n) {
    node = table.child(node, Number((number.value >> shift) & 1n) as 0 | 1);
  }
  return node === table.nodeCount ? null : table.place(node);
}

describe('the city table', () => {
  test('the walk finds what the maxmind library finds, in the tables that npm installs', async () => {
    // A fixed sequence (Numerical Recipes): a failure names an address that fails again.
    let state = 20261122;
    const random = (): bigint => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return BigInt(state >>> 16);
    };
    for (const version of [4, 6] as const) {
      const file = join('node_modules', '@ip-location-db', 'dbip-city-mmdb', `dbip-city-ipv${version}.mmdb`);
      const [table, library] = [await openCityTable(file), await maxmind.open<CityRecord & Response>(file)];
      expect(table.version).toBe(version);
      let known = 0;
      for (let round = 0; round < 3000; round += 1) {
        // IPv6: inside 2600::/12 and 2a00::/12, where most of the space is given out.
        const high =
          version === 4 ? random() : ((round % 2 === 0 ? 0x2600n : 0x2a00n) + (random() & 0xfn)) << 96n;
        const value =
          version === 4
            ? (high << 16n) | random()
            : (high << 16n) | (random() << 96n) | (random() << 80n) | (random() << 64n);
        const address = numberToAddress(value, version);
        const wanted = library.get(address);
        const found = lookUp(table, address);
        expect(found === null).toBe(wanted === null);
        if (found === null || wanted === null) continue;
        known += 1;
        expect([found.country, found.latitude, found.longitude]).toEqual([
          wanted.country_code,
          wanted.latitude,
          wanted.longitude,
        ]);
      }
      expect(known).toBeGreaterThan(500);
    }
  }, 60_000);

  test('a district in brackets is no part of a city’s name', async () => {
    const file = join(folder, 'city.mmdb');
    await writeMmdb(file, 4, {
      '192.0.2.0/25': {
        country_code: 'DE',
        city: 'Frankfurt am Main (Gallus)',
        latitude: 50.1,
        longitude: 8.6,
      },
      '192.0.2.128/25': { country_code: 'DE', city: 'Halle (Saale) West', latitude: 51.5, longitude: 12 },
    });
    const table = await openCityTable(file);
    expect(lookUp(table, '192.0.2.1')).toEqual({
      country: 'DE',
      city: 'Frankfurt am Main',
      latitude: 50.1,
      longitude: 8.6,
    });
    expect(lookUp(table, '192.0.2.200')?.city).toBe('Halle (Saale) West');
    expect(lookUp(table, '192.0.3.1')).toBeNull();
    // The made file is one that others read too.
    expect((await maxmind.open<CityRecord & Response>(file)).get('192.0.2.1')?.country_code).toBe('DE');
  });

  test('a file of another kind is refused by name, with the fix', async () => {
    const file = join(folder, 'not.mmdb');
    await writeFile(file, 'first,last,country\n');
    await expect(openCityTable(file)).rejects.toThrow(/not\.mmdb is not an address table.*WEIR_GEO_DIR/);
  });
});
