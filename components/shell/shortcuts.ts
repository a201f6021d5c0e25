import { PAGES } from './pages';

/** What a shortcut does; what it is called and its keys stand in SHORTCUTS, from which the help is drawn. */
export type ShortcutId =
  | 'help'
  | 'find'
  | 'earlier'
  | 'later'
  | 'zoom-out'
  | 'range'
  | 'filter'
  | 'refresh'
  | 'live'
  | 'theme'
  | `go ${string}`;

export interface Shortcut {
  readonly id: ShortcutId;
  readonly label: string;
  readonly group: 'Find' | 'Time' | 'Page' | 'Go to';
  /** each a way to press it: keys one after the other, as `KeyboardEvent.key` names them; `Mod` is Command or Control */
  readonly keys: readonly (readonly string[])[];
}

/** Every shortcut of the dashboard, in the order of the help. */
export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'find', label: 'Find a page, range, network or address', group: 'Find', keys: [['Mod+k']] },
  { id: 'filter', label: 'Write a filter', group: 'Find', keys: [['/']] },
  { id: 'help', label: 'Show these shortcuts', group: 'Find', keys: [['?']] },
  { id: 'earlier', label: 'One range earlier', group: 'Time', keys: [['['], ['ArrowLeft']] },
  { id: 'later', label: 'One range later', group: 'Time', keys: [[']'], ['ArrowRight']] },
  { id: 'zoom-out', label: 'Zoom out: twice the range', group: 'Time', keys: [['-']] },
  { id: 'range', label: 'Write a time range', group: 'Time', keys: [['t']] },
  { id: 'refresh', label: 'Refresh now', group: 'Page', keys: [['r']] },
  { id: 'live', label: 'Live refresh on or off', group: 'Page', keys: [['l']] },
  { id: 'theme', label: 'Dark or light', group: 'Page', keys: [['d']] },
  ...PAGES.map(
    ({ href, label, key }): Shortcut => ({ id: `go ${href}`, label, group: 'Go to', keys: [['g', key]] }),
  ),
];

export interface Press {
  /** what was pressed before and may be the beginning of a shortcut */
  readonly pending: readonly string[];
  /** the shortcut that is complete, or null */
  readonly id: ShortcutId | null;
}

/**
 * What a key means after those that were pressed before it. A key that continues nothing begins anew.
 * @param key as `KeyboardEvent.key`, with `Mod+` in front while Command or Control is held
 */
export function press(pending: readonly string[], key: string): Press {
  const pressed = [...pending, key];
  const begins = (keys: readonly string[]) => pressed.every((each, i) => keys[i] === each);
  const found = SHORTCUTS.flatMap(({ id, keys }) => keys.filter(begins).map((each) => ({ id, each })));
  const whole = found.find(({ each }) => each.length === pressed.length);
  if (whole) return { pending: [], id: whole.id };
  if (found.length > 0) return { pending: pressed, id: null };
  return pending.length > 0 ? press([], key) : { pending: [], id: null };
}

/** A key as it is printed on it. */
export function keyName(key: string, isMac: boolean): string {
  if (key.startsWith('Mod+')) return `${isMac ? '\u2318' : 'Ctrl '}${key.slice(4).toUpperCase()}`;
  return { ArrowLeft: '\u2190', ArrowRight: '\u2192' }[key] ?? key;
}
