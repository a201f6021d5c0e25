import 'server-only';

/** What the first bytes of an input look like. */
export interface DetectedFormat {
  /** Name of the format to pass, null where Weir does not read it. */
  format: string | null;
  /** The format in words. */
  title: string;
  /** What to do about a format that is not read. */
  fix: string;
}

const NOT_READ = 'this version of Weir does not read it';

/** Files that are no text, by their first bytes. */
const MAGIC: readonly { bytes: readonly number[]; title: string; fix: string }[] = [
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
  { bytes: [0x50, 0x41, 0x52, 0x31], title: 'a Parquet file', fix: NOT_READ },
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
const JSON_KEYS: readonly { keys: RegExp; format: string | null; title: string }[] = [
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
    keys: /"(?:time_flow_start_ns|time_received_ns|sampler_address|in_if)"\s*:/,
    format: null,
    title: 'goflow2 JSON',
  },
  { keys: /"(?:TimeReceived|ExporterAddress|InIfBoundary)"\s*:/, format: null, title: 'an Akvorado export' },
];

/** First lines that only one format has. */
const LINES: readonly { line: RegExp; format: string | null; title: string; fix?: string }[] = [
  {
    line: /^ts,te,td,|^cnt,af,firstSeen,|(?:^|,)(?:firstSeen|srcAddr|lastSeen)(?:,|$)/,
    format: 'nfdump-csv',
    title: 'nfdump CSV',
  },
  { line: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,(?:[^,]*,){46}[^,]*$/, format: 'nfdump-csv', title: 'nfdump CSV' },
  {
    line: /(?:^|,)SRC_IP,.*(?:^|,)PACKETS(?:,|$)/,
    format: null,
    title: 'pmacct CSV',
    fix: 'write JSON instead: print_output: json',
  },
  {
    line: /(?:^| )(?:interface-id|account-id|srcaddr|pkt-srcaddr)(?: |$)|^\d+ \d{12} eni-/,
    format: null,
    title: 'an AWS VPC flow log',
  },
];

/**
 * Tells from its first bytes (64 KiB are plenty) what an input is.
 * @returns null where nothing is certain
 */
export function detectFormat(head: Buffer): DetectedFormat | null {
  for (const { bytes, title, fix } of MAGIC) {
    if (bytes.every((byte, index) => head[index] === byte)) return { format: null, title, fix };
  }
  const text = head.toString('latin1', 0, 65_536);
  const found = JSON_KEYS.map((entry) => ({ ...entry, at: text.search(entry.keys) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0];
  const objectAt = text.search(/\{\s*"/);
  if (found !== undefined && objectAt >= 0)
    return { format: found.format, title: found.title, fix: NOT_READ };
  if (objectAt >= 0) return null;
  for (const line of text.split(/\r?\n/, 20)) {
    const match = LINES.find((entry) => entry.line.test(line));
    if (match !== undefined) return { format: match.format, title: match.title, fix: match.fix ?? NOT_READ };
  }
  return null;
}
