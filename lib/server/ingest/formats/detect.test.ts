import { describe, expect, it } from 'vitest';
import { detectFormat } from './detect';
import { formatNamed, formats, guessFormat, headOf, unusedOptions } from './index';
import { chunked, nfdumpRecord, OPTIONS, pmacctLine } from './testing';
import { goflow2Message } from './testing/goflow2';
import { SAMPLES } from './testing/samples';

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
    ['goflow2-json', '{"type":"IPFIX","time_received_ns":1,"sampler_address":"::1"}'],
    ['goflow2-json', '{"type":"SFLOW_5","sequence_num":1'],
    ['akvorado-json', '{"TimeReceived":"2026-11-22 09:00:00","SamplingRate":1000}'],
    ['akvorado-csv', '"TimeReceived","SamplingRate","ExporterAddress"\n'],
    ['akvorado-csv', 'Bytes,TimeReceived,Packets\n'],
    ['weir-ndjson', '{"ts_start":1795338002393000000,"src_ip":"10.0.0.1"}'],
    ['weir-ndjson', '{"exporter":"192.0.2.1","bytes_raw":"98"}'],
    ['weir-parquet', Buffer.from('PAR1\u0015\u0004')],
    ['aws-vpc', 'version account-id interface-id srcaddr dstaddr\n'],
    ['aws-vpc', '%{version} %{vpc-id} %{srcaddr} %{dstaddr}\n'.replaceAll('%', '$')],
    [
      'aws-vpc',
      '2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1 2 ACCEPT OK\n',
    ],
    ['pmacct-csv', 'SRC_IP,DST_IP,SRC_PORT,PACKETS,FLOWS,BYTES\n'],
  ])('knows %s', (format, head) => {
    expect(detect(head)?.format).toBe(format);
  });

  it('knows goflow2 protobuf, with and without line breaks between the messages', () => {
    const message = goflow2Message();
    expect(detect(Buffer.concat([message, message, message]))?.format).toBe('goflow2-protobuf');
    const lines = Buffer.concat([message, Buffer.from('\n'), message, Buffer.from('\n')]);
    expect(detect(lines)?.format).toBe('goflow2-protobuf');
  });

  it.each([
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
      'there is no format "netflow": the formats are nfdump-json, nfdump-csv, pmacct-json, pmacct-csv, goflow2-json',
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

describe('guessFormat', () => {
  it('gives the format and its title', () => {
    expect(guessFormat(Buffer.from(pmacctLine()))).toMatchObject({
      format: 'pmacct-json',
      title: 'pmacct JSON',
    });
  });

  it.each(['', 'hello\n', '{"a":1}'])('lists the formats where %j says nothing', (text) => {
    for (const name of Object.keys(formats)) {
      expect(() => guessFormat(Buffer.from(text))).toThrow(new RegExp(`pass --format with one of .*${name}`));
    }
  });

  it('says what to do about an input that is no flow records', () => {
    expect(() => guessFormat(Buffer.from('d4c3b2a1', 'hex'))).toThrow(
      /packet capture: turn it into flow records/,
    );
  });
});

describe('headOf', () => {
  it.each(Object.entries(SAMPLES))(
    'an input of %s is told by its head, however it is cut, and nothing of it is lost',
    async (name, sample) => {
      for (const size of [1, 50, 100_000]) {
        const { head, chunks } = await headOf(chunked(sample, size));
        expect(guessFormat(head).format).toBe(name);
        const whole: Buffer[] = [];
        for await (const chunk of chunks) whole.push(chunk);
        expect(Buffer.concat(whole).equals(sample)).toBe(true);
      }
    },
  );

  it('does not wait for more than it needs, and passes on what goes wrong later', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from(pmacctLine());
      throw new Error('the cable is cut');
    }
    const { head, chunks } = await headOf(broken());
    expect(head.toString()).toBe(pmacctLine());
    const read = async () => {
      for await (const _ of chunks);
    };
    await expect(read()).rejects.toThrow('the cable is cut');
  });
});

describe('a stream that stays open', () => {
  it.each(Object.entries(SAMPLES).filter(([name]) => name !== 'weir-parquet'))(
    '%s: its first records come before its end',
    async (name, sample) => {
      const forever: AsyncIterable<Buffer> = {
        [Symbol.asyncIterator]: () => {
          let sent = false;
          return {
            next: () => {
              if (sent) return new Promise<IteratorResult<Buffer>>(() => undefined);
              sent = true;
              return Promise.resolve({ done: false, value: sample });
            },
          };
        },
      };
      const blocks = formats[name]?.readBlocks(forever, OPTIONS)[Symbol.asyncIterator]();
      const first = await blocks?.next();
      expect(first?.value?.length).toBeGreaterThanOrEqual(3);
    },
  );
});

describe('unusedOptions', () => {
  it('names a sampling rate that a format with whole counters ignores', () => {
    for (const format of Object.values(formats)) {
      expect(unusedOptions(format, { samplingRate: 1000 }).length).toBe(format.scaledAtSource ? 1 : 0);
      expect(unusedOptions(format, {})).toEqual([]);
    }
    expect(formats['nfdump-json']?.scaledAtSource).toBe(true);
  });
});
