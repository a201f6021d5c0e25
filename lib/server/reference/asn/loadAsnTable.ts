import { join } from 'node:path';
import { ASN_FILES, buildAsnCache } from '@/lib/server/reference/asn/asnCache';
import { fingerprint } from '@/lib/server/reference/fingerprint';
import { hashOf, type LoadResult, loadIfChanged } from '@/lib/server/reference/loads';
import { reloadDictionary, replaceTable } from '@/lib/server/reference/replaceTable';
import { type ReferenceTarget, withOwner } from '@/lib/server/reference/target';

/** Grows when the same files would be read into another table. */
const BUILDER = 'asn 1';

/** Folder of the ASN table that npm installs. Operators mount newer files of the same layout and set WEIR_ASN_DIR. */
export function asnSourceDir(env: NodeJS.ProcessEnv = process.env): string {
  return env.WEIR_ASN_DIR || join(process.cwd(), 'node_modules', '@ip-location-db', 'asn');
}

/**
 * Loads prefix -> ASN and ASN -> organisation. The table is made from the ranges once and kept in the cache folder.
 * @param cacheDir folder that may be emptied at any time
 * @param sourceDir folder with asn-ipv4.csv and asn-ipv6.csv
 */
export async function loadAsnTable(
  target: ReferenceTarget,
  cacheDir: string,
  sourceDir = asnSourceDir(),
): Promise<LoadResult> {
  const files = [join(sourceDir, ASN_FILES[4]), join(sourceDir, ASN_FILES[6])];
  const hash = hashOf(BUILDER, ...(await fingerprint(files, cacheDir)));
  return withOwner(target, (client) =>
    loadIfChanged(client, target, 'asn', hash, async () => {
      const cache = await buildAsnCache(sourceDir, cacheDir, hash);
      const rows = await replaceTable(client, target, 'asn_prefixes', {
        files: [cache.prefixes],
        columns: ['prefix', 'asn'],
      });
      const names = await replaceTable(client, target, 'as_names', {
        files: [cache.names],
        columns: ['asn', 'organisation'],
      });
      for (const dictionary of ['asn_dict', 'as_name_dict'])
        await reloadDictionary(client, target, dictionary);
      return { rows, detail: { sourceDir, organisations: names } };
    }),
  );
}
