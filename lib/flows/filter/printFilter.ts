import type { Expression, Filters, NumberDimension, NumberRange, Term } from './filter';
import { readNetwork } from './networks';
import { protocolName } from './protocols';
import { printName } from './text';
import { wordOf } from './words';

/** The canonical text of a filter: `region = US-West and type != CDN`. Equal filters print equally; '' where nothing is filtered. */
export function printFilters(filters: Filters): string {
  const [only] = filters;
  return only !== undefined && filters.length === 1 ? printExpression(only) : joined(filters, 'and');
}

export function printExpression(expression: Expression): string {
  if (expression.kind === 'all') return joined(expression.of, 'and');
  if (expression.kind === 'any') return joined(expression.of, 'or');
  return printTerm(expression);
}

function joined(expressions: readonly Expression[], word: 'and' | 'or'): string {
  return expressions
    .map((expression) =>
      expression.kind === 'all' || expression.kind === 'any'
        ? `(${printExpression(expression)})`
        : printTerm(expression),
    )
    .join(` ${word} `);
}

/** `port in (443, 8000-8100)` */
export function printTerm(term: Term): string {
  const values = valuesOf(term);
  const [only = ''] = values;
  const list = values.length === 1 ? only : `(${values.join(', ')})`;
  return `${wordOf(term.dimension)} ${operatorOf(term, values.length)} ${list}`;
}

/** `=`, `!=`, `in`, `not in`, `~` or `!~`, for so many values. */
export function operatorOf(term: Term, count: number): string {
  if (term.kind === 'text') return term.exclude ? '!~' : '~';
  const [network] = term.kind === 'networks' ? term.networks : [];
  const isBlock = network !== undefined && !isOneAddress(network);
  const [range] = term.kind === 'numbers' ? term.ranges : [];
  const isRange = range !== undefined && range[0] !== range[1];
  if (count > 1 || isBlock || isRange) return term.exclude ? 'not in' : 'in';
  return term.exclude ? '!=' : '=';
}

/** What a term asks for, each alternative as it stands in a filter. */
export function valuesOf(term: Term): string[] {
  switch (term.kind) {
    case 'names':
      return term.names.map((name) => (name === '' ? 'none' : printTermName(term.dimension, name)));
    case 'numbers':
      return term.ranges.flatMap((range) => printRange(term.dimension, range));
    case 'networks':
      return term.networks.map(printBlock);
    case 'text':
      return term.texts.map(printName);
  }
}

/** Codes of countries stand bare, even IN; nothing else follows an operator. */
function printTermName(dimension: Term['dimension'], name: string): string {
  return dimension === 'country' && /^[A-Z][A-Z0-9]$/.test(name) ? name : printName(name);
}

/** Two neighbors read better apart: `443, 444`. */
function printRange(dimension: NumberDimension, [first, last]: NumberRange): string[] {
  if (first === last) return [printNumber(dimension, first)];
  if (last === first + 1) return [printNumber(dimension, first), printNumber(dimension, last)];
  const end = (value: number) => (dimension === 'protocol' ? String(value) : printNumber(dimension, value));
  return [`${end(first)}-${end(last)}`];
}

/** `AS15169`, `tcp`, `443` */
export function printNumber(dimension: NumberDimension, value: number): string {
  if (dimension === 'asn') return `AS${value}`;
  return (dimension === 'protocol' ? protocolName(value) : null) ?? String(value);
}

/** An address without the length that every single one has. */
function printBlock(network: string): string {
  return isOneAddress(network) ? network.slice(0, network.lastIndexOf('/')) : network;
}

/** The IPv4 /32; an IPv6 /64 is written out, as it holds many. */
function isOneAddress(network: string): boolean {
  const { version, bits } = readNetwork(network);
  return version === 4 && bits === 32;
}
