import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readMigrationFiles } from '../../migrate/files';

/** Raised when the same size makes other records than before. */
const GENERATOR = 1;
const BLOCK_RECORDS = 40_000;

const stateSchema = z.object({
  flows: z.number().int(),
  /** what the data were made by: generator and tables */
  schema: z.string(),
  blocks: z.number().int(),
  /** blocks stored */
  done: z.array(z.number().int()),
  /** seconds that making them took, over all runs */
  seconds: z.number(),
});

/** How far the data of a folder are made. */
export type DataState = z.infer<typeof stateSchema>;

/** Records of a block: the last one takes what is left. */
export function recordsOf(state: Pick<DataState, 'flows' | 'blocks'>, block: number): number {
  const before = Math.floor((block * state.flows) / state.blocks);
  return Math.floor(((block + 1) * state.flows) / state.blocks) - before;
}

/** Nothing made yet. Rollups are part of it: data made before a table came are not in it. */
export async function newState(flows: number): Promise<DataState> {
  const hash = createHash('sha256').update(`${GENERATOR}`);
  for (const { name, checksum } of await readMigrationFiles()) hash.update(`${name} ${checksum}\n`);
  return {
    flows,
    schema: hash.digest('hex'),
    blocks: Math.max(1, Math.ceil(flows / BLOCK_RECORDS)),
    done: [],
    seconds: 0,
  };
}

const stateFile = (folder: string) => join(folder, 'bench.json');

/** What stands in the folder; null where there is nothing that can be read. */
export async function readState(folder: string): Promise<DataState | null> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(stateFile(folder), 'utf8')));
  } catch {
    return null;
  }
}

export async function writeState(folder: string, state: DataState): Promise<void> {
  const temporary = `${stateFile(folder)}.new`;
  await writeFile(temporary, JSON.stringify(state));
  await rename(temporary, stateFile(folder));
}

/** Reads 10M, 300k, 20000. Throws Error naming the argument. */
export function parseFlows(text: string, option = '--flows'): number {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)([kM]?)$/.exec(text);
  const flows = match
    ? Number(match[1]) * { '': 1, k: 1e3, M: 1e6 }[(match[2] ?? '') as '' | 'k' | 'M']
    : Number.NaN;
  if (!Number.isInteger(flows) || flows < 1_000 || flows > 1e9) {
    throw new Error(`${option} is "${text}": give a number from 1000 to 1000M, such as 300k, 10M or 100M`);
  }
  return flows;
}

/** 10M, 300k: the name of a size, also in the folder. */
export function sizeName(flows: number): string {
  if (flows % 1e6 === 0) return `${flows / 1e6}M`;
  return flows % 1e3 === 0 ? `${flows / 1e3}k` : String(flows);
}
