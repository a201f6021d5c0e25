import { describe, expect, it } from 'vitest';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import { accepted, addressText, outcomes, pmacctLine, readAll, rejected } from './testing';

const read = (text: string, options = {}) => readAll('pmacct-json', text, options);

/** A line of sfacctd: packet samples have an arrival time and nothing else. */
const sample = (values = {}) =>
  pmacctLine({
    timestamp_start: undefined,
    timestamp_end: undefined,
    export_proto_seqno: undefined,
    export_proto_version: undefined,
    iface_in: 1073741823,
    iface_out: 1073741823,
    sampling_rate: 10,
    vlan: 0,
    packets: 2,
    bytes: 542,
    ...values,
  });

describe('a line of nfacctd', () => {
  it('gives every field of the canonical record', async () => {
    const record = accepted(
      await read(pmacctLine({ tos: 184, as_src: 64512, as_dst: 4294967295, export_proto_sysid: 7 })),
    );
    expect(record).toEqual({
      tsStartMs: Date.UTC(2026, 10, 22, 9, 0, 2, 393),
      durationMs: 22_896,
      tsRecvMs: Date.UTC(2026, 10, 22, 9, 1, 0, 397),
      exporter: '192.0.2.1',
      obsDomain: 7,
      inIf: 3,
      outIf: 4,
      reportedDirection: 0,
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
      sourceFormat: 'pmacct-json',
      qualityFlags: 0,
      sequence: 21,
      exportVersion: 'unknown',
      comparedByContent: true,
    });
    expect(addressText(record.srcIp)).toBe('192.168.5.16');
    expect(addressText(record.dstIp)).toBe('68.233.253.133');
  });

  it.each([
    [
      { ip_proto: 'ipv6-icmp', port_src: 0, port_dst: 0 },
      { proto: 58, srcPort: 0, dstPort: 0 },
    ],
    [
      { ip_proto: 'icmp', port_src: undefined, port_dst: undefined },
      { proto: 1, srcPort: 0, dstPort: 0 },
    ],
    [{ ip_proto: 'ipip' }, { proto: 94 }],
    [{ ip_proto: 'ipencap' }, { proto: 4 }],
    [{ ip_proto: '132' }, { proto: 132 }],
    [{ ip_proto: 17 }, { proto: 17 }],
    [{ tcp_flags: '0' }, { tcpFlags: 0 }],
    [{ tcp_flags: '0x1b' }, { tcpFlags: 27 }],
    [{ tcp_flags: '283' }, { tcpFlags: 27 }],
    [{ tcp_flags: 'raw:["SYN", "ACK"]' }, { tcpFlags: 18 }],
    [{ peer_ip_src: '::ffff:192.0.2.9' }, { exporter: '192.0.2.9' }],
    [{ peer_ip_src: '2001:DB8::9' }, { exporter: '2001:db8::9' }],
    [{ peer_ip_src: undefined }, { exporter: 'unknown' }],
    [{ sampling_direction: 'i' }, { reportedDirection: 1 }],
    [{ sampling_direction: 'e' }, { reportedDirection: 2 }],
    [{ sampling_direction: 'u' }, { reportedDirection: 0 }],
    [{ export_proto_seqno: undefined }, { sequence: null }],
    [{ bytes: 'raw:1152921504606846977' }, { bytesRaw: 1_152_921_504_606_846_977n }],
    [{ flows: 'raw:null', as_path: 'raw:[1, {"a": "}"}]', label: 'a "quoted" \\ label' }, { bytesRaw: 98 }],
  ])('%o gives what it says', async (values, expected) => {
    expect(accepted(await read(pmacctLine(values)))).toMatchObject(expected);
  });

  it.each([
    [{ bytes: -1 }, 'negative_counter', 'bytes is -1: a counter cannot be negative'],
    [{ bytes: undefined }, 'missing_field', 'bytes is missing'],
    [{ packets: 'raw:1e30' }, 'counter_overflow', 'packets is 1e30: more than 9223372036854775807'],
    [
      { sampling_rate: -1 },
      'invalid_number',
      'sampling_rate is "-1": no rate from 0 (unknown) to 4294967295',
    ],
    [{ ip_src: '' }, 'missing_field', 'ip_src is missing'],
    [{ ip_src: 'x' }, 'invalid_address', 'ip_src is "x": no IPv4 or IPv6 address'],
    [{ tcp_flags: 'what' }, 'invalid_number', 'tcp_flags is "what": no TCP flags'],
    [{ timestamp_start: 'yesterday' }, 'invalid_time', 'timestamp_start is "yesterday": no date and time'],
    [
      { timestamp_start: undefined, timestamp_end: undefined, timestamp_arrival: undefined },
      'missing_field',
      /add timestamp_start and timestamp_end to the aggregate/,
    ],
  ])('%o is rejected as %s', async (values, reason, detail) => {
    const rejection = rejected(await read(pmacctLine(values)));
    expect(rejection.reason).toBe(reason);
    expect(rejection.detail).toMatch(detail);
    expect(rejection.raw).toBe(pmacctLine(values).trimEnd());
  });
});

