import 'server-only';

export interface Remembered<Value> {
  /** the value, at most as old as the time to live; concurrent callers share one load */
  (): Promise<Value>;
  /** the next call loads anew */
  forget(): void;
}

/** Keeps a value for a while, which may depend on it. A load that fails is not kept. */
export function remember<Value>(
  milliseconds: number | ((value: Value) => number),
  load: () => Promise<Value>,
): Remembered<Value> {
  let kept: { value: Promise<Value>; until: number } | null = null;
  const get = (): Promise<Value> => {
    if (kept && performance.now() < kept.until) return kept.value;
    const value = load();
    const entry = { value, until: Number.POSITIVE_INFINITY };
    kept = entry;
    value.then(
      (loaded) => {
        entry.until =
          performance.now() + (typeof milliseconds === 'number' ? milliseconds : milliseconds(loaded));
      },
      () => {
        if (kept === entry) kept = null;
      },
    );
    return value;
  };
  return Object.assign(get, {
    forget: () => {
      kept = null;
    },
  });
}
