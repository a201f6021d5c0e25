/**
 * Remembers the last results that were made of an object, for as long as the object is there: a click in a legend changes a few of them, and a
 * second click wants those of before.
 * @param count results of one object that are kept
 * @returns gives what was made for the same key before, or makes it
 */
export function keepLast<Of extends object, Result>(
  count: number,
): (of: Of, key: readonly unknown[], make: () => Result) => Result {
  const kept = new WeakMap<Of, { key: readonly unknown[]; result: Result }[]>();
  return (of, key, make) => {
    const all = kept.get(of) ?? [];
    const found = all.find((each) => each.key.every((part, i) => Object.is(part, key[i])));
    const latest = found ?? { key, result: make() };
    kept.set(of, [latest, ...all.filter((each) => each !== found)].slice(0, count));
    return latest.result;
  };
}
