import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** A place in a growing file up to which everything has been stored. */
export interface Place {
  device: number;
  inode: number;
  /** Identity of the source in the ledger; '' = no record has been read yet. */
  source: string;
  /** Records before the place. */
  ordinal: number;
  /** Bytes before the place: the end of a line. */
  position: number;
  /** Hashes of the first and of the last bytes before the place. */
  head: Mark;
  tail: Mark;
}

interface Mark {
  bytes: number;
  hash: string;
}

const MARK_BYTES = 512;

/**
 * The first and the last bytes that were read of a file. While they stand where they stood, the file is the one that was read; they
 * do not once it was cut and written anew. Taken from what was read and never from the file afterwards, which may be another by then.
 */
export class Marks {
  private constructor(
    private head: Buffer,
    private tail: Buffer,
    private position: number,
  ) {}

  static none(): Marks {
    return new Marks(Buffer.alloc(0), Buffer.alloc(0), 0);
  }

  /** The marks of a saved place, or null where the file is not what was read up to there. */
  static async at(file: FileHandle, place: Pick<Place, 'position' | 'head' | 'tail'>): Promise<Marks | null> {
    const head = await bytesAt(file, 0, place.head.bytes);
    const tail = await bytesAt(file, place.position - place.tail.bytes, place.tail.bytes);
    const same = markOf(head).hash === place.head.hash && markOf(tail).hash === place.tail.hash;
    return same ? new Marks(head, tail, place.position) : null;
  }

  copy(): Marks {
    return new Marks(this.head, this.tail, this.position);
  }

  /** Notes what was read next. */
  add(piece: Buffer): void {
    if (this.head.length < MARK_BYTES) {
      this.head = Buffer.concat([this.head, piece.subarray(0, MARK_BYTES - this.head.length)]);
    }
    this.tail =
      piece.length >= MARK_BYTES
        ? Buffer.from(piece.subarray(-MARK_BYTES))
        : Buffer.concat([this.tail, piece]).subarray(-MARK_BYTES);
    this.position += piece.length;
  }

  /** Whether the file still has what was read. */
  async hold(file: FileHandle): Promise<boolean> {
    const { head, tail, position } = this;
    return (
      (await bytesAt(file, 0, head.length)).equals(head) &&
      (await bytesAt(file, position - tail.length, tail.length)).equals(tail)
    );
  }

  saved(): Pick<Place, 'head' | 'tail'> {
    return { head: markOf(this.head), tail: markOf(this.tail) };
  }
}

function markOf(bytes: Buffer): Mark {
  return { bytes: bytes.length, hash: createHash('sha256').update(bytes).digest('hex') };
}

async function bytesAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let read = 0;
  while (read < bytes) {
    const { bytesRead } = await file.read(buffer, read, bytes - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}
