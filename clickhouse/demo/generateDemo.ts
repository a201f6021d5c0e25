import { type DemoBatch, historySource, liveSource, readBatches, storePiece } from './batches';
import { type DemoIdentity, planContext } from './context';
import { nextPieces } from './nextPieces';
import { DEMO_START } from './plan/levels';
import { FIVE_MINUTES, floorTo, historyPieces, type Piece } from './plan/pieces';
import { connectOwner, type DemoTarget } from './target';

export interface GenerateOptions {
  seed: number;
  /** Up to when; rounded down to five minutes. */
  end: Date;
  /** First instant; default 2025-07-01. Counts only for the first run of a seed. */
  start?: Date;
  /** About how many records the history has, whatever its length (default 10 million). Counts only for the first run of a seed. */
  records?: number;
  /** What is under way, for people: "newest 14 days, 1.2 of 10 M records". */
  onProgress?(detail: string): void;
  /** Resolves nothing, is called once: the newest days are stored and can be looked at. */
  onRecentReady?(): void;
  /** Stops after the batches under way; the next run goes on there. */
  signal?: AbortSignal;
  /** Runs each batch, for callers that must keep others from looking at it half stored. */
  guard?<T>(store: () => Promise<T>): Promise<T>;
}

export interface DemoSummary {
  /** records that stand in the ledger for this demo */
  records: number;
  /** of which this run made */
  made: number;
  /** seconds since 1970 */
  from: number;
  to: number;
  seconds: number;
  /** one line for people */
  text: string;
}

const DEFAULT_RECORDS = 10_000_000;
/** Batches made at the same time. Each uses one thread, so two keep two cores busy. */
const WORKERS = 2;

/**
 * Fills the database with the demo's flow records, or completes what an earlier run began. The newest days come first. Each batch is
 * stored exactly once, so a run may be killed at any moment; what is there already is left alone, and a run that finds a finished
 * demo only fills the time since.
 * @throws when ClickHouse cannot be reached or the reference tables are empty; the message says what to do
 */
export async function generateDemo(target: DemoTarget, options: GenerateOptions): Promise<DemoSummary> {
  const began = performance.now();
  const client = connectOwner(target);
  try {
    const wantedEnd = floorTo(options.end.getTime() / 1000, FIVE_MINUTES);
    const { batches: known, records: before } = await readBatches(client, target, options.seed);
    const identity = known[0]?.identity ?? {
      seed: options.seed,
      start: floorTo((options.start?.getTime() ?? DEMO_START * 1000) / 1000, FIVE_MINUTES),
      end: wantedEnd,
      records: options.records ?? DEFAULT_RECORDS,
    };
    const context = await planContext(client, target, identity);
    const guard = options.guard ?? (<T>(store: () => Promise<T>) => store());
    const store = (source: string, piece: Piece) =>
      guard(() =>
        withRetry(
          () => storePiece(client, target, context, source, identity, piece, options.signal),
          options.signal,
        ),
      );

    let records = before;
    const history = missingHistory(identity, known);
    const report = (what: string) =>
      options.onProgress?.(
        `${what}, ${(records / 1e6).toFixed(1)} of about ${Number((identity.records / 1e6).toFixed(1))} M records`,
      );
    const recent = history.filter((piece) => piece.kind === 'dense');
    const old = history.filter((piece) => piece.kind !== 'dense');
    for (const [pieces, what] of [
      [recent, 'newest 14 days'],
      [old, 'older days'],
    ] as const) {
      if (pieces.length > 0) report(what);
      await inParallel(pieces, WORKERS, async (piece) => {
        options.signal?.throwIfAborted();
        const stored = await store(historySource(identity), piece);
        records += stored.records;
        report(what);
      });
      if (pieces === recent) options.onRecentReady?.();
    }

    // Gaps are filled in order, since the ledger's last entry tells where the next run goes on.
    let to = identity.end;
    for (const piece of gapPieces(identity, known, wantedEnd)) {
      options.signal?.throwIfAborted();
      report(`time since ${new Date(piece.from * 1000).toISOString().slice(0, 16)}`);
      const stored = await store(liveSource(identity.seed), piece);
      records += stored.records;
    }
    to = Math.max(to, wantedEnd);
    const seconds = (performance.now() - began) / 1000;
    return {
      records,
      made: records - before,
      from: identity.start,
      to,
      seconds,
      text: text(records, records - before),
    };
  } finally {
    await client.close();
  }
}

function text(records: number, made: number): string {
  const millions = (n: number) => `${(n / 1e6).toFixed(n < 1e5 ? 3 : 1)} M`;
  if (made === records) return `${millions(records)} flow records made`;
  return made === 0
    ? `${millions(records)} flow records, up to date`
    : `${millions(records)} flow records, ${millions(made)} new`;
}

function missingHistory(identity: DemoIdentity, known: readonly DemoBatch[]): Piece[] {
  const source = historySource(identity);
  const done = new Set(known.filter((b) => b.source === source && b.committed).map((b) => b.piece.from));
  return historyPieces(identity.start, identity.end).filter((piece) => !done.has(piece.from));
}

function gapPieces(identity: DemoIdentity, known: readonly DemoBatch[], end: number): Piece[] {
  return nextPieces(
    identity,
    known.filter((b) => b.source === liveSource(identity.seed)),
    end,
    'history',
  );
}

/** Runs the items in order, a few at a time. The first failure ends the whole once the others under way are done. */
async function inParallel<T>(
  items: readonly T[],
  workers: number,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const failures: unknown[] = [];
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await run(item);
      } catch (error) {
        failures.push(error);
        waiting.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  if (failures.length > 0) throw failures[0];
}

const TRIES = 5;

/** A batch may be sent again after a lost connection: its token makes the second time a no-op where the first had arrived. */
export async function withRetry<T>(run: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === TRIES || signal?.aborted || !isConnectionLoss(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    }
  }
}

function isConnectionLoss(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return (
    code === 'ECONNREFUSED' ||
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    (error instanceof Error && error.message.includes('socket hang up'))
  );
}
