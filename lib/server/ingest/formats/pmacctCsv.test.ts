import { describe, expect, it } from 'vitest';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import { accepted, outcomes, pmacctLine, readAll, rejected } from './testing';
import { PMACCT_HEADER, PMACCT_ROW } from './testing/samples';

const read = (text: string, options = {}) => readAll('pmacct-csv', text, options);
const FIELDS = 'SRC_IP,DST_IP,SRC_PORT,DST_PORT,PROTOCOL,SAMPLING_RATE,';

describe('pmacct CSV', () => {
  it('gives the record of the same line of JSON', async () => {
    const csv = accepted(await read(`${PMACCT_HEADER}\n${PMACCT_ROW}\n`));
    const json = accepted(await readAll('pmacct-json', pmacctLine({ export_proto_seqno: undefined })));
    expect(csv).toEqual({ ...json, sourceFormat: 'pmacct-csv' });
  });

  it.each([
    ['TIMESTAMP_START,TIMESTAMP_END', '2026-11-22T09:00:02.393Z,2026-11-22T09:00:03.393Z', 1000, 0],
    ['TIMESTAMP_MIN,TIMESTAMP_MAX', '1795338002.393000,1795338003.393000', 1000, 0],
    ['TIMESTAMP_START', '2026-11-22 09:00:02.393', 0, QUALITY_FLAGS.endMissing],
    ['STAMP_INSERTED', '2026-11-22 09:00:00', 0, QUALITY_FLAGS.arrivalTimeOnly],
  ])('times by %s', async (columns, values, durationMs, flags) => {
    const text = `${FIELDS}${columns},PACKETS,BYTES\n10.0.0.1,192.0.2.7,1,2,udp,1,${values},2,98\n`;
    const record = accepted(await read(text));
    expect(record.durationMs).toBe(durationMs);
    expect(record.qualityFlags).toBe(flags | QUALITY_FLAGS.noReceiveTime);
  });

  it('arrival alone is a packet sample: frames less 18 a packet, times the rate, not compared by content', async () => {
    const text = `${FIELDS}TIMESTAMP_ARRIVAL,PACKETS,BYTES\n10.0.0.1,192.0.2.7,1,2,udp,10,2026-11-22T09:00:02Z,2,136\n`;
    expect(accepted(await read(text))).toMatchObject({
      bytesRaw: 100,
      samplingRate: 10,
      comparedByContent: false,
    });
  });

  it('rate 0 is unknown; a column that is not there, too', async () => {
    const row = PMACCT_ROW.replace(',0,1,2026', ',0,0,2026');
    expect(accepted(await read(`${PMACCT_HEADER}\n${row}\n`)).qualityFlags).toBe(
      QUALITY_FLAGS.unknownSamplingRate,
    );
    const bare =
      'SRC_IP,DST_IP,TIMESTAMP_START,TIMESTAMP_END,PACKETS,BYTES\n10.0.0.1,192.0.2.7,1795338002,1795338003,2,98\n';
    expect(accepted(await read(bare)).samplingRate).toBe(0);
    expect(accepted(await read(bare, { samplingRate: 100 })).samplingRate).toBe(100);
  });

  it('local times need a zone', async () => {
    const text = `${FIELDS}TIMESTAMP_START,PACKETS,BYTES\n10.0.0.1,192.0.2.7,1,2,udp,1,2026-11-22 09:00:02,2,98\n`;
    await expect(read(text, { zone: undefined })).rejects.toThrow(
      'this pmacct CSV has no time zone: pass --zone',
    );
  });

  it('another header begins another layout, and markers of a purge are no records', async () => {
    const second = 'DST_IP,SRC_IP,TIMESTAMP_START,PACKETS,BYTES\n192.0.2.7,10.0.0.1,1795338002,2,55\n';
    const records = await read(`--START (1)--\n${PMACCT_HEADER}\n${PMACCT_ROW}\n--END--\n${second}`);
    expect(outcomes(records)).toEqual(['ok', 'ok']);
    expect(records.map((parsed) => (parsed.ok ? parsed.record.bytesRaw : 0))).toEqual([98, 55]);
  });

  it('a line of another length is rejected alone', async () => {
    const records = await read(`${PMACCT_HEADER}\n${PMACCT_ROW},1\n${PMACCT_ROW}\n`);
    expect(outcomes(records)).toEqual(['malformed', 'ok']);
  });

  it('says what to aggregate by where a column is missing', async () => {
    await expect(read('SRC_IP,PACKETS,BYTES\n')).rejects.toThrow(
      /no column for dstAddr: add src_host and dst_host/,
    );
    await expect(read('SRC_IP,DST_IP,PACKETS,BYTES\n')).rejects.toThrow(/has no time: add timestamp_start/);
    expect(rejected(await read(`${PMACCT_HEADER}\n${PMACCT_ROW.replace('192.168.5.16', '')}\n`)).detail).toBe(
      'SRC_IP is missing',
    );
  });
});
