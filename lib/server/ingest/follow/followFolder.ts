import 'server-only';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { dataPaths } from '@/lib/server/paths';
import { pause } from '@/lib/server/process/pause';
import type { Ingest } from '../ingest';
import { checked, ingestFile, readOptions } from '../ingestFile';
import { IngestError } from '../ingestRequest';
import { isPassing } from '../retry';
import { Checkpoint } from './checkpoint';
import { FileNames } from './fileNames';
import {
  DEFAULT_SETTLE_MS,
  type FollowOptions,
  type FollowState,
  LOOK_MS,
  RETRY_MS,
  warnWhereNothingWasRead,
} from './followed';

/** A file as it was when it was looked at. */
interface Seen {
  size: number;
  mtimeMs: number;
  inode: number;
}

/**
 * Stores the files that a collector puts into a folder, in the order of their names, until asked to stop. A file is read when it has
 * not changed for a while; one that changes afterwards is read again, and the ledger tells what is new in it. Files that cannot be
 * read are named and left out until they change.
 */
export async function followFolder(ingest: Ingest, options: FollowOptions): Promise<void> {
  await new FollowedFolder(ingest, options).run();
}

class FollowedFolder {
  private readonly path: string;
  private readonly names: FileNames;
  private readonly checkpoint: Checkpoint<Record<string, Seen>>;
  private readonly refused = new Map<string, Seen>();
  private readonly looked = new Map<string, Seen & { sinceMs: number }>();
  private done = new Map<string, Seen>();
  private lastDataMs: number | null = null;

  constructor(
    private readonly ingest: Ingest,
    private readonly options: FollowOptions,
  ) {
    this.path = resolve(options.path);
    this.names = new FileNames(options.pattern);
    const format = checked(options);
    this.checkpoint = new Checkpoint(
      options.checkpoints ?? join(dataPaths().root, 'follow'),
      JSON.stringify([this.path, format.name, readOptions(options, format)]),
    );
  }

  private get stopping(): boolean {
    return this.options.signal.aborted;
  }

  async run(): Promise<void> {
    this.done = new Map(Object.entries((await this.checkpoint.read()) ?? {}));
    while (!this.stopping) {
      const complete = await this.completeFiles();
      for (const [index, name] of complete.entries()) {
        if (this.stopping) return;
        this.lastDataMs = Date.now();
        this.say('reading', complete.length - index, name);
        await this.store(name);
      }
      if (complete.length === 0) await this.wait(LOOK_MS);
    }
  }

  /** Names of files that are complete and not stored yet, in order. */
  private async completeFiles(): Promise<string[]> {
    let present: string[];
    try {
      present = await readdir(this.path);
    } catch (error) {
      const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      this.say(
        gone ? 'gone' : 'unreadable',
        0,
        gone
          ? `there is no folder ${this.path}; waiting for it`
          : error instanceof Error
            ? error.message
            : String(error),
      );
      return [];
    }
    const names = present.filter((name) => this.names.matches(name)).sort();
    this.forgetAbsent(new Set(names));
    const complete: string[] = [];
    let growing = 0;
    for (const name of names) {
      const info = await stat(join(this.path, name)).catch(() => null);
      if (info === null || !info.isFile() || info.size === 0) continue;
      const now: Seen = { size: info.size, mtimeMs: info.mtimeMs, inode: info.ino };
      if (same(this.done.get(name), now) || same(this.refused.get(name), now)) continue;
      if (this.isComplete(name, now)) complete.push(name);
      else growing += 1;
    }
    if (complete.length === 0) this.say('waiting', growing);
    return complete;
  }

  private isComplete(name: string, now: Seen): boolean {
    if (this.names.isFinal(name)) return true;
    const settleMs = this.options.settleMs ?? DEFAULT_SETTLE_MS;
    // Old by its own time; and where clocks differ, unchanged for that long since it was first seen so.
    if (Date.now() - now.mtimeMs >= settleMs) return true;
    const before = this.looked.get(name);
    if (before === undefined || !same(before, now)) {
      this.looked.set(name, { ...now, sinceMs: performance.now() });
      return settleMs === 0;
    }
    return performance.now() - before.sinceMs >= settleMs;
  }

  private async store(name: string): Promise<void> {
    const { options } = this;
    const path = join(this.path, name);
    const info = await stat(path).catch(() => null);
    if (info === null) return;
    // As it was before it was read: what comes meanwhile makes it another one, which is read again.
    const seen: Seen = { size: info.size, mtimeMs: info.mtimeMs, inode: info.ino };
    try {
      const { summary, problem, complete } = await ingestFile(this.ingest, {
        path,
        format: options.format,
        signal: options.signal,
        onWarning: (text) => options.onWarning?.(`${path}: ${text}`),
        ...(options.zone === undefined ? {} : { zone: options.zone }),
        ...(options.samplingRate === undefined ? {} : { samplingRate: options.samplingRate }),
        ...(options.batchSize === undefined ? {} : { batchSize: options.batchSize }),
      });
      if (summary.records > 0) options.onStored?.(summary);
      warnWhereNothingWasRead(path, summary, options);
      // Stopped in the middle: the next start looks again, and the ledger knows how far it came.
      if (!complete) return;
      if (problem !== null) options.onWarning?.(problem);
      this.done.set(name, seen);
      await this.checkpoint.save(Object.fromEntries(this.done));
    } catch (error) {
      if (this.stopping) return;
      const text = error instanceof Error ? error.message : String(error);
      if (error instanceof IngestError && isPassing(error.cause)) {
        this.say('unavailable', 1, text);
        await this.wait(RETRY_MS);
        return;
      }
      this.refused.set(name, seen);
      options.onWarning?.(`${path}: ${text} It is left out until it changes.`);
    }
  }

  /** Files that have been removed need not be remembered. */
  private forgetAbsent(present: ReadonlySet<string>): void {
    for (const known of [this.done, this.refused, this.looked]) {
      for (const name of known.keys()) if (!present.has(name)) known.delete(name);
    }
  }

  private say(kind: FollowState['kind'], behind: number, detail?: string): void {
    this.options.onState?.({
      path: this.path,
      kind,
      behind,
      unit: 'files',
      lastDataMs: this.lastDataMs,
      ...(detail === undefined ? {} : { detail }),
    });
  }

  private async wait(ms: number): Promise<void> {
    await pause(ms, this.options.signal).catch(() => undefined);
  }
}

function same(a: Seen | undefined, b: Seen): boolean {
  return a !== undefined && a.size === b.size && a.mtimeMs === b.mtimeMs && a.inode === b.inode;
}
