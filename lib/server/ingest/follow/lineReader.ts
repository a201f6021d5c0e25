import 'server-only';
import { type Format, FormatError, type FormatOptions } from '../formats';
import { beginsLikeNfcapd } from '../nfcapd';
import type { ParsedRecord } from '../record';

/** Formats that are no lines, or whose records cannot be read without those before them. */
const WHOLE_FILES = new Set(['goflow2-protobuf', 'weir-parquet', 'aws-vpc']);

/**
 * Reads pieces of a file that consist of whole lines, each by itself. A first line that is no record (the heading of a CSV file)
 * is put before each piece.
 */
export class LineReader {
  private heading: Buffer | null | undefined;

  constructor(
    private readonly format: Format,
    private readonly options: FormatOptions,
    private readonly path: string,
  ) {}

  /**
   * Looks at the first line of the file.
   * @throws FormatError where the file is not of this format, or has no record a line
   */
  async begin(first: Buffer): Promise<void> {
    if (WHOLE_FILES.has(this.format.name)) {
      throw new FormatError(
        `${this.format.name} comes in whole files, whose end cannot be followed: follow the folder into which they are put.`,
      );
    }
    const text = first.toString('utf8').trim();
    const starts = text[0];
    if (starts === '[' || (starts === '{' && !/}\s*,?$/.test(text))) {
      throw new FormatError(
        `${this.path} does not have one record a line, so its end cannot be followed while it grows: let the collector write JSON lines (nfdump -o ndjson), or follow the folder into which it writes files.`,
      );
    }
    if ((first[0] === 0x1f && first[1] === 0x8b) || beginsLikeNfcapd(first)) {
      throw new FormatError(
        `${this.path} is a ${beginsLikeNfcapd(first) ? 'file of nfcapd' : 'gzip file'}, whose end cannot be followed: follow the folder into which such files are put, or import it when it is complete.`,
      );
    }
    let records = 0;
    for await (const block of this.format.readBlocks(pieces(first), this.options)) records += block.length;
    this.heading = records === 0 && text !== '' ? first : null;
  }

  /** The records of a piece. `isFirst`: it begins the file, heading and all. */
  async *read(piece: Buffer, isFirst: boolean): AsyncGenerator<ParsedRecord[]> {
    const { heading } = this;
    try {
      yield* this.format.readBlocks(
        isFirst || heading === null || heading === undefined ? pieces(piece) : pieces(heading, piece),
        this.options,
      );
    } catch (error) {
      if (!(error instanceof FormatError) || isFirst) throw error;
      // Something else in the middle of a file: it costs itself, and is kept with the reason.
      const lines = piece
        .toString('utf8')
        .split('\n')
        .filter((line) => line.trim() !== '');
      yield lines.map((raw) => ({ ok: false, reason: 'malformed', detail: error.message, raw }));
    }
  }
}

async function* pieces(...buffers: Buffer[]): AsyncGenerator<Buffer> {
  yield* buffers;
}
