import { describe, expect, it } from 'vitest';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import { accepted, addressText, outcomes, readAll, rejected } from './testing';

const read = (text: string, options = {}) => readAll('nfdump-csv', text, options);

const LEGACY_HEADER =
  'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,smk,dmk,dtos,dir,nh,nhb,svln,dvln,ismc,odmc,idmc,osmc,mpls1,mpls2,mpls3,mpls4,mpls5,mpls6,mpls7,mpls8,mpls9,mpls10,cl,sl,al,ra,eng,exid,tr\n';
const SUMMARY = 'Summary\nflows,bytes,packets,avg_bps,avg_pps,avg_bpp\n2764,15076546,26595,165356,36,566\n';
const MACS = '00:00:00:00:00:00,'.repeat(4);
const MPLS = '0-0-0,'.repeat(10);

/** One line of `nfdump -o csv` 1.6 / 1.7.1. */
function legacy(values: Partial<Record<string, string>> = {}): string {
  const v = {
    ts: '2026-11-22 09:00:02',
    te: '2026-11-22 09:00:25',
    td: '22.896',
    sa: '192.168.5.16',
    da: '68.233.253.133',
    sp: '53605',
    dp: '80',
    pr: 'TCP',
    flg: '...A.R.F',
    stos: '184',
    ipkt: '2',
    ibyt: '98',
    opkt: '0',
    obyt: '0',
    in: '3',
    out: '4',
    sas: '64512',
    das: '4294967295',
    dir: '1',
    ra: '192.0.2.1',
    eng: '0/0',
    tr: '2026-11-22 09:01:00.587',
    ...values,
  };
  return `${v.ts},${v.te},${v.td},${v.sa},${v.da},${v.sp},${v.dp},${v.pr},${v.flg},0,${v.stos},${v.ipkt},${v.ibyt},${v.opkt},${v.obyt},${v.in},${v.out},${v.sas},${v.das},0,0,0,${v.dir},0.0.0.0,0.0.0.0,0,0,${MACS}${MPLS}    0.000,    0.000,    0.000,${v.ra},${v.eng},1,${v.tr}\n`;
}

describe('a record of nfdump -o csv with 48 columns', () => {
  it('gives every field; the duration keeps the milliseconds that the times have lost', async () => {
    const record = accepted(await read(LEGACY_HEADER + legacy() + SUMMARY));
    expect(record).toEqual({
      tsStartMs: Date.UTC(2026, 10, 22, 9, 0, 2),
      durationMs: 22_896,
      tsRecvMs: Date.UTC(2026, 10, 22, 9, 1, 0, 587),
      exporter: '192.0.2.1',
      obsDomain: 0,
      inIf: 3,
      outIf: 4,
      reportedDirection: 2,
      srcIp: record.srcIp,
      dstIp: record.dstIp,
      srcPort: 53605,
      dstPort: 80,
      proto: 6,
      tos: 184,
      tcpFlags: 21,
      srcAs: 64512,
      dstAs: 0,
      bytesRaw: 98,
      packetsRaw: 2,
      samplingRate: 1,
      sourceFormat: 'nfdump-csv',
      qualityFlags: 0,
      sequence: null,
      exportVersion: 'unknown',
      comparedByContent: true,
    });
    expect(addressText(record.srcIp)).toBe('192.168.5.16');
  });

  it('keeps its raw text', async () => {
    const [record] = await read(LEGACY_HEADER + legacy());
    expect(record?.raw).toBe(legacy().trimEnd());
  });

  it.each([
    [
      { pr: 'ICMP', sp: '0', dp: '1281' },
      { proto: 1, srcPort: 0, dstPort: 1281 },
    ],
    [
      { pr: 'ICMP6', sp: '0', dp: '3.4' },
      { proto: 58, srcPort: 0, dstPort: 772 },
    ],
    [{ pr: 'GRE', sp: '0', dp: '0' }, { proto: 47 }],
    [{ pr: '200  ', sp: '0', dp: '0' }, { proto: 200 }],
    [{ pr: 'IPIP' }, { proto: 4 }],
    [{ eng: '1/2' }, { obsDomain: 258 }],
    [{ flg: '........' }, { tcpFlags: 0 }],
    [{ flg: 'CEUAPRSF' }, { tcpFlags: 255 }],
    [{ flg: '.AP.SF' }, { tcpFlags: 27 }],
    [
      { te: '0000-00-00 00:00:00', td: '-1795338002.000' },
      { durationMs: 0, qualityFlags: QUALITY_FLAGS.endMissing },
    ],
    [
      { te: '2026-11-22 09:00:01', td: '-1.500' },
      {
        tsStartMs: Date.UTC(2026, 10, 22, 9, 0, 0, 500),
        durationMs: 0,
        qualityFlags: QUALITY_FLAGS.endBeforeStart,
      },
    ],
    [{ ibyt: '1152921504606846976' }, { bytesRaw: 1_152_921_504_606_846_976n }],
    [
      { tr: '0000-00-00 00:00:00.000' },
      { qualityFlags: QUALITY_FLAGS.noReceiveTime, tsRecvMs: Date.UTC(2026, 10, 22, 9, 0, 24, 896) },
    ],
  ])('%o gives what it says', async (values, expected) => {
    expect(accepted(await read(LEGACY_HEADER + legacy(values)))).toMatchObject(expected);
  });

  it.each([
    [{ ibyt: '-98' }, 'negative_counter', 'ibyt is -98: a counter cannot be negative'],
    [{ ipkt: '2.5' }, 'fractional_counter', 'ipkt is 2.5: a counter is a whole number'],
    [{ ibyt: '99999999999999999999' }, 'counter_overflow', /^ibyt is 99999999999999999999/],
    [{ ibyt: '' }, 'missing_field', 'ibyt is missing'],
    [{ sa: '192.168.5' }, 'invalid_address', /^sa is "192.168.5"/],
    [{ pr: 'NOPE' }, 'invalid_number', /^pr is "NOPE"/],
    [{ td: 'x' }, 'invalid_number', 'td is "x": no number of seconds'],
    [{ ts: '2026-11-22' }, 'invalid_time', 'ts is "2026-11-22": no date and time'],
    [{ ts: '1975-01-01 00:00:00', tr: '' }, 'time_before_1980', /1975/],
    [{ opkt: '1', obyt: '60' }, 'bidirectional', /obyt is 60/],
    [{ sa: '1.2.3.4,5.6.7.8' }, 'malformed', '49 columns, and the header has 48'],
  ])('%o is rejected as %s', async (values, reason, detail) => {
    const rejection = rejected(await read(LEGACY_HEADER + legacy(values)));
    expect(rejection.reason).toBe(reason);
    expect(rejection.detail).toMatch(detail);
    expect(rejection.raw).toBe(legacy(values).trimEnd());
  });
});

