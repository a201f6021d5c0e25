import { describe, expect, it } from 'vitest';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import { FormatError } from './format';
import { accepted, addressText, nfdumpRecord, outcomes, readAll, rejected } from './testing';

const read = (text: string, options = {}) => readAll('nfdump-json', text, options);

describe('a record of nfdump -o json', () => {
  it('gives every field of the canonical record', async () => {
    const record = accepted(
      await read(`[\n${nfdumpRecord({ src_tos: 184, src_as: 64512, dst_as: 4294967295 })}]\n`),
    );
    expect(record).toEqual({
      tsStartMs: Date.UTC(2026, 10, 22, 9, 0, 2, 393),
      durationMs: 22_896,
      tsRecvMs: Date.UTC(2026, 10, 22, 9, 1),
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
      tcpFlags: 16 + 4 + 1,
      srcAs: 64512,
      dstAs: 0,
      bytesRaw: 98,
      packetsRaw: 2,
      samplingRate: 1,
      sourceFormat: 'nfdump-json',
      qualityFlags: 0,
      sequence: null,
      exportVersion: 'unknown',
      comparedByContent: true,
    });
    expect(addressText(record.srcIp)).toBe('192.168.5.16');
    expect(addressText(record.dstIp)).toBe('68.233.253.133');
  });

  it('keeps its raw text', async () => {
    const text = nfdumpRecord({ label: 'Zürich' });
    const [record] = await read(`[\n${text},\n${text}]\n`);
    expect(record?.raw).toBe(text);
  });

  it('may be IPv6', async () => {
    const v6 = { src4_addr: undefined, dst4_addr: undefined, src6_addr: '2a04:4e42:1d::84', dst6_addr: '::' };
    const record = accepted(await read(nfdumpRecord(v6)));
    expect(addressText(record.srcIp)).toBe('2a04:4e42:001d:0000:0000:0000:0000:0084');
    expect(addressText(record.dstIp)).toBe('0000:0000:0000:0000:0000:0000:0000:0000');
  });

  it('may be ICMP, which has no ports: type and code stand in the destination port', async () => {
    const icmp = {
      proto: 1,
      src_port: undefined,
      dst_port: undefined,
      tcp_flags: undefined,
      icmp_type: 5,
      icmp_code: 1,
    };
    expect(accepted(await read(nfdumpRecord(icmp)))).toMatchObject({
      proto: 1,
      srcPort: 0,
      dstPort: 1281,
      tcpFlags: 0,
    });
  });

  it('is already scaled where nfcapd says so, and never scaled again', async () => {
    const record = accepted(await read(nfdumpRecord({ sampled: 1 }), { samplingRate: 1000 }));
    expect(record).toMatchObject({
      samplingRate: 1,
      bytesRaw: 98,
      qualityFlags: QUALITY_FLAGS.scaledAtSource,
    });
    expect(accepted(await read(nfdumpRecord(), { samplingRate: 1000 }))).toMatchObject({
      samplingRate: 1,
      qualityFlags: 0,
    });
  });

  it('knows what unknown looks like: AS 4294967295, interface 1073741823, end 0000-00-00', async () => {
    const unknown = {
      src_as: 4294967295,
      input_snmp: 1073741823,
      output_snmp: 4294967295,
      last: '0000-00-00T00:00:00.000',
      ip4_router: '0.0.0.0',
    };
    expect(accepted(await read(nfdumpRecord(unknown)))).toMatchObject({
      srcAs: 0,
      inIf: 0,
      outIf: 0,
      durationMs: 0,
      exporter: 'unknown',
      qualityFlags: QUALITY_FLAGS.endMissing,
    });
  });

  it('carries 2^60 bytes without losing a digit', async () => {
    const record = accepted(
      await read(nfdumpRecord({ in_bytes: 'raw:1152921504606846977', in_packets: 'raw:9007199254740993' })),
    );
    expect(record.bytesRaw).toBe(1_152_921_504_606_846_977n);
    expect(record.packetsRaw).toBe(9_007_199_254_740_993n);
  });

  it.each([
    [{ in_bytes: -5 }, 'negative_counter', 'in_bytes is -5: a counter cannot be negative'],
    [{ in_packets: 1.5 }, 'fractional_counter', 'in_packets is 1.5: a counter is a whole number'],
    [
      { in_bytes: 'raw:9223372036854775808' },
      'counter_overflow',
      'in_bytes is 9223372036854775808: more than 9223372036854775807',
    ],
    [{ in_bytes: undefined }, 'missing_field', 'in_bytes is missing'],
    [{ in_bytes: 'raw:null' }, 'missing_field', 'in_bytes is missing'],
    [{ in_bytes: 'many' }, 'invalid_number', 'in_bytes is many: not a number'],
    [
      { src4_addr: '300.1.2.3' },
      'invalid_address',
      'src4_addr or src6_addr is "300.1.2.3": no IPv4 or IPv6 address',
    ],
    [{ dst4_addr: undefined }, 'missing_field', 'dst4_addr or dst6_addr is missing'],
    [{ dst_port: 70000 }, 'invalid_number', 'dst_port is "70000": no port from 0 to 65535'],
    [{ proto: 256 }, 'invalid_number', 'proto is "256": neither a protocol number nor a known name'],
    [{ src_as: 4294967296 }, 'invalid_number', 'src_as is "4294967296": no AS number'],
    [
      { first: '2026-02-30T00:00:00.000' },
      'invalid_time',
      'first is "2026-02-30T00:00:00.000": no date and time',
    ],
    [
      { first: '0000-00-00T00:00:00.000' },
      'invalid_time',
      'first is "0000-00-00T00:00:00.000": the start of the flow is unknown',
    ],
    [{ first: undefined }, 'missing_field', 'first is missing'],
    [{ first: '1970-01-01T00:00:01.000' }, 'time_before_1980', /starts at 1970-01-01T00:00:01.000Z/],
    [{ last: '2027-11-22T09:00:00.000' }, 'time_in_future', /more than a day after its receipt/],
    [{ type: 'EVENT' }, 'not_a_flow', 'type is EVENT: only FLOW records carry traffic'],
    [{ out_packets: 3, out_bytes: 300 }, 'bidirectional', /out_bytes is 300/],
  ])('%j is rejected as %s', async (values, reason, detail) => {
    const rejection = rejected(await read(nfdumpRecord(values)));
    expect(rejection.reason).toBe(reason);
    expect(rejection.detail).toMatch(detail);
    expect(rejection.raw).toBe(nfdumpRecord(values));
  });

  it('counters of the other direction that are zero are no second direction', async () => {
    expect(outcomes(await read(nfdumpRecord({ out_packets: 0, out_bytes: 0, aggr_flows: 1 })))).toEqual([
      'ok',
    ]);
  });

  it('of 1.6 has t_first and milliseconds without leading zeros', async () => {
    const old = {
      first: undefined,
      last: undefined,
      received: undefined,
      t_first: '2020-01-01T00:00:00.5',
      t_last: '2020-01-01T00:00:01.50',
      t_received: '2020-01-01T00:00:02.500',
    };
    expect(accepted(await read(nfdumpRecord(old)))).toMatchObject({
      tsStartMs: Date.UTC(2020, 0, 1, 0, 0, 0, 5),
      durationMs: 1045,
      tsRecvMs: Date.UTC(2020, 0, 1, 0, 0, 2, 500),
    });
  });
});

