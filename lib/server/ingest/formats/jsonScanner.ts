import 'server-only';
import { type FieldSpans, LITERAL, NESTED, NUMBER, STRING } from './fields';

/** The buffer ends before the object does. */
export const NEED_MORE = -1;
/** The object is broken at `errorAt`. */
export const BROKEN = -2;

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const NEWLINE = 10;
const COMMA = 44;
const COLON = 58;

/** Keys that are remembered by their place in the object; a flow record has fewer. */
const MAX_PLACES = 128;

/**
 * Reads flat JSON objects from bytes and notes where the values of known keys stand. Nothing is built for the other
 * keys, and numbers stay text: 2^60 keeps its digits. It costs about half of JSON.parse, and knows where it failed.
 *
 * Records of one collector have the same keys in the same order, so what stands before each value is first compared with
 * what stood there in the record before.
 *
 * A `{` in the first column always begins a record: what was open before it is broken.
 */
export class JsonScanner {
  errorAt = 0;
  private closed = false;
  private leadField = -1;
  private readonly fields: Map<string, number>;
  /** What stood before the value in each place, from the end of the value before: `,"bytes":`. */
  private readonly leads: Uint8Array[] = [];
  /** The field in each place (-1 = not used). */
  private readonly placeFields: number[] = [];

  /** @param fields field index by key */
  constructor(fields: ReadonlyMap<string, number>) {
    this.fields = new Map(fields);
  }

  /**
   * Reads the object that begins at `start`.
   * @returns the position after its closing brace, NEED_MORE or BROKEN
   */
  scan(b: Uint8Array, start: number, end: number, spans: FieldSpans): number {
    const { kind: kinds, start: starts, end: ends } = spans;
    const { leads, placeFields } = this;
    let p = start + 1;
    let c: number;
    for (let place = 0; ; place++) {
      let field: number;
      const lead = leads[place];
      let matched = 0;
      if (lead !== undefined && p + lead.length < end) {
        while (matched < lead.length && b[p + matched] === lead[matched]) matched++;
      }
      if (lead !== undefined && matched === lead.length) {
        field = placeFields[place] as number;
        // The same lead may have more space after its colon here.
        p = afterSpace(b, p + matched, end);
        if (p >= end) return NEED_MORE;
      } else {
        const next = this.readLead(b, p, end, place);
        if (next < 0) return next;
        if (this.closed) return next;
        field = this.leadField;
        p = next;
      }

      let kind: number;
      let valueStart = p;
      c = b[p] as number;
      if (c === QUOTE) {
        kind = STRING;
        valueStart = ++p;
        for (; p < end; p++) {
          c = b[p] as number;
          if (c === QUOTE) break;
          if (c === NEWLINE) return this.broken(p);
          if (c === BACKSLASH) p++;
        }
        if (p >= end) return NEED_MORE;
      } else if ((c >= 48 && c <= 57) || c === 45) {
        kind = NUMBER;
        for (p++; p < end; p++) {
          c = b[p] as number;
          if (c >= 48 && c <= 57) continue;
          if (c !== 46 && c !== 45 && c !== 43 && c !== 101 && c !== 69) break;
        }
        if (p >= end) return NEED_MORE;
      } else {
        kind = c === OPEN || c === OPEN_LIST ? NESTED : LITERAL;
        p = kind === NESTED ? this.skipNested(b, p, end) : this.skipLiteral(b, p, end);
        if (p < 0) return p;
      }
      if (field >= 0) {
        kinds[field] = kind;
        starts[field] = valueStart;
        ends[field] = p;
      }
      if (kind === STRING) p++;
    }
  }

  /**
   * Reads from the end of a value (or the opening brace) to the next value, and remembers what stood there for its place.
   * @returns the position of the value, or after the closing brace (`closed`), or NEED_MORE or BROKEN
   */
  private readLead(b: Uint8Array, start: number, end: number, place: number): number {
    this.closed = false;
    let p = afterSpace(b, start, end);
    if (p >= end) return NEED_MORE;
    if (b[p] === CLOSE) {
      this.closed = true;
      return p + 1;
    }
    if (place > 0) {
      if (b[p] !== COMMA) return this.broken(p);
      p = afterSpace(b, p + 1, end);
      if (p >= end) return NEED_MORE;
    }
    if (b[p] !== QUOTE) return this.broken(p);
    const keyStart = ++p;
    for (; p < end; p++) {
      const c = b[p] as number;
      if (c === QUOTE) break;
      if (c === NEWLINE) return this.broken(p);
      if (c === BACKSLASH) p++;
    }
    if (p >= end) return NEED_MORE;
    const keyEnd = p;
    p = afterSpace(b, p + 1, end);
    if (p >= end) return NEED_MORE;
    if (b[p] !== COLON) return this.broken(p);
    p = afterSpace(b, p + 1, end);
    if (p >= end) return NEED_MORE;

    let key = '';
    for (let i = keyStart; i < keyEnd; i++) key += String.fromCharCode(b[i] as number);
    this.leadField = this.fields.get(key) ?? -1;
    if (place < MAX_PLACES) {
      this.leads[place] = new Uint8Array(b.subarray(start, p));
      this.placeFields[place] = this.leadField;
    }
    return p;
  }

  private broken(at: number): number {
    this.errorAt = at;
    return BROKEN;
  }

  private skipLiteral(b: Uint8Array, start: number, end: number): number {
    for (const word of LITERALS) {
      if (b[start] !== word[0]) continue;
      for (let i = 1; i < word.length; i++) {
        if (start + i >= end) return NEED_MORE;
        if (b[start + i] !== word[i]) return this.broken(start + i);
      }
      return start + word.length;
    }
    return this.broken(start);
  }

  /** Skips an array or object within the record. */
  private skipNested(b: Uint8Array, start: number, end: number): number {
    let depth = 0;
    for (let p = start; p < end; p++) {
      const c = b[p] as number;
      if (c === QUOTE) {
        for (p++; p < end && b[p] !== QUOTE; p++) {
          if (b[p] === NEWLINE) return this.broken(p);
          if (b[p] === BACKSLASH) p++;
        }
        if (p >= end) return NEED_MORE;
      } else if (c === OPEN || c === OPEN_LIST) {
        if (c === OPEN && p > 0 && b[p - 1] === NEWLINE) return this.broken(p);
        depth++;
      } else if (c === CLOSE || c === CLOSE_LIST) {
        depth--;
        if (depth === 0) return p + 1;
      }
    }
    return NEED_MORE;
  }
}

function afterSpace(b: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && (b[p] as number) <= 32) p++;
  return p;
}

const LITERALS = ['true', 'false', 'null'].map((word) => new TextEncoder().encode(word));
