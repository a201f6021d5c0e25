import type { Dimension } from '../dimensions';
import { type Expression, type Filters, isTerm, type Term } from './filter';
import { networkAround, parseAddress, printNetwork } from './networks';
import { joinedTerms, normalFilters } from './normalForm';
import { LONGEST } from './parseValue';
import { isNameDimension, isNumberDimension } from './words';

/**
 * A term about values as answers carry them: names as they are, numbers in digits, addresses with or without a length (one without is the
 * address, or the prefix, as it is kept).
 * @throws Error for a value that the dimension cannot have
 */
export function termOf(dimension: Dimension, values: readonly string[], exclude = false): Term {
  if (isNameDimension(dimension)) return { kind: 'names', dimension, exclude, names: [...values] };
  if (isNumberDimension(dimension)) {
    const ranges = values.map((value): [number, number] => {
      if (!/^\d{1,10}$/.test(value)) throw new Error(`"${value}" is no value of ${dimension}`);
      return [Number(value), Number(value)];
    });
    return { kind: 'numbers', dimension, exclude, ranges };
  }
  const networks = values.map((value) => {
    const [text = '', bits] = value.split('/');
    const address = parseAddress(text);
    if (address === null) throw new Error(`"${value}" is no value of ${dimension}`);
    const longest = LONGEST[dimension][address.version];
    return printNetwork(
      networkAround(address, bits === undefined ? longest : Math.min(Number(bits), longest)),
    );
  });
  return { kind: 'networks', dimension, exclude, networks };
}

/** Both filters hold. */
export function bothOf(a: Filters, b: readonly Expression[]): Filters {
  return normalFilters([...a, ...b]);
}

/** Shows this value too: it becomes an alternative beside those that are asked for already, and is left out no longer. */
export function addInclude(filters: Filters, dimension: Dimension, value: string): Filters {
  const wanted = termOf(dimension, [value]);
  const kept = takenFrom(filters, wanted, true);
  const at = kept.findIndex((each) => isAbout(each, wanted, false));
  const joined = at < 0 ? null : joinedTerms(kept[at] as Term, wanted);
  return normalFilters(joined === null ? [...kept, wanted] : kept.with(at, joined));
}

/** Leaves this value out: it is one of the alternatives no longer, or, where none asks for it, it is excluded. */
export function addExclude(filters: Filters, dimension: Dimension, value: string): Filters {
  const wanted = termOf(dimension, [value]);
  const rest = takenFrom(filters, wanted, false);
  const isShorter = JSON.stringify(rest) !== JSON.stringify(filters);
  const asksForOthers = rest.some((each) => isAbout(each, wanted, false));
  // With the last alternative gone, everything would be shown: then it is excluded.
  if (isShorter && asksForOthers) return normalFilters(rest);
  return normalFilters([...rest, termOf(dimension, [value], true)]);
}

/** Shows only this value of the dimension: whatever else was asked about the dimension is gone. */
export function narrowTo(filters: Filters, dimension: Dimension, value: string): Filters {
  const others = filters.filter((each) => !isTerm(each) || each.dimension !== dimension);
  return normalFilters([...others, termOf(dimension, [value])]);
}

/** Takes a value away that is asked for, and asks for one that is not. */
export function toggle(filters: Filters, dimension: Dimension, value: string): Filters {
  const wanted = termOf(dimension, [value]);
  const rest = takenFrom(filters, wanted, false);
  const isShorter = JSON.stringify(rest) !== JSON.stringify(filters);
  return isShorter ? normalFilters(rest) : addInclude(filters, dimension, value);
}

/** Without one of the things that must hold. */
export function withoutTerm(filters: Filters, index: number): Filters {
  return normalFilters(filters.filter((_, i) => i !== index));
}

/** With one of the things that must hold changed. */
export function withTerm(filters: Filters, index: number, changed: Expression): Filters {
  return normalFilters(filters.map((each, i) => (i === index ? changed : each)));
}

/** Without everything that is said about a dimension at the top; what stands within "or" stays. */
export function withoutDimension(filters: Filters, dimension: Dimension): Filters {
  return normalFilters(filters.filter((each) => !isTerm(each) || each.dimension !== dimension));
}

/** The filters without these values in terms that ask for them (or leave them out). */
function takenFrom(filters: Filters, wanted: Term, exclude: boolean): Expression[] {
  return filters.flatMap((each): Expression[] =>
    isAbout(each, wanted, exclude) ? without(each, wanted) : [each],
  );
}

function isAbout(expression: Expression, wanted: Term, exclude: boolean): expression is Term {
  return (
    isTerm(expression) &&
    expression.kind === wanted.kind &&
    expression.dimension === wanted.dimension &&
    expression.exclude === exclude
  );
}

/** A term without the values of another; nothing where none are left. */
export function without(term: Term, taken: Term): Term[] {
  if (term.kind === 'names' && taken.kind === 'names') {
    const names = term.names.filter((name) => !taken.names.includes(name));
    return names.length > 0 ? [{ ...term, names }] : [];
  }
  if (term.kind === 'networks' && taken.kind === 'networks') {
    const networks = term.networks.filter((network) => !taken.networks.includes(network));
    return networks.length > 0 ? [{ ...term, networks }] : [];
  }
  if (term.kind === 'text' && taken.kind === 'text') {
    const texts = term.texts.filter((text) => !taken.texts.includes(text));
    return texts.length > 0 ? [{ ...term, texts }] : [];
  }
  if (term.kind === 'numbers' && taken.kind === 'numbers') {
    const ranges = taken.ranges.reduce<(readonly [number, number])[]>(
      (left, [first, last]) =>
        left.flatMap(([from, to]): [number, number][] => {
          const pieces: [number, number][] = [
            [from, Math.min(to, first - 1)],
            [Math.max(from, last + 1), to],
          ];
          return pieces.filter(([a, b]) => a <= b);
        }),
      [...term.ranges],
    );
    return ranges.length > 0 ? [{ ...term, ranges }] : [];
  }
  return [term];
}
