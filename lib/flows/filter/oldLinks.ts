import { isNetworkType } from '../networkTypes';
import type { NameTerm } from './filter';
import { isPlainName } from './text';

/** Keys of addresses from before there was a filter language: they are read for ever and written no more. */
export const OLD_KEYS = ['region', 'type', 'ip'] as const;
export type OldKey = (typeof OLD_KEYS)[number];

const ACCEPTS: Record<OldKey, (value: string) => boolean> = {
  region: (value) => value.length > 0 && value.length <= 64 && isPlainName(value),
  type: isNetworkType,
  ip: (value) => value === '4' || value === '6',
};

/** `US-West,EU-Central` keeps, `!US-West` leaves out; a comma, percent or exclamation mark in a value is percent-encoded. null = unreadable. */
export function readOldLink(key: OldKey, text: string): NameTerm | null {
  const exclude = text.startsWith('!');
  const names: string[] = [];
  for (const piece of (exclude ? text.slice(1) : text).split(',')) {
    const name = decodePiece(piece);
    if (name === null || !ACCEPTS[key](name)) return null;
    if (!names.includes(name)) names.push(name);
  }
  return { kind: 'names', dimension: key, exclude, names: names.sort() };
}

function decodePiece(piece: string): string | null {
  try {
    return decodeURIComponent(piece);
  } catch {
    return null;
  }
}

/** What such a link said. */
export function printOldLink({ exclude, names }: NameTerm): string {
  const marks = (name: string) =>
    name.replace(/[%,!]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return (exclude ? '!' : '') + names.map(marks).join(',');
}
