import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Targets } from '@/lib/server/env';
import { dataPaths } from '@/lib/server/paths';
import { connect, select } from './connect';
import { CUT_LIMITS, type CutBatch, cutBatches } from './cutBatches';
import { type ExporterSettings, loadExporterSettings } from './exporterSettings';
import { createIngestLock, type IngestLock } from './ingestLock';
import { insertFlows, insertRejections } from './insertRows';
import { type JudgedBatch, judgeBatch, rememberKeys } from './judgeBatch';
import * as ledger from './ledger';
import { RecentKeys } from './recentKeys';
import { loadRecentKeys } from './recentKeysOf';
import { reconcile } from './reconcile/reconcile';
import type { ParsedRecord, RejectReason } from './record';
import { withRetry } from './retry';
import { Spool, type SpooledBatch } from './spool';
import { emptySummary, type IngestSummary } from './summary';

export interface IngestOptions {
  /** Folder of the write-ahead spool; default: that of $WEIR_DATA. */
  spool?: string;
  /** Milliseconds for which a lost server is waited for. */
  retryMs?: number;
}

export interface IngestRequest {
  /** Reads the records, in blocks of any length and always in the same order. */
  read(settings: ExporterSettings): AsyncIterable<ParsedRecord[]>;
  format: { name: string; version: number };
  options?: { zone?: string; samplingRate?: number };
  /** Path or URL, for people and for reading again. */
  sourceName: string;
  /** Identity of the source; default: taken from its first record, format and options. */
  source?: string;
  /** Records a batch, at most; a source that the ledger knows goes on with the size recorded there. */
  batchSize?: number;
  /** For streams without an end: milliseconds without input after which what was read so far is stored. */
  idleMs?: number;
  onProgress?(soFar: IngestSummary): void;
  /** Things a person should know that do not stop the import. */
  onWarning?(text: string): void;
  signal?: AbortSignal;
}

