import { DIMENSION_LABEL, type Dimension } from '../dimensions';
import { closest } from './closest';
import {
  type Expression,
  type Filters,
  LIMITS,
  type NumberRange,
  type Term,
  termsOf,
  valueCount,
} from './filter';
import { depthOf, GREATEST, negated, normalFilters } from './normalForm';
import { type Read, readBlock, readBounds, readName, readNumbers, readText, shown } from './parseValue';
import { printFilters } from './printFilter';
import { type Expectation, Reader } from './reader';
import { type FilterError, type Token, tokensOf } from './tokens';
import {
  DIMENSION_WORDS,
  dimensionByWord,
  isNameDimension,
  isNetworkDimension,
  isNumberDimension,
  isTextDimension,
  wordOf,
} from './words';

export type { FilterError } from './tokens';

/** Parentheses and "not" within one another, while reading: the normal form has fewer. */
const DEEPEST = 40;

/**
 * Reads a filter; nothing but spaces filters nothing.
 *
 * ```
 * filter    = conjunct { "or" conjunct }
 * conjunct  = factor { "and" factor }
 * factor    = "not" factor | "(" filter ")" | term
 * term      = dimension operator ( value | "(" value { "," value } ")" )
 * operator  = "=" | "!=" | "in" | "not in" | "~" | "!~" | "<" | "<=" | ">" | ">="
 * value     = word | "quoted text"
 * ```
 */
export function parseFilters(text: string): { filters: Filters } | { error: FilterError } {
  const problem = lengthProblem(text.length);
  if (problem !== null) return { error: { message: problem, offset: 0, length: text.length } };
  const cut = tokensOf(text);
  if ('error' in cut) return { error: cut.error };
  if (cut.tokens.length === 0) return { filters: [] };
  const read = readTokens(cut.tokens, text.length);
  if ('error' in read) return { error: read.error };
  const filters = normalFilters([read.expression]);
  const whole = { offset: 0, length: text.length };
  const tooLarge = sizeProblem(filters);
  return tooLarge === null ? { filters } : { error: { message: tooLarge, ...whole } };
}

/** What makes a filter larger than it may be, in words; null where nothing does. */
export function sizeProblem(filters: Filters): string | null {
  const terms = termsOf(filters);
  if (terms.length > LIMITS.terms) return `the filter has ${terms.length} terms: at most ${LIMITS.terms}`;
  const values = terms.reduce((sum, term) => sum + valueCount(term), 0);
  if (values > LIMITS.values) return `the filter has ${values} values: at most ${LIMITS.values}`;
  const depth = depthOf(filters);
  if (depth > LIMITS.depth) return `"and" and "or" are nested ${depth} deep: at most ${LIMITS.depth}`;
  return lengthProblem(printFilters(filters).length);
}

function lengthProblem(length: number): string | null {
  return length > LIMITS.text ? `the filter has ${length} characters: at most ${LIMITS.text}` : null;
}

/** Reads tokens; `expected` says what may stand at their end. */
export function readTokens(
  tokens: readonly Token[],
  end: number,
): ({ expression: Expression } | { error: FilterError }) & { expected: Expectation[] } {
  const reader = new Reader(tokens, end);
  try {
    const expression = readAny(reader, 0);
    const rest = reader.peek();
    if (rest !== null) {
      reader.fail(
        rest.kind === 'close' ? 'this ")" closes nothing' : 'expected "and" or "or" before this',
        rest,
      );
    }
    return { expression, expected: reader.expected };
  } catch (error) {
    const found = reader.problem(error);
    return { error: found, expected: reader.expected };
  }
}

function readAny(reader: Reader, depth: number): Expression {
  const of = [readAll(reader, depth)];
  for (;;) {
    reader.expect({ kind: 'connector', closes: depth > 0 });
    if (!reader.takeWord('or', '||')) break;
    of.push(readAll(reader, depth));
  }
  const [only] = of;
  return only !== undefined && of.length === 1 ? only : { kind: 'any', of };
}

function readAll(reader: Reader, depth: number): Expression {
  const of = [readFactor(reader, depth)];
  while (reader.takeWord('and', '&&')) of.push(readFactor(reader, depth));
  const [only] = of;
  return only !== undefined && of.length === 1 ? only : { kind: 'all', of };
}

function readFactor(reader: Reader, depth: number): Expression {
  reader.expect({ kind: 'dimension' });
  const next = reader.peek();
  if (next !== null && depth > DEEPEST)
    reader.fail(`more than ${DEEPEST} parentheses within one another`, next);
  if (reader.takeWord('not', '!')) return negated(readFactor(reader, depth + 1));
  if (next?.kind === 'open') {
    reader.take();
    const inner = readAny(reader, depth + 1);
    if (reader.peek()?.kind !== 'close')
      reader.fail('this "(" is not closed', reader.peek() === null ? next : reader.peek());
    reader.take();
    return inner;
  }
  return readTerm(reader);
}

