import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { CUT_LIMITS, type CutLimits } from './cutBatches';
import type { IngestRequest, KnownSource } from './ingestRequest';
import * as ledger from './ledger';
import type { ParsedRecord } from './record';
import { withRetry } from './retry';

/** A source that is being read: what the ledger has of it, and how it is cut from here on. */
export interface OpenSource extends KnownSource {
  batches: ledger.LedgerBatch[];
  batchSize: number;
  limits: CutLimits;
}

/** Looks a source up in the ledger, by its first record where the request does not name it. */
export async function openSource(
  client: ClickHouseClient,
  database: string,
  request: IngestRequest,
  first: ParsedRecord,
  retryMs: number,
): Promise<OpenSource> {
  const options = request.options ?? {};
  const id = request.source ?? ledger.sourceOf(request.format.name, first.raw, options);
  const batches = await withRetry(
    () => ledger.batchesOf(client, database, id, request.from ?? 0, request.until),
    {
      forMs: retryMs,
      signal: request.signal,
    },
  );
  if (request.source === undefined && batches.length === 0) {
    const content = ledger.contentOf(request.format.name, first.raw);
    for (const other of await ledger.otherImports(client, database, content, id)) {
      request.onWarning?.(
        `The same content was imported before with other options (${optionsText(other.options)}, as ${other.sourceName}): its ${other.records.toLocaleString('en-GB')} records stay, and these are added to them.`,
      );
    }
  }
  const recorded = batches.reduce((most, batch) => Math.max(most, batch.batchSize), 0);
  const batchSize = Math.min(
    CUT_LIMITS.records,
    recorded > 0 ? recorded : (request.batchSize ?? CUT_LIMITS.records),
  );
  return {
    id,
    batches,
    batchSize,
    knownUpTo: batches.reduce((most, batch) => Math.max(most, batch.offset + batch.records), 0),
    limits: {
      ...CUT_LIMITS,
      records: batchSize,
      ...(request.idleMs === undefined ? {} : { idleMs: request.idleMs }),
    },
  };
}

/** The first record, and all blocks, that of the first record included. */
export async function peek(
  blocks: AsyncIterable<ParsedRecord[]>,
): Promise<{ first: ParsedRecord | null; blocks: AsyncIterable<ParsedRecord[]> }> {
  const iterator = blocks[Symbol.asyncIterator]();
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return { first: null, blocks };
    const [first] = next.value;
    if (first === undefined) continue;
    const head = next.value;
    return {
      first,
      blocks: (async function* () {
        yield head;
        yield* { [Symbol.asyncIterator]: () => iterator };
      })(),
    };
  }
}

function optionsText(options: ledger.BatchOptions): string {
  const parts = [`zone ${options.zone ?? 'not given'}`];
  if (options.samplingRate !== undefined) parts.push(`sampling rate ${options.samplingRate}`);
  return parts.join(', ');
}
