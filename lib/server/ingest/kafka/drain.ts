import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Targets } from '@/lib/server/env';
import { connect } from '../connect';
import { batchId, CUT_LIMITS } from '../cutBatches';
import { type ExporterSettings, loadExporterSettings } from '../exporterSettings';
import { type Ingest, openIngest } from '../ingest';
import type { IngestOptions, IngestRequest } from '../ingestRequest';
import * as ledger from '../ledger';
import type { ParsedRecord } from '../record';
import { addSummary, emptySummary, type IngestSummary } from '../summary';
import { countRepeats } from './countRepeats';
import { MessageReader, messageFormat } from './messageReader';
import { type Partition, sourceOfPartition } from './partition';
import { createPartitionLock, type PartitionLock } from './partitionLock';
import { gaps, holds, joined, merged, type Range } from './ranges';
import { type StagedMessage, type StagedWindow, stagedMessages, stagedSince } from './staged';

/** Messages read at a time: four batches, of which two are sent while the others are judged. */
const PAGE_MESSAGES = 200_000;
/** Offsets between two gaps that are read over rather than asked around. */
const PASSED_OVER = 20_000;
/** A row may be seen so long after it was staged: a replica that lags, a block that takes long to write. */
const LATE_MS = 15 * 60_000;
/** How often everything that is staged is looked at, however long ago it was. */
const LOOK_AT_ALL_MS = 3_600_000;
/** How often repeats are counted while draining goes on. */
const COUNT_MS = 300_000;
const HOUR_MS = 3_600_000;

export interface DrainOptions extends IngestOptions {
  signal?: AbortSignal;
  onProgress?(soFar: IngestSummary): void;
  /** Things a person should know that do not stop the drain. */
  onWarning?(text: string): void;
}

export interface Drained {
  /** What was stored; messages that came again are in `records` and `duplicates`. */
  summary: IngestSummary;
  /** Partitions that another process drains now. */
  elsewhere: Partition[];
}

/**
 * Takes messages from kafka_records into `flows`, each offset of a partition exactly once. The ledger decides: an offset within a batch
 * that it has is stored, whenever and however often it comes. What is missing between stored offsets is taken when it comes.
 *
 * Batches are stretches of offsets without a gap, and go the way of every other import (parse, judge, spool, ledger, insert).
 */
export class Drain {
  private readonly database: string;
  private readonly client: ClickHouseClient;
  private readonly reader: ClickHouseClient;
  private readonly ingest: Ingest;
  private readonly lock: PartitionLock;
  /** By the server's clock: up to where what was staged has been looked at, and when all of it was. */
  private lookedMs = 0;
  private lookedAtAll = 0;
  private countedAt = 0;
  private readonly countFrom = new Map<string, number>();

  constructor(
    targets: Targets,
    private readonly options: DrainOptions = {},
  ) {
    this.database = targets.clickhouse.database;
    this.client = connect(targets.clickhouse, 'ingest');
    this.reader = connect(targets.clickhouse, 'reader');
    this.ingest = openIngest(targets, options);
    this.lock = createPartitionLock(targets.databaseUrl, this.database);
  }

