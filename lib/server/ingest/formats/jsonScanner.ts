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

/** Keys that are remembered by their place in the object; a flow record has fewer. */
const MAX_PLACES = 128;

/**
 * Reads flat JSON objects from bytes and notes where the values of known keys stand. Nothing is built for the other
 * keys, and numbers stay text: 2^60 keeps its digits. It costs about half of JSON.parse, and knows where it failed.
 *
 * Records of one collector have the same keys in the same order, so the key in each place is first compared with the
 * one that stood there in the record before.
 *
 * A `{` in the first column always begins a record: what was open before it is broken.
 */
export class JsonScanner {
  errorAt = 0;
  private readonly fields: Map<string, number>;
  /** The key that stood in each place, with its closing quote, and its field index (-1 = not used). */
  private readonly placeKeys: Uint8Array[] = [];
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
    const { placeKeys, placeFields } = this;
    let p = start + 1;
    let c: number;
    for (let place = 0; ; place++) {
      while (p < end && (b[p] as number) <= 32) p++;
      if (p >= end) return NEED_MORE;
      c = b[p] as number;
      if (c === CLOSE && place === 0) return p + 1;
      if (c !== QUOTE) return this.broken(p);

      p++;
      let field: number;
      const expected = placeKeys[place];
      let matched = 0;
      if (expected !== undefined && p + expected.length <= end) {
        while (matched < expected.length && b[p + matched] === expected[matched]) matched++;
      }
      if (expected !== undefined && matched === expected.length) {
        field = placeFields[place] as number;
        p += matched;
      } else {
        const keyStart = p;
        for (; p < end; p++) {
          c = b[p] as number;
          if (c === QUOTE) break;
          if (c === NEWLINE) return this.broken(p);
          if (c === BACKSLASH) p++;
        }
        if (p >= end) return NEED_MORE;
        p++;
        field = this.learn(b, keyStart, p, place);
      }

      while (p < end && (b[p] as number) <= 32) p++;
      if (p >= end) return NEED_MORE;
      if (b[p] !== 58) return this.broken(p);
      p++;
      while (p < end && (b[p] as number) <= 32) p++;
      if (p >= end) return NEED_MORE;

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

      while (p < end && (b[p] as number) <= 32) p++;
      if (p >= end) return NEED_MORE;
      c = b[p] as number;
      p++;
      if (c === CLOSE) return p;
      if (c !== 44) return this.broken(p - 1);
    }
  }

  /** Looks a key [start, end) up, closing quote included, and remembers it for its place. */
  private learn(b: Uint8Array, start: number, end: number, place: number): number {
    let key = '';
    for (let i = start; i < end - 1; i++) key += String.fromCharCode(b[i] as number);
    const field = this.fields.get(key) ?? -1;
    if (place < MAX_PLACES) {
      this.placeKeys[place] = new Uint8Array(b.subarray(start, end));
      this.placeFields[place] = field;
    }
    return field;
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

const LITERALS = ['true', 'false', 'null'].map((word) => new TextEncoder().encode(word));
