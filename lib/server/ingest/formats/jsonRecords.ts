import 'server-only';
import type { ParsedRecord } from '../record';
import { canonicalize, type Reading } from './canonical';
import { type Decoder, MAX_RECORD_BYTES, TextWindow } from './decoder';
import { type JsonScanner, NEED_MORE } from './jsonScanner';

const NEWLINE = 10;
const OPEN = 123;
const CLOSE = 125;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const QUOTE = 34;
/** Text that is no record: pmacct around each purge (print_markers), nfdump where its filter finds nothing. */
const MARKER = /^(?:--(?:START|END)|No match(?:ed|ing) flows$)/;

/** What the objects of a format are like. */
export interface JsonShape {
  /** Objects may take several lines. */
  pretty: boolean;
  /** Is it no record at all, such as a collector's marker? */
  isMarker?: (reading: Reading) => boolean;
}

/**
 * A sequence of JSON objects: one per line, in an array, or one after the other with or without commas, pretty or not.
 * A broken object costs itself and nothing else:
 * - on one line: it ends with its line, or at the next `},{`;
 * - on several lines: it ends before the next line that begins with `{`.
 * Other text is one rejected record a line; where objects are pretty, lines that look like the tail of one are taken together.
 */
export class JsonRecords implements Decoder {
  private skipping = false;
  /** The last `[` has not been closed. */
  private listOpen = false;
  /** The last thing between objects was a comma: another one must follow. */
  private moreAnnounced = false;

  constructor(
    private readonly scanner: JsonScanner,
    private readonly reading: Reading,
    private readonly shape: JsonShape,
  ) {}

  push(buffer: Buffer, out: ParsedRecord[]): number {
    return this.read(buffer, out, false);
  }

  end(buffer: Buffer, out: ParsedRecord[]): void {
    this.read(buffer, out, true);
    // Lines stand for themselves; a list says where it ends.
    if (!this.shape.pretty) return;
    const last = out.at(-1);
    if (!(this.listOpen || this.moreAnnounced) || (last?.ok === false && last.reason === 'truncated')) return;
    const sign = this.moreAnnounced ? 'after a comma' : 'before the list is closed with ]';
    out.push(reject('truncated', `the input ends ${sign}: what came later is missing`, ''));
  }

  private read(b: Buffer, out: ParsedRecord[], isEnd: boolean): number {
    const text = new TextWindow(b);
    const { spans, context } = this.reading;
    const end = b.length;
    let p = this.skipping ? this.skipLine(b, 0, end) : 0;
    for (;;) {
      p = this.skipBetween(b, p, end);
      if (p >= end) return end;
      if (b[p] !== OPEN) {
        const to = endOfOther(b, p, end, isEnd, this.shape.pretty);
        if (to < 0) return p;
        const raw = text.slice(p, to).trimEnd();
        if (!MARKER.test(raw)) out.push(reject('malformed', 'this text is no JSON object', raw));
        p = to;
        continue;
      }

      // What a record may be must not depend on how much of the input is there already.
      const limit = Math.min(end, p + MAX_RECORD_BYTES);
      const isAll = isEnd && limit === end;
      spans.clear(b);
      const next = this.scanner.scan(b, p, limit, spans);
      if (next >= 0) {
        if (this.shape.isMarker?.(this.reading) !== true) {
          const record = canonicalize(this.reading, text.slice(p, next));
          if (record.ok) context.accepted = true;
          out.push(record);
        }
        p = next;
        continue;
      }
      if (next === NEED_MORE && isAll) {
        out.push(reject('truncated', 'the input ends in the middle of this record', text.slice(p, end)));
        return end;
      }
      let to = next === NEED_MORE ? -1 : endOfBroken(b, p, this.scanner.errorAt, limit);
      if (to < 0 && isAll) to = end;
      if (to >= 0) {
        const raw = text.slice(p, to).trimEnd();
        out.push(reject('malformed', problemAt(b, this.scanner.errorAt, p), raw));
        p = to;
        continue;
      }
      if (limit < p + MAX_RECORD_BYTES) return p;
      out.push(reject('too_large', `more than ${MAX_RECORD_BYTES} bytes`, text.slice(p, p + 4096)));
      p = this.skipLine(b, limit, end);
    }
  }

