import 'server-only';
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { ParsedRecord } from '../record';
import { canonicalize, type Reading } from './canonical';
import { ReadContext } from './context';
import { FIELD, FieldSpans } from './fields';
import { FlowTimes } from './flowTimes';
import { type Format, FormatError, type FormatOptions, recordsOf } from './format';
import { RecordText } from './recordText';
import { spooled } from './spooledInput';
import { TimeReader } from './text/time';
import { WEIR_FIELDS, weirProfile } from './weirFields';

/** Rows that are decoded at a time: about 40 MB. */
const SLICE_ROWS = 50_000;
const NEEDED = ['ts_start', 'src_ip', 'dst_ip', 'bytes_raw', 'packets_raw'] as const;
const ADDRESSES = new Set(['src_ip', 'dst_ip']);

type Row = Record<string, unknown>;
type Metadata = Awaited<ReturnType<typeof parquetMetadataAsync>>;

/** Reads the row groups of a file in slices. A slice that cannot be decoded is one rejected record that says which rows it is. */
async function* blocksOf(file: AsyncBuffer, context: ReadContext): AsyncGenerator<ParsedRecord[]> {
  const metadata = await metadataOf(file);
  const columns = columnsOf(metadata);
  const rows = new Rows(context);
  let groupStart = 0;
  for (const [group, { num_rows: count }] of metadata.row_groups.entries()) {
    const groupEnd = groupStart + Number(count);
    for (let rowStart = groupStart; rowStart < groupEnd; rowStart += SLICE_ROWS) {
      const rowEnd = Math.min(groupEnd, rowStart + SLICE_ROWS);
      yield await slice({ file, metadata, columns, group, rowStart, rowEnd }, rows);
    }
    groupStart = groupEnd;
  }
}

interface Slice {
  file: AsyncBuffer;
  metadata: Metadata;
  columns: string[];
  group: number;
  rowStart: number;
  rowEnd: number;
}

async function slice(part: Slice, rows: Rows): Promise<ParsedRecord[]> {
  const { file, metadata, columns, group, rowStart, rowEnd } = part;
  const broken = (why: string): ParsedRecord[] => [
    {
      ok: false,
      reason: 'malformed',
      detail: `rows ${rowStart + 1} to ${rowEnd} (row group ${group + 1}) cannot be decoded: ${why}`,
      raw: `rows ${rowStart + 1} to ${rowEnd}`,
    },
  ];
  try {
    const found = await parquetReadObjects({
      file,
      metadata,
      columns,
      rowStart,
      rowEnd,
      compressors,
      useOffsetIndex: false,
    });
    if (found.length !== rowEnd - rowStart) return broken(`${found.length} rows are there`);
    return found.map((row) => rows.read(row, columns));
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error));
  }
}

/** Makes records of rows, by way of the text that they would be in Weir's NDJSON. */
class Rows {
  private readonly text: RecordText;
  private readonly reading: Reading;

  constructor(private readonly context: ReadContext) {
    const spans = new FieldSpans();
    this.text = new RecordText(spans);
    this.reading = {
      spans,
      clock: new TimeReader({ clock: context.clock }),
      times: new FlowTimes(),
      profile: weirProfile('weir-parquet'),
      context,
    };
  }

  read(row: Row, columns: readonly string[]): ParsedRecord {
    const { text } = this;
    text.begin();
    for (const name of columns) {
      const value = row[name];
      if (value === null || value === undefined) continue;
      const known = WEIR_FIELDS[name];
      const field = known === undefined ? -1 : FIELD[known];
      if (typeof value === 'number' || typeof value === 'bigint') text.number(field, name, value);
      else if (value instanceof Date) text.number(field, name, BigInt(value.getTime()) * 1_000_000n);
      else if (value instanceof Uint8Array && ADDRESSES.has(name)) text.address(field, name, value);
      else if (value instanceof Uint8Array) text.text(field, name, Buffer.from(value).toString('utf8'));
      else text.text(field, name, String(value));
    }
    const record = canonicalize(this.reading, text.end());
    if (record.ok) this.context.accepted = true;
    return record;
  }
}

async function metadataOf(file: AsyncBuffer): Promise<Metadata> {
  let metadata: Metadata;
  try {
    metadata = await parquetMetadataAsync(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FormatError(
      `this Parquet file cannot be read (${why}): it may be cut short; get the whole file`,
    );
  }
  for (const { num_rows: rows } of metadata.row_groups) {
    // A page holds at least a bit a row, and runs of equal values less: a broken footer says far more.
    if (rows < 0n || rows > 2n ** 31n) {
      throw new FormatError(
        `this Parquet file says that a row group has ${rows} rows: it is damaged; get an intact copy`,
      );
    }
  }
  return metadata;
}

/** The columns that Weir knows, of those that the file has. */
function columnsOf(metadata: Metadata): string[] {
  const present = parquetSchema(metadata).children.filter(({ children }) => children.length === 0);
  const names = present.map(({ element }) => element.name);
  const missing = NEEDED.filter((name) => !names.includes(name));
  if (missing.length === 0) return names.filter((name) => Object.hasOwn(WEIR_FIELDS, name));
  throw new FormatError(
    `this Parquet file has no column ${missing.join(', ')} (it has ${names.slice(0, 12).join(', ')}): name the columns as Weir's records do, for example SELECT … AS ts_start`,
  );
}

async function* readBlocks(
  input: AsyncIterable<Buffer>,
  options: FormatOptions,
): AsyncGenerator<ParsedRecord[]> {
  const context = new ReadContext(options, 'this Parquet file');
  const spool = await spooled(input);
  if (spool === null) return;
  try {
    if (spool.cut !== null)
      throw new FormatError(`${spool.cut} A Parquet file can be read only when it is whole.`);
    yield* blocksOf(await asyncBufferFromFile(spool.path), context);
  } finally {
    await spool.remove();
  }
}

/** Weir's own records as Parquet, with the columns of its NDJSON. */
export const weirParquet: Format = {
  name: 'weir-parquet',
  version: 1,
  needsZone: false,
  scaledAtSource: false,
  readBlocks,
  read: (input, options) => recordsOf(weirParquet, input, options),
  readFile: async function* (path, options) {
    yield* blocksOf(await asyncBufferFromFile(path), new ReadContext(options, 'this Parquet file'));
  },
};
