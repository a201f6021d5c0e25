import { LIMITS } from './filter';

/** Control characters, and halves of characters that no address can carry. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** Whether a name can stand in a filter. */
export function isPlainName(text: string): boolean {
  return text.length <= LIMITS.name && !UNPRINTABLE.test(text);
}

/** What a word may hold without quotes. */
export const WORD_CHARACTER = /[\p{L}\p{N}_.:/@*+-]/u;
const BARE = /^[\p{L}\p{N}_.:/@*+-]+$/u;
const RESERVED = /^(and|or|not|in|none|notin|like|contains)$/i;

/** A name as it stands in a filter: bare where nothing can be mistaken, else in quotes. */
export function printName(name: string): string {
  return BARE.test(name) && !RESERVED.test(name) ? name : printQuoted(name);
}

export function printQuoted(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}
