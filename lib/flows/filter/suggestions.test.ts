import { describe, expect, test } from 'vitest';
import { completionsAt } from './completions';
import { preselected, type SeenValue, suggestionsFor, withSuggestion } from './suggestions';

const SEEN: SeenValue[] = [
  { key: '15169', label: 'Google LLC', share: 0.4 },
  { key: '0', label: '', share: 0.1 },
];

/** `|` is the place of the caret. */
function at(marked: string, seen: readonly SeenValue[] | null = null) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const completions = completionsAt(text, offset);
  const suggestions = suggestionsFor(completions, seen);
  return {
    texts: suggestions.map((each) => each.text),
    suggestions,
    choose: (wanted: string) => {
      const chosen = suggestions.find((each) => each.text === wanted);
      if (chosen === undefined) throw new Error(`${wanted} is not suggested`);
      const next = withSuggestion(text, completions, chosen);
      return `${next.text.slice(0, next.offset)}|${next.text.slice(next.offset)}`;
    },
  };
}

describe('suggestions', () => {
  test('dimensions by word, other word and label', () => {
    expect(at('|').texts).toHaveLength(16);
    expect(at('po|').texts).toEqual(['port', 'exporter']);
    expect(at('as|').texts[0]).toBe('asn');
    expect(at('network|').texts).toEqual(['type']);
    expect(at('type = CDN and reg|').texts).toEqual(['region']);
  });

  test('operators with what they mean', () => {
    expect(at('type |').texts).toEqual(['=', '!=', 'in (', 'not in (', '~', '!~']);
    expect(at('port |').texts).toContain('>=');
    expect(at('port |').suggestions[0]?.detail).toBe('is');
    expect(at('port !|').texts).toEqual(['!=']);
    expect(at('port not |').texts).toEqual(['in (']);
  });

  test('values that were seen, with name and share, without those that stand in the list', () => {
    expect(at('asn = goo|', SEEN).suggestions[0]).toEqual({
      text: 'AS15169',
      detail: 'Google LLC',
      share: 0.4,
      goesOn: true,
    });
    expect(at('asn in (AS15169, |', SEEN).texts).toEqual(['AS0']);
    expect(at('asn ~ goo|', SEEN).texts).toEqual(['"Google LLC"', '0']);
    expect(at('country = |', [{ key: '', label: '', share: null }]).texts).toEqual(['none']);
  });

  test('two networks of one organization are one text to look for', () => {
    const twice = [
      { key: '396982', label: 'Google LLC', share: 0.2 },
      { key: '15169', label: 'Google LLC', share: 0.1 },
    ];
    expect(at('asn ~ goo|', twice).texts).toEqual(['"Google LLC"']);
    expect(at('asn = goo|', twice).texts).toEqual(['AS396982', 'AS15169']);
  });

  test('Enter completes half a word, and applies a text to look for as it is written', () => {
    const taken = (text: string, seen: SeenValue[] | null = null) => {
      const offset = text.indexOf('|');
      const completions = completionsAt(text.replace('|', ''), offset);
      return preselected(completions, suggestionsFor(completions, seen));
    };
    expect(taken('type = isp|')).toBe(0);
    expect(taken('type = CDN|')).toBe(-1);
    expect(taken('type = |')).toBe(-1);
    expect(taken('type ~ isp|')).toBe(-1);
    expect(taken('type !~ isp|')).toBe(-1);
    const https = [{ key: '443', label: 'https', share: 0.5 }];
    expect(taken('port = http|', https)).toBe(0);
    expect(taken('port = https|', https)).toBe(-1);
  });

  test('closed names need no answer', () => {
    expect(at('type = isp|').texts).toEqual(['"ISP Regional"', '"ISP Tier1"']);
    expect(at('exporter = |').texts).toEqual([]);
  });

  test('what follows a whole term', () => {
    expect(at('type = CDN |').texts).toEqual(['and', 'or']);
    expect(at('(type = CDN |').texts).toEqual([')', 'and', 'or']);
    expect(at('type in (CDN |').texts).toEqual([',', ')']);
  });
});

describe('a suggestion takes the place of what was written', () => {
  test.each([
    ['ty|', 'type', 'type |'],
    ['ty|pe = CDN', 'type', 'type |= CDN'],
    ['type |', 'in (', 'type in (|'],
    ['type =|', 'CDN', 'type = CDN |'],
    ['type = "ISP R|egional" and ip = 4', '"ISP Regional"', 'type = "ISP Regional" |and ip = 4'],
    ['type in (CDN |', ',', 'type in (CDN, |'],
    ['type in (CDN |', ')', 'type in (CDN) |'],
    ['type = CDN a|', 'and', 'type = CDN and |'],
  ])('%s + %s', (marked, chosen, after) => {
    expect(at(marked).choose(chosen)).toBe(after);
  });
});
