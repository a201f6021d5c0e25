import { readOptions } from './batches';
import { type DemoIdentity, planContext } from './context';
import { type PlanContext, planRows } from './plan/rows';
import { recordsSql } from './records/recordsSql';
import { connectOwner, type DemoTarget } from './target';

/** What of a ledger row decides over the records of a batch of the demo. */
export interface LedgerEntry {
  key: bigint;
  source: string;
  /** the parsed JSON of the ledger's `options` */
  options: unknown;
}

/**
 * Makes batches of the demo again, for reconcile.
 * @returns a function that gives a SELECT with the columns of flows_landing by name, the same rows as when the batch was first made;
 *   null for batches that are not the demo's. Its statements are some megabytes long: run them with a `max_query_size` of 100 MB.
 */
export function demoRemake(target: DemoTarget): (batch: LedgerEntry) => Promise<string | null> {
  const contexts = new Map<string, Promise<PlanContext>>();
  const contextOf = (identity: DemoIdentity): Promise<PlanContext> => {
    const name = JSON.stringify(identity);
    const known = contexts.get(name);
    if (known) return known;
    const made = (async () => {
      const client = connectOwner(target);
      try {
        return await planContext(client, target, identity);
      } finally {
        await client.close();
      }
    })();
    contexts.set(name, made);
    return made;
  };
  return async (batch) => {
    const known = batch.source.startsWith('demo:') ? readOptions(batch.options) : null;
    if (!known) return null;
    const context = await contextOf(known.identity);
    return recordsSql(
      context.seed,
      batch.key,
      planRows(context, known.piece),
      context.sources,
      context.network,
    );
  };
}