describe('the sampling rate', () => {
  it('1 is unsampled or renormalized, and multiplies nothing', async () => {
    expect(accepted(await read(pmacctLine(), { samplingRate: 1000 }))).toMatchObject({
      samplingRate: 1,
      qualityFlags: 0,
    });
  });

  it('as reported comes before the one that was passed', async () => {
    expect(accepted(await read(pmacctLine({ sampling_rate: 512 }), { samplingRate: 1000 }))).toMatchObject({
      samplingRate: 512,
      bytesRaw: 98,
    });
  });

  it.each([{ sampling_rate: 0 }, { sampling_rate: undefined }])(
    '%o is unknown: flagged, unless one is passed',
    async (values) => {
      expect(accepted(await read(pmacctLine(values)))).toMatchObject({
        samplingRate: 0,
        qualityFlags: QUALITY_FLAGS.unknownSamplingRate,
      });
      expect(accepted(await read(pmacctLine(values), { samplingRate: 1000 }))).toMatchObject({
        samplingRate: 1000,
        qualityFlags: 0,
      });
    },
  );

  it('times the counter must stay below 2^63', async () => {
    const fits = { bytes: 'raw:4611686018427387903', sampling_rate: 2 };
    expect(accepted(await read(pmacctLine(fits))).bytesRaw).toBe(4_611_686_018_427_387_903n);
    const rejection = rejected(
      await read(pmacctLine({ bytes: 'raw:4611686018427387904', sampling_rate: 2 })),
    );
    expect(rejection.reason).toBe('counter_overflow');
    expect(rejection.detail).toBe(
      'bytes is 4611686018427387904, times the sampling rate 2: more than 9223372036854775807',
    );
  });

  it.each([0, -1, 1.5, 2 ** 32, Number.NaN])('%s cannot be passed', async (samplingRate) => {
    await expect(read(pmacctLine(), { samplingRate })).rejects.toThrow(/for example --sampling-rate 1000/);
  });
});

describe('a line of sfacctd', () => {
  it('is one moment; its frames lose 18 bytes a packet, and it is never a duplicate', async () => {
    expect(accepted(await read(sample()))).toMatchObject({
      tsStartMs: Date.UTC(2026, 10, 22, 9, 1, 0, 397),
      durationMs: 0,
      tsRecvMs: Date.UTC(2026, 10, 22, 9, 1, 0, 397),
      inIf: 0,
      outIf: 0,
      bytesRaw: 542 - 2 * 18,
      packetsRaw: 2,
      samplingRate: 10,
      qualityFlags: QUALITY_FLAGS.frameBytesEstimate | QUALITY_FLAGS.arrivalTimeOnly,
      sequence: null,
      exportVersion: 'unknown',
      comparedByContent: false,
    });
  });

  it('loses 22 bytes a packet with a VLAN tag, and never more than it has', async () => {
    expect(accepted(await read(sample({ vlan: 100 }))).bytesRaw).toBe(542 - 2 * 22);
    expect(accepted(await read(sample({ bytes: 20 }))).bytesRaw).toBe(0);
    const huge = sample({ bytes: 'raw:1152921504606846976', packets: 1, sampling_rate: 1 });
    expect(accepted(await read(huge)).bytesRaw).toBe(1_152_921_504_606_846_958n);
  });

  it('is no packet sample where the exporter speaks NetFlow 9 or IPFIX', async () => {
    expect(accepted(await read(sample({ export_proto_version: 9 })))).toMatchObject({
      bytesRaw: 542,
      qualityFlags: QUALITY_FLAGS.arrivalTimeOnly,
      comparedByContent: true,
    });
  });
});

