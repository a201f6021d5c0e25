import { writeFile } from 'node:fs/promises';
import { prefixOf, WIDTH } from '@/lib/server/reference/prefix';

export interface MadePlace {
  country_code: string;
  city: string;
  latitude: number;
  longitude: number;
}

type Node = [Child, Child];
type Child = Node | number | null;

/** Writes a small address table in MaxMind's DB format 2.0 with 24-bit records, for tests. Prefixes must not overlap. */
export async function writeMmdb(
  file: string,
  version: 4 | 6,
  entries: Record<string, MadePlace>,
): Promise<void> {
  const data: Buffer[] = [];
  let dataLength = 0;
  const root: Node = [null, null];
  for (const [text, place] of Object.entries(entries)) {
    const { base, length } = prefixOf(text);
    const record = map(place);
    insert(root, base, length, WIDTH[version], dataLength);
    data.push(record);
    dataLength += record.length;
  }
  const nodes: Node[] = [];
  const number = (node: Node): void => {
    nodes.push(node);
    for (const child of node) if (Array.isArray(child)) number(child);
  };
  number(root);
  const ids = new Map(nodes.map((node, index) => [node, index]));
  const tree = Buffer.alloc(nodes.length * 6);
  for (const [index, node] of nodes.entries()) {
    for (const [side, child] of node.entries()) {
      const value =
        child === null
          ? nodes.length
          : Array.isArray(child)
            ? (ids.get(child) ?? 0)
            : nodes.length + 16 + child;
      tree.writeUIntBE(value, index * 6 + side * 3, 3);
    }
  }
  const metadata = map({
    node_count: nodes.length,
    record_size: 24,
    ip_version: version,
    database_type: `city ipv${version}`,
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
  });
  const mark = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);
  await writeFile(file, Buffer.concat([tree, Buffer.alloc(16), ...data, mark, metadata]));
}

function insert(root: Node, base: bigint, length: number, width: number, value: number): void {
  let node = root;
  for (let depth = 0; depth < length; depth += 1) {
    const bit = Number((base >> BigInt(width - 1 - depth)) & 1n) as 0 | 1;
    if (depth === length - 1) {
      node[bit] = value;
      return;
    }
    const next = node[bit];
    const child: Node = Array.isArray(next) ? next : [null, null];
    node[bit] = child;
    node = child;
  }
}

function map(fields: object): Buffer {
  const entries = Object.entries(fields);
  const parts: Buffer[] = [Buffer.from([0xe0 | entries.length])];
  for (const [key, value] of entries)
    parts.push(text(key), typeof value === 'string' ? text(value) : numeric(key, Number(value)));
  return Buffer.concat(parts);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  // 29 and more need a byte of length behind the control byte.
  const control = bytes.length < 29 ? [0x40 | bytes.length] : [0x5d, bytes.length - 29];
  return Buffer.concat([Buffer.from(control), bytes]);
}

function numeric(key: string, value: number): Buffer {
  if (key === 'latitude' || key === 'longitude') {
    const buffer = Buffer.alloc(9);
    buffer[0] = 0x68;
    buffer.writeDoubleBE(value, 1);
    return buffer;
  }
  const buffer = Buffer.alloc(5);
  buffer[0] = 0xc4;
  buffer.writeUInt32BE(value, 1);
  return buffer;
}
