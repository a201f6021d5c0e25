import { readFileSync } from 'node:fs';
import { nfdumpRecord, pmacctLine } from '.';
import { goflow2Line, goflow2Message } from './goflow2';

/** One record of Weir's own, as a line; undefined leaves a field out. */
export function weirLine(values: Record<string, unknown> = {}): string {
  const record = {
    ts_start: '1795338002393000000',
    ts_end: '1795338025289000000',
    ts_recv: '1795338060000000000',
    exporter: '192.0.2.1',
    in_if: 3,
    out_if: 4,
    direction: 'egress',
    src_ip: '192.168.5.16',
    dst_ip: '68.233.253.133',
    src_port: 53605,
    dst_port: 80,
    proto: 6,
    tcp_flags: 21,
    bytes_raw: '98',
    packets_raw: 2,
    sampling_rate: 1,
    l2_or_l3: 'l3',
    sequence: 21,
    ...values,
  };
  return `${JSON.stringify(record)}\n`;
}

export function akvoradoLine(values: Record<string, unknown> = {}): string {
  const record = {
    TimeReceived: '2026-11-22 09:00:25',
    SamplingRate: 1000,
    ExporterAddress: '::ffff:192.0.2.1',
    ExporterName: 'edge1',
    SrcAddr: '::ffff:192.168.5.16',
    DstAddr: '::ffff:68.233.253.133',
    SrcAS: 0,
    DstAS: 4294967295,
    InIfName: 'et-0/0/1',
    InIfBoundary: 'internal',
    OutIfBoundary: 'external',
    EType: 2048,
    Proto: 6,
    SrcPort: 53605,
    DstPort: 80,
    Bytes: 98,
    Packets: 2,
    FlowDirection: 'undefined',
    ...values,
  };
  return `${JSON.stringify(record)}\n`;
}

export const AKVORADO_HEADER =
  '"TimeReceived","SamplingRate","ExporterAddress","SrcAddr","DstAddr","InIfDescription","InIfBoundary","OutIfBoundary","Proto","SrcPort","DstPort","Bytes","Packets","FlowDirection"';
export const AKVORADO_ROW =
  '"2026-11-22 09:00:25",1000,"::ffff:192.0.2.1","::ffff:192.168.5.16","::ffff:68.233.253.133","Transit ""A"", B","internal","external",6,53605,80,98,2,"undefined"';
export const PMACCT_HEADER =
  'PEER_SRC_IP,IN_IFACE,OUT_IFACE,SRC_IP,DST_IP,SRC_PORT,DST_PORT,TCP_FLAGS,PROTOCOL,TOS,SAMPLING_RATE,TIMESTAMP_START,TIMESTAMP_END,TIMESTAMP_ARRIVAL,EXPORT_PROTO_VERSION,PACKETS,FLOWS,BYTES';
export const PMACCT_ROW =
  '192.0.2.1,3,4,192.168.5.16,68.233.253.133,53605,80,21,tcp,0,1,2026-11-22T09:00:02.393000Z,2026-11-22T09:00:25.289000Z,2026-11-22T09:01:00.397502Z,10,2,1,98';
export const FLOW_LOG_ROW =
  '2 123456789010 eni-1235b8ca123456789 172.31.16.139 203.0.113.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK';
export const NFDUMP_ROW = '2026-11-22 09:00:02.393,22.896,6,2001:db8::1,53605,2001:db8::2,80,2,98,1';

/** 38 records of Weir's own that ClickHouse 26.7 wrote. */
export const PARQUET = readFileSync(new URL('../fixtures/zeek-weir.parquet', import.meta.url));

/** Three or more good records of each format, as a whole input. */
export const SAMPLES: Readonly<Record<string, Buffer>> = Object.fromEntries(
  Object.entries({
    'nfdump-json': `[\n${[nfdumpRecord(), nfdumpRecord({ proto: 17 }), nfdumpRecord()].join(',\n')}]\n`,
    'nfdump-csv': `firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n${`${NFDUMP_ROW}\n`.repeat(3)}Summary\nflows,bytes,packets,avg_bps,avg_pps,avg_bpp\n3,294,6,1,1,1\n`,
    'pmacct-json': pmacctLine().repeat(3),
    'pmacct-csv': `${PMACCT_HEADER}\n${`${PMACCT_ROW}\n`.repeat(3)}`,
    'goflow2-json': goflow2Line().repeat(3),
    'goflow2-protobuf': Buffer.concat([goflow2Message(), goflow2Message({ proto: 17 }), goflow2Message()]),
    'aws-vpc': `${FLOW_LOG_ROW}\n`.repeat(3),
    'akvorado-json': akvoradoLine().repeat(3),
    'akvorado-csv': `${AKVORADO_HEADER}\n${`${AKVORADO_ROW}\n`.repeat(3)}`,
    'weir-ndjson': weirLine().repeat(3),
    'weir-parquet': PARQUET,
  }).map(([name, sample]) => [name, Buffer.from(sample as string)]),
);
