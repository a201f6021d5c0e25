import 'server-only';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { dataPaths } from '@/lib/server/paths';
import { pause } from '@/lib/server/process/pause';
import { FormatError } from '../formats';
import type { Ingest } from '../ingest';
import { checked, readOptions } from '../ingestFile';
import { Checkpoint } from './checkpoint';
import {
  DEFAULT_SETTLE_MS,
  type FollowOptions,
  type FollowState,
  LOOK_MS,
  RETRY_MS,
  warnWhereNothingWasRead,
} from './followed';
import { firstLine } from './lines';
import { Marks, type Place } from './place';
import { type Position, storeStretch } from './storeStretch';

/**
 * Follows a file to which a collector appends lines, through renames, replacements and truncations, until asked to stop.
 * After each stretch that has been stored the place is saved; after a crash the ledger recognises what was stored behind it.
 * @throws FormatError where the file is not of the format, or its format cannot be followed
 */
export async function followFile(ingest: Ingest, options: FollowOptions): Promise<void> {
  await new FollowedFile(ingest, options).run();
}

class FollowedFile {
  private readonly path: string;
  private readonly checkpoint: Checkpoint<Place>;
  private lastDataMs: number | null = null;

  constructor(
    private readonly ingest: Ingest,
    private readonly options: FollowOptions,
  ) {
    this.path = resolve(options.path);
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
    let place = await this.checkpoint.read();
    while (!this.stopping) {
      const file = await this.open();
      if (file === null) {
        await this.wait(LOOK_MS);
        continue;
      }
      try {
        if (place !== null && !(await this.isAt(file, place))) {
          await this.drainRenamed(place);
          place = null;
        }
        place = await this.drain(file, place, false);
      } finally {
        await file.close();
      }
    }
  }

  private async open(): Promise<FileHandle | null> {
    try {
      return await open(this.path, 'r');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENOTDIR')
        this.say('gone', 0, `there is no file ${this.path}; waiting for it`);
      else this.say('unreadable', 0, error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  private async isAt(file: FileHandle, place: Place): Promise<boolean> {
    const { dev, ino } = await file.stat();
    return dev === place.device && ino === place.inode && (await Marks.at(file, place)) !== null;
  }

  /** Reads what came to the file after the place and before it was renamed, as long as it is still there under another name. */
  private async drainRenamed(place: Place): Promise<void> {
    const folder = dirname(this.path);
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      const info = await stat(path).catch(() => null);
      if (info === null || info.dev !== place.device || info.ino !== place.inode) continue;
      const file = await open(path, 'r').catch(() => null);
      if (file === null) continue;
      try {
        if ((await Marks.at(file, place)) !== null) {
          await this.drain(file, place, true);
          return;
        }
      } finally {
        await file.close();
      }
    }
    this.options.onWarning?.(
      `${this.path} is not the file that was followed before: it was cut or replaced meanwhile. It is read from its beginning. If the old one still exists elsewhere, import it: only what is missing will be added.`,
    );
  }

  /**
   * Stores a file from a place to its end, and goes on until the path names another file (or, `renamed`, until the end). A writer may
   * hold on to a renamed file for a moment, so it is done with when it has not grown for a while.
   * @returns the place, null once the file is done with
   */
  private async drain(file: FileHandle, from: Place | null, renamed: boolean): Promise<Place | null> {
    let place = from;
    let marks = from === null ? Marks.none() : ((await Marks.at(file, from)) ?? Marks.none());
    let looked = place?.position ?? 0;
    let checkedMs = 0;
    let quietSince: number | null = null;
    while (!this.stopping) {
      const { size, mtimeMs } = await file.stat();
      // Written since the last look, perhaps anew and to the same length.
      const written = size !== place?.position || mtimeMs !== checkedMs;
      checkedMs = mtimeMs;
      if (place !== null && written && !(await marks.hold(file))) {
        this.options.onWarning?.(
          `${this.path} was cut short (to ${size.toLocaleString('en-GB')} bytes); it is read from its beginning.`,
        );
        place = null;
        marks = Marks.none();
        looked = 0;
      }
      if (size < looked) looked = place?.position ?? 0;
      if (size > looked) {
        const stored = await this.store(file, place, marks, false);
        if (stored !== null) ({ place, marks, looked } = stored);
        quietSince = null;
        continue;
      }
      if (renamed || (await this.pathNamesAnother(file))) {
        quietSince ??= performance.now();
        const settleMs = renamed ? 0 : (this.options.settleMs ?? DEFAULT_SETTLE_MS);
        if (performance.now() - quietSince >= settleMs) {
          // What is left is a last line without a line break.
          if (size === (place?.position ?? 0)) return null;
          const stored = await this.store(file, place, marks, true);
          if (stored !== null) ({ place, marks, looked } = stored);
          continue;
        }
      } else quietSince = null;
      this.say('waiting', 0);
      await this.wait(LOOK_MS);
    }
    return place;
  }

  /** Stores one stretch; null = it failed and has to be tried again. */
  private async store(
    file: FileHandle,
    place: Place | null,
    marks: Marks,
    last: boolean,
  ): Promise<{ place: Place; marks: Marks; looked: number } | null> {
    const first = (await firstLine(file)) ?? (last ? Buffer.alloc(0) : null);
    const { size, dev, ino } = await file.stat();
    // Nothing can be told from half of a first line.
    if (first === null) {
      await this.wait(LOOK_MS);
      return null;
    }
    const from: Position = place ?? { source: '', ordinal: 0, position: 0 };
    // A copy: where storing fails, the old ones hold on.
    const read = marks.copy();
    this.lastDataMs = Date.now();
    this.say('reading', size - from.position);
    try {
      const { summary, to, looked } = await storeStretch(this.ingest, this.options, {
        file,
        first,
        from,
        marks: read,
        last,
        path: this.path,
        onProgress: (position) => this.say('reading', Math.max(0, size - position)),
      });
      const next: Place = { device: dev, inode: ino, ...to, ...read.saved() };
      await this.checkpoint.save(next);
      if (summary.records > 0) this.options.onStored?.(summary);
      warnWhereNothingWasRead(this.path, summary, this.options);
      return { place: next, marks: read, looked };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof FormatError ? error.cause : error;
      if (cause instanceof FormatError) throw cause;
      // Whatever it is (a server away, a full disk): nothing is lost by waiting, since the place has not moved.
      this.say('unavailable', size - from.position, error instanceof Error ? error.message : String(error));
      await this.wait(RETRY_MS);
      return null;
    }
  }

  private async pathNamesAnother(file: FileHandle): Promise<boolean> {
    const [mine, named] = await Promise.all([file.stat(), stat(this.path).catch(() => null)]);
    return named === null || named.dev !== mine.dev || named.ino !== mine.ino;
  }

  private say(kind: FollowState['kind'], behind: number, detail?: string): void {
    this.options.onState?.({
      path: basename(this.path),
      kind,
      behind,
      unit: 'bytes',
      lastDataMs: this.lastDataMs,
      ...(detail === undefined ? {} : { detail }),
    });
  }

  private async wait(ms: number): Promise<void> {
    await pause(ms, this.options.signal).catch(() => undefined);
  }
}