describe('the zone', () => {
  it('must be declared, before anything is read', async () => {
    let touched = false;
    const input = (async function* () {
      touched = true;
      yield Buffer.from(nfdumpRecord());
    })();
    const { nfdumpJson } = await import('./nfdumpJson');
    const records = nfdumpJson.readBlocks(input, { activeTimeoutSeconds: () => 1800 });
    await expect(records[Symbol.asyncIterator]().next()).rejects.toThrow(
      'nfdump JSON has no time zone: pass --zone, for example --zone UTC',
    );
    expect(touched).toBe(false);
  });

  it('is applied to all times, and a time that exists twice is flagged', async () => {
    const berlin = { zone: 'Europe/Berlin' };
    expect(accepted(await read(nfdumpRecord(), berlin))).toMatchObject({
      tsStartMs: Date.UTC(2026, 10, 22, 8, 0, 2, 393),
      tsRecvMs: Date.UTC(2026, 10, 22, 8, 1),
    });
    const fold = {
      first: '2026-10-25T02:59:50.000',
      last: '2026-10-25T02:00:10.000',
      received: '2026-10-25T03:30:00.000',
    };
    expect(accepted(await read(nfdumpRecord(fold), berlin))).toMatchObject({
      tsStartMs: Date.UTC(2026, 9, 25, 0, 59, 50),
      durationMs: 20_000,
      qualityFlags: QUALITY_FLAGS.localTimeUncertain,
    });
  });
});