  /** Skips white space, commas and brackets between objects, a byte order mark, and record separators (RFC 7464). */
  private skipBetween(b: Uint8Array, start: number, end: number): number {
    let p = start;
    for (; p < end; p++) {
      const c = b[p] as number;
      if (c <= 32 || c === 0xef || c === 0xbb || c === 0xbf) continue;
      if (c === OPEN) break;
      if (c === COMMA) {
        this.moreAnnounced = true;
      } else if (c === OPEN_LIST || c === CLOSE_LIST) {
        this.listOpen = c === OPEN_LIST;
        this.moreAnnounced = false;
      } else {
        break;
      }
    }
    if (p < end) this.moreAnnounced = false;
    return p;
  }

  /** Goes to the next line, which may come with later bytes. */
  private skipLine(b: Buffer, start: number, end: number): number {
    const newline = b.indexOf(NEWLINE, start);
    this.skipping = newline < 0;
    return newline < 0 ? end : newline + 1;
  }
}

function reject(reason: 'malformed' | 'truncated' | 'too_large', detail: string, raw: string): ParsedRecord {
  return { ok: false, reason, detail, raw };
}

function problemAt(b: Uint8Array, at: number, start: number): string {
  const c = b[at] as number;
  const what =
    c === NEWLINE ? 'the end of a line' : c > 32 && c < 127 ? `"${String.fromCharCode(c)}"` : `byte ${c}`;
  return `broken JSON: ${what} at character ${at - start + 1} does not belong there`;
}

/** Where text that is no object ends: before the next object, or with its line. -1: not in this buffer. */
function endOfOther(b: Uint8Array, start: number, end: number, isEnd: boolean, pretty: boolean): number {
  let p = start;
  for (; p < end && p - start < MAX_RECORD_BYTES; p++) {
    const c = b[p] as number;
    if (c === OPEN && p + 1 < end && (b[p + 1] === QUOTE || b[p + 1] === NEWLINE)) return p;
    if (c !== NEWLINE) continue;
    if (!pretty) return p + 1;
    if (p + 1 >= end) break;
    const next = b[p + 1] as number;
    if (next !== 9 && next !== 32 && next !== QUOTE && next !== CLOSE) return p + 1;
  }
  return isEnd || p - start >= MAX_RECORD_BYTES ? p : -1;
}

/** Where a broken object ends. -1: not in this buffer. */
function endOfBroken(b: Uint8Array, start: number, errorAt: number, end: number): number {
  let p = start + 1;
  while (p < end && (b[p] === 32 || b[p] === 9 || b[p] === 13)) p++;
  return p < end && b[p] === NEWLINE ? endOfPretty(b, errorAt, end) : endOfLine(b, start, errorAt, end);
}

function endOfPretty(b: Uint8Array, errorAt: number, end: number): number {
  for (let p = Math.max(0, errorAt - 1); p < end; p++) {
    if (b[p] !== NEWLINE) continue;
    let q = p + 1;
    while (q < end && (b[q] === 32 || b[q] === 9)) q++;
    if (q < end && b[q] === OPEN) return q;
  }
  return -1;
}

function endOfLine(b: Uint8Array, start: number, errorAt: number, end: number): number {
  for (let p = start + 1; p < end; p++) {
    if (b[p] === NEWLINE) return p + 1;
    if (b[p] !== CLOSE || p < errorAt - 1) continue;
    let q = p + 1;
    while (q < end && (b[q] === 32 || b[q] === COMMA)) q++;
    if (q < end && q > p + 1 && b[q] === OPEN) return q;
  }
  return -1;
}
