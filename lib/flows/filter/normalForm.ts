import {
  type Expression,
  type Filters,
  isTerm,
  type NumberDimension,
  type NumberRange,
  type Term,
} from './filter';
import { compareNetworks, holdsNetwork, printNetwork, readNetwork } from './networks';
import { printExpression } from './printFilter';

/** Orders names, numbers and networks. */
const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Sorted, each once. */
export function distinctNames(names: readonly string[]): string[] {
  return [...new Set(names)].sort(byCodeUnit);
}

/** Ascending; what overlaps or touches is one. */
export function mergedRanges(ranges: readonly NumberRange[]): NumberRange[] {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** Sorted; what lies within another is gone. */
export function distinctNetworks(networks: readonly string[]): string[] {
  const sorted = networks.map(readNetwork).sort(compareNetworks);
  const kept = sorted.filter(
    (network, i) => !sorted.slice(0, i).some((earlier) => holdsNetwork(earlier, network)),
  );
  return kept.map(printNetwork);
}

export function normalTerm(term: Term): Term {
  switch (term.kind) {
    case 'names':
      return { ...term, names: distinctNames(term.names) };
    case 'numbers':
      return { ...term, ranges: mergedRanges(term.ranges) };
    case 'networks':
      return { ...term, networks: distinctNetworks(term.networks) };
    case 'text':
      return { ...term, texts: distinctNames(term.texts.map((text) => text.toLowerCase())) };
  }
}

/** Both terms as one with the alternatives of both; null where they are about different things. */
export function joinedTerms(a: Term, b: Term): Term | null {
  if (a.dimension !== b.dimension || a.exclude !== b.exclude) return null;
  if (a.kind === 'names' && b.kind === 'names') return normalTerm({ ...a, names: [...a.names, ...b.names] });
  if (a.kind === 'numbers' && b.kind === 'numbers')
    return normalTerm({ ...a, ranges: [...a.ranges, ...b.ranges] });
  if (a.kind === 'networks' && b.kind === 'networks')
    return normalTerm({ ...a, networks: [...a.networks, ...b.networks] });
  if (a.kind === 'text' && b.kind === 'text') return normalTerm({ ...a, texts: [...a.texts, ...b.texts] });
  return null;
}

/**
 * The one way to write what must all hold: nested groups of the same kind are opened, terms that say "one of" (in an "or") or "none of" (in
 * an "and") about the same dimension become one, the rest is sorted, and nothing stands twice.
 */
export function normalFilters(expressions: readonly Expression[]): Filters {
  return members('all', expressions);
}

function normal(expression: Expression): Expression {
  if (isTerm(expression)) return normalTerm(expression);
  const of = members(expression.kind, expression.of);
  const [only] = of;
  return only !== undefined && of.length === 1 ? only : { kind: expression.kind, of };
}

function members(kind: 'all' | 'any', expressions: readonly Expression[]): Expression[] {
  const opened = expressions
    .map(normal)
    .flatMap((expression) => (expression.kind === kind ? expression.of : [expression]));
  const joined: Expression[] = [];
  for (const expression of opened) {
    const at = joined.findIndex((other) => joins(kind, other, expression) !== null);
    const both = at < 0 ? null : joins(kind, joined[at] as Expression, expression);
    if (both === null) joined.push(expression);
    else joined[at] = both;
  }
  const printed = new Map(joined.map((expression) => [printExpression(expression), expression]));
  return [...printed]
    .sort(([aText, a], [bText, b]) => Number(!isTerm(a)) - Number(!isTerm(b)) || byCodeUnit(aText, bText))
    .map(([, expression]) => expression);
}

/** "a or b" of one dimension is one term, and so is "not a and not b". */
function joins(kind: 'all' | 'any', a: Expression, b: Expression): Term | null {
  if (!isTerm(a) || !isTerm(b) || a.exclude !== (kind === 'all')) return null;
  return joinedTerms(a, b);
}

/** The same turned round: what holds of nothing that the other holds of, and of all else. */
export function negated(expression: Expression): Expression {
  if (isTerm(expression)) return { ...expression, exclude: !expression.exclude };
  return { kind: expression.kind === 'all' ? 'any' : 'all', of: expression.of.map(negated) };
}

/** How deep "and" and "or" are nested. */
export function depthOf(expressions: readonly Expression[]): number {
  return expressions.reduce(
    (depth, expression) => (isTerm(expression) ? depth : Math.max(depth, 1 + depthOf(expression.of))),
    0,
  );
}

/** The greatest number of each dimension. Service ports are below 32768: where both ends are above, the port is 0. */
export const GREATEST: Record<NumberDimension, number> = {
  interface: 4_294_967_295,
  asn: 4_294_967_295,
  protocol: 255,
  servicePort: 32_767,
};
