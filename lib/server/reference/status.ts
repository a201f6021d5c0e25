import 'server-only';
import { countUnmended } from '@/lib/server/reference/geo/mendGeo';
import { currentLoad, type LoadRecord, type ReferenceName } from '@/lib/server/reference/loads';
import { type ReferenceTarget, selectRows, withOwner } from '@/lib/server/reference/target';

export interface DictionaryStatus {
  name: string;
  status: string;
  elements: number;
  /** Bytes of memory. */
  bytes: number;
  /** Seconds that the last load took. */
  loadSeconds: number;
  /** Empty where the last load went well. */
  problem: string;
}

export interface ReferenceStatus {
  loads: LoadRecord[];
  dictionaries: DictionaryStatus[];
  /** Stored records that have no country and metro because the table was not there yet. */
  unmended: number;
}

const NAMES: readonly ReferenceName[] = ['network', 'taxonomy', 'asn', 'geo'];

/** What is loaded, what it costs in memory, and what waits to be mended. */
export async function referenceStatus(target: ReferenceTarget): Promise<ReferenceStatus> {
  return withOwner(target, async (client) => {
    const loads: LoadRecord[] = [];
    for (const name of NAMES) loads.push(await currentLoad(client, name));
    const rows = await selectRows<{
      name: string;
      status: string;
      elements: string;
      bytes: string;
      seconds: number;
      problem: string;
    }>(
      client,
      `SELECT name, toString(status) AS status, element_count AS elements, bytes_allocated AS bytes,
         loading_duration AS seconds, last_exception AS problem
       FROM system.dictionaries WHERE database = {database:String} ORDER BY name`,
      { database: target.database },
    );
    return {
      loads,
      dictionaries: rows.map(({ name, status, elements, bytes, seconds, problem }) => ({
        name,
        status,
        elements: Number(elements),
        bytes: Number(bytes),
        loadSeconds: seconds,
        problem,
      })),
      unmended: await countUnmended(client),
    };
  });
}