describe('the times of an aggregate', () => {
  const none = { timestamp_start: undefined, timestamp_end: undefined, timestamp_arrival: undefined };

  it('are its least start and greatest end', async () => {
    const values = { ...none, timestamp_min: '2026-11-22T09:00:00Z', timestamp_max: '2026-11-22T09:00:30Z' };
    expect(accepted(await read(pmacctLine(values)))).toMatchObject({
      tsStartMs: Date.UTC(2026, 10, 22, 9),
      durationMs: 30_000,
      qualityFlags: QUALITY_FLAGS.noReceiveTime,
    });
  });

  it('are its start where it has no end', async () => {
    expect(accepted(await read(pmacctLine({ timestamp_end: '0000-00-00T00:00:00Z' })))).toMatchObject({
      durationMs: 0,
      qualityFlags: QUALITY_FLAGS.endMissing,
    });
  });

  it('are those of its bin where it has no others', async () => {
    const values = { ...none, stamp_inserted: '2026-11-22 09:00:00', stamp_updated: '2026-11-22 09:01:41' };
    expect(accepted(await read(pmacctLine(values)))).toMatchObject({
      tsStartMs: Date.UTC(2026, 10, 22, 9),
      durationMs: 0,
      tsRecvMs: Date.UTC(2026, 10, 22, 9, 1, 41),
      qualityFlags: QUALITY_FLAGS.arrivalTimeOnly,
      comparedByContent: false,
    });
  });
});

describe('the three ways to write times', () => {
  const local = {
    timestamp_start: '2026-11-22 10:00:02.393000',
    timestamp_end: '2026-11-22 10:00:25.289000',
    timestamp_arrival: '2026-11-22 10:01:00.397502',
  };
  const epoch = {
    timestamp_start: '1795338002.393000',
    timestamp_end: '1795338025.289000',
    timestamp_arrival: '1795338060.397502',
  };
  const expected = {
    tsStartMs: Date.UTC(2026, 10, 22, 9, 0, 2, 393),
    durationMs: 22_896,
    tsRecvMs: Date.UTC(2026, 10, 22, 9, 1, 0, 397),
  };

  it('without a zone, in the declared one', async () => {
    expect(accepted(await read(pmacctLine(local), { zone: 'Europe/Berlin' }))).toMatchObject(expected);
  });

  it('as an epoch, always UTC', async () => {
    expect(accepted(await read(pmacctLine(epoch), { zone: 'Europe/Berlin' }))).toMatchObject(expected);
  });

  it('without a zone and none declared: an error as long as nothing was accepted, then rejected records', async () => {
    const { pmacctJson } = await import('./pmacctJson');
    const { chunked, NOW } = await import('./testing');
    const options = { activeTimeoutSeconds: () => 1800, now: NOW };
    const all = async (text: string) => {
      const records = [];
      for await (const record of pmacctJson.read(chunked(Buffer.from(text)), options)) records.push(record);
      return records;
    };
    await expect(all(`broken\n${pmacctLine(local)}`)).rejects.toThrow(
      'this pmacct JSON has no time zone: pass --zone, for example --zone UTC',
    );
    expect(outcomes(await all(pmacctLine() + pmacctLine(local) + pmacctLine(epoch)))).toEqual([
      'ok',
      'missing_zone',
      'ok',
    ]);
  });
});

describe('a file of pmacct JSON', () => {
  it('goes on after broken lines, each of them one rejected record', async () => {
    const text = [
      pmacctLine(),
      `${pmacctLine().slice(0, 120)}\n`,
      'kernel: out of memory\n',
      pmacctLine().slice(60),
      `${pmacctLine().slice(0, 200)}\n`,
      `${pmacctLine().slice(0, 310)}\n`,
      '\n',
      pmacctLine(),
    ].join('');
    for (const size of [text.length, 100, 3]) {
      const records = await readAll('pmacct-json', text, {}, size);
      expect(outcomes(records)).toEqual([
        'ok',
        'malformed',
        'malformed',
        'malformed',
        'malformed',
        'malformed',
        'ok',
      ]);
      expect(records[4]?.raw).toBe(pmacctLine().slice(0, 200));
    }
  });

  it('leaves out the markers around a purge', async () => {
    const markers = [
      '{"event_type": "purge_init", "writer_id": "p/1"}\n',
      '{"event_type": "purge_close", "writer_id": "p/1"}\n',
    ];
    expect(
      outcomes(await read(`--START (1795338002+5)--\n${markers[0]}${pmacctLine()}${markers[1]}--END--\n`)),
    ).toEqual(['ok']);
  });

  it('may end without a line break, and ends with one rejected record where it is cut', async () => {
    const text = pmacctLine() + pmacctLine();
    expect(outcomes(await read(text.trimEnd()))).toEqual(['ok', 'ok']);
    for (const cut of [2, 5, 200])
      expect(outcomes(await read(text.slice(0, -cut)))).toEqual(['ok', 'truncated']);
  });
});
