import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { withClickHouse } from './engines/withTargets';
import { explainError } from './explainError';

const usage = `Usage: npm run sql -- "SELECT …" [--format FORMAT]

Runs one statement as the read-only account, against the server that the dashboard uses. Tables: clickhouse/README.md.

  --format FORMAT   of the answer: TSV, TSVWithNames, CSV, JSON, JSONEachRow, PrettyCompact, Vertical …
                    (default: PrettyCompact on a terminal, TSVWithNames elsewhere; a FORMAT in the statement wins)
  --help            this text
`;

async function main(): Promise<number> {
  let statement: string;
  let format: string;
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { format: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    if (positionals.length !== 1 || positionals[0]?.trim() === '') {
      throw new Error('give exactly one statement, in quotes');
    }
    statement = positionals[0] ?? '';
    format = values.format ?? (process.stdout.isTTY ? 'PrettyCompact' : 'TSVWithNames');
    if (!/^\w+$/.test(format))
      throw new Error(`--format is "${format}": give the name of a ClickHouse format, such as TSV or JSON`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  return withClickHouse(async ({ url, database, reader }) => {
    const query = new URLSearchParams({
      database,
      default_format: format,
      // A number above 2^53 would lose digits in most JSON readers.
      output_format_json_quote_64bit_integers: '1',
    });
    const answer = await fetch(`${url}/?${query}`, {
      method: 'POST',
      headers: { 'X-ClickHouse-User': reader.user, 'X-ClickHouse-Key': reader.password },
      body: statement,
    });
    if (!answer.ok) {
      process.stderr.write(`${explainError(await answer.text())}\n`);
      return 1;
    }
    if (answer.body !== null) await pipeline(chunksOf(answer.body), process.stdout, { end: false });
    return 0;
  });
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const closed = error instanceof Error && 'code' in error && error.code === 'EPIPE';
    if (!closed) process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = closed ? 0 : 1;
  },
);
