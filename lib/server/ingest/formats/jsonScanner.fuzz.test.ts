import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELD, FieldSpans } from './fields';
import { JsonScanner } from './jsonScanner';

describe('the JSON scanner', () => {
  it('finds what JSON.parse finds', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constant(null),
      fc.boolean(),
      fc.jsonValue(),
    );
    const scanner = new JsonScanner(new Map([['bytes', FIELD.bytes]]));
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), value),
        fc.oneof(fc.integer(), fc.string()),
        fc.constantFrom(0, 1, '\t'),
        (object, bytes, indent) => {
          const text = Buffer.from(JSON.stringify({ ...object, bytes }, null, indent));
          const spans = new FieldSpans();
          spans.clear(text);
          expect(scanner.scan(text, 0, text.length, spans)).toBe(text.length);
          const found = text.toString('utf8', spans.from(FIELD.bytes), spans.to(FIELD.bytes));
          expect(JSON.parse(typeof bytes === 'string' ? `"${found}"` : found)).toBe(bytes);
        },
      ),
    );
  });

  it('takes no text that JSON.parse refuses, beyond control characters and escapes within strings', () => {
    const scanner = new JsonScanner(new Map());
    const character = fc.constantFrom(...'{}[]:,"0123456789-.eE+ tfn'.split(''), '"a"', 'true', 'null', '\n');
    fc.assert(
      fc.property(fc.array(character, { maxLength: 12 }), (parts) => {
        const text = Buffer.from(`{${parts.join('')}`);
        const end = scanner.scan(text, 0, text.length, new FieldSpans());
        if (end < 0) return;
        const taken = text.toString('utf8', 0, end);
        // Numbers and nested values are checked where they are used.
        if (/[[{].*[[{]|\d|[-.]/s.test(taken)) return;
        expect(() => JSON.parse(taken)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
