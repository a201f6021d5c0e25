import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Targets } from '@/lib/server/env';
import { dataPaths } from '@/lib/server/paths';
import { connect } from './connect';
import { type CutBatch, cutBatches } from './cutBatches';
import { type ExporterSettings, loadExporterSettings } from './exporterSettings';
import { createIngestLock, type IngestLock } from './ingestLock';
import { IngestError, type IngestOptions, type IngestRequest, type Run } from './ingestRequest';
import { insertExporterCounts } from './insertExporterCounts';
import { insertFlows, insertRejections } from './insertRows';
import { batchTag, type JudgedBatch, judgeBatch, rememberKeys } from './judgeBatch';
import * as ledger from './ledger';
import { countJudged, ledgerEntry } from './ledgerEntry';
import { missingFromFlows } from './missingFromFlows';
import { openSource, peek } from './openSource';
import { RecentKeys } from './recentKeys';
import { loadRecentKeys } from './recentKeysOf';
import { reconcile } from './reconcile/reconcile';
import { withRetry } from './retry';
import { Spool, type SpooledBatch } from './spool';
import { emptySummary, type IngestSummary } from './summary';

export { IngestError, type IngestOptions, type IngestRequest } from './ingestRequest';

/** Batches that are sent while the next one is read. */
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
 * token, noted as committed. While up to two batches are sent, the next one is read. Several runs may go on at once.
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
  private keysLoading: Promise<void> | null = null;

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
    const run: Run = { summary: emptySummary(), doubtful: new Set(), sent: [] };
    const { summary, doubtful } = run;
    const inFlight = new Set<Promise<void>>();
    const failures: unknown[] = [];
    const stopped = (): boolean => failures.length > 0 || request.signal?.aborted === true;
    try {
      const settings = await withRetry(() => loadExporterSettings(this.reader, this.database), {
        forMs: this.retryMs,
        signal: request.signal,
      });
      const { first, blocks } = await peek(request.read(settings));
      if (first === null) return summary;
      const source = await openSource(this.client, this.database, request, first, this.retryMs);
      request.onSource?.(source);
      for await (const batch of cutBatches(
        blocks,
        source.id,
        source.batches,
        source.limits,
        request.from ?? 0,
      )) {
        if (stopped()) break;
        const send = await this.prepare(batch, request, source, settings, run);
        if (send !== null) {
          const task: Promise<void> = send()
            .catch((error: unknown) => void failures.push(error))
            .finally(() => inFlight.delete(task));
          inFlight.add(task);
        }
        summary.seconds = (performance.now() - started) / 1000;
        request.onProgress?.(summary);
        if (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
      }
      await Promise.all(inFlight);
      if (failures.length > 0) throw failures[0];
      const lacking = await missingFromFlows(this.reader, this.database, run.sent, this.retryMs);
      // Their rollups are as doubtful as they are; reconcile looks at what is not committed first.
      await ledger.write(this.client, this.database, lacking);
      for (const { id } of lacking) doubtful.add(id);
      summary.doubtfulBatches = doubtful.size;
      if (doubtful.size > 0) await this.settle(doubtful);
      return summary;
    } catch (error) {
      await Promise.all(inFlight);
      throw new IngestError(error instanceof Error ? error.message : String(error), summary, {
        cause: error,
      });
    } finally {
      summary.seconds = (performance.now() - started) / 1000;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.reader.close(), this.lock.close()]);
  }

  /** Judges a batch; gives what is left to do, or null where there is nothing to send. */
  private async prepare(
    batch: CutBatch,
    request: IngestRequest,
    source: { id: string; batchSize: number },
    settings: ExporterSettings,
    { summary, doubtful, sent }: Run,
  ): Promise<(() => Promise<void>) | null> {
    if (batch.known?.state === 'committed') {
      summary.records += batch.records.length;
      summary.duplicates += batch.records.length;
      return null;
    }
    await this.refreshKeys();
    const nowMs = Date.now();
    const nowSeconds = Math.floor(nowMs / 1000);
    // A batch that was begun keeps its decisions: judged anew, records could be found among the keys of later batches.
    const earlier = batch.known === null ? undefined : (batch.known.options.leftOut ?? '');
    const judged = judgeBatch(batch, this.recent, settings, nowSeconds, earlier);
    const entry = ledgerEntry(batch, judged, request, source, nowMs);
    const spooled: SpooledBatch = {
      payload: judged.payload,
      rejections: judged.rejections,
      exporters: judged.exporters,
      judgedAtMs: nowMs,
    };
    summary.records += batch.records.length;
    countJudged(summary, judged);
    if (batch.known !== null) {
      // Begun before and perhaps stored in part: reconcile compares it with what is there, and sends what is missing.
      if ((await this.spool.read(batch.id)) === null) await this.spool.write(batch.id, spooled);
      if (batch.known.state === 'lost')
        await ledger.write(this.client, this.database, [{ ...entry, token: batch.known.token }]);
      doubtful.add(batch.id);
      return null;
    }
    rememberKeys(batch, judged, this.recent, nowSeconds);
    sent.push(entry);
    return () => this.send(entry, judged, spooled, doubtful, request.signal);
  }

  private async send(
    entry: ledger.LedgerBatch,
    judged: JudgedBatch,
    spooled: SpooledBatch,
    doubtful: Set<string>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { client, database } = this;
    let noted = false;
    try {
      await this.spool.write(entry.id, spooled);
      await this.lock.shared(async () => {
        const retried = (): void => void doubtful.add(entry.id);
        const options = { forMs: this.retryMs, signal };
        await withRetry(() => ledger.write(client, database, [entry]), options);
        noted = true;
        await withRetry(() => insertExporterCounts(client, database, entry.key, spooled.exporters), options);
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
    } catch (error) {
      // The ledger may not know this batch, so its records may come again in another one, and must not be taken for duplicates then.
      if (!noted) this.recent.forget(judged.keys, batchTag(entry.key));
      throw error;
    }
    if (!doubtful.has(entry.id)) await this.spool.markSent(entry.id);
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

  /** Takes in what other processes have stored since; runs at the same time wait for one and the same look. */
  private async refreshKeys(): Promise<void> {
    if (this.keysLoading === null) {
      if (Date.now() - this.keysAt < KEY_REFRESH_MS) return;
      const since = Date.now();
      const seconds = this.keysAt === 0 ? KEY_WINDOW_SECONDS : Math.ceil((since - this.keysAt) / 1000) + 10;
      this.keysLoading = withRetry(() => loadRecentKeys(this.client, this.database, this.recent, seconds), {
        forMs: this.retryMs,
      })
        .then(() => {
          this.keysAt = since;
        })
        .finally(() => {
          this.keysLoading = null;
        });
    }
    await this.keysLoading;
  }
}
