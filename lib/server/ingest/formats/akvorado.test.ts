import { describe, expect, it } from 'vitest';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import { accepted, addressText, outcomes, readAll, rejected } from './testing';
import { AKVORADO_HEADER, AKVORADO_ROW, akvoradoLine } from './testing/samples';

const read = (values: Record<string, unknown> = {}, options = {}) =>
  readAll('akvorado-json', akvoradoLine(values), options);

describe('an Akvorado export', () => {
  it('has raw counters and a rate, one time in seconds, IPv4 as mapped IPv6', async () => {
    const record = accepted(await read());
    expect(record).toMatchObject({
      tsStartMs: Date.UTC(2026, 10, 22, 9, 0, 25),
      durationMs: 0,
      tsRecvMs: Date.UTC(2026, 10, 22, 9, 0, 25),
      exporter: '192.0.2.1',
      bytesRaw: 98,
      packetsRaw: 2,
      samplingRate: 1000,
      inIf: 0,
      dstAs: 0,
      qualityFlags: QUALITY_FLAGS.arrivalTimeOnly,
      comparedByContent: false,
    });
    expect(addressText(record.dstIp)).toBe('68.233.253.133');
  });

  it('as CSV gives the record of the same row of JSON, quoted commas and quotes included', async () => {
    const csv = accepted(await readAll('akvorado-csv', `${AKVORADO_HEADER}\n${AKVORADO_ROW}\n`));
    expect(csv).toEqual({ ...accepted(await read()), sourceFormat: 'akvorado-csv' });
  });

  it.each([
    ['external', 'internal', 1],
    ['internal', 'external', 2],
    ['external', 'external', 0],
    ['undefined', 'external', 2],
    ['external', 'undefined', 1],
    [1, 2, 1],
    [2, 1, 2],
  ])('boundaries in %s, out %s give the direction', async (into, out, direction) => {
    const record = accepted(await read({ InIfBoundary: into, OutIfBoundary: out }));
    expect(record.reportedDirection).toBe(direction);
  });

  it.each([
    ['ingress', 1],
    ['egress', 2],
    ['undefined', 0],
    [0, 0],
    [1, 1],
    [2, 2],
  ])('FlowDirection %s says it only where the boundaries do not', async (word, direction) => {
    const unknown = { InIfBoundary: 'undefined', OutIfBoundary: 'internal' };
    expect(accepted(await read({ ...unknown, FlowDirection: word })).reportedDirection).toBe(direction);
    expect(accepted(await read({ FlowDirection: word })).reportedDirection).toBe(2);
  });

  it('times without a zone need one; epochs and RFC 3339 do not', async () => {
    await expect(read({}, { zone: undefined })).rejects.toThrow(
      'this Akvorado export has no time zone: pass --zone',
    );
    expect(accepted(await read({ TimeReceived: 1795338025 }, { zone: undefined })).tsStartMs).toBe(
      1795338025000,
    );
    const iso = await read({ TimeReceived: '2026-11-22T09:00:25Z' }, { zone: undefined });
    expect(accepted(iso).tsStartMs).toBe(1795338025000);
    expect(accepted(await read({}, { zone: 'Europe/Berlin' })).tsStartMs).toBe(1795334425000);
  });

  it('rate 0 is unknown; a time of 0 is rejected', async () => {
    expect(accepted(await read({ SamplingRate: 0 })).samplingRate).toBe(0);
    expect(rejected(await read({ TimeReceived: 0 })).reason).toBe('invalid_time');
    expect(rejected(await read({ TimeReceived: undefined })).reason).toBe('missing_field');
  });

  it('ICMP of both versions has type and code', async () => {
    expect(
      accepted(await read({ Proto: 1, ICMPv4Type: 8, ICMPv4Code: 0, ICMPv6Type: 0, ICMPv6Code: 0 })).dstPort,
    ).toBe(2048);
    expect(
      accepted(await read({ Proto: 58, ICMPv4Type: 0, ICMPv4Code: 0, ICMPv6Type: 128, ICMPv6Code: 0 }))
        .dstPort,
    ).toBe(32768);
  });

  it('of a table without addresses says so', async () => {
    await expect(readAll('akvorado-csv', '"TimeReceived","Bytes","Packets"\n')).rejects.toThrow(
      /no column for srcAddr, dstAddr/,
    );
  });

  it('a quote that is not closed costs its line', async () => {
    const text = `${AKVORADO_HEADER}\n${AKVORADO_ROW.replace('external"', 'external')}\n${AKVORADO_ROW}\n`;
    expect(outcomes(await readAll('akvorado-csv', text))).toEqual(['malformed', 'ok']);
  });
});
