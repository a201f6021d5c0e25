/** What a click on a legend leaves out of a picture: the series itself, or brings it back. */
export function toggled(hidden: ReadonlySet<string>, key: string): string[] {
  return hidden.has(key) ? [...hidden].filter((each) => each !== key) : [...hidden, key];
}

/**
 * What a click with Shift leaves out: all but the series; where it stands alone already, nothing.
 * @param keys of all series that the picture has
 */
export function allBut(hidden: ReadonlySet<string>, key: string, keys: readonly string[]): string[] {
  const others = keys.filter((each) => each !== key);
  const isAlone = !hidden.has(key) && others.every((each) => hidden.has(each));
  return isAlone ? [] : others;
}
