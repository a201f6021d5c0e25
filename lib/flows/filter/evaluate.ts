import type { Dimension } from '../dimensions';
import { countryName } from './countries';
import type { Expression, Filters, Term } from './filter';
import { parseAddress, readNetwork } from './networks';

/** A value of a dimension as answers have it: `CDN`, `15169`, `192.0.2.7`; with the name that people know it by, where there is one. */
export interface KnownValue {
  value: string;
  name?: string;
}

export type Known = Partial<Record<Dimension, KnownValue>>;

/**
 * Whether a filter lets flows through of which only some dimensions are known: true = all of them, false = none, null = it depends on
 * what is not known.
 */
export function evaluate(filters: Filters, known: Known): boolean | null {
  return allOf(filters.map((expression) => holds(expression, known)));
}

/** Whether a filter can let flows through that have this value: true = all, false = none, null = some may. */
export function couldHold(filters: Filters, dimension: Dimension, value: string): boolean | null {
  return evaluate(filters, { [dimension]: { value } });
}

function holds(expression: Expression, known: Known): boolean | null {
  if (expression.kind === 'all') return allOf(expression.of.map((each) => holds(each, known)));
  if (expression.kind === 'any')
    return opposite(allOf(expression.of.map((each) => opposite(holds(each, known)))));
  const value = known[expression.dimension];
  if (value === undefined) return null;
  const is = matches(expression, value);
  return expression.exclude ? opposite(is) : is;
}

function allOf(parts: readonly (boolean | null)[]): boolean | null {
  if (parts.includes(false)) return false;
  return parts.includes(null) ? null : true;
}

function opposite(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

/** null where only the name would tell, and it is not known. */
function matches(term: Term, { value, name }: KnownValue): boolean | null {
  switch (term.kind) {
    case 'names':
      return term.names.includes(value);
    case 'numbers':
      return term.ranges.some(([first, last]) => Number(value) >= first && Number(value) <= last);
    case 'networks': {
      const address = parseAddress(value.split('/')[0] ?? '');
      if (address === null) return false;
      return term.networks.map(readNetwork).some((network) => {
        return (
          network.version === address.version &&
          network.first <= address.value &&
          network.last >= address.value
        );
      });
    }
    case 'text':
      return holdsText(term.dimension, term.texts, value, name);
  }
}

function holdsText(
  dimension: Dimension,
  texts: readonly string[],
  value: string,
  name: string | undefined,
): boolean | null {
  const known = dimension === 'country' ? (countryName(value) ?? '') : name;
  const places = [...(dimension === 'asn' ? [] : [value]), ...(known === undefined ? [] : [known])];
  if (places.some((place) => texts.some((text) => place.toLowerCase().includes(text)))) return true;
  const hasOtherName = dimension === 'asn' || dimension === 'exporter';
  return hasOtherName && known === undefined ? null : false;
}
