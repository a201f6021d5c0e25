import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));

export type FixtureFormat = 'nfdump-json' | 'nfdump-csv';

const FILE: Record<FixtureFormat, string> = {
  'nfdump-json': 'zeek-nfdump.json',
  'nfdump-csv': 'zeek-nfdump.csv',
};

/**
 * Writes the fixture of 38 real records with its times moved to a UTC day: each record keeps its time of day and its duration, and is
 * received a second after its end. The documented example of an import:
 * `npm run ingest -- --format nfdump-json --zone UTC FILE`.
 * @param day YYYY-MM-DD, for example yesterday
 * @param folder where to write; a new temporary folder when left out
 * @returns path of the file
 */
export async function shiftedFixture(
  day: string,
  format: FixtureFormat = 'nfdump-json',
  folder?: string,
): Promise<string> {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(`${day}T00:00:00Z`))) {
    throw new Error(`${JSON.stringify(day)} is no day: write it as YYYY-MM-DD, for example 2026-11-21.`);
  }
  const text = await readFile(join(FIXTURES, FILE[format]), 'utf8');
  const path = join(
    folder ?? (await mkdtemp(join(tmpdir(), 'weir-example-'))),
    FILE[format].replace('.', `-${day}.`),
  );
  await writeFile(path, format === 'nfdump-json' ? shiftedJson(text, day) : shiftedCsv(text, day));
  return path;
}

const SECOND = 1000;

const readUtc = (text: string): number => Date.parse(`${text.trim().replace(' ', 'T')}Z`);

/** The instant on `day` at the same time of day as `instant`. */
function onDay(day: string, instant: number): number {
  return Date.parse(`${day}T00:00:00Z`) + (((instant % 86_400_000) + 86_400_000) % 86_400_000);
}

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 23);

const recordsSchema = z.array(z.looseObject({ first: z.string(), last: z.string(), received: z.string() }));

function shiftedJson(text: string, day: string): string {
  const records = recordsSchema.parse(JSON.parse(text)).map((record) => {
    const first = onDay(day, readUtc(record.first));
    const last = first + readUtc(record.last) - readUtc(record.first);
    return { ...record, first: iso(first), last: iso(last), received: iso(last + SECOND) };
  });
  return `${JSON.stringify(records, null, '\t')}\n`;
}

/** nfdump's older CSV: `ts` and `te` are the first two columns, the receive time the last; a summary follows the records. */
function shiftedCsv(text: string, day: string): string {
  const spaced = (ms: number, digits: number) => iso(ms).replace('T', ' ').slice(0, digits);
  return text
    .split('\n')
    .map((line) => {
      const columns = line.split(',');
      const start = readUtc(columns[0] ?? '');
      const end = readUtc(columns[1] ?? '');
      if (Number.isNaN(start) || Number.isNaN(end) || columns.length < 40) return line;
      const first = onDay(day, start);
      const last = first + end - start;
      // Written to the second, as nfdump does; a whole second more covers what that cuts off.
      return [
        spaced(first, 19),
        spaced(last, 19),
        ...columns.slice(2, -1),
        spaced(last + 2 * SECOND, 23),
      ].join(',');
    })
    .join('\n');
}
