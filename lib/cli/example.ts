import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { shiftedFixture } from '@/clickhouse/demo/shiftedFixture';
import { dataPaths } from '@/lib/server/paths';

/**
 * `npm run example`: writes 38 real flow records of public test traces, with their times moved to yesterday (UTC), into the data
 * folder, and prints the command that imports them. Moved, because raw flows as old as the traces are past their retention.
 */
const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const folder = join(dataPaths().root, 'example');
await mkdir(folder, { recursive: true });
for (const format of ['nfdump-json', 'nfdump-csv'] as const) {
  const file = await shiftedFixture(yesterday, format, folder);
  process.stdout.write(`npm run ingest -- --format ${format} --zone UTC ${relative(process.cwd(), file)}\n`);
}
