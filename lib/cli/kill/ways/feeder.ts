import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpreadRecord } from '@/lib/server/ingest/testing/expected';
import { pause } from '@/lib/server/process/pause';
import { followedUpTo } from './checkpoints';
import { recordsOf } from './records';

const RECORDS = 150;
/** Pieces after which the growing file is renamed and begun anew, and after which a file of the folder gets its final name. */
const FILE_PIECES = 15;
const FOLDER_PIECES = 2;
/** Bytes and files that may wait to be stored, so that a restarted command comes up with what is written. */
const MOST_BEHIND = 150_000;
const MOST_FILES_BEHIND = 2;
const LOOK_MS = 50;

/** What a collector does: a file that grows, at times by half a line, and is rotated by a rename; a folder with a new file again and again. */
export class Feeder {
  readonly file: string;
  readonly inbox: string;
  readonly records: SpreadRecord[] = [];
  private stopped = false;
  private readonly names: string[] = [];
  private rotations = 0;

  constructor(
    private readonly folder: string,
    private readonly checkpoints: string,
    private readonly random: () => number,
  ) {
    this.file = join(folder, 'flows.json');
    this.inbox = join(folder, 'inbox');
  }

  async run(): Promise<void> {
    await mkdir(this.inbox, { recursive: true });
    await Promise.all([this.grow(), this.rotate()]);
  }

  stop(): void {
    this.stopped = true;
  }

  /** Whether everything that was written has been stored. */
  async isStored(): Promise<boolean> {
    const { file, names } = await followedUpTo(this.checkpoints);
    const { size, ino } = await stat(this.file);
    return file?.inode === ino && file.position === size && this.names.every((name) => names.has(name));
  }

  private async grow(): Promise<void> {
    const make = recordsOf(1);
    for (let pieces = 1; !this.stopped; pieces += 1) {
      const { lines, records } = make(RECORDS);
      this.records.push(...records);
      const text = lines.join('');
      const cut = Math.floor(this.random() * text.length);
      await appendFile(this.file, text.slice(0, cut));
      await pause(this.random() * LOOK_MS);
      await appendFile(this.file, text.slice(cut));
      await this.until(async () => (await this.behind()) <= MOST_BEHIND);
      if (pieces % FILE_PIECES > 0) continue;
      // A file that comes and goes again while nobody follows is seen by nobody: only one that has been begun is renamed.
      await this.until(async () => {
        const { file } = await followedUpTo(this.checkpoints);
        return file !== null && file.inode === (await stat(this.file)).ino;
      });
      if (this.stopped) break;
      this.rotations += 1;
      await rename(this.file, join(this.folder, `flows.json.${this.rotations}`));
      await appendFile(this.file, '');
    }
    // Never empty at the end, so that its checkpoint tells when all is stored.
    const { lines, records } = make(RECORDS);
    this.records.push(...records);
    await appendFile(this.file, lines.join(''));
  }

  private async rotate(): Promise<void> {
    const make = recordsOf(2);
    while (!this.stopped) {
      const current = join(this.inbox, 'flows.current');
      for (let piece = 0; piece < FOLDER_PIECES; piece += 1) {
        const { lines, records } = make(RECORDS);
        this.records.push(...records);
        await appendFile(current, lines.join(''));
      }
      const name = `flows.${String(this.names.length + 1).padStart(5, '0')}.json`;
      await rename(current, join(this.inbox, name));
      this.names.push(name);
      await this.until(async () => {
        const { names } = await followedUpTo(this.checkpoints);
        return this.names.filter((one) => !names.has(one)).length <= MOST_FILES_BEHIND;
      });
    }
  }

  /** Bytes of the growing file that are not stored. */
  private async behind(): Promise<number> {
    const { file } = await followedUpTo(this.checkpoints);
    const { size, ino } = await stat(this.file);
    return size - (file?.inode === ino ? file.position : 0);
  }

  private async until(holds: () => Promise<boolean>): Promise<void> {
    while (!this.stopped && !(await holds())) await pause(LOOK_MS);
  }
}
