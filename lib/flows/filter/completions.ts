import type { Dimension } from '../dimensions';
import { readTokens } from './parseFilter';
import type { Expectation } from './reader';
import { tokensOf } from './tokens';

/** What may be written at a place of a filter, and which part of the text it would take the place of. */
export interface Completions {
  /** what may stand there; empty where the text before is wrong already */
  expected: Expectation[];
  /** what is written of it so far, without quotation marks */
  typed: string;
  /** the part of the text that a choice replaces: [from, to) */
  from: number;
  to: number;
}

/**
 * What may follow at a place of a filter. The word that ends at the place (or goes on behind it) is what is being written; all before it is
 * read as the parser reads it.
 */
export function completionsAt(text: string, offset: number): Completions {
  const head = text.slice(0, offset);
  const cut = tokensOf(head);
  const tokens = [...cut.tokens];
  if ('error' in cut) {
    const open = cut.error.offset;
    const isOpenQuote = /^["']/.test(head.slice(open));
    if (!isOpenQuote) return { expected: [], typed: '', from: offset, to: offset };
    const mark = head[open] ?? '"';
    const rest = text.slice(offset);
    const close = rest.indexOf(mark);
    const read = readTokens(tokens, open);
    return {
      expected: read.expected.filter(({ kind }) => kind === 'value'),
      typed: head.slice(open + 1),
      from: open,
      // To the closing mark where one follows in the same value.
      to: close < 0 || /[,()]/.test(rest.slice(0, close)) ? offset : offset + close + 1,
    };
  }
  const last = tokens.at(-1);
  const touches = last !== undefined && last.offset + last.length === offset;
  // "!" may become an operator; every other one is whole, and a value follows it.
  const isPart =
    touches &&
    (last.kind === 'word' || last.kind === 'quoted' || (last.kind === 'operator' && last.text === '!'));
  if (!isPart) {
    return { expected: readTokens(tokens, offset).expected, typed: '', from: offset, to: offset };
  }
  const before = readTokens(tokens.slice(0, -1), last.offset).expected;
  const after = last.kind === 'word' ? wordAfter(text, offset) : 0;
  return {
    expected: before,
    typed: last.kind === 'operator' ? head.slice(last.offset) : last.text,
    from: last.offset,
    to: offset + after,
  };
}

/** How far the word goes on behind a place. */
function wordAfter(text: string, offset: number): number {
  const cut = tokensOf(`x${text.slice(offset)}`);
  const [first] = cut.tokens;
  return first?.kind === 'word' && first.offset === 0 ? first.length - 1 : 0;
}

/** The value that is expected, where one is. */
export function expectedValue(
  completions: Completions,
): (Extract<Expectation, { kind: 'value' }> & { dimension: Dimension }) | null {
  const found = completions.expected.find((each) => each.kind === 'value');
  return found?.kind === 'value' ? found : null;
}
