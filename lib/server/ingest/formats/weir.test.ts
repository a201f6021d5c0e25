import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import type { FlowRecord } from '../record';
import { type Format, formats, readPlace } from './index';
import { spooled } from './spooledInput';
import { accepted, addressText, chunked, OPTIONS, outcomes, readAll, rejected } from './testing';
import { PARQUET, weirLine } from './testing/samples';

const read = (values: Record<string, unknown> = {}, options = {}) =>
  readAll('weir-ndjson', weirLine(values), options);
const NO_ZONE = { zone: undefined } as object;
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

describe("Weir's own NDJSON", () => {
  it('reads every field, 64-bit numbers as text or as numbers, times in nanoseconds', async () => {
    const record = accepted(await read({ obs_domain: 5, tos: 8, src_as: 64500, dst_as: 64501 }));
    expect({ ...record, srcIp: addressText(record.srcIp), dstIp: addressText(record.dstIp) }).toEqual({
      tsStartMs: 1795338002393,
      durationMs: 22896,
      tsRecvMs: 1795338060000,
      exporter: '192.0.2.1',
      obsDomain: 5,
      inIf: 3,
      outIf: 4,
      reportedDirection: 2,
      srcIp: '192.168.5.16',
      dstIp: '68.233.253.133',
      srcPort: 53605,
      dstPort: 80,
      proto: 6,
      tos: 8,
      tcpFlags: 21,
      srcAs: 64500,
      dstAs: 64501,
      bytesRaw: 98,
      packetsRaw: 2,
      samplingRate: 1,
      sourceFormat: 'weir-ndjson',
      qualityFlags: 0,
      sequence: 21,
      exportVersion: 'unknown',
      comparedByContent: true,
    });
    const bare =
      '{"ts_start":1795338002393000000,"src_ip":"::1","dst_ip":"::2","bytes_raw":1,"packets_raw":1}\n';
    expect(accepted(await readAll('weir-ndjson', bare))).toMatchObject({
      tsStartMs: 1795338002393,
      durationMs: 0,
      samplingRate: 0,
      exporter: 'unknown',
      qualityFlags:
        QUALITY_FLAGS.endMissing | QUALITY_FLAGS.noReceiveTime | QUALITY_FLAGS.unknownSamplingRate,
    });
  });

  it('already_scaled: the rate is 1 whatever sampling_rate says, and the flag is set', async () => {
    const record = accepted(await read({ already_scaled: true, sampling_rate: 1000 }, { samplingRate: 7 }));
    expect([record.samplingRate, record.qualityFlags]).toEqual([1, QUALITY_FLAGS.scaledAtSource]);
    expect(accepted(await read({ already_scaled: false, sampling_rate: 1000 })).samplingRate).toBe(1000);
  });

  it('l2 bytes are those of frames: less 18 a packet, 22 with a VLAN; other layers are refused', async () => {
    expect(accepted(await read({ l2_or_l3: 'l2', bytes_raw: 136 }))).toMatchObject({
      bytesRaw: 100,
      qualityFlags: QUALITY_FLAGS.frameBytesEstimate,
    });
    expect(accepted(await read({ l2_or_l3: 'L2', bytes_raw: 144, vlan: 7 })).bytesRaw).toBe(100);
    expect(rejected(await read({ l2_or_l3: 'wire' })).detail).toContain('l2_or_l3 is "wire"');
  });

  it('packet_sample keeps equal records apart', async () => {
    expect(accepted(await read({ packet_sample: true })).comparedByContent).toBe(false);
  });

  it('quality_flags of the record stay, but an unknown rate that is known now does not', async () => {
    const flags = QUALITY_FLAGS.tooLong | QUALITY_FLAGS.unknownSamplingRate | (2 ** 30);
    expect(accepted(await read({ quality_flags: flags })).qualityFlags).toBe(QUALITY_FLAGS.tooLong);
    expect(rejected(await read({ quality_flags: -1 })).reason).toBe('invalid_number');
  });

  it('2^60 bytes keep every digit', async () => {
    expect(accepted(await read({ bytes_raw: String(2n ** 60n) })).bytesRaw).toBe(2n ** 60n);
  });

  it.each([
    [{ ts_start: 0 }, 'invalid_time'],
    [{ ts_start: undefined }, 'missing_field'],
    [{ ts_start: 'yesterday' }, 'invalid_time'],
    [{ ts_start: -5 }, 'invalid_time'],
    [{ ts_start: '2026-11-22T09:00:00' }, 'missing_zone'],
    [{ src_ip: '10.0.0' }, 'invalid_address'],
    [{ bytes_raw: -1 }, 'negative_counter'],
    [{ packets_raw: 1.5 }, 'fractional_counter'],
  ])('%j is rejected as %s', async (values, reason) => {
    const records = await readAll('weir-ndjson', weirLine() + weirLine(values), NO_ZONE);
    expect(outcomes(records)).toEqual(['ok', reason]);
  });
});

