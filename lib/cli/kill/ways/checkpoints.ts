import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How far following has come, as its checkpoints say. */
export interface Followed {
  /** The growing file: inode and bytes that are stored; null = nothing yet. */
  file: { inode: number; position: number } | null;
  /** Names of files of the folder that are stored. */
  names: Set<string>;
}

/** Reads the checkpoints of one followed file and one followed folder. */
export async function followedUpTo(folder: string): Promise<Followed> {
  const found: Followed = { file: null, names: new Set() };
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith('.json')) continue;
    const { state } = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
      state: Record<string, unknown>;
    };
    if (typeof state.inode === 'number' && typeof state.position === 'number') {
      found.file = { inode: state.inode, position: state.position };
    } else for (const file of Object.keys(state)) found.names.add(file);
  }
  return found;
}
