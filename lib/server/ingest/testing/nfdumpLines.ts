/** Records as nfdump writes them, one a line, each different, with their totals. */
export interface NfdumpLines {
  lines: string[];
  bytes: number;
  packets: number;
}

/** `count` records of exporter `exporter`, starting at 2026-11-01 00:00 UTC; `first` tells two sets apart. */
export function nfdumpLines(count: number, exporter: string, first = 0): NfdumpLines {
  const day = Date.UTC(2026, 10, 1);
  let bytes = 0;
  let packets = 0;
  const lines = Array.from({ length: count }, (_, index) => {
    const i = first + index;
    const start = day + ((i * 7919) % 86_400) * 1000;
    const record = {
      type: 'FLOW',
      first: local(start),
      last: local(start + ((i * 37) % 900_000)),
      received: local(start + 1_000_000),
      in_packets: 1 + (i % 9),
      in_bytes: 64 + (i % 100_003),
      proto: 17,
      src_port: i % 65_536,
      dst_port: 53,
      src4_addr: `192.168.${(i >> 8) & 255}.${i & 255}`,
      dst4_addr: '203.0.113.77',
      ip4_router: exporter,
    };
    bytes += record.in_bytes;
    packets += record.in_packets;
    return `${JSON.stringify(record)}\n`;
  });
  return { lines, bytes, packets };
}

function local(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23);
}
