import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { isNetworkType } from '@/lib/flows/networkTypes';
import { FIRST_DAY, LAST_DAY, parseDay } from '@/lib/server/reference/day';
import { readEdits, resolveEdits } from '@/lib/server/reference/edits/classificationEdit';
import { currentLoad, hashOf, type LoadResult, loadIfChanged } from '@/lib/server/reference/loads';
import { prefixOf } from '@/lib/server/reference/prefix';
import { reloadDictionary, replaceTable } from '@/lib/server/reference/replaceTable';
import { type ReferenceTarget, selectRows, withOwner } from '@/lib/server/reference/target';
import { readAsnTypes } from '@/lib/server/reference/taxonomy/taxonomyFile';
import { asnTypeRows, prefixTypeRows, type TypeOverride } from '@/lib/server/reference/taxonomy/taxonomyRows';

/**
 * Loads the shipped list of types with the overrides of the operators' file and the edits of the interface
 * laid over it. Every change of what an address, an ASN or a link
 * is called makes a new taxonomy version, which enrichment writes on each row.
 * @param taxonomyDir folder of asn-types.csv
 */
export async function loadTaxonomy(
  target: ReferenceTarget,
  taxonomyDir = join(process.cwd(), 'clickhouse', 'taxonomy'),
): Promise<LoadResult> {
  const types = await readAsnTypes(join(taxonomyDir, 'asn-types.csv'));
  return withOwner(target, async (client) => {
    // Strongest first: what people decided in the interface, then the operators' file, then the shipped list.
    const overrides = [...(await editedTypes(client)), ...(await readOverrides(client))];
    const asns = asnTypeRows(types, overrides);
    const prefixes = prefixTypeRows(overrides);
    const links = await typedLinks(client);
    const hash = hashOf('taxonomy 1', JSON.stringify(asns), JSON.stringify(prefixes), JSON.stringify(links));
    return loadIfChanged(client, target, 'taxonomy', hash, async (version) => {
      const stamp = <R>(rows: R[]) => rows.map((row) => ({ ...row, taxonomy_version: version }));
      const rows =
        (await replaceTable(client, target, 'asn_types', { rows: stamp(asns) })) +
        (await replaceTable(client, target, 'prefix_types', { rows: stamp(prefixes) }));
      for (const dictionary of ['asn_type_dict', 'prefix_id_dict', 'prefix_type_dict']) {
        await reloadDictionary(client, target, dictionary);
      }
      return { rows, detail: { asns: types.length, overrides: overrides.length, typedLinks: links.length } };
    });
  });
}

/** Version of the types that enrichment works with; 0 = none loaded. */
export async function taxonomyVersion(target: ReferenceTarget): Promise<number> {
  return withOwner(target, async (client) => (await currentLoad(client, 'taxonomy')).version);
}

async function editedTypes(client: ClickHouseClient): Promise<TypeOverride[]> {
  return resolveEdits(await readEdits(client)).flatMap(({ key, periods }) =>
    'exporter' in key
      ? []
      : periods.map(({ from, to, value, author }) => ({
          key,
          networkType: value.networkType,
          from,
          to,
          reason: `${value.reason} (${author})`,
        })),
  );
}

async function readOverrides(client: ClickHouseClient): Promise<TypeOverride[]> {
  const rows = await selectRows<{
    asn: number;
    prefix: string;
    valid_from: string;
    valid_to: string;
    network_type: string;
    reason: string;
  }>(
    client,
    'SELECT asn, prefix, valid_from, valid_to, network_type, reason FROM type_overrides ORDER BY asn, prefix, valid_from',
  );
  return rows.flatMap((row) =>
    isNetworkType(row.network_type)
      ? [
          {
            key: row.prefix === '' ? { asn: row.asn } : { prefix: prefixOf(row.prefix) },
            networkType: row.network_type,
            from: parseDay(row.valid_from) ?? FIRST_DAY,
            to: parseDay(row.valid_to) ?? LAST_DAY,
            reason: row.reason,
          },
        ]
      : [],
  );
}

async function typedLinks(client: ClickHouseClient): Promise<unknown[]> {
  return selectRows(
    client,
    `SELECT exporter, interface, valid_from, valid_to, network_type FROM links
     WHERE network_type != '' ORDER BY exporter, interface, valid_from`,
  );
}
