import { DIMENSION_LABEL, DIMENSIONS, type Dimension } from '../dimensions';
import type { Completions } from './completions';
import { termOf } from './edit';
import { operatorsOf } from './parseFilter';
import { closedNames } from './parseValue';
import { valuesOf } from './printFilter';
import { printName } from './text';
import { isNameDimension, wordOf, wordsOf } from './words';

/** A value that was seen in the scope. */
export interface SeenValue {
  /** as answers have it: `CDN`, `15169`, `192.0.2.7` */
  key: string;
  /** what people call it; '' = nothing but the key */
  label: string;
  /** of the scope's bytes, 0 to 1; null = not known */
  share: number | null;
}

/** One thing that may be written next. */
export interface Suggestion {
  /** takes the place of what is written of it so far */
  text: string;
  /** what it means */
  detail: string;
  share: number | null;
  /** a space follows: the next thing can be written at once */
  goesOn: boolean;
}

const OPERATOR_WORDS: Record<string, string> = {
  '=': 'is',
  '!=': 'is not',
  in: 'is one of',
  'not in': 'is none of',
  '~': 'has in its name',
  '!~': 'has not in its name',
  '<': 'less than',
  '<=': 'at most',
  '>': 'more than',
  '>=': 'at least',
};

/**
 * What may be written at a place of a filter, best first.
 * @param seen values of the dimension that is expected, which match what was typed; null = not known (yet)
 */
export function suggestionsFor(
  { expected, typed }: Completions,
  seen: readonly SeenValue[] | null,
): Suggestion[] {
  const suggestions = expected.flatMap((each): Suggestion[] => {
    switch (each.kind) {
      case 'dimension':
        return dimensionSuggestions(typed);
      case 'operator':
        return operatorsOf(each.dimension)
          .filter((operator) => operator.startsWith(typed.toLowerCase()))
          .map((operator) => {
            const opens = operator === 'in' || operator === 'not in';
            return plain(opens ? `${operator} (` : operator, OPERATOR_WORDS[operator] ?? '', !opens);
          });
      case 'in':
        return [plain('in (', 'is none of', false)];
      case 'value':
        return (seen ?? known(each.dimension, typed)).flatMap((value) =>
          valueSuggestion(each.dimension, each.isText, value, each.taken),
        );
      case 'list':
        return [plain(',', 'another value'), plain(')', 'the list ends')].filter(() => typed === '');
      case 'connector':
        return [
          ...(each.closes ? [plain(')', 'the group ends')] : []),
          plain('and', 'and this holds too'),
          plain('or', 'or this holds'),
        ].filter(({ text }) => text.startsWith(typed.toLowerCase()));
    }
    return [];
  });
  // Two networks of one organization are one text to look for.
  return suggestions.filter(({ text }, i) => suggestions.findIndex((each) => each.text === text) === i);
}

/**
 * Position of the suggestion that Enter takes unless another is chosen: half a word takes the first that completes it; a whole one, nothing
 * yet, or a text to look for in names (which is meant as it is written) takes none, -1.
 */
export function preselected({ expected, typed }: Completions, suggestions: readonly Suggestion[]): number {
  const isText = expected.some((each) => each.kind === 'value' && each.isText);
  const wanted = typed.toLowerCase();
  // `https` is as whole as `443`, and `Germany` as `DE`.
  const isWhole = suggestions.some(({ text, detail }) =>
    [text, detail].some((each) => each.toLowerCase() === wanted),
  );
  return typed === '' || isText || isWhole || suggestions.length === 0 ? -1 : 0;
}

function plain(text: string, detail: string, goesOn = true): Suggestion {
  return { text, detail, share: null, goesOn };
}

/** Words that begin so come before words and labels that hold it. */
function dimensionSuggestions(typed: string): Suggestion[] {
  const wanted = typed.toLowerCase();
  const begins = (dimension: Dimension) => wordsOf(dimension).some((word) => word.startsWith(wanted));
  const holds = (dimension: Dimension) =>
    DIMENSION_LABEL[dimension].toLowerCase().includes(wanted) ||
    wordsOf(dimension).some((word) => word.includes(wanted));
  const first = DIMENSIONS.filter(begins);
  const second = DIMENSIONS.filter((dimension) => !begins(dimension) && holds(dimension));
  return [...first, ...second].map((dimension) => {
    const label = DIMENSION_LABEL[dimension];
    return plain(wordOf(dimension), label === wordOf(dimension) ? '' : label);
  });
}

/** Where every name is known, they are there before anybody answers. */
function known(dimension: Dimension, typed: string): SeenValue[] {
  const names = isNameDimension(dimension) ? closedNames(dimension) : null;
  return (names ?? [])
    .filter((name) => name.toLowerCase().includes(typed.toLowerCase()))
    .map((key) => ({ key, label: '', share: null }));
}

function valueSuggestion(
  dimension: Dimension,
  isText: boolean,
  { key, label, share }: SeenValue,
  taken: readonly string[],
): Suggestion[] {
  if (isText) {
    const name = label === '' ? key : label;
    return name === '' ? [] : [{ text: printName(name), detail: '', share, goesOn: true }];
  }
  const [text = ''] = valuesOf(termOf(dimension, [key]));
  const isTaken = taken.some((each) => each.toLowerCase() === key.toLowerCase() || each === text);
  return isTaken ? [] : [{ text, detail: label === text ? '' : label, share, goesOn: true }];
}

/** The text with a suggestion in it, and where writing goes on. */
export function withSuggestion(
  text: string,
  { from, to }: Pick<Completions, 'from' | 'to'>,
  suggestion: Suggestion,
): { text: string; offset: number } {
  const before = text.slice(0, from);
  // A comma and a closing parenthesis stand at the value before them.
  const joined = suggestion.text === ',' || suggestion.text === ')' ? before.trimEnd() : before;
  const apart = /[\s(]$|^$/.test(joined) || suggestion.text === ',' || suggestion.text === ')' ? '' : ' ';
  const head = `${joined}${apart}${suggestion.text}${suggestion.goesOn ? ' ' : ''}`;
  return { text: `${head}${text.slice(to).replace(/^\s+/, '')}`, offset: head.length };
}