  /**
   * Drains what is staged and not stored yet.
   * @param counting also counts what came again since it was last counted; else every five minutes
   * @throws IngestError or Error where something cannot be stored or read; what was stored before stays, and the next call goes on
   */
  async pass(counting = false): Promise<Drained> {
    const drained: Drained = { summary: emptySummary(), elsewhere: [] };
    const all = Date.now() - this.lookedAtAll >= LOOK_AT_ALL_MS;
    const windows = await stagedSince(this.client, this.database, all ? 0 : this.lookedMs - LATE_MS);
    const counts = counting || Date.now() - this.countedAt >= COUNT_MS;
    // From anywhere, so that several processes do not stand before the same partition.
    const start = Math.floor(Math.random() * windows.length);
    for (const window of [...windows.slice(start), ...windows.slice(0, start)]) {
      if (this.options.signal?.aborted === true) return drained;
      const done = await this.lock.hold(window, async (lost) => {
        const known = await batchesWithin(this.client, this.database, window);
        await this.drainPartition(window, known, drained.summary, lost);
        if (counts) await this.count(window, known, drained.summary);
        lost.throwIfAborted();
        return true;
      });
      if (done === null) drained.elsewhere.push({ topic: window.topic, partition: window.partition });
    }
    if (counts) this.countedAt = Date.now();
    // Only now: where something failed, or is left to others, the next pass looks at all of this again.
    if (drained.elsewhere.length > 0) return drained;
    this.lookedMs = Math.max(this.lookedMs, ...windows.map(({ newestMs }) => newestMs));
    if (all) this.lookedAtAll = Date.now();
    return drained;
  }

  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.reader.close(), this.ingest.close(), this.lock.close()]);
  }

  private async drainPartition(
    window: StagedWindow,
    known: readonly ledger.LedgerBatch[],
    total: IngestSummary,
    lost: AbortSignal,
  ): Promise<void> {
    const { client, database } = this;
    const signal = this.options.signal === undefined ? lost : AbortSignal.any([this.options.signal, lost]);
    for (const batch of known) {
      // Nobody is sending it, since this process holds the partition: another one was stopped in the midst of it.
      if (batch.state !== 'committed') await this.finish(window, batch, total, signal);
    }
    const taken = merged(known.map(rangeOf));
    for (const span of joined(gaps(window.offsets, taken), PASSED_OVER)) {
      let from = span.from;
      while (from < span.to && !signal.aborted) {
        const page = await stagedMessages(client, database, window, { from, to: span.to }, PAGE_MESSAGES);
        const wanted = page.messages.filter(({ offset }) => !holds(taken, offset));
        for (const stretch of stretchesOf(wanted)) {
          if (signal.aborted) return;
          await this.store(window, stretch, total, signal);
        }
        from = page.next;
      }
    }
  }

  /** Stores messages whose offsets follow each other. */
  private async store(
    partition: Partition,
    messages: readonly StagedMessage[],
    total: IngestSummary,
    signal: AbortSignal,
  ): Promise<void> {
    const [first] = messages;
    if (first === undefined) return;
    const format = messageFormat(first.format);
    const request: IngestRequest = {
      read: (settings) => readBlocks(messages, settings),
      format: { name: format.name, version: format.version },
      source: sourceOfPartition(partition),
      sourceName: sourceOfPartition(partition),
      from: first.offset,
      until: first.offset + messages.length,
      signal,
    };
    const summary = await this.ingest.run(request);
    addSummary(total, summary);
    this.options.onProgress?.(total);
  }

  /**
   * Completes a batch that was begun and is not committed, from the same messages: only where they are all there and make the same
   * batch, since any other batch of them could store some twice.
   */
  private async finish(
    partition: Partition,
    batch: ledger.LedgerBatch,
    total: IngestSummary,
    signal: AbortSignal,
  ): Promise<void> {
    // Completing another one may have completed this one too.
    const [now] = await ledger.read(this.client, this.database, 'batch_id = {id:String}', { id: batch.id });
    if (now?.state === 'committed') return;
    const range = rangeOf(batch);
    const { messages } = await stagedMessages(this.client, this.database, partition, range, batch.records);
    const [stretch] = stretchesOf(messages);
    if (stretch !== undefined && stretch.length === batch.records) {
      const settings = await loadExporterSettings(this.reader, this.database);
      const records: ParsedRecord[] = [];
      for await (const block of readBlocks(stretch, settings)) records.push(...block);
      if (batchId(batch.source, batch.offset, records) === batch.id) {
        await this.store(partition, stretch, total, signal);
        return;
      }
    }
    this.options.onWarning?.(
      `${batch.sourceName}: the batch of offsets ${range.from} to ${range.to - 1} was begun and not finished, and its messages are no longer staged as they were. Run: npm run reconcile`,
    );
  }

  /** @param known batches from before this pass: whoever stored them has counted up to then */
  private async count(
    window: StagedWindow,
    known: readonly ledger.LedgerBatch[],
    total: IngestSummary,
  ): Promise<void> {
    const name = sourceOfPartition(window);
    const lastMs = known.reduce((last, { createdAtMs }) => Math.max(last, createdAtMs), 0);
    const from = this.countFrom.get(name) ?? lastMs - HOUR_MS;
    const { added, unlike } = await countRepeats(this.client, this.database, window, Math.max(0, from));
    total.records += added;
    total.duplicates += added;
    if (unlike > 0) {
      this.options.onWarning?.(
        `${name}: ${unlike} messages came under offsets of others that were stored before, and are not stored. The topic was removed and made again under its name: give it another name (WEIR_KAFKA_TOPIC), so that its offsets are not taken for those of the old one.`,
      );
    }
    // The hour may still grow, also a little after it is over.
    this.countFrom.set(name, window.newestMs - LATE_MS);
  }
}

/** Drains once what is staged now, and counts what came again. */
export async function drainOnce(targets: Targets, options: DrainOptions = {}): Promise<Drained> {
  const drain = new Drain(targets, options);
  try {
    return await drain.pass(true);
  } finally {
    await drain.close();
  }
}

function rangeOf(batch: { offset: number; records: number }): Range {
  return { from: batch.offset, to: batch.offset + batch.records };
}

/** The ledger's batches of a partition that have offsets of the window. */
function batchesWithin(
  client: ClickHouseClient,
  database: string,
  { offsets, ...partition }: StagedWindow,
): Promise<ledger.LedgerBatch[]> {
  return ledger.read(
    client,
    database,
    'source = {source:String} AND source_offset >= {least:UInt64} AND source_offset < {to:UInt64} AND source_offset + records > {from:UInt64}',
    {
      source: sourceOfPartition(partition),
      // The order of the table finds these at once; no batch is longer.
      least: Math.max(0, offsets.from - CUT_LIMITS.records),
      from: offsets.from,
      to: offsets.to,
    },
  );
}

/** Messages in stretches of offsets without a gap, each of one format. */
function stretchesOf(messages: readonly StagedMessage[]): StagedMessage[][] {
  const stretches: StagedMessage[][] = [];
  let last: StagedMessage | undefined;
  for (const message of messages) {
    const goesOn = last !== undefined && last.offset + 1 === message.offset && last.format === message.format;
    if (goesOn) stretches.at(-1)?.push(message);
    else stretches.push([message]);
    last = message;
  }
  return stretches;
}

const BLOCK = 2_000;

async function* readBlocks(
  messages: readonly StagedMessage[],
  settings: ExporterSettings,
): AsyncGenerator<ParsedRecord[]> {
  const reader = new MessageReader(messages[0]?.format ?? '', {
    activeTimeoutSeconds: settings.activeTimeoutSeconds,
  });
  for (let at = 0; at < messages.length; at += BLOCK) {
    yield messages.slice(at, at + BLOCK).map(({ message }) => reader.read(message));
  }
}
