import type { Dimension } from '../dimensions';

/** Dimensions whose values are names. */
export const NAME_DIMENSIONS = [
  'type',
  'region',
  'direction',
  'ip',
  'linkKind',
  'provider',
  'exporter',
  'country',
  'metro',
] as const satisfies readonly Dimension[];
export type NameDimension = (typeof NAME_DIMENSIONS)[number];

/** Dimensions whose values are numbers, so that ranges mean something. */
export const NUMBER_DIMENSIONS = [
  'interface',
  'asn',
  'protocol',
  'servicePort',
] as const satisfies readonly Dimension[];
export type NumberDimension = (typeof NUMBER_DIMENSIONS)[number];

/** Dimensions whose values are addresses, so that networks mean something. */
export const NETWORK_DIMENSIONS = [
  'remotePrefix',
  'remoteAddress',
  'localAddress',
] as const satisfies readonly Dimension[];
export type NetworkDimension = (typeof NETWORK_DIMENSIONS)[number];

/** Dimensions that have names in which a text can be looked for. */
export const TEXT_DIMENSIONS = [
  'type',
  'region',
  'provider',
  'exporter',
  'country',
  'metro',
  'asn',
] as const satisfies readonly Dimension[];
export type TextDimension = (typeof TEXT_DIMENSIONS)[number];

/** Both ends belong to it. */
export type NumberRange = readonly [first: number, last: number];

interface Either {
  /** true = everything but these */
  readonly exclude: boolean;
}

/** One of these names. '' stands for none, as of a country that nobody knows. */
export interface NameTerm extends Either {
  readonly kind: 'names';
  readonly dimension: NameDimension;
  readonly names: readonly string[];
}

export interface NumberTerm extends Either {
  readonly kind: 'numbers';
  readonly dimension: NumberDimension;
  /** ascending, neither touching nor overlapping */
  readonly ranges: readonly NumberRange[];
}

export interface NetworkTerm extends Either {
  readonly kind: 'networks';
  readonly dimension: NetworkDimension;
  /** as `192.0.2.0/24` and `2001:db8::/32`; IPv4 to /32, IPv6 to /64; none within another */
  readonly networks: readonly string[];
}

/** The name holds one of these texts, in any case. */
export interface TextTerm extends Either {
  readonly kind: 'text';
  readonly dimension: TextDimension;
  readonly texts: readonly string[];
}

/** One thing a flow must have, or must not have; its alternatives are joined by "or". */
export type Term = NameTerm | NumberTerm | NetworkTerm | TextTerm;

/** All of them hold; two at least. */
export interface AllOf {
  readonly kind: 'all';
  readonly of: readonly Expression[];
}

/** One of them holds; two at least. */
export interface AnyOf {
  readonly kind: 'any';
  readonly of: readonly Expression[];
}

/** There is no "not": it is carried into the terms, so that equal filters are equal. */
export type Expression = Term | AllOf | AnyOf;

/**
 * What a scope is narrowed to: all of these hold, none of them is an AllOf. Always in the one normal form (`normalForm.ts`), so equal
 * filters print equally; plain JSON.
 */
export type Filters = readonly Expression[];

export const NO_FILTERS: Filters = [];

/** Bounds of a filter, so that it fits into an address and a statement. */
export const LIMITS = {
  /** characters, of what is typed and of the canonical text */
  text: 2_000,
  terms: 50,
  /** values of all terms together */
  values: 200,
  /** how deep "and" and "or" are nested in one another */
  depth: 8,
  /** characters of one name */
  name: 128,
} as const;

export function isTerm(expression: Expression): expression is Term {
  return expression.kind !== 'all' && expression.kind !== 'any';
}

/** Every term, wherever it stands. */
export function termsOf(filters: Filters): Term[] {
  return filters.flatMap((expression) => (isTerm(expression) ? [expression] : termsOf(expression.of)));
}

/** How many alternatives a term has. */
export function valueCount(term: Term): number {
  switch (term.kind) {
    case 'names':
      return term.names.length;
    case 'numbers':
      return term.ranges.length;
    case 'networks':
      return term.networks.length;
    case 'text':
      return term.texts.length;
  }
}

/** Every dimension that a filter asks about, each once. */
export function dimensionsOf(filters: Filters): Dimension[] {
  return [...new Set(termsOf(filters).map(({ dimension }) => dimension))];
}