describe('other layouts, told by the header', () => {
  it('1.7: -o csv', async () => {
    const text =
      'firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n' +
      '2026-11-22 09:00:02.393,22.896,6,2001:db8::1,53605,2001:db8::2,80,2,98,1\n' +
      '2026-11-22 09:00:02.393,0.000,1,192.0.2.1,0,192.0.2.2,8.0,1,84,1\n';
    const records = await read(text);
    expect(outcomes(records)).toEqual(['ok', 'ok']);
    expect(accepted(records.slice(0, 1))).toMatchObject({
      tsStartMs: Date.UTC(2026, 10, 22, 9, 0, 2, 393),
      durationMs: 22_896,
      exporter: 'unknown',
      proto: 6,
      srcPort: 53605,
      dstPort: 80,
      qualityFlags: QUALITY_FLAGS.noReceiveTime,
    });
    expect(accepted(records.slice(1))).toMatchObject({ proto: 1, dstPort: 2048, durationMs: 0 });
  });

  it('1.7: -o csv-fast, whose times are epochs in milliseconds and need no zone', async () => {
    const text =
      'cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,srcAS,dstAS,input,output,flags,srcTos,packets,bytes\n' +
      '1,2,1795338002393,1795338025289,6,192.168.5.16,53605,68.233.253.133,80,64512,0,3,4,...A.R.F,0,2,98\n';
    const records = await readAll('nfdump-csv', text, {}).then((found) => found);
    expect(accepted(records)).toMatchObject({
      tsStartMs: Date.UTC(2026, 10, 22, 9, 0, 2, 393),
      durationMs: 22_896,
      srcAs: 64512,
      inIf: 3,
      outIf: 4,
      tcpFlags: 21,
      bytesRaw: 98,
    });
    const { nfdumpCsv } = await import('./nfdumpCsv');
    const { chunked, NOW } = await import('./testing');
    const blocks = [];
    for await (const block of nfdumpCsv.readBlocks(chunked(Buffer.from(text)), {
      activeTimeoutSeconds: () => 1800,
      now: NOW,
    })) {
      blocks.push(...block);
    }
    expect(outcomes(blocks)).toEqual(['ok']);
  });

  it('1.7: columns of one\u2019s own', async () => {
    const text =
      'firstSeen,lastSeen,received,proto,srcAddr,srcPort,dstAddr,dstPort,inPackets,inBytes,input,output,srcAS,dstAS,routerIP,obsDomainID,direction,label\n' +
      '1795338002.393,1795338025.289,1795338060.000,17,192.0.2.1,53,192.0.2.2,5353,2,98,1,2,3,4,2001:DB8::1,0x1f,E,a label\n';
    expect(accepted(await read(text))).toMatchObject({
      durationMs: 22_896,
      tsRecvMs: Date.UTC(2026, 10, 22, 9, 1),
      exporter: '2001:db8::1',
      obsDomain: 31,
      reportedDirection: 2,
      dstAs: 4,
    });
  });

  it('without a header (-q): by the number of columns', async () => {
    expect(outcomes(await read(legacy() + legacy()))).toEqual(['ok', 'ok']);
    const fast =
      '1,2,1795338002393,1795338025289,6,192.168.5.16,53605,68.233.253.133,80,0,0,3,4,...A.R.F,0,2,98\n';
    expect(outcomes(await read(fast))).toEqual(['ok']);
  });

  it('a header without a needed column names it and a command that has all', async () => {
    await expect(read('firstSeen,duration,srcAddr,dstAddr,packets\n')).rejects.toThrow(
      /no column for bytes: write it with nfdump -o json, or with -o "csv:%ts/,
    );
  });
});

