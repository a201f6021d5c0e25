import 'server-only';
import { statSync } from 'node:fs';
import type { Ingest } from '../ingest';
import type { FollowOptions } from './followed';
import { followFile } from './followFile';
import { followFolder } from './followFolder';

export type { FollowOptions, FollowState } from './followed';

/**
 * Follows a growing file, or a folder into which files are put, until asked to stop. A path that is not there yet is taken for a file,
 * unless it ends with a slash or a pattern was given.
 */
export async function follow(ingest: Ingest, options: FollowOptions): Promise<void> {
  const info = statSync(options.path, { throwIfNoEntry: false });
  const isFolder =
    info === undefined ? options.path.endsWith('/') || options.pattern !== undefined : info.isDirectory();
  await (isFolder ? followFolder(ingest, options) : followFile(ingest, options));
}
