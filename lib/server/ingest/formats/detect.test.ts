import { describe, expect, it } from 'vitest';
import { detectFormat } from './detect';
import { formatNamed } from './index';
import { nfdumpRecord, pmacctLine } from './testing';

const detect = (text: string | Buffer) => detectFormat(Buffer.from(text as string));

describe('detectFormat', () => {
  it.each([
    ['nfdump-json', `[\n${nfdumpRecord()}]`],
    ['nfdump-json', nfdumpRecord({ label: '"ip_src" : 1' }).slice(0, 400)],
    ['nfdump-json', '{"cnt":1,"type":"FLOW","first":"2026-11-22T09:00:02.393","in_packets":2'],
    ['pmacct-json', pmacctLine()],
    ['pmacct-json', `kernel: noise\n${pmacctLine()}`],
    ['nfdump-csv', 'ts,te,td,sa,da,sp,dp,pr\n'],
    ['nfdump-csv', 'cnt,af,firstSeen,lastSeen,proto\n'],
    ['nfdump-csv', 'firstSeen,duration,proto,srcAddr\r\n'],
  ])('knows %s', (format, text) => {
    expect(detect(text)?.format).toBe(format);
  });

  it.each([
    ['goflow2 JSON', '{"type":"IPFIX","time_received_ns":1,"sampler_address":"::1"}'],
    ['an AWS VPC flow log', 'version account-id interface-id srcaddr dstaddr\n'],
    [
      'an AWS VPC flow log',
      '2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1 2 ACCEPT OK\n',
    ],
    ['pmacct CSV', 'SRC_IP,DST_IP,SRC_PORT,PACKETS,FLOWS,BYTES\n'],
    ['a packet capture', Buffer.from('d4c3b2a102000400', 'hex')],
    ['a binary nfcapd file', Buffer.from('0ca502000400', 'hex')],
    ['gzip inside gzip', Buffer.from('1f8b0800', 'hex')],
  ])('knows %s, and what to do about it', (title, text) => {
    expect(detect(text)).toMatchObject({ format: null, title });
    expect(detect(text)?.fix).not.toBe('');
  });

  it.each(['', '\n', 'hello', '{}', '{"a": 1}', '[]', 'a,b,c\n1,2,3\n', '{"label": "in_bytes and ip_src"}'])(
    'is not certain about %j',
    (text) => {
      expect(detect(text)).toBeNull();
    },
  );
});

describe('formatNamed', () => {
  it('gives the reader', () => {
    expect(formatNamed('pmacct-json').name).toBe('pmacct-json');
  });

  it('names the formats, and the one that the input looks like', () => {
    expect(() => formatNamed('netflow')).toThrow(
      'there is no format "netflow": the formats are nfdump-json, nfdump-csv, pmacct-json',
    );
    expect(() => formatNamed('nfdump_json')).toThrow(/did you mean --format nfdump-json\?$/);
    expect(() => formatNamed('CSV')).toThrow(/did you mean --format nfdump-csv\?$/);
    expect(() => formatNamed('pmacct', Buffer.from(pmacctLine()))).toThrow(
      /this input looks like pmacct-json: pass --format pmacct-json$/,
    );
    expect(() => formatNamed('constructor')).toThrow('there is no format "constructor"');
    expect(() => formatNamed('pcap', Buffer.from('d4c3b2a1', 'hex'))).toThrow(
      /this input is a packet capture: turn it into flow records/,
    );
  });
});
