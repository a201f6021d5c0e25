import 'server-only';
import { FormatError } from './format';
import { detectMessages } from './protobufMessages';

/** What the first bytes of an input look like. */
export interface DetectedFormat {
  /** Name of the format to pass, null where Weir does not read it. */
  format: string | null;
  /** The format in words. */
  title: string;
  /** What to do about a format that is not read. */
  fix: string;
}

/** Files that are no text, by their first bytes. */
const MAGIC: readonly { bytes: readonly number[]; format?: string; title: string; fix: string }[] = [
  { bytes: [0x50, 0x41, 0x52, 0x31], format: 'weir-parquet', title: 'a Parquet file', fix: '' },
  { bytes: [0x0c, 0xa5], title: 'a binary nfcapd file', fix: 'convert it with nfdump -r FILE -o json' },
  { bytes: [0xa5, 0x0c], title: 'a binary nfcapd file', fix: 'convert it with nfdump -r FILE -o json' },
  { bytes: [0x1f, 0x8b], title: 'gzip inside gzip', fix: 'decompress it once' },
  {
    bytes: [0x42, 0x5a, 0x68],
    title: 'bzip2 data',
    fix: 'decompress it: bzcat FILE | npm run ingest -- … -',
  },
  {
    bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    title: 'xz data',
    fix: 'decompress it: xzcat FILE | npm run ingest -- … -',
  },
  {
    bytes: [0x28, 0xb5, 0x2f, 0xfd],
    title: 'zstd data',
    fix: 'decompress it: zstdcat FILE | npm run ingest -- … -',
  },
  ...[
    [0xd4, 0xc3, 0xb2, 0xa1],
    [0xa1, 0xb2, 0xc3, 0xd4],
    [0x4d, 0x3c, 0xb2, 0xa1],
    [0x0a, 0x0d, 0x0d, 0x0a],
  ].map((bytes) => ({
    bytes,
    title: 'a packet capture',
    fix: 'turn it into flow records first, for example with softflowd and nfcapd',
  })),
];

/** Keys that only one format has. */
const JSON_KEYS: readonly { keys: RegExp; format: string; title: string }[] = [
  {
    keys: /"(?:ip_src|ip_dst|peer_ip_src|port_src|ip_proto|stamp_inserted|timestamp_arrival)"\s*:/,
    format: 'pmacct-json',
    title: 'pmacct JSON',
  },
  {
    keys: /"(?:src4_addr|src6_addr|dst4_addr|dst6_addr|in_packets|in_bytes|t_first|input_snmp|export_sysid)"\s*:/,
    format: 'nfdump-json',
    title: 'nfdump JSON',
  },
  {
    keys: /"(?:time_flow_start_ns|time_flow_end_ns|time_received_ns|sampler_address|sequence_num)"\s*:/,
    format: 'goflow2-json',
    title: 'goflow2 JSON',
  },
  {
    keys: /"(?:TimeReceived|ExporterAddress|SamplingRate|InIfBoundary)"\s*:/,
    format: 'akvorado-json',
    title: 'an Akvorado export as JSON',
  },
  {
    keys: /"(?:ts_start|ts_end|ts_recv|bytes_raw|packets_raw|l2_or_l3|already_scaled)"\s*:/,
    format: 'weir-ndjson',
    title: "Weir's own NDJSON",
  },
];

/** First lines that only one format has. */
const LINES: readonly { line: RegExp; format: string; title: string }[] = [
  {
    line: /^ts,te,td,|^cnt,af,firstSeen,|(?:^|,)(?:firstSeen|srcAddr|lastSeen)(?:,|$)/,
    format: 'nfdump-csv',
    title: 'nfdump CSV',
  },
  { line: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,(?:[^,]*,){46}[^,]*$/, format: 'nfdump-csv', title: 'nfdump CSV' },
  { line: /(?:^|,)SRC_IP,.*(?:^|,)PACKETS(?:,|$)/, format: 'pmacct-csv', title: 'pmacct CSV' },
  {
    line: /(?:^|,)"?(?:TimeReceived|ExporterAddress|InIfBoundary)"?(?:,|$)/,
    format: 'akvorado-csv',
    title: 'an Akvorado export as CSV',
  },
  {
    line: /(?:^| )(?:\$\{)?(?:interface-id|account-id|srcaddr|pkt-srcaddr)\}?(?: |$)|^\d+ \d{12} eni-|^3 vpc-\S+ subnet-/,
    format: 'aws-vpc',
    title: 'an AWS VPC flow log',
  },
];

/**
 * Tells from its first bytes (64 KiB are plenty) what an input is.
 * @returns null where nothing is certain
 */
export function detectFormat(head: Buffer): DetectedFormat | null {
  for (const { bytes, format, title, fix } of MAGIC) {
    if (bytes.every((byte, index) => head[index] === byte)) return { format: format ?? null, title, fix };
  }
  const text = head.toString('latin1', 0, 65_536);
  const objectAt = text.search(/\{\s*"/);
  const found = objectAt < 0 ? null : firstKeyOf(text);
  if (found !== null) return { format: found.format, title: found.title, fix: '' };
  if (objectAt >= 0 && isText(head)) return null;
  for (const line of text.split(/\r?\n/, 20)) {
    const match = LINES.find((entry) => entry.line.test(line));
    if (match !== undefined) return { format: match.format, title: match.title, fix: '' };
  }
  if (detectMessages(head) === null) return null;
  return { format: 'goflow2-protobuf', title: 'goflow2 protobuf', fix: '' };
}

/** The format whose key comes first: a later one may stand within a value. */
function firstKeyOf(text: string): (typeof JSON_KEYS)[number] | null {
  let best: (typeof JSON_KEYS)[number] | null = null;
  let at = Number.POSITIVE_INFINITY;
  for (const entry of JSON_KEYS) {
    const found = text.search(entry.keys);
    if (found < 0 || found >= at) continue;
    best = entry;
    at = found;
  }
  return best;
}

/** Controls other than white space, escape and record separators tell binary formats. */
export function isText(head: Buffer): boolean {
  return head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13) || byte === 27 || byte === 30);
}

/**
 * The format of an input that was given none, by content.
 * @throws FormatError where nothing is certain, or the input is no flow records
 */
export function guessFormat(head: Buffer, names: readonly string[]): DetectedFormat & { format: string } {
  const found = detectFormat(head);
  const pass = `pass --format with one of ${names.join(', ')}`;
  if (found === null) {
    const what =
      head.length === 0 ? 'the input is empty' : 'nothing in the first bytes says which format this is';
    throw new FormatError(`${what}: ${pass}`);
  }
  if (found.format === null) throw new FormatError(`this is ${found.title}: ${found.fix}`);
  return { ...found, format: found.format };
}
