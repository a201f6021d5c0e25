import { type Expression, type Filters, isTerm, type Term, termsOf } from './filter';
import { operatorOf, printExpression, printFilters, valuesOf } from './printFilter';
import { wordOf } from './words';

/** About a line below the title of a picture. */
const ROOM = 120;

/**
 * A filter for people who only look: as it is written where it is short; else its first terms, and of a long one its first values, with the count of
 * what is left out. Nothing is cut within a word, so one long name may take more than the room.
 */
export function shortFilters(filters: Filters, room = ROOM): string {
  const whole = printFilters(filters);
  if (whole.length <= room) return whole;
  const [only] = filters;
  return only?.kind === 'any' && filters.length === 1
    ? shortList(only.of, 'or', room)
    : shortList(filters, 'and', room);
}

function shortList(expressions: readonly Expression[], word: 'and' | 'or', room: number): string {
  const rest = (kept: number) => {
    const left = termsOf(expressions.slice(kept)).length;
    return left === 0 ? '' : ` ${word} ${left} more ${left === 1 ? 'term' : 'terms'}`;
  };
  for (let kept = expressions.length; kept > 0; kept -= 1) {
    const text = expressions.slice(0, kept).map(whole).join(` ${word} `) + rest(kept);
    if (text.length <= room) return text;
  }
  return expressions
    .slice(0, 1)
    .map((first) => short(first, room - rest(1).length) + rest(1))
    .join('');
}

function whole(expression: Expression): string {
  const text = printExpression(expression);
  return isTerm(expression) ? text : `(${text})`;
}

function short(expression: Expression, room: number): string {
  if (isTerm(expression)) return shortTerm(expression, room);
  return `(${shortList(expression.of, expression.kind === 'all' ? 'and' : 'or', room - 2)})`;
}

function shortTerm(term: Term, room: number): string {
  const values = valuesOf(term);
  const head = `${wordOf(term.dimension)} ${operatorOf(term, values.length)}`;
  for (let kept = values.length; kept > 1; kept -= 1) {
    const text = `${head} (${listed(values, kept)})`;
    if (text.length <= room) return text;
  }
  return values.length === 1 ? `${head} ${values.join()}` : `${head} (${listed(values, 1)})`;
}

function listed(values: readonly string[], kept: number): string {
  const left = values.length - kept;
  return `${values.slice(0, kept).join(', ')}${left === 0 ? '' : ` and ${left} more`}`;
}
