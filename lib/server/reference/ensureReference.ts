import 'server-only';
import { loadAsnTable } from '@/lib/server/reference/asn/loadAsnTable';
import { currentLoad, type LoadResult } from '@/lib/server/reference/loads';
import { loadNetwork } from '@/lib/server/reference/network/loadNetwork';
import { NetworkFileError } from '@/lib/server/reference/network/networkFile';
import { type ReferenceTarget, withOwner } from '@/lib/server/reference/target';
import { loadTaxonomy } from '@/lib/server/reference/taxonomy/loadTaxonomy';

/** Where reference data comes from and may be cached; a whole DataPaths fits. */
export interface ReferencePaths {
  /** The operators' file. */
  networkFile: string;
  /** Folder for things that can be made again. */
  cache: string;
}

export interface EnsureReferenceOptions {
  /** Told what is under way, for a person. */
  onProgress?: (text: string) => void;
  /** Told what needs a person but does not stop the start. Default: standard error. */
  onWarning?: (text: string) => void;
}

/**
 * Loads what enrichment cannot do without: the operators' network, types, and the ASN table. Nothing happens for what has
 * not changed, so it costs milliseconds at every start but the first. Countries and metros are not among them: finishGeo loads
 * them while the dashboard is up.
 *
 * A network file with errors leaves what is loaded in use and is a warning; where nothing was ever loaded it is an error, as
 * records would be stored with regions and directions that nobody meant.
 * @throws NetworkFileError at a first start with a broken network file
 */
export async function ensureReference(
  target: ReferenceTarget,
  paths: ReferencePaths,
  {
    onProgress = () => {},
    onWarning = (text) => process.stderr.write(`${text}\n`),
  }: EnsureReferenceOptions = {},
): Promise<LoadResult[]> {
  const results: LoadResult[] = [];
  onProgress('network');
  try {
    results.push(await loadNetwork(target, paths.networkFile));
  } catch (error) {
    const loaded = await withOwner(target, (client) => currentLoad(client, 'network'));
    if (!(error instanceof NetworkFileError) || loaded.version === 0) throw error;
    onWarning(error.message);
  }
  onProgress('network types');
  results.push(await loadTaxonomy(target));
  onProgress('ASN table');
  results.push(await loadAsnTable(target, paths.cache));
  return results;
}
