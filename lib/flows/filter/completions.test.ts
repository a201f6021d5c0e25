import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completionsAt } from './completions';

/** `|` is the place of the caret. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { expected, typed, from, to } = completionsAt(text, offset);
  return {
    kinds: expected.map((each) => ('dimension' in each ? `${each.kind} ${each.dimension}` : each.kind)),
    typed,
    replaced: text.slice(from, to),
    expected,
  };
}

describe('what may follow', () => {
  test.each([
    ['|', ['dimension'], '', ''],
    ['ty|', ['dimension'], 'ty', 'ty'],
    ['ty|pe = CDN', ['dimension'], 'ty', 'type'],
    ['type |', ['operator type'], '', ''],
    ['type !|', ['operator type'], '!', '!'],
    ['type no|', ['operator type'], 'no', 'no'],
    ['type not |', ['in'], '', ''],
    ['type =|', ['value type'], '', ''],
    ['!|', ['dimension'], '!', '!'],
    ['type = |', ['value type'], '', ''],
    ['type = CD|', ['value type'], 'CD', 'CD'],
    ['type = "ISP R|', ['value type'], 'ISP R', '"ISP R'],
    ['type = "ISP R|egional" and ip = 4', ['value type'], 'ISP R', '"ISP Regional"'],
    ['type in (CDN, |', ['value type'], '', ''],
    ['type in (CDN|', ['value type'], 'CDN', 'CDN'],
    ['type in (CDN |', ['list'], '', ''],
    ['type in (|', ['value type'], '', ''],
    ['asn ~ goo|', ['value asn'], 'goo', 'goo'],
    ['type = CDN |', ['connector'], '', ''],
    ['type = CDN an|', ['connector'], 'an', 'an'],
    ['type = CDN and |', ['dimension'], '', ''],
    ['not |', ['dimension'], '', ''],
    ['(type = CDN |', ['connector'], '', ''],
    ['remote in 192.0.|', ['value remoteAddress'], '192.0.', '192.0.'],
    ['fog = 1 and ty|', [], 'ty', 'ty'],
    ['type = ; |', [], '', ''],
  ])('%s', (marked, kinds, typed, replaced) => {
    const found = at(marked);
    expect(found.kinds).toEqual(kinds);
    expect(found.typed).toBe(typed);
    expect(found.replaced).toBe(replaced);
  });

  test('of a value: whether it is left out, a text in a name, and what stands in the list already', () => {
    expect(at('type not in (CDN, "ISP Tier1", |').expected).toEqual([
      { kind: 'value', dimension: 'type', exclude: true, isText: false, taken: ['CDN', 'ISP Tier1'] },
    ]);
    expect(at('asn !~ |').expected).toMatchObject([{ isText: true, exclude: true }]);
  });

  test('a parenthesis that is open may be closed', () => {
    expect(at('(type = CDN |').expected).toEqual([{ kind: 'connector', closes: true }]);
    expect(at('type = CDN |').expected).toEqual([{ kind: 'connector', closes: false }]);
  });
});

test('whatever is written, at any place, nothing throws and the span lies around the place', () => {
  const piece = fc.oneof(
    fc.constantFrom('type', ' ', '=', 'CDN', 'and', '(', ')', ',', '"', 'in', 'not', '~', 'asn', '443', "'"),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(), (pieces, place) => {
      const text = pieces.join('');
      const offset = place % (text.length + 1);
      const { from, to } = completionsAt(text, offset);
      expect(from).toBeLessThanOrEqual(offset);
      expect(to).toBeGreaterThanOrEqual(offset);
      expect(to).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 5_000, seed: 3 },
  );
});
