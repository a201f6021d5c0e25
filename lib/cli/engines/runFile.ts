import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const port = z.number().int().min(1).max(65535);
const runSchema = z.object({
  pid: z.number().int(),
  /** That of the lock, so that an older instance's state is never taken for this one's. */
  token: z.string(),
  startedAt: z.string(),
  state: z.enum(['starting', 'running', 'stopped']),
  /** Which engines this instance runs; the others are named by the environment. */
  embedded: z.object({ clickhouse: z.boolean(), postgres: z.boolean() }),
  /** Kept over a stop, so that a bookmark or a client's settings go on working. */
  ports: z.object({ clickhouseHttp: port, clickhouseTcp: port, postgres: port }).partial(),
  /** A stop or crash that nothing shut down, and no check of the stored batches since. */
  unclean: z.boolean(),
});
/** What run.json says about the instance of this folder. */
export type RunState = z.infer<typeof runSchema>;

/** The remembered state; null where there is none, or none that can be read (then free ports are chosen again). */
export async function readRunFile(file: string): Promise<RunState | null> {
  try {
    return runSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Writes the file, one write after the other; a reader sees the old state or the new one, never half of one. */
export function runFileWriter(file: string): (state: RunState) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (state) => {
    const text = `${JSON.stringify(state, null, 2)}\n`;
    const write = async () => {
      const temporary = `${file}.${process.pid}`;
      await writeFile(temporary, text, { mode: 0o600 });
      await rename(temporary, file);
    };
    last = last.then(write, write);
    return last;
  };
}
