import 'server-only';
import { z } from 'zod';
import type { KeyName } from '@/lib/flows/contracts/exploreOverTime';
import type { Dimension } from '@/lib/flows/dimensions';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { type Sql, sql, texts, uint32s } from '@/lib/server/clickhouse/sql';
import type { Facts } from '../facts';

/** What the keys of a dimension are called, where the reference data knows: organisations, exporters, interfaces. */
export async function loadNames(
  context: QueryContext,
  facts: Facts,
  dimension: Dimension,
  keys: readonly string[],
): Promise<KeyName[]> {
  if (keys.length === 0) return [];
  const named = (pairs: readonly { key: string; name: string }[]): KeyName[] =>
    pairs.flatMap(({ key, name }) => (name === '' || name === key ? [] : [{ dimension, key, name }]));
  switch (dimension) {
    case 'asn':
      return named(await organisations(context, keys));
    case 'exporter':
      return named(
        facts.exporters
          .filter(({ exporter }) => keys.includes(exporter))
          .map(({ exporter, name }) => ({ key: exporter, name })),
      );
    case 'interface':
      return named(await interfaces(context, facts, keys));
    default:
      return [];
  }
}

function organisations(context: QueryContext, keys: readonly string[]) {
  return execute(
    context,
    sql`SELECT toString(asn) AS key, ${organisationOf(sql`asn`)} AS name FROM (SELECT arrayJoin(${uint32s(keys.map(Number))}) AS asn)`,
    z.object({ key: z.string(), name: z.string() }),
  );
}

/** The organisation behind an ASN; empty where none is known. */
export function organisationOf(asn: Sql): Sql {
  return sql`dictGetOrDefault('as_name_dict', 'organisation', toUInt64(${asn}), '')`;
}

/** `edge1 xe-0/0/1`: the exporter's name and that of its link on the latest day it has one. */
async function interfaces(context: QueryContext, facts: Facts, keys: readonly string[]) {
  const links = await execute(
    context,
    sql`SELECT concat(exporter, ' ', toString(interface)) AS key, argMax(name, valid_from) AS name FROM links WHERE key IN ${texts(keys)} GROUP BY key`,
    z.object({ key: z.string(), name: z.string() }),
  );
  return keys.map((key) => {
    const [exporter = '', number = ''] = key.split(' ');
    const name = facts.exporters.find((each) => each.exporter === exporter)?.name ?? exporter;
    return { key, name: `${name} ${links.find((link) => link.key === key)?.name || `#${number}`}` };
  });
}
