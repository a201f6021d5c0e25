import 'server-only';
import { type LoadGeoOptions, loadGeo } from '@/lib/server/reference/geo/loadGeo';
import { type MendResult, mendGeo } from '@/lib/server/reference/geo/mendGeo';
import type { LoadResult } from '@/lib/server/reference/loads';
import { warmDictionaries } from '@/lib/server/reference/replaceTable';
import { type ReferenceTarget, withOwner } from '@/lib/server/reference/target';

/**
 * What a running dashboard does in the background at every start: makes or finds the table of countries and metros, loads it,
 * and mends the records that were stored before it was there. Milliseconds where nothing is to be done.
 */
export async function finishGeo(
  target: ReferenceTarget,
  paths: { cache: string },
  options: LoadGeoOptions = {},
): Promise<{ load: LoadResult; mend: MendResult }> {
  const load = await loadGeo(target, paths.cache, options);
  await withOwner(target, (client) => warmDictionaries(client, target), options.signal);
  const mend = await mendGeo(target, options);
  return { load, mend };
}