/** The import failed; `summary` says what had been read and stored by then. */
export class IngestError extends Error {
  override name = 'IngestError';
  constructor(
    message: string,
    readonly summary: IngestSummary,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a run keeps count of. */
interface Run {
  summary: IngestSummary;
  /** Ids of batches that must be compared with what is stored before the run ends. */
  doubtful: Set<string>;
  sent: ledger.LedgerBatch[];
}

const IN_FLIGHT = 2;
const KEY_WINDOW_SECONDS = 3600;
const KEY_REFRESH_MS = 30_000;

/** Stores one source and lets go of everything. For several sources in a row, or a long-lived process, use `openIngest`. */
export async function ingestRecords(
  targets: Targets,
  request: IngestRequest,
  options: IngestOptions = {},
): Promise<IngestSummary> {
  const ingest = openIngest(targets, options);
  try {
    return await ingest.run(request);
  } finally {
    await ingest.close();
  }
}

export function openIngest(targets: Targets, options: IngestOptions = {}): Ingest {
  return new Ingest(targets, options);
}

/**
 * Stores sources exactly once: cut into batches, each written to the spool, noted in the ledger as pending, sent under its own
 * token, noted as committed. While up to two batches are sent, the next one is read.
 */
export class Ingest {
  private readonly database: string;
  private readonly client: ClickHouseClient;
  private readonly reader: ClickHouseClient;
  private readonly lock: IngestLock;
  private readonly spoolFolder: string;
  private readonly spool: Spool;
  private readonly retryMs: number;
  private readonly recent = new RecentKeys({ windowSeconds: KEY_WINDOW_SECONDS });
  private keysAt = 0;

  constructor(
    private readonly targets: Targets,
    options: IngestOptions,
  ) {
    this.database = targets.clickhouse.database;
    this.client = connect(targets.clickhouse, 'ingest');
    this.reader = connect(targets.clickhouse, 'reader');
    this.lock = createIngestLock(targets.databaseUrl, this.database);
    this.spoolFolder = options.spool ?? dataPaths().spool;
    this.spool = new Spool(this.spoolFolder);
    this.retryMs = options.retryMs ?? 120_000;
  }

  /**
   * Stores one source. Throws IngestError when a batch cannot be stored; what was stored before stays, and running the same import
   * again goes on from there.
   */
  async run(request: IngestRequest): Promise<IngestSummary> {
    const started = performance.now();
    const summary = emptySummary();
    const doubtful = new Set<string>();
    const sent: ledger.LedgerBatch[] = [];
    const inFlight = new Set<Promise<void>>();
    const failures: unknown[] = [];
    try {
      const settings = await loadExporterSettings(this.reader, this.database);
      const { first, blocks } = await peek(request.read(settings));
      if (first === null) return summary;
      const source = await this.sourceOf(request, first);
      for await (const batch of cutBatches(blocks, source.id, source.batches, source.limits)) {
        if (failures.length > 0 || request.signal?.aborted === true) break;
        const send = await this.prepare(batch, request, source, settings, { summary, doubtful, sent });
        if (send !== null) {
          const task: Promise<void> = send().then(
            () => void inFlight.delete(task),
            (error: unknown) => {
              failures.push(error);
              inFlight.delete(task);
            },
          );
          inFlight.add(task);
        }
        summary.seconds = (performance.now() - started) / 1000;
        request.onProgress?.(summary);
        if (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
      }
      await Promise.all(inFlight);
      if (failures.length > 0) throw failures[0];
      for (const id of await this.notStored(sent)) doubtful.add(id);
      summary.doubtfulBatches = doubtful.size;
      if (doubtful.size > 0) await this.settle(doubtful);
      return summary;
    } catch (error) {
      await Promise.all(inFlight);
      throw new IngestError(messageOf(error), summary, { cause: error });
    } finally {
      summary.seconds = (performance.now() - started) / 1000;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.reader.close(), this.lock.close()]);
  }

  private async sourceOf(request: IngestRequest, first: ParsedRecord) {
    const options = request.options ?? {};
    const id = request.source ?? ledger.sourceOf(request.format.name, first.raw, options);
    const batches = await withRetry(() => ledger.batchesOf(this.client, this.database, id), {
      forMs: this.retryMs,
    });
    if (request.source === undefined && batches.length === 0) {
      const content = ledger.contentOf(request.format.name, first.raw);
      for (const other of await ledger.otherImports(this.client, this.database, content, id)) {
        request.onWarning?.(
          `The same content was imported before with other options (${optionsText(other.options)}, as ${other.sourceName}): its ${other.records.toLocaleString('en-GB')} records stay, and these are added to them.`,
        );
      }
    }
    const recorded = Math.max(0, ...batches.map((batch) => batch.batchSize));
    const batchSize = Math.min(
      CUT_LIMITS.records,
      recorded > 0 ? recorded : (request.batchSize ?? CUT_LIMITS.records),
    );
    return {
      id,
      batches,
      batchSize,
      limits: {
        ...CUT_LIMITS,
        records: batchSize,
        ...(request.idleMs === undefined ? {} : { idleMs: request.idleMs }),
      },
    };
  }

  /** Judges a batch and makes it durable; gives what is left to do, or null where there is nothing to send. */
  private async prepare(
    batch: CutBatch,
    request: IngestRequest,
    source: { id: string; batchSize: number },
    settings: ExporterSettings,
    { summary, doubtful, sent }: Run,
  ): Promise<(() => Promise<void>) | null> {
    summary.records += batch.records.length;
    if (batch.known?.state === 'committed') {
      summary.duplicates += batch.records.length;
      return null;
    }
    await this.refreshKeys();
    const nowMs = Date.now();
    const nowSeconds = Math.floor(nowMs / 1000);
    // A batch that was begun keeps its decisions: judged anew, records could be found among the keys of later batches.
    const earlier = batch.known === null ? undefined : (batch.known.options.leftOut ?? '');
    const judged = judgeBatch(batch, this.recent, settings, nowSeconds, earlier);
    const entry = entryOf(batch, judged, request, source, nowMs);
    const spooled: SpooledBatch = {
      payload: judged.payload,
      rejections: judged.rejections,
      judgedAtMs: nowMs,
    };
    count(summary, judged);
    if (batch.known !== null) {
      // Begun before and perhaps stored in part: reconcile compares it with what is there, and sends what is missing.
      if ((await this.spool.read(batch.id)) === null) await this.spool.write(batch.id, spooled);
      if (batch.known.state === 'lost')
        await ledger.write(this.client, this.database, [{ ...entry, token: batch.known.token }]);
      doubtful.add(batch.id);
      return null;
    }
    await this.spool.write(batch.id, spooled);
    rememberKeys(batch, judged, this.recent, nowSeconds);
    sent.push(entry);
    return () => this.send(entry, spooled, doubtful, request.signal);
  }

  private async send(
    entry: ledger.LedgerBatch,
    spooled: SpooledBatch,
    doubtful: Set<string>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { client, database } = this;
    await this.lock.shared(async () => {
      const retried = (): void => void doubtful.add(entry.id);
      const options = { forMs: this.retryMs, signal };
      await withRetry(() => ledger.write(client, database, [entry]), options);
      await withRetry(
        () =>
          insertRejections(
            client,
            this.targets.clickhouse,
            entry,
            spooled.rejections,
            spooled.judgedAtMs,
            `${entry.token}:rejected`,
          ),
        { ...options, onRetry: retried },
      );
      if (entry.accepted > 0) {
        await withRetry(() => insertFlows(client, this.targets.clickhouse, spooled.payload, entry.token), {
          ...options,
          onRetry: retried,
        });
      }
      // After a retry the token proves nothing: the first attempt's part may be lost while its deduplication entry is not.
      if (doubtful.has(entry.id)) return;
      await withRetry(() => ledger.write(client, database, [{ ...entry, state: 'committed' }]), options);
    });
    if (!doubtful.has(entry.id)) await this.spool.markSent(entry.id);
  }

  /**
   * Batches of which flows does not have every row although the server took them. It takes a token that it has seen as a promise
   * that the rows are there; they are not when somebody emptied tables or restored an older copy.
   */
  private async notStored(sent: ledger.LedgerBatch[]): Promise<string[]> {
    const expected = sent.filter((batch) => batch.accepted > 0);
    const missing: string[] = [];
    for (let at = 0; at < expected.length; at += 1000) {
      const some = expected.slice(at, at + 1000);
      const rows = await withRetry(
        () =>
          select<{ key: string; rows: string }>(
            this.reader,
            `SELECT batch_key AS key, count() AS rows FROM ${this.database}.flows
             WHERE batch_key IN {keys:Array(UInt64)} AND ts_start >= fromUnixTimestamp64Milli({from:Int64})
               AND ts_start <= fromUnixTimestamp64Milli({to:Int64}) GROUP BY batch_key`,
            {
              keys: some.map(({ key }) => key),
              from: Math.min(...some.map(({ firstStartMs }) => firstStartMs)),
              to: Math.max(...some.map(({ lastEndMs }) => lastEndMs)),
            },
          ),
        { forMs: this.retryMs },
      );
      const stored = new Map(rows.map((row) => [row.key, Number(row.rows)]));
      const lacking = some.filter((batch) => stored.get(batch.key.toString()) !== batch.accepted);
      // Their rollups are as doubtful as they are; reconcile looks at what is not committed first.
      await ledger.write(this.client, this.database, lacking);
      missing.push(...lacking.map(({ id }) => id));
    }
    return missing;
  }

  private async settle(doubtful: Set<string>): Promise<void> {
    const report = await reconcile(this.targets, { scope: 'doubtful', spool: this.spoolFolder });
    const left = report.batches.filter((finding) => !finding.mended && doubtful.has(finding.id));
    if (left.length > 0) {
      throw new Error(
        `${left.length} batches could not be completed: ${left[0]?.text ?? ''} Run: npm run reconcile`,
      );
    }
  }

  private async refreshKeys(): Promise<void> {
    if (Date.now() - this.keysAt < KEY_REFRESH_MS) return;
    const first = this.keysAt === 0;
    const seconds = first ? KEY_WINDOW_SECONDS : Math.ceil((Date.now() - this.keysAt) / 1000) + 10;
    this.keysAt = Date.now();
    await withRetry(() => loadRecentKeys(this.client, this.database, this.recent, seconds), {
      forMs: this.retryMs,
    });
  }
}

function entryOf(
  batch: CutBatch,
  judged: JudgedBatch,
  request: IngestRequest,
  source: { id: string; batchSize: number },
  nowMs: number,
): ledger.LedgerBatch {
  return {
    id: batch.id,
    key: batch.key,
    source: source.id,
    sourceName: request.sourceName,
    offset: batch.offset,
    records: batch.records.length,
    accepted: judged.accepted,
    rejected: judged.rejections.length,
    duplicates: judged.duplicates,
    flagged: judged.flagged,
    bytes: judged.bytes,
    packets: judged.packets,
    firstStartMs: judged.firstStartMs,
    lastEndMs: judged.lastEndMs,
    batchSize: source.batchSize,
    format: request.format.name,
    formatVersion: request.format.version,
    options: { ...request.options, ...(judged.leftOut === undefined ? {} : { leftOut: judged.leftOut }) },
    token: batch.id,
    state: 'pending',
    createdAtMs: nowMs,
  };
}

function count(summary: IngestSummary, judged: JudgedBatch): void {
  summary.accepted += judged.accepted;
  summary.rejected += judged.rejections.length;
  summary.duplicates += judged.duplicates;
  summary.flagged += judged.flagged;
  summary.bytes += judged.bytes;
  summary.packets += judged.packets;
  for (const { reason } of judged.rejections as { reason: RejectReason }[]) {
    summary.rejectedBy[reason] = (summary.rejectedBy[reason] ?? 0) + 1;
  }
}

/** The first record, and all blocks, that of the first record included. */
async function peek(
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
