import 'server-only';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where following has come to, in a small file that is replaced as a whole. It only saves work: without it everything is read again,
 * and the ledger recognises what is stored.
 */
export class Checkpoint<T> {
  private readonly file: string;

  /** @param identity what is followed and how (path, format, options): each has a file of its own */
  constructor(
    private readonly folder: string,
    private readonly identity: string,
  ) {
    this.file = join(folder, `${createHash('sha256').update(identity).digest('hex').slice(0, 32)}.json`);
  }

  /** What was saved last, or null where nothing (readable) is there. */
  async read(): Promise<T | null> {
    try {
      const saved = JSON.parse(await readFile(this.file, 'utf8')) as { identity?: string; state?: T };
      return saved.identity === this.identity ? (saved.state ?? null) : null;
    } catch {
      return null;
    }
  }

  /** Saves durably; a crash leaves the old one or the new one. */
  async save(state: T): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    const temporary = `${this.file}.${process.pid}.writing`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify({ identity: this.identity, state }));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.file);
  }
}
