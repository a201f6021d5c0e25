import { createReadStream, readFileSync } from 'node:fs';
import { createGunzip, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { needsSharedData, sharedData } from '@/lib/testing/sharedData';
import type { FlowRecord } from '../record';
import { formats } from './index';
import { addressText, OPTIONS } from './testing';

const FIXTURES = new URL('../../../../clickhouse/demo/fixtures/', import.meta.url);

async function accept(name: string, input: AsyncIterable<Buffer>): Promise<FlowRecord[]> {
  const records: FlowRecord[] = [];
  for await (const parsed of formats[name]?.read(input, OPTIONS) ?? []) {
    if (!parsed.ok) throw new Error(`${parsed.reason}: ${parsed.detail}\n${parsed.raw}`);
    records.push(parsed.record);
  }
  return records;
}

function totals(records: readonly FlowRecord[]) {
  let bytes = 0;
  let packets = 0;
  for (const record of records) {
    bytes += Number(record.bytesRaw) * record.samplingRate;
    packets += Number(record.packetsRaw) * record.samplingRate;
  }
  return { records: records.length, packets, bytes };
}

interface Spread {
  startMs: number;
  endMs: number;
  bytes: number;
}

/** Bytes a minute: slot i gets floor(total x overlap so far / duration) less what earlier slots got. */
function perMinute(flows: readonly Spread[]): Map<number, number> {
  const series = new Map<number, number>();
  for (const { startMs, endMs, bytes } of flows) {
    let given = 0;
    for (let slot = Math.floor(startMs / 60_000); ; slot++) {
      const until = Math.min(endMs, (slot + 1) * 60_000);
      const isLast = until >= endMs;
      const due = isLast ? bytes : Math.floor((bytes * (until - startMs)) / (endMs - startMs));
      series.set(slot, (series.get(slot) ?? 0) + due - given);
      given = due;
      if (isLast) break;
    }
  }
  return new Map([...series].sort((a, b) => a[0] - b[0]));
}

function spreadOf(records: readonly FlowRecord[]): Spread[] {
  return records.map(({ tsStartMs, durationMs, bytesRaw }) => ({
    startMs: tsStartMs,
    endMs: tsStartMs + durationMs,
    bytes: Number(bytesRaw),
  }));
}

/** What the rule for duplicates compares. */
function content(r: FlowRecord): string {
  return [
    r.exporter,
    r.obsDomain,
    addressText(r.srcIp),
    addressText(r.dstIp),
    r.srcPort,
    r.dstPort,
    r.proto,
    r.inIf,
    r.outIf,
    r.tos,
    r.tsStartMs,
    r.durationMs,
    r.bytesRaw,
    r.packetsRaw,
    r.sequence,
  ].join('|');
}

describe('the fixtures of the demo', () => {
  it.each(['json', 'csv'])(
    'zeek-nfdump.%s gives 38 records, 3,901 packets, 3,814,782 bytes',
    async (type) => {
      const records = await accept(
        `nfdump-${type}`,
        createReadStream(new URL(`zeek-nfdump.${type}`, FIXTURES)),
      );
      expect(totals(records)).toEqual({ records: 38, packets: 3901, bytes: 3_814_782 });
    },
  );

  it('the CSV holds the records of the JSON with their starts cut to whole seconds', async () => {
    const json = await accept('nfdump-json', createReadStream(new URL('zeek-nfdump.json', FIXTURES)));
    const csv = await accept('nfdump-csv', createReadStream(new URL('zeek-nfdump.csv', FIXTURES)));
    expect(csv).toEqual(
      json.map((record) => ({
        ...record,
        tsStartMs: Math.floor(record.tsStartMs / 1000) * 1000,
        sourceFormat: 'nfdump-csv',
      })),
    );
  });
});

describe.skipIf(sharedData === null)(needsSharedData('real captures'), () => {
  const capture = (file: string) => createReadStream(`${sharedData}/flows/${file}`).pipe(createGunzip());
  const truth = { records: 2764, packets: 26_595, bytes: 15_076_546 };
  const FILES = [
    ['nfdump-json', 'nfdump-netflow9.json.gz'],
    ['nfdump-csv', 'nfdump-netflow9.csv.gz'],
    ['pmacct-json', 'nfacctd-ipfix.json.gz'],
  ] as const;

  it.each(FILES)(
    '%s: %s gives the known totals, nothing flagged, no two records alike',
    async (format, file) => {
      const records = await accept(format, capture(file));
      expect(totals(records)).toEqual(truth);
      expect(new Set(records.map(({ qualityFlags }) => qualityFlags))).toEqual(new Set([0]));
      expect(new Set(records.map(content)).size).toBe(truth.records);
    },
  );

  it('NetFlow 9 by nfdump and IPFIX by nfacctd give the same series a minute, the one that the capture says', async () => {
    const raw = JSON.parse(
      gunzipSync(readFileSync(`${sharedData}/flows/nfdump-netflow9.json.gz`)).toString(),
    ) as {
      first: string;
      last: string;
      in_bytes: number;
    }[];
    const expected = perMinute(
      raw.map((flow) => ({
        startMs: Date.parse(`${flow.first}Z`),
        endMs: Date.parse(`${flow.last}Z`),
        bytes: flow.in_bytes,
      })),
    );
    expect(expected.size).toBeGreaterThan(12);
    const netflow = await accept('nfdump-json', capture('nfdump-netflow9.json.gz'));
    const ipfix = await accept('pmacct-json', capture('nfacctd-ipfix.json.gz'));
    expect(perMinute(spreadOf(netflow))).toEqual(expected);
    expect(perMinute(spreadOf(ipfix))).toEqual(expected);
  });

  it('CSV gives the series of the same records with starts cut to whole seconds', async () => {
    const json = await accept('nfdump-json', capture('nfdump-netflow9.json.gz'));
    const csv = await accept('nfdump-csv', capture('nfdump-netflow9.csv.gz'));
    const cut = json.map((record) => ({ ...record, tsStartMs: Math.floor(record.tsStartMs / 1000) * 1000 }));
    expect(perMinute(spreadOf(csv))).toEqual(perMinute(spreadOf(cut)));
  });

  it('sFlow by sfacctd: 2,534 samples of 1 in 10, frame bytes less 18 a packet', async () => {
    const records = await accept('pmacct-json', capture('sfacctd-sflow5.json.gz'));
    const lines = gunzipSync(readFileSync(`${sharedData}/flows/sfacctd-sflow5.json.gz`))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { bytes: number; packets: number });
    const packets = lines.reduce((sum, line) => sum + line.packets, 0);
    const frames = lines.reduce((sum, line) => sum + line.bytes, 0);
    expect(totals(records)).toEqual({
      records: 2534,
      packets: packets * 10,
      bytes: (frames - 18 * packets) * 10,
    });
    expect(records.every(({ comparedByContent }) => !comparedByContent)).toBe(true);
  });
});
