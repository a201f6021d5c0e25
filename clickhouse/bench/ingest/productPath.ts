import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { openIngest } from '@/lib/server/ingest/ingest';
import { ingestFile } from '@/lib/server/ingest/ingestFile';
import { select } from '../../demo/target';
import type { World } from '../data/makeFlows';
import { cpuSecondsOf } from '../measure/cpuSeconds';
import type { IngestFigures } from './measureIngest';
import { BLOCK_RECORDS, recordsQuery } from './takeRecords';

interface Row {
  start: string;
  end: string;
  received: string;
  exporter: string;
  in_if: number;
  out_if: number;
  direction: string;
  src: string;
  dst: string;
  src_port: number;
  dst_port: number;
  proto: number;
  tos: number;
  tcp_flags: number;
  src_as: number;
  dst_as: number;
  bytes: string;
  packets: string;
  rate: number;
}

const FLAG_LETTERS = 'CEUAPRSF';

/** As nfdump prints them: dots for flags that are not set. */
function flagText(flags: number): string {
  return [...FLAG_LETTERS].map((letter, index) => ((flags >> (7 - index)) & 1 ? letter : '.')).join('');
}

/** Milliseconds since 1970 as nfdump prints an instant. */
const instantText = (ms: string) => new Date(Number(ms)).toISOString().slice(0, 23);

const FORMATS = {
  'nfdump-json': {
    zone: 'UTC',
    opening: '[\n',
    between: ',\n',
    closing: '\n]\n',
    text: (row: Row): string => {
      const v4 = !row.src.includes(':');
      const printed = {
        type: 'FLOW',
        sampled: 0,
        export_sysid: 1,
        first: instantText(row.start),
        last: instantText(row.end),
        received: instantText(row.received),
        in_packets: Number(row.packets),
        in_bytes: Number(row.bytes),
        proto: row.proto,
        tcp_flags: flagText(row.tcp_flags),
        src_port: row.src_port,
        dst_port: row.dst_port,
        src_tos: row.tos,
        [v4 ? 'src4_addr' : 'src6_addr']: row.src,
        [v4 ? 'dst4_addr' : 'dst6_addr']: row.dst,
        src_as: row.src_as,
        dst_as: row.dst_as,
        input_snmp: row.in_if,
        output_snmp: row.out_if,
        src_mask: 0,
        dst_mask: 0,
        fwd_status: 0,
        direction: row.direction === 'ingress' ? 0 : 1,
        dst_tos: 0,
        ip4_router: row.exporter,
        label: '<none>',
      };
      return JSON.stringify(printed, null, 2);
    },
  },
  'weir-ndjson': {
    zone: undefined,
    opening: '',
    between: '\n',
    closing: '\n',
    text: (row: Row): string =>
      JSON.stringify({
        ts_start: `${row.start}000000`,
        ts_end: `${row.end}000000`,
        ts_recv: `${row.received}000000`,
        exporter: row.exporter,
        in_if: row.in_if,
        out_if: row.out_if,
        direction: row.direction,
        src_ip: row.src,
        dst_ip: row.dst,
        src_port: row.src_port,
        dst_port: row.dst_port,
        proto: row.proto,
        tos: row.tos,
        tcp_flags: row.tcp_flags,
        src_as: row.src_as,
        dst_as: row.dst_as,
        bytes_raw: row.bytes,
        packets_raw: row.packets,
        sampling_rate: row.rate,
      }),
  },
} as const;

export type FileFormat = keyof typeof FORMATS;

export interface ProductPathOptions {
  /** folder for the file and the spool */
  folder: string;
  records: number;
  seed: number;
  enginePid: number | null;
  signal?: AbortSignal | undefined;
}

/** The whole way of an import: file, parser, judgement, spool, ledger, insert with every rollup. The file is made before the clock runs. */
export async function measureProductPath(
  owner: ClickHouseClient,
  target: ClickHouseTarget,
  world: World,
  format: FileFormat,
  { folder, records, seed, enginePid, signal }: ProductPathOptions,
): Promise<IngestFigures> {
  const file = join(folder, `records.${format}`);
  const ingest = openIngest({ clickhouse: target, databaseUrl: '' }, { spool: join(folder, 'spool') });
  try {
    await writeFileOf(owner, world, format, file, records, seed);
    const { size } = await stat(file);
    const engineBefore = enginePid === null ? null : await cpuSecondsOf(enginePid);
    const clientBefore = process.cpuUsage();
    const began = performance.now();
    const { zone } = FORMATS[format];
    const { summary } = await ingestFile(ingest, {
      path: file,
      format,
      ...(zone === undefined ? {} : { zone }),
      ...(signal === undefined ? {} : { signal }),
    });
    const seconds = (performance.now() - began) / 1000;
    const used = process.cpuUsage(clientBefore);
    const engineAfter = enginePid === null ? null : await cpuSecondsOf(enginePid);
    return {
      path: `product: ${format} file (${(size / 1e6).toFixed(0)} MB), parse to rollups`,
      records,
      seconds,
      perSecond: records / seconds,
      engineCpu:
        engineBefore === null || engineAfter === null ? null : ((engineAfter - engineBefore) / records) * 1e6,
      clientCpu: (used.user + used.system) / records,
      wrong:
        summary.accepted === records
          ? null
          : `${summary.accepted} of ${records} records accepted, ${summary.rejected} rejected, ${summary.duplicates} duplicates`,
    };
  } finally {
    await ingest.close();
    await rm(file, { force: true });
  }
}

async function writeFileOf(
  owner: ClickHouseClient,
  world: World,
  format: FileFormat,
  file: string,
  records: number,
  seed: number,
): Promise<void> {
  const { opening, between, closing, text } = FORMATS[format];
  const out = createWriteStream(file);
  const failed = once(out, 'error').then(([error]) => Promise.reject(error));
  failed.catch(() => undefined);
  const write = async (piece: string) => {
    if (!out.write(piece)) await Promise.race([once(out, 'drain'), failed]);
  };
  await write(opening);
  for (let written = 0; written < records; written += BLOCK_RECORDS) {
    const query = recordsQuery(
      world,
      written / BLOCK_RECORDS,
      Math.min(BLOCK_RECORDS, records - written),
      seed,
    );
    const rows = await select<Row>(
      owner,
      `SELECT toString(toUnixTimestamp64Milli(ts_start)) AS start, toString(toUnixTimestamp64Milli(ts_start) + duration_ms) AS end, toString(toUnixTimestamp64Milli(ts_recv)) AS received,
         exporter, in_if, out_if, reported_direction AS direction, replaceRegexpOne(toString(src_ip), '^::ffff:', '') AS src, replaceRegexpOne(toString(dst_ip), '^::ffff:', '') AS dst,
         src_port, dst_port, proto, tos, tcp_flags, src_as, dst_as, toString(bytes_raw) AS bytes, toString(packets_raw) AS packets, sampling_rate AS rate
       FROM (${query}) SETTINGS max_query_size = 100000000`,
    );
    await write(`${written === 0 ? '' : between}${rows.map(text).join(between)}`);
  }
  await write(closing);
  out.end();
  await Promise.race([once(out, 'close'), failed]);
}
