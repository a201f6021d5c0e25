import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import ipaddr from 'ipaddr.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { asnSourceDir, loadAsnTable } from '@/lib/server/reference/asn/loadAsnTable';

let engine: TestClickHouse;
let cache: string;

beforeAll(async () => {
  [engine, cache] = await Promise.all([startTestClickHouse(), mkdtemp(join(tmpdir(), 'weir-asn-'))]);
  await loadAsnTable(engine.target, cache);
}, 240_000);

afterAll(async () => {
  await engine?.stop();
  await rm(cache, { recursive: true, force: true });
});

async function rows(query: string): Promise<unknown[]> {
  return (await engine.owner.query({ query, format: 'JSONEachRow' })).json();
}

/** The address after this one, byte by byte. */
function next(address: string): string {
  const bytes = ipaddr.parse(address).toByteArray();
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    bytes[at] = ((bytes[at] ?? 0) + 1) % 256;
    if (bytes[at] !== 0) break;
  }
  return ipaddr.fromByteArray(bytes).toString();
}

test('the table that npm installs has the size that its ranges make', async () => {
  expect(
    await rows(
      "SELECT toUInt32(count()) AS prefixes, toUInt32(countIf(prefix LIKE '%.%')) AS ipv4 FROM asn_prefixes",
    ),
  ).toEqual([{ prefixes: 732_482, ipv4: 564_579 }]);
});

// The file is read with csv-parse and ipaddr.js here, and by our own reader in the code under test.
test('the first and last address of a range, and the one behind it, have the AS that the file says', async () => {
  for (const version of [4, 6] as const) {
    const lines: string[][] = parse(await readFile(join(asnSourceDir(), `asn-ipv${version}.csv`), 'utf8'));
    const wanted: { ip: string; asn: number }[] = [];
    for (let index = 0; index < lines.length - 1; index += 37) {
      const [first = '', last = '', asn = ''] = lines[index] ?? [];
      const [following = '', , followingAsn = ''] = lines[index + 1] ?? [];
      const behind = next(last);
      wanted.push({ ip: first, asn: Number(asn) }, { ip: last, asn: Number(asn) });
      const touches = ipaddr.parse(following).toString() === behind;
      wanted.push({ ip: behind, asn: touches ? Number(followingAsn) : 0 });
    }
    await engine.owner.command({
      query: 'CREATE OR REPLACE TABLE wanted (ip IPv6, asn UInt32) ENGINE = MergeTree ORDER BY ip',
    });
    await engine.owner.insert({
      table: 'wanted',
      format: 'JSONEachRow',
      values: wanted.map(({ ip, asn }) => ({ ip: version === 4 ? `::ffff:${ip}` : ip, asn })),
      clickhouse_settings: { async_insert: 0 },
    });
    expect(wanted.length).toBeGreaterThan(8000);
    expect(
      await rows(
        "SELECT ip, asn, dictGet('weir.asn_dict', 'asn', ip) AS found FROM wanted WHERE found != asn LIMIT 5",
      ),
    ).toEqual([]);
  }
}, 120_000);

test('where two ranges overlap the first keeps its addresses', async () => {
  const asn = (ip: string) => `dictGet('weir.asn_dict', 'asn', toIPv6('::ffff:${ip}'))`;
  expect(
    await rows(
      `SELECT ${asn('215.0.0.0')} AS inside, ${asn('215.0.255.255')} AS last, ${asn('215.1.0.0')} AS behind`,
    ),
  ).toEqual([{ inside: 749, last: 749, behind: 721 }]);
});

test('an AS has the name of its organisation', async () => {
  expect(await rows("SELECT dictGet('weir.as_name_dict', 'organisation', toUInt64(13335)) AS name")).toEqual([
    { name: 'Cloudflare, Inc.' },
  ]);
});
