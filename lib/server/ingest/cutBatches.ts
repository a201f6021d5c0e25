import 'server-only';
import { createHash, type Hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { dayOf, rowBytesAtMost } from './encodeRow';
import { batchKey, type LedgerBatch } from './ledger';
import type { ParsedRecord } from './record';

/** A stretch of a source: one insert, one block, one line of the ledger. */
export interface CutBatch {
  id: string;
  key: bigint;
  offset: number;
  records: ParsedRecord[];
  /** The ledger's line of exactly this content at this place, if there is one. */
  known: LedgerBatch | null;
}

export interface CutLimits {
  /** Records a batch, at most. */
  records: number;
  /** Bytes of encoded rows a batch, at most. */
  bytes: number;
  /** UTC days a batch touches, at most: each makes a part of `flows`, and the deduplication windows are sized for it. */
  days: number;
  /** Milliseconds without input after which what was read so far becomes a batch; undefined = only the end of the input does that. */
  idleMs?: number;
}

/**
 * A block costs the engine about as much for the parts that it makes in some thirty tables, whatever it holds, as for 50,000 records: larger
 * ones take longer to gather and more memory, smaller ones are paid for more often.
 */
export const CUT_LIMITS: CutLimits = { records: 200_000, bytes: 32 * 1024 * 1024, days: 100 };

/**
 * Cuts a source into batches. Where the ledger has batches at an offset, their boundaries are tried first, whatever the batch size
 * now is: the content between is hashed and compared, so what has been stored is recognised however it was cut. Everything else is
 * cut by the limits. A last record that is rejected is a batch of its own: it may be cut short, and when the source has grown the
 * batch before it must be recognised. No batch runs over a place at which one of the ledger begins: where a batch before that one
 * failed, the later one would be stored twice.
 *
 * @param from ordinal of the first record within the source
 */
export async function* cutBatches(
  blocks: AsyncIterable<ParsedRecord[]>,
  source: string,
  ledger: LedgerBatch[],
  limits: CutLimits,
  from = 0,
): AsyncGenerator<CutBatch> {
  const byOffset = new Map<number, LedgerBatch[]>();
  for (const batch of ledger) {
    const there = byOffset.get(batch.offset);
    if (there === undefined) byOffset.set(batch.offset, [batch]);
    else there.push(batch);
  }

  let offset = from;
  let open = new OpenBatch(source, offset, byOffset.get(from) ?? []);
  const close = (batch: CutBatch): CutBatch => {
    offset += batch.records.length;
    open = new OpenBatch(source, offset, byOffset.get(offset) ?? []);
    return batch;
  };

  for await (const block of orIdle(blocks, limits.idleMs)) {
    if (block === null) {
      if (open.records.length > 0) yield close(open.cut(open.recognised()));
      continue;
    }
    for (const parsed of block) {
      if (
        !open.fits(parsed, limits) ||
        (open.records.length > 0 && byOffset.has(offset + open.records.length))
      )
        yield close(open.cut());
      open.add(parsed);
      const known = open.recognised();
      if (known !== null) yield close(open.cut(known));
    }
  }
  const last = open.records.at(-1);
  if (last === undefined) return;
  if (!last.ok && open.records.length > 1) {
    const before = new OpenBatch(source, offset, byOffset.get(offset) ?? []);
    for (const parsed of open.records.slice(0, -1)) before.add(parsed);
    yield close(before.cut(before.recognised()));
    open.add(last);
  }
  yield open.cut(open.recognised());
}

/** The blocks, and null each time that none came for a while. */
async function* orIdle(
  blocks: AsyncIterable<ParsedRecord[]>,
  idleMs: number | undefined,
): AsyncGenerator<ParsedRecord[] | null> {
  if (idleMs === undefined) {
    yield* blocks;
    return;
  }
  const iterator = blocks[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    for (;;) {
      const timer = new AbortController();
      const idle = delay(idleMs, null, { signal: timer.signal }).catch(() => null);
      const first = await Promise.race([next, idle]);
      timer.abort();
      if (first === null) {
        yield null;
        continue;
      }
      if (first.done === true) return;
      yield first.value;
      next = iterator.next();
    }
  } finally {
    // Not waited for: it comes only after the read that is under way, and a stream may never bring that.
    iterator.return?.().catch(() => undefined);
  }
}

/** Id of a batch: SHA-256 (hex) over its source, its offset there and the raw texts of its records. */
export function batchId(source: string, offset: number, records: ParsedRecord[]): string {
  const batch = new OpenBatch(source, offset, []);
  for (const parsed of records) batch.add(parsed);
  return batch.cut().id;
}

class OpenBatch {
  readonly records: ParsedRecord[] = [];
  private readonly hash: Hash;
  private readonly lengths: Set<number>;
  private readonly days = new Set<number>();
  private bytes = 0;
  private unhashed = '';

  constructor(
    source: string,
    private readonly offset: number,
    private readonly candidates: LedgerBatch[],
  ) {
    this.hash = createHash('sha256').update(`${source}\n${offset}\n`);
    this.lengths = new Set(candidates.map((batch) => batch.records));
  }

  fits(parsed: ParsedRecord, limits: CutLimits): boolean {
    if (this.records.length === 0) return true;
    if (this.records.length >= limits.records) return false;
    if (!parsed.ok) return true;
    if (this.bytes + rowBytesAtMost(parsed.record) > limits.bytes) return false;
    return this.days.size < limits.days || this.days.has(dayNumber(parsed.record.tsStartMs));
  }

  add(parsed: ParsedRecord): void {
    this.records.push(parsed);
    // Framed by its length, so that no two sequences of texts give the same bytes.
    this.unhashed += `${parsed.raw.length}:${parsed.raw}\n`;
    if (this.unhashed.length > 16_384) this.feed();
    if (!parsed.ok) return;
    this.bytes += rowBytesAtMost(parsed.record);
    this.days.add(dayNumber(parsed.record.tsStartMs));
  }

  /** The ledger's batch that has exactly these records, if there is one. */
  recognised(): LedgerBatch | null {
    if (!this.lengths.has(this.records.length)) return null;
    const id = this.id();
    return this.candidates.find((batch) => batch.id === id) ?? null;
  }

  cut(known: LedgerBatch | null = null): CutBatch {
    const id = known?.id ?? this.id();
    return { id, key: batchKey(id), offset: this.offset, records: this.records, known };
  }

  private id(): string {
    this.feed();
    return this.hash.copy().digest('hex');
  }

  private feed(): void {
    if (this.unhashed === '') return;
    this.hash.update(this.unhashed);
    this.unhashed = '';
  }
}

function dayNumber(ms: number): number {
  return Math.floor(ms / 86_400_000);
}

/** Days (YYYYMMDD) from one instant to another, both included. */
export function daysBetween(fromMs: number, toMs: number): number[] {
  const days: number[] = [];
  for (let day = dayNumber(fromMs); day <= dayNumber(toMs); day += 1) days.push(dayOf(day * 86_400_000));
  return days;
}
