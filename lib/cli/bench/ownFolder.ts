import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DataState, newState, readState, writeState } from '@/clickhouse/bench/data/identity';
import { NETWORK_FILE } from '@/clickhouse/demo/network/demoNetwork';
import { applyRetention, migrateClickHouse, parseRetention } from '@/clickhouse/migrate';
import type { ClickHouseTarget } from '@/lib/server/env';
import { dataPaths } from '@/lib/server/paths';
import { ensureReference } from '@/lib/server/reference/ensureReference';
import { finishGeo } from '@/lib/server/reference/finishGeo';
import { FolderLockedError, joinHolder } from '../engines/folderLock';
import type { Progress } from '../progress';

/**
 * From here on this process works in a folder below the data folder, with engines of its own: neither the running dashboard's nor those that
 * the environment names.
 * @returns its path
 * @throws FolderLockedError while another run works in it
 */
export async function ownFolder(name: string): Promise<string> {
  const folder = join(dataPaths().root, name);
  process.env.WEIR_DATA = folder;
  delete process.env.CLICKHOUSE_URL;
  delete process.env.CLICKHOUSE_CLUSTER;
  delete process.env.DATABASE_URL;
  const holder = await joinHolder(dataPaths().lockFile);
  if (holder) {
    holder.leave();
    throw new FolderLockedError(folder, holder.holder);
  }
  return folder;
}

/** Data of other tables or another generator would be measured as if they were whole: they are made anew. */
export async function stateOf(
  folder: string,
  { flows, fresh }: { flows: number; fresh: boolean },
  progress: Progress,
): Promise<DataState> {
  const wanted = await newState(flows);
  const found = await readState(folder);
  if (!fresh && found?.schema === wanted.schema && found.flows === flows) {
    progress.line(
      found.done.length === found.blocks
        ? 'They are complete.'
        : `Going on: ${found.done.length} of ${found.blocks} blocks are there.`,
    );
    return found;
  }
  if (existsSync(join(folder, 'clickhouse'))) {
    progress.line(fresh ? 'Making them anew.' : 'They were made for other tables: making them anew.');
    await rm(join(folder, 'clickhouse'), { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
  await writeState(folder, wanted);
  return wanted;
}

/** Tables that keep everything, and the reference data of the demo's network. @param cache folder of the address tables, made once for all */
export async function prepare(
  target: ClickHouseTarget,
  cache: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  await progress.step('Tables', async () => {
    await migrateClickHouse(target);
    await applyRetention(target, parseRetention('all=keep'));
  });
  await progress.step('Reference data', async (report) => {
    await ensureReference(target, { networkFile: NETWORK_FILE, cache }, { onProgress: report });
    await finishGeo(target, { cache }, { onProgress: report, signal });
  });
}
