import type { Dimension } from './dimensions';
import { addExclude, bothOf, narrowTo, termOf } from './filter/edit';
import type { Filters, Term } from './filter/filter';

interface Chosen {
  readonly dimension: Dimension;
  readonly value: string;
}

/** A dimension and its value, as filters know them: an interface is a number on an exporter. */
function valuesOf(by: readonly Dimension[], keys: readonly string[]): Chosen[] {
  return by.flatMap((dimension, i): Chosen[] => {
    const key = keys[i] ?? '';
    if (dimension !== 'interface') return [{ dimension, value: key }];
    const [exporter = '', number = ''] = key.split(' ');
    return [
      { dimension: 'exporter', value: exporter },
      { dimension, value: number },
    ];
  });
}

/** Shows only this group. */
export function onlyGroup(filters: Filters, by: readonly Dimension[], keys: readonly string[]): Filters {
  return valuesOf(by, keys).reduce(
    (narrowed, { dimension, value }) => narrowTo(narrowed, dimension, value),
    filters,
  );
}

/** Leaves this group out, and of a group of several dimensions nothing but what has all of its values. */
export function withoutGroup(filters: Filters, by: readonly Dimension[], keys: readonly string[]): Filters {
  const values = valuesOf(by, keys);
  const [only] = values;
  if (values.length === 1 && only !== undefined) return addExclude(filters, only.dimension, only.value);
  const terms = values.map(({ dimension, value }): Term => termOf(dimension, [value], true));
  return bothOf(filters, [{ kind: 'any', of: terms }]);
}
