import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FIRST_DAY, LAST_DAY, parseDay } from '@/lib/server/reference/day';
import { prefixOf } from '@/lib/server/reference/prefix';
import { parseAsnTypes, readAsnTypes } from '@/lib/server/reference/taxonomy/taxonomyFile';
import { asnTypeRows, prefixTypeRows, type TypeOverride } from '@/lib/server/reference/taxonomy/taxonomyRows';

const day = (text: string): number => parseDay(text) ?? Number.NaN;
const HEADER = 'asn,name,network_type,valid_from,valid_to,evidence\n';

function override(
  key: TypeOverride['key'],
  networkType: TypeOverride['networkType'],
  from = FIRST_DAY,
  to = LAST_DAY,
): TypeOverride {
  return { key, networkType, from, to, reason: 'test' };
}

describe('types of ASNs', () => {
  test('an override holds on its days, the shipped type on all others', () => {
    const types = parseAsnTypes(`${HEADER}64500,Example,CDN,,,seen\n`, 'asn-types.csv');
    const rows = asnTypeRows(types, [
      override({ asn: 64500 }, 'Hosting', day('2026-03-01'), day('2026-03-31')),
    ]);
    expect(
      rows.map(({ valid_from, valid_to, network_type }) => [valid_from, valid_to, network_type]),
    ).toEqual([
      ['1970-01-01', '2026-02-28', 'CDN'],
      ['2026-03-01', '2026-03-31', 'Hosting'],
      ['2026-04-01', '2149-06-06', 'CDN'],
    ]);
    expect(rows[1]).toMatchObject({ name: 'Example', evidence: 'override: test' });
  });

  test('an error in the list names file, line and fix', () => {
    const read = (line: string) => () => parseAsnTypes(HEADER + line, 'asn-types.csv');
    expect(read('64500,Example,Cdn,,,seen\n')).toThrow(/asn-types\.csv, line 2: "Cdn" is not a network type/);
    expect(read('64500,Example,CDN,,,\n')).toThrow(/AS64500 has no evidence/);
    expect(read('64500,Example,CDN,2026-13-01,,seen\n')).toThrow(/is no period/);
    expect(read('0,Example,CDN,,,seen\n')).toThrow(/not an AS number/);
    expect(read('1,A,CDN,,2026-01-01,seen\n1,A,Hosting,2026-01-01,,seen\n')).toThrow(
      /AS1 has two types on one day/,
    );
    expect(() => parseAsnTypes('asn,name\n1,A\n', 'asn-types.csv')).toThrow(/column network_type is missing/);
  });

  test('the shipped list gives each ASN at most one type a day, each with evidence, and knows all but Migration', async () => {
    const types = await readAsnTypes(join('clickhouse', 'taxonomy', 'asn-types.csv'));
    expect(types.length).toBeGreaterThan(380);
    expect(new Set(types.map(({ networkType }) => networkType))).toEqual(
      new Set(['CDN', 'Hosting', 'Hyperscaler', 'ISP Regional', 'ISP Tier1', 'Neocloud']),
    );
    expect(await readFile(join('clickhouse', 'taxonomy', 'README.md'), 'utf8')).toContain('X4BNet');
  });
});

describe('types of prefixes', () => {
  test('on days of which a longer prefix says nothing, the shorter one around it holds', () => {
    const rows = prefixTypeRows([
      override({ prefix: prefixOf('203.0.113.0/24') }, 'Neocloud'),
      override({ prefix: prefixOf('203.0.113.128/25') }, 'CDN', day('2026-03-01'), day('2026-03-31')),
      override({ prefix: prefixOf('198.51.100.0/24') }, 'Hosting', day('2026-01-01')),
    ]);
    const of = (prefix: string) =>
      rows
        .filter((row) => row.prefix === prefix)
        .map(({ valid_from, valid_to, network_type }) => [valid_from, valid_to, network_type]);
    expect(of('203.0.113.128/25')).toEqual([
      ['1970-01-01', '2026-02-28', 'Neocloud'],
      ['2026-03-01', '2026-03-31', 'CDN'],
      ['2026-04-01', '2149-06-06', 'Neocloud'],
    ]);
    expect(of('203.0.113.0/24')).toEqual([['1970-01-01', '2149-06-06', 'Neocloud']]);
    expect(of('198.51.100.0/24')).toEqual([['2026-01-01', '2149-06-06', 'Hosting']]);
    expect(new Set(rows.map(({ prefix, prefix_id }) => `${prefix} ${prefix_id}`)).size).toBe(3);
  });
});
