import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
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

/**
 * The edges of every 50th range of the file, and the addresses just outside, with the ASN that the ranges themselves say:
 * the engine reads the CSV and compares addresses as numbers, with none of the code under test.
 */
function expectations(version: 4 | 6): string {
  const file = join(asnSourceDir(), `asn-ipv${version}.csv`);
  const number =
    version === 4
      ? 'toUInt128(IPv4StringToNum(ADDRESS))'
      : 'reinterpretAsUInt128(reverse(IPv6StringToNum(ADDRESS)))';
  const of = (column: string) => number.replace('ADDRESS', column);
  const back =
    version === 4 ? "toIPv6(concat('::ffff:', IPv4NumToString(toUInt32(n))))" : 'reinterpretAsFixedString(n)';
  return `WITH ranges AS (SELECT ${of('c1')} AS first, ${of('c2')} AS last, c3 AS asn, rowNumberInAllBlocks() AS line
      FROM file('${file}', CSV, 'c1 String, c2 String, c3 UInt32, c4 String'))
    SELECT n, ${back} AS ip FROM ranges ARRAY JOIN [first, last] AS n WHERE line % 50 = 0`;
}

test('the table that npm installs has the size that its ranges make', async () => {
  const result = await engine.owner.query({
    query:
      "SELECT toUInt32(count()) AS prefixes, toUInt32(countIf(prefix LIKE '%.%')) AS ipv4 FROM asn_prefixes",
    format: 'JSONEachRow',
  });
  expect(await result.json()).toEqual([{ prefixes: 732_482, ipv4: 564_579 }]);
});
