import 'server-only';
import { type DetectedFormat, detectFormat } from './detect';
import { type Format, FormatError } from './format';
import { nfdumpCsv } from './nfdumpCsv';
import { nfdumpJson } from './nfdumpJson';
import { pmacctJson } from './pmacctJson';

export { type DetectedFormat, detectFormat } from './detect';
export * from './format';

/** Readers by name. */
export const formats: Record<string, Format> = Object.fromEntries(
  [nfdumpJson, nfdumpCsv, pmacctJson].map((format) => [format.name, format]),
);

/**
 * The reader of that name.
 * @param head first bytes of the input (decompressed), to name the likely right format; without it the name has to do
 * @throws FormatError where there is none
 */
export function formatNamed(name: string, head?: Buffer): Format {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format !== undefined) return format;
  const known = Object.keys(formats).join(', ');
  const found: DetectedFormat | null = head === undefined ? null : detectFormat(head);
  const near = nearest(name, Object.keys(formats));
  const hint =
    found === null
      ? near === null
        ? ''
        : `; did you mean --format ${near}?`
      : found.format === null
        ? `; this input is ${found.title}: ${found.fix}`
        : `; this input looks like ${found.format}: pass --format ${found.format}`;
  throw new FormatError(`there is no format "${name}": the formats are ${known}${hint}`);
}

/** The known name that shares the most with a wrong one: the tool's name, or nearly all of it. */
function nearest(name: string, known: readonly string[]): string | null {
  const words = new Set(name.toLowerCase().split(/[^a-z0-9]+/));
  const scored = known.map((candidate) => ({
    candidate,
    score: candidate.split('-').filter((word) => words.has(word)).length,
  }));
  const best = scored.sort((a, b) => b.score - a.score)[0];
  return best !== undefined && best.score > 0 ? best.candidate : null;
}