describe('a file of nfdump CSV', () => {
  it('needs a zone, and says so before anything is read', async () => {
    const { nfdumpCsv } = await import('./nfdumpCsv');
    const { chunked } = await import('./testing');
    for (const text of [LEGACY_HEADER + legacy(), legacy(), `broken line\n${LEGACY_HEADER}${legacy()}`]) {
      const blocks = nfdumpCsv.readBlocks(chunked(Buffer.from(text)), { activeTimeoutSeconds: () => 1800 });
      await expect(blocks[Symbol.asyncIterator]().next()).rejects.toThrow(
        'nfdump CSV has no time zone: pass --zone, for example --zone UTC',
      );
    }
  });

  it('ends with a summary, which is no record, and may be followed by another file', async () => {
    const text = LEGACY_HEADER + legacy() + SUMMARY + LEGACY_HEADER + legacy() + legacy() + SUMMARY;
    for (const size of [text.length, 50, 1]) {
      expect(outcomes(await readAll('nfdump-csv', text, {}, size))).toEqual(['ok', 'ok', 'ok']);
    }
    expect(outcomes(await read((LEGACY_HEADER + legacy() + SUMMARY).replaceAll('\n', '\r\n')))).toEqual([
      'ok',
    ]);
    expect(outcomes(await read((LEGACY_HEADER + legacy() + SUMMARY).trimEnd()))).toEqual(['ok']);
  });

  it('may be empty', async () => {
    expect(await read('')).toEqual([]);
    expect(await read(LEGACY_HEADER + SUMMARY)).toEqual([]);
    expect(await read(`${LEGACY_HEADER}No matching flows\n${SUMMARY}`)).toEqual([]);
  });

  it('goes on after a broken line', async () => {
    const broken = legacy().slice(0, 100);
    const records = await read(`${LEGACY_HEADER}${legacy()}${broken}\n${legacy()}nonsense\n${legacy()}`);
    expect(outcomes(records)).toEqual(['ok', 'malformed', 'ok', 'malformed', 'ok']);
    expect(records[1]?.raw).toBe(broken);
  });

  it('that ends in the middle of a line ends with one rejected record, even if the rest could be read', async () => {
    for (const cut of [1, 2, 40, 300]) {
      const text = (LEGACY_HEADER + legacy() + legacy()).slice(0, -cut);
      expect(outcomes(await read(text))).toEqual(['ok', 'truncated']);
    }
  });

  it('refuses an endless line and goes on', async () => {
    const text = `${LEGACY_HEADER}${legacy()}${'9'.repeat(300_000)}\n${legacy()}`;
    for (const size of [1000, text.length]) {
      expect(outcomes(await readAll('nfdump-csv', text, {}, size))).toEqual(['ok', 'too_large', 'ok']);
    }
  });

  it('that is no nfdump CSV is an error', async () => {
    await expect(read('a,b,c\n1,2,3\n')).rejects.toThrow(/no line at the beginning of this input/);
    await expect(read('[\n{\n"type" : "FLOW",\n"in_bytes" : 5\n}]')).rejects.toThrow(
      'pass --format nfdump-json',
    );
    await expect(read('SRC_IP,DST_IP,PACKETS,FLOWS,BYTES\n')).rejects.toThrow(
      /this is pmacct CSV and not nfdump-csv: pass --format pmacct-csv/,
    );
  });
});
