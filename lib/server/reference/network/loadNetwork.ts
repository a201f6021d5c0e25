import { readEdits } from '@/lib/server/reference/edits/classificationEdit';
import { layLinkEdits } from '@/lib/server/reference/edits/layLinkEdits';
import { hashOf, type LoadResult, loadIfChanged } from '@/lib/server/reference/loads';
import { readNetworkFile } from '@/lib/server/reference/network/networkFile';
import { networkRows } from '@/lib/server/reference/network/networkRows';
import { reloadDictionary, replaceTable } from '@/lib/server/reference/replaceTable';
import { type ReferenceTarget, withOwner } from '@/lib/server/reference/target';

const DAY_MS = 86_400_000;

/**
 * Loads the operators' file: exporters, sampling rates, links, own prefixes and overrides; the types that people gave links in the
 * interface are laid over it. Types follow from loadTaxonomy,
 * which has to run afterwards. A file that does not exist loads the defaults.
 * @throws NetworkFileError, before anything is changed, where the file has an error
 */
export async function loadNetwork(
  target: ReferenceTarget,
  file: string,
  now = Date.now(),
): Promise<LoadResult> {
  const { network } = await readNetworkFile(file);
  const fileRows = networkRows(network, Math.floor(now / DAY_MS));
  return withOwner(target, async (client) => {
    const rows = { ...fileRows, links: layLinkEdits(fileRows.links, await readEdits(client)) };
    return loadIfChanged(client, target, 'network', hashOf('network 1', JSON.stringify(rows)), async () => {
      let total = 0;
      for (const table of [
        'exporters',
        'exporter_sampling',
        'links',
        'own_prefixes',
        'type_overrides',
      ] as const) {
        total += await replaceTable(client, target, table, { rows: rows[table] });
      }
      for (const dictionary of ['exporter_dict', 'exporter_sampling_dict', 'link_dict', 'own_prefix_dict']) {
        await reloadDictionary(client, target, dictionary);
      }
      return { rows: total, detail: { file, exporters: rows.exporters.length, links: network.links.length } };
    });
  });
}