function readTerm(reader: Reader): Term {
  const token = reader.peek();
  if (token === null) reader.fail(`expected what to filter by: ${DIMENSION_WORDS.join(', ')}`, null);
  if (token.kind !== 'word') reader.fail(`expected what to filter by: ${DIMENSION_WORDS.join(', ')}`, token);
  const dimension = dimensionByWord(token.text);
  if (dimension === null) {
    const near = closest(token.text, DIMENSION_WORDS);
    reader.fail(
      `${shown(token.text)} is nothing to filter by${near === null ? '' : `, did you mean ${near}?`}: use ${DIMENSION_WORDS.join(', ')}`,
      token,
    );
  }
  reader.take();
  const operator = readOperator(reader, dimension);
  const { exclude } = operator;
  reader.expect({ kind: 'value', dimension, exclude, isText: operator.kind === 'text', taken: [] });
  if (operator.kind === 'text') {
    const texts = readValues(reader, dimension, operator, (each) => readText(each.text));
    if (!isTextDimension(dimension)) throw new Error('checked with the operator');
    return { kind: 'text', dimension, exclude, texts };
  }
  if (isNameDimension(dimension)) {
    const read = (each: ValueToken) => readName(dimension, each.text, each.kind === 'quoted');
    return { kind: 'names', dimension, exclude, names: readValues(reader, dimension, operator, read) };
  }
  if (isNumberDimension(dimension)) {
    const read = (each: ValueToken) => bounded(dimension, operator.kind, readNumbers(dimension, each.text));
    return {
      kind: 'numbers',
      dimension,
      exclude,
      ranges: readValues(reader, dimension, operator, read),
    };
  }
  if (!isNetworkDimension(dimension)) throw new Error(`${dimension} has no kind`);
  const read = (each: ValueToken) => readBlock(dimension, each.text);
  return { kind: 'networks', dimension, exclude, networks: readValues(reader, dimension, operator, read) };
}

interface Operator {
  kind: 'one of' | 'text' | '<' | '<=' | '>' | '>=';
  exclude: boolean;
}

/** The operators that a dimension takes, as people write them. */
export function operatorsOf(dimension: Dimension): string[] {
  return [
    '=',
    '!=',
    'in',
    'not in',
    ...(isTextDimension(dimension) ? ['~', '!~'] : []),
    ...(isNumberDimension(dimension) ? ['<', '<=', '>', '>='] : []),
  ];
}

function readOperator(reader: Reader, dimension: Dimension): Operator {
  reader.expect({ kind: 'operator', dimension });
  const token = reader.peek();
  const expected = `expected ${operatorsOf(dimension).join(', ')} after ${wordOf(dimension)}`;
  if (token === null) reader.fail(expected, null);
  const make = (kind: Operator['kind'], exclude: boolean): Operator => ({ kind, exclude });
  if (token.kind === 'word') {
    const word = token.text.toLowerCase();
    if (word === 'in' || word === 'is') return reader.taken(make('one of', false));
    if (word === 'notin') return reader.taken(make('one of', true));
    if (word === 'like' || word === 'contains') return text(make('text', false));
    if (word === 'not') {
      reader.take();
      reader.expect({ kind: 'in' });
      if (reader.takeWord('in')) return make('one of', true);
      reader.fail('expected "in" after "not"', reader.peek());
    }
    reader.fail(expected, token);
  }
  if (token.kind !== 'operator') reader.fail(expected, token);
  if (token.text === '=' || token.text === '<<') return reader.taken(make('one of', false));
  if (token.text === '!=') return reader.taken(make('one of', true));
  if (token.text === '~' || token.text === '!~') return text(make('text', token.text === '!~'));
  if (token.text === '<' || token.text === '<=' || token.text === '>' || token.text === '>=') {
    if (!isNumberDimension(dimension)) reader.fail(expected, token);
    return reader.taken(make(token.text, false));
  }
  return reader.fail(expected, token);

  function text(operator: Operator): Operator {
    if (isTextDimension(dimension)) return reader.taken(operator);
    return reader.fail(`a ${DIMENSION_LABEL[dimension]} has no name to look into: ${expected}`, token);
  }
}

/** `< 1024` as a range. */
function bounded(
  dimension: Dimension,
  operator: Operator['kind'],
  read: Read<NumberRange>,
): Read<NumberRange> {
  if ('problem' in read || operator === 'one of' || operator === 'text' || !isNumberDimension(dimension))
    return read;
  const [first, last] = read.value;
  if (first !== last) return { problem: `after ${operator} stands one number, not a range` };
  const none = { problem: `nothing is ${operator} ${first}` };
  if (operator === '<') return first === 0 ? none : readBounds(dimension, 0, first - 1);
  if (operator === '<=') return readBounds(dimension, 0, first);
  if (operator === '>')
    return first >= GREATEST[dimension] ? none : readBounds(dimension, first + 1, GREATEST[dimension]);
  return readBounds(dimension, first, GREATEST[dimension]);
}

type ValueToken = Extract<Token, { kind: 'word' | 'quoted' }>;

/** One value, or several in parentheses. */
function readValues<Value>(
  reader: Reader,
  dimension: Dimension,
  operator: Operator,
  read: (token: ValueToken) => Read<Value>,
): Value[] {
  const values: Value[] = [];
  const taken: string[] = [];
  const one = () => {
    reader.expect({
      kind: 'value',
      dimension,
      exclude: operator.exclude,
      isText: operator.kind === 'text',
      taken: [...taken],
    });
    const token = reader.peek();
    const expected =
      operator.kind === 'text' ? 'expected a text to look for' : `expected a value of ${wordOf(dimension)}`;
    if (token === null) reader.fail(expected, null);
    if (token.kind !== 'word' && token.kind !== 'quoted') reader.fail(expected, token);
    const result = read(token);
    if ('problem' in result) reader.fail(result.problem, token);
    reader.take();
    values.push(result.value);
    taken.push(token.text);
  };
  const open = reader.peek();
  if (open?.kind !== 'open') {
    one();
    return values;
  }
  reader.take();
  for (;;) {
    one();
    reader.expect({ kind: 'list' });
    const next = reader.peek();
    if (next?.kind === 'close') {
      reader.take();
      return values;
    }
    if (next === null) reader.fail('this "(" is not closed', open);
    if (next.kind !== 'comma') reader.fail('expected "," or ")" after a value', next);
    reader.take();
  }
}
