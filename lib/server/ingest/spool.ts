import 'server-only';
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { ExporterCounts } from './exporterTally';
import type { Rejection } from './judgeBatch';

/** What was, or is about to be, sent for a batch. */
export interface SpooledBatch {
  payload: Buffer;
  rejections: Rejection[];
  exporters: ExporterCounts[];
  /** Milliseconds since 1970: the time that flows_rejected states, the same at every attempt. */
  judgedAtMs: number;
}

interface Header {
  rejections: Rejection[];
  /** missing in what was written before it was counted */
  exporters?: ExporterCounts[];
  judgedAtMs: number;
  payloadBytes: number;
  crc32: number;
}

const KEPT_BYTES = 256 * 1024 * 1024;
let temporaries = 0;

/**
 * The exact payload of each batch, written and synced before the batch is sent, so that a batch in doubt can be sent again whatever
 * has become of its source. Files: `<batch id>.pending`, then `<batch id>.sent`; the newest sent ones stay, up to 256 MiB, since
 * parts written just before a power loss may be gone.
 */
export class Spool {
  private sent: { name: string; bytes: number }[] | null = null;
  private sentBytes = 0;

  constructor(
    private readonly folder: string,
    private readonly keptBytes = KEPT_BYTES,
  ) {}

  /** Writes a batch durably. Throws when the disk is full or the folder cannot be written. */
  async write(id: string, batch: SpooledBatch): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    const header: Header = {
      rejections: batch.rejections,
      exporters: batch.exporters,
      judgedAtMs: batch.judgedAtMs,
      payloadBytes: batch.payload.length,
      crc32: crc32(batch.payload),
    };
    const text = Buffer.from(JSON.stringify(header), 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    // A name of its own: another import may be writing the same batch.
    temporaries += 1;
    const temporary = join(this.folder, `${id}.${process.pid}.${temporaries}.writing`);
    try {
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writev([length, text, batch.payload]);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(temporary, join(this.folder, `${id}.pending`));
      this.syncFolder();
    } catch (error) {
      await rm(temporary, { force: true });
      throw new Error(
        `The spool folder ${this.folder} cannot be written (${error instanceof Error ? error.message : String(error)}): nothing is sent that could not be sent again. Free space or fix its permissions, then run the import again.`,
        { cause: error },
      );
    }
  }

  /** The batch as it was written, or null when it is not there (any more) or broken. */
  async read(id: string): Promise<SpooledBatch | null> {
    for (const suffix of ['pending', 'sent']) {
      // The comments keep the web build from tracing the whole folder, and with it files of running servers.
      const file = join(/* turbopackIgnore: true */ this.folder, `${id}.${suffix}`);
      const bytes = await readFile(/* turbopackIgnore: true */ file).catch(() => null);
      const batch = bytes === null ? null : decode(bytes);
      if (batch !== null) return batch;
    }
    return null;
  }

  /** Marks a batch as stored, and lets go of the oldest stored ones beyond the bound. */
  async markSent(id: string): Promise<void> {
    const name = `${id}.sent`;
    const moved = await rename(join(this.folder, `${id}.pending`), join(this.folder, name)).then(
      () => true,
      () => false,
    );
    if (!moved) return;
    const sent = await this.sentFiles();
    if (!sent.some((file) => file.name === name)) {
      const bytes = (await stat(join(this.folder, name)).catch(() => null))?.size ?? 0;
      sent.push({ name, bytes });
      this.sentBytes += bytes;
    }
    while (this.sentBytes > this.keptBytes && sent.length > 1) {
      const oldest = sent.shift();
      if (oldest === undefined) break;
      this.sentBytes -= oldest.bytes;
      await rm(join(this.folder, oldest.name), { force: true });
    }
  }

  /**
   * Brings the folder in order after crashes: batches that the ledger states as stored are marked so, and what was written longer
   * than a day ago without ever reaching the ledger goes.
   */
  async tidy(
    stateOf: (ids: string[]) => Promise<{ committed: Set<string>; unknown: Set<string> }>,
  ): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    const old: string[] = [];
    for (const name of names) {
      const info = await stat(join(this.folder, name)).catch(() => null);
      if (info !== null && Date.now() - info.mtimeMs > 86_400_000) old.push(name);
    }
    for (const name of old.filter((one) => one.endsWith('.writing')))
      await rm(join(this.folder, name), { force: true });
    const pending = names.filter((name) => name.endsWith('.pending')).map((name) => name.slice(0, -8));
    if (pending.length === 0) return;
    const { committed, unknown } = await stateOf(pending);
    for (const id of pending) {
      if (committed.has(id)) await this.markSent(id);
      else if (unknown.has(id) && old.includes(`${id}.pending`)) {
        await rm(join(this.folder, `${id}.pending`), { force: true });
      }
    }
  }

  /** Sent files, oldest first; listed once. */
  private async sentFiles(): Promise<{ name: string; bytes: number }[]> {
    if (this.sent !== null) return this.sent;
    const names = (await readdir(this.folder).catch(() => [])).filter((name) => name.endsWith('.sent'));
    const files: { name: string; bytes: number; at: number }[] = [];
    for (const name of names) {
      const info = await stat(join(this.folder, name)).catch(() => null);
      if (info !== null) files.push({ name, bytes: info.size, at: info.mtimeMs });
    }
    this.sent = files.sort((a, b) => a.at - b.at).map(({ name, bytes }) => ({ name, bytes }));
    this.sentBytes = this.sent.reduce((sum, file) => sum + file.bytes, 0);
    return this.sent;
  }

  /** A rename lasts only once its folder is on disk. */
  private syncFolder(): void {
    const folder = openSync(this.folder, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}

function decode(bytes: Buffer): SpooledBatch | null {
  try {
    const length = bytes.readUInt32LE(0);
    const header = JSON.parse(bytes.subarray(4, 4 + length).toString('utf8')) as Header;
    const payload = bytes.subarray(4 + length);
    if (payload.length !== header.payloadBytes || crc32(payload) !== header.crc32) return null;
    const { rejections, exporters = [], judgedAtMs } = header;
    return { payload, rejections, exporters, judgedAtMs };
  } catch {
    return null;
  }
}
