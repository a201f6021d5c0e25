import { WORD_CHARACTER } from './text';

/** Where something stands in the text. */
export interface Place {
  offset: number;
  length: number;
}

export type Token = Place &
  (
    | { kind: 'word'; text: string }
    | { kind: 'quoted'; text: string }
    | { kind: 'operator'; text: '=' | '!=' | '~' | '!~' | '<' | '<=' | '>' | '>=' | '!' | '&&' | '||' | '<<' }
    | { kind: 'open' | 'close' | 'comma' }
  );

/** What is wrong with a filter, in words, and where. */
export interface FilterError extends Place {
  message: string;
}

const OPERATORS = ['&&', '||', '<<', '!=', '!~', '<=', '>=', '==', '<>', '=', '~', '<', '>', '!'] as const;
const SAME: Record<string, '=' | '!='> = { '==': '=', '<>': '!=' };
const MARKS = { '(': 'open', ')': 'close', ',': 'comma' } as const;

/** Cuts a filter into words, quoted texts and marks. A text may stand in "double" or 'single' quotes; a backslash takes the next mark as it is. */
export function tokensOf(text: string): { tokens: Token[] } | { tokens: Token[]; error: FilterError } {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    if (character === '"' || character === "'") {
      const quoted = readQuoted(text, at, character);
      if (quoted === null) {
        const error = {
          message: `the quotation mark ${character} is not closed`,
          offset: at,
          length: text.length - at,
        };
        return { tokens, error };
      }
      tokens.push(quoted);
      at += quoted.length;
      continue;
    }
    if (character === '(' || character === ')' || character === ',') {
      tokens.push({ kind: MARKS[character], offset: at, length: 1 });
      at += 1;
      continue;
    }
    const operator = OPERATORS.find((each) => text.startsWith(each, at));
    if (operator !== undefined) {
      const kept = (SAME[operator] ?? operator) as Extract<Token, { kind: 'operator' }>['text'];
      tokens.push({ kind: 'operator', text: kept, offset: at, length: operator.length });
      at += operator.length;
      continue;
    }
    const word = wordAt(text, at);
    if (word === '') {
      const error = {
        message: `"${character}" cannot stand here: put names that hold it in quotation marks`,
        offset: at,
        length: character.length,
      };
      return { tokens, error };
    }
    tokens.push({ kind: 'word', text: word, offset: at, length: word.length });
    at += word.length;
  }
  return { tokens };
}

function readQuoted(text: string, start: number, mark: string): Token | null {
  let value = '';
  for (let i = start + 1; i < text.length; i += 1) {
    const character = text[i] as string;
    if (character === mark) return { kind: 'quoted', text: value, offset: start, length: i + 1 - start };
    if (character === '\\' && i + 1 < text.length) {
      i += 1;
      value += text[i];
    } else value += character;
  }
  return null;
}

function wordAt(text: string, start: number): string {
  let end = start;
  while (end < text.length) {
    const character = String.fromCodePoint(text.codePointAt(end) ?? 0);
    if (!WORD_CHARACTER.test(character)) break;
    end += character.length;
  }
  return text.slice(start, end);
}