describe("Weir's own Parquet", () => {
  const rows = async (bytes: Buffer): Promise<FlowRecord[]> =>
    (await readAll('weir-parquet', bytes)).map((parsed) => {
      if (!parsed.ok) throw new Error(parsed.detail);
      return parsed.record;
    });

  it('gives the records that nfdump printed', async () => {
    const text = readFileSync(
      new URL('../../../../clickhouse/demo/fixtures/zeek-nfdump.json', import.meta.url),
    );
    const printed = JSON.parse(text.toString()) as {
      first: string;
      last: string;
      in_bytes: number;
      in_packets: number;
    }[];
    const records = await rows(PARQUET);
    expect(records.map((r) => [r.tsStartMs, r.tsStartMs + r.durationMs, r.bytesRaw, r.packetsRaw])).toEqual(
      printed.map((r) => [Date.parse(`${r.first}Z`), Date.parse(`${r.last}Z`), r.in_bytes, r.in_packets]),
    );
  });

  it('takes timestamps, binary addresses, booleans and nulls, and snappy', async () => {
    const [plain, typed] = [await rows(PARQUET), await rows(fixture('zeek-typed.parquet'))];
    expect(typed.map((r) => [r.tsStartMs, r.durationMs, addressText(r.srcIp), r.bytesRaw])).toEqual(
      plain.map((r) => [r.tsStartMs, r.durationMs, addressText(r.srcIp), r.bytesRaw]),
    );
    expect(new Set(typed.map((r) => r.qualityFlags))).toEqual(
      new Set([QUALITY_FLAGS.scaledAtSource | QUALITY_FLAGS.noReceiveTime]),
    );
  });

  it('is read from a file without a copy, with the same result', async () => {
    const path = fileURLToPath(new URL('fixtures/zeek-weir.parquet', import.meta.url));
    const records = [];
    for await (const block of formats['weir-parquet']?.readFile?.(path, OPTIONS) ?? [])
      records.push(...block);
    expect(records).toEqual(await readAll('weir-parquet', PARQUET));
  });

  it('compressed, or through a pipe, is read all the same', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-formats-'));
    const path = join(folder, 'flows.parquet.gz');
    await writeFile(path, gzipSync(PARQUET));
    const parquet = formats['weir-parquet'] as Format;
    for (const from of [path, '-']) {
      const records = [];
      for await (const block of readPlace(parquet, from, chunked(PARQUET), OPTIONS)) records.push(...block);
      expect(records.length).toBe(38);
    }
    await rm(folder, { recursive: true });
  });

  it('names the columns that are missing', async () => {
    const renamed = Buffer.from(PARQUET.toString('latin1').replaceAll('bytes_raw', 'bytes_rax'), 'latin1');
    await expect(readAll('weir-parquet', renamed)).rejects.toThrow(
      /has no column bytes_raw \(it has ts_start,/,
    );
  });

  it('a pipe is kept on disk up to a limit, and removed', async () => {
    await expect(spooled(chunked(PARQUET, 100), 1000)).rejects.toThrow(/name the file instead of piping it/);
    expect(await spooled(chunked(Buffer.alloc(0)))).toBeNull();
  });

  it('an empty input has no records, and something else than Parquet is an error', async () => {
    expect(await readAll('weir-parquet', '')).toEqual([]);
    await expect(readAll('weir-parquet', 'hello, this is text')).rejects.toThrow(/cannot be read/);
  });
});