describe('a file of nfdump JSON', () => {
  const good = nfdumpRecord();
  const v6 = nfdumpRecord({ src4_addr: undefined, dst4_addr: undefined, src6_addr: '::1', dst6_addr: '::2' });

  it.each([
    ['an array, pretty-printed', `[\n${good},\n${v6},\n${good}]\n`],
    ['without brackets, as under -q', `${good},\n${v6},\n${good}`],
    ['one object a line', [good, v6, good].map((text) => JSON.stringify(JSON.parse(text))).join('\n')],
    ['an array on one line', JSON.stringify([good, v6, good].map((text) => JSON.parse(text) as unknown))],
    [
      'indented by another tool',
      JSON.stringify(
        [good, v6, good].map((text) => JSON.parse(text) as unknown),
        null,
        2,
      ),
    ],
    ['joined files', `[\n${good}]\n[\n${v6},\n${good}]\n`],
    [
      'with a byte order mark and Windows line ends',
      `\ufeff[\n${good},\n${v6},\n${good}]\n`.replaceAll('\n', '\r\n'),
    ],
  ])('may be %s', async (_title, text) => {
    for (const size of [text.length * 2, 97, 7]) {
      expect(outcomes(await readAll('nfdump-json', text, {}, size))).toEqual(['ok', 'ok', 'ok']);
    }
  });

  it('may be empty', async () => {
    for (const text of ['', '\n', '[\n]\n', '[]', '[\nNo matching flows\n]\n'])
      expect(await read(text)).toEqual([]);
  });

  it('that ends too early ends with one rejected record', async () => {
    const text = `[\n${good},\n${good},\n${good}]\n`;
    const third = text.lastIndexOf('{');
    for (const at of [third + 1, third + 5, third + 200, text.length - 4]) {
      const records = await read(text.slice(0, at));
      expect(outcomes(records)).toEqual(['ok', 'ok', 'truncated']);
      expect(records[2]?.raw).toBe(text.slice(third, at));
    }
  });

  it('that ends too early between two records ends with one rejected record too', async () => {
    for (const text of [`[\n${good},\n${good}`, `[\n${good},\n${good},\n`, `${good},\n${good},\n`]) {
      const records = await read(text);
      expect(outcomes(records)).toEqual(['ok', 'ok', 'truncated']);
      expect(records[2]?.raw).toBe('');
    }
    expect(outcomes(await read('['))).toEqual(['truncated']);
  });

  it.each([
    ['a quote is missing', good.replace('"in_bytes"', 'in_bytes"')],
    ['a value is missing', good.replace(': 98', ': ')],
    ['a comma is missing', good.replace('98,', '98')],
    ['a string does not end', good.replace('"<none>"', '"<none>')],
    ['the closing brace is missing', good.slice(0, -2)],
    ['it stops in the middle', good.slice(0, 300)],
    ['it is not JSON', good.replace(': 98', ': NaN')],
    ['a list does not end', good.replace(': 98', ': [98')],
  ])('goes on after a broken record: %s', async (_title, broken) => {
    const text = `[\n${good},\n${broken},\n${v6}]\n`;
    for (const size of [text.length, 64]) {
      const records = await readAll('nfdump-json', text, {}, size);
      expect(outcomes(records)).toEqual(['ok', 'malformed', 'ok']);
      expect(records[1]?.raw.replace(/,$/, '')).toBe(broken);
    }
  });

  it.each([
    ['cut', (line: string) => line.slice(0, 200)],
    ['cut before a value', (line: string) => line.slice(0, line.indexOf('98'))],
    ['without a quote', (line: string) => line.replace('"in_bytes"', 'in_bytes"')],
    ['nonsense', () => 'ERROR: cannot allocate memory'],
    ['another kind of JSON', () => '"text"'],
  ])('on one line each goes on after a broken one: %s', async (_title, broke) => {
    const line = JSON.stringify(JSON.parse(good));
    const text = `${line}\n${broke(line)}\n${line}\n`;
    const records = await read(text);
    expect(outcomes(records)).toEqual(['ok', 'malformed', 'ok']);
    expect(records[1]?.raw).toBe(broke(line));
  });

  it('that begins in the middle of a record loses that one only', async () => {
    const text = `${good},\n${v6},\n${good}]\n`.slice(200);
    expect(outcomes(await read(text))).toEqual(['malformed', 'ok', 'ok']);
  });

  it('cannot fill the memory with one endless record', async () => {
    const long = JSON.stringify({ ...JSON.parse(good), label: 'x'.repeat(100_000) });
    const line = JSON.stringify(JSON.parse(good));
    const text = `${line}\n{"label":"${'x'.repeat(200_000)}\n${line}\n${long}\n${line}\n`;
    for (const size of [text.length, 65_536, 10_000]) {
      const records = await readAll('nfdump-json', text, {}, size);
      expect(outcomes(records)).toEqual(['ok', 'too_large', 'ok', 'too_large', 'ok']);
      expect(records[1]?.raw.length).toBe(4096);
    }
  });

  it('of another format names the right one', async () => {
    await expect(read('{"event_type": "purge", "ip_src": "192.0.2.1"}\n')).rejects.toThrow(
      'this is pmacct JSON and not nfdump-json: pass --format pmacct-json',
    );
    await expect(read('{"event_type": "purge", "ip_src": "192.0.2.1"}\n')).rejects.toBeInstanceOf(
      FormatError,
    );
    await expect(read('ts,te,td,sa,da\n')).rejects.toThrow('pass --format nfdump-csv');
  });
});
