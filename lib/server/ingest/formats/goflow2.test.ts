import { describe, expect, it } from 'vitest';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import { accepted, addressText, outcomes, readAll, rejected } from './testing';
import { bytesField, goflow2Body, goflow2Line, goflow2Message, varint, varintField } from './testing/goflow2';

type Values = Parameters<typeof goflow2Line>[0];
const FORMS = ['goflow2-json', 'goflow2-protobuf'] as const;
const read = (form: (typeof FORMS)[number], values: Values = {}, options = {}) =>
  readAll(form, form === 'goflow2-json' ? goflow2Line(values) : goflow2Message(values), options);

describe.each(FORMS)('%s', (form) => {
  it('reads every field of a record, times in nanoseconds cut to milliseconds', async () => {
    const record = accepted(
      await read(form, {
        time_flow_start_ns: 1795338002_393999999n,
        src_as: 64500,
        dst_as: 4294967295,
        ip_tos: 184,
        observation_domain_id: 7,
        flow_direction: 1,
      }),
    );
    expect({ ...record, srcIp: addressText(record.srcIp), dstIp: addressText(record.dstIp) }).toEqual({
      tsStartMs: 1795338002393,
      durationMs: 22896,
      tsRecvMs: 1795338060000,
      exporter: '192.0.2.1',
      obsDomain: 7,
      inIf: 3,
      outIf: 4,
      reportedDirection: 2,
      srcIp: '192.168.5.16',
      dstIp: '68.233.253.133',
      srcPort: 53605,
      dstPort: 80,
      proto: 6,
      tos: 184,
      tcpFlags: 21,
      srcAs: 64500,
      dstAs: 0,
      bytesRaw: 98,
      packetsRaw: 2,
      samplingRate: 1,
      sourceFormat: form,
      qualityFlags: 0,
      sequence: 21,
      exportVersion: 'ipfix',
      comparedByContent: true,
    });
  });

  it.each([
    [0, 'unknown'],
    [1, 'sflow5'],
    [2, 'netflow5'],
    [3, 'netflow9'],
    [4, 'ipfix'],
    [5, 'unknown'],
  ])('type %i is %s', async (type, version) => {
    expect(accepted(await read(form, { type })).exportVersion).toBe(version);
  });

  it('a rejected record says in which packet it came, as far as it can be read', async () => {
    const packet = { sequence_num: 77, observation_domain_id: 3, src_port: 70_000 };
    expect(rejected(await read(form, packet)).sentIn).toEqual({
      exporter: '192.0.2.1',
      obsDomain: 3,
      exportVersion: 'ipfix',
      sourceFormat: form,
      tsRecvMs: 1795338060000,
      sequence: 77,
      qualityFlags: 0,
    });
    expect(rejected(await read(form, { ...packet, time_received_ns: 0 })).sentIn).toBeUndefined();
  });

  it('counters are raw: the rate of the record multiplies them', async () => {
    const record = accepted(await read(form, { sampling_rate: 1000 }));
    expect([record.bytesRaw, record.samplingRate, record.qualityFlags]).toEqual([98, 1000, 0]);
  });

  it('rate 0 is unknown and flagged, unless --sampling-rate says it', async () => {
    expect(accepted(await read(form, { sampling_rate: 0 }))).toMatchObject({
      samplingRate: 0,
      qualityFlags: QUALITY_FLAGS.unknownSamplingRate,
    });
    const told = accepted(await read(form, { sampling_rate: 0 }, { samplingRate: 512 }));
    expect([told.samplingRate, told.qualityFlags]).toEqual([512, 0]);
  });

  it('sFlow: frames less 18 a packet, start = end = receipt, never compared by content', async () => {
    const sample = { type: 1, bytes: 1518, packets: 1, sampling_rate: 4096, proto: 17 };
    const record = accepted(await read(form, sample));
    expect(record).toMatchObject({
      bytesRaw: 1500,
      packetsRaw: 1,
      samplingRate: 4096,
      tsStartMs: 1795338060000,
      durationMs: 0,
      tsRecvMs: 1795338060000,
      comparedByContent: false,
      qualityFlags: QUALITY_FLAGS.frameBytesEstimate | QUALITY_FLAGS.arrivalTimeOnly,
    });
  });

  it.each(['vlan_id', 'src_vlan', 'dst_vlan'] as const)('sFlow with %s: less 22 a packet', async (vlan) => {
    expect(accepted(await read(form, { type: 1, bytes: 1522, packets: 1, [vlan]: 100 })).bytesRaw).toBe(1500);
  });

  it('NetFlow with a VLAN keeps its bytes: they are those of layer 3', async () => {
    expect(accepted(await read(form, { type: 3, bytes: 1500, vlan_id: 100 })).bytesRaw).toBe(1500);
  });

  it('without start and end, the receipt; without an end, the start', async () => {
    const arrived = accepted(await read(form, { time_flow_start_ns: 0, time_flow_end_ns: 0 }));
    expect([arrived.tsStartMs, arrived.durationMs]).toEqual([1795338060000, 0]);
    expect(arrived.qualityFlags).toBe(QUALITY_FLAGS.arrivalTimeOnly);
    const open = accepted(await read(form, { time_flow_end_ns: 0 }));
    expect([open.tsStartMs, open.durationMs, open.qualityFlags]).toEqual([
      1795338002393,
      0,
      QUALITY_FLAGS.endMissing,
    ]);
    const none = { time_flow_start_ns: 0, time_flow_end_ns: 0, time_received_ns: 0 };
    expect(rejected(await read(form, none))).toMatchObject({ reason: 'missing_field' });
  });

  it('unknown interfaces and exporters are 0 and unknown', async () => {
    const record = accepted(
      await read(form, { in_if: 1073741823, out_if: 4294967295, sampler_address: '0.0.0.0' }),
    );
    expect([record.inIf, record.outIf, record.exporter]).toEqual([0, 0, 'unknown']);
  });

  it('ICMP: type and code, or where both are 0 the port that some templates use', async () => {
    const icmp = { proto: 1, src_port: 0 };
    expect(accepted(await read(form, { ...icmp, dst_port: 0, icmp_type: 8 })).dstPort).toBe(2048);
    expect(accepted(await read(form, { ...icmp, dst_port: 2048 })).dstPort).toBe(2048);
    expect(accepted(await read(form, { ...icmp, dst_port: 0 })).dstPort).toBe(0);
  });

  it('other protocols than IP are no flows', async () => {
    const arp = { type: 1, etype: 0x806, src_addr: undefined, dst_addr: undefined };
    expect(rejected(await read(form, arp))).toMatchObject({ reason: 'not_a_flow' });
  });

  it('an address that is missing is named', async () => {
    expect(rejected(await read(form, { dst_addr: undefined }))).toEqual(
      expect.objectContaining({ reason: 'missing_field', detail: 'dst_addr is missing' }),
    );
  });

  it('2^60 bytes keep every digit, and more than 2^63 - 1 with the rate is rejected', async () => {
    expect(accepted(await read(form, { bytes: 2n ** 60n })).bytesRaw).toBe(2n ** 60n);
    expect(rejected(await read(form, { bytes: 2n ** 60n, sampling_rate: 8 })).reason).toBe(
      'counter_overflow',
    );
    expect(rejected(await read(form, { bytes: 2n ** 64n - 1n })).reason).toBe('counter_overflow');
  });

  it('IPv6 is read', async () => {
    const record = accepted(
      await read(form, { src_addr: '2001:db8::1', dst_addr: '2001:db8::2', etype: 0x86dd }),
    );
    expect(addressText(record.srcIp)).toBe('2001:0db8:0000:0000:0000:0000:0000:0001');
  });
});

describe('goflow2-json', () => {
  it('times may be rendered as text with a zone', async () => {
    const line = goflow2Line().replace('1795338002393000000', '"2026-11-22T09:00:02.393123456Z"');
    expect(accepted(await readAll('goflow2-json', line)).tsStartMs).toBe(
      Date.UTC(2026, 10, 22, 9, 0, 2, 393),
    );
  });
});

describe('goflow2-protobuf', () => {
  it('what is left out is 0: no bytes, no ports', async () => {
    const record = accepted(await readAll('goflow2-protobuf', goflow2Message({ bytes: 0, src_port: 0 })));
    expect([record.bytesRaw, record.srcPort]).toEqual([0, 0]);
  });

  it('fields that Weir does not know are passed over, of every wire type', async () => {
    const body = Buffer.concat([
      varintField(1000, 5),
      goflow2Body(),
      bytesField(101, varint(65000)),
      varint(1001 * 8 + 1),
      Buffer.alloc(8),
      varint(1002 * 8 + 5),
      Buffer.alloc(4),
    ]);
    expect(
      accepted(await readAll('goflow2-protobuf', Buffer.concat([varint(body.length), body]))).bytesRaw,
    ).toBe(98);
  });

  it('a line break after each message, as goflow2 writes to files, is no part of the next', async () => {
    const message = Buffer.concat([goflow2Message(), Buffer.from('\n')]);
    for (const size of [1, 7, 100_000]) {
      const records = await readAll('goflow2-protobuf', Buffer.concat([message, message, message]), {}, size);
      expect(outcomes(records)).toEqual(['ok', 'ok', 'ok']);
    }
  });

  it('a rejected message can be read', async () => {
    const { raw } = rejected(await readAll('goflow2-protobuf', goflow2Message({ src_port: 70_000 })));
    expect(JSON.parse(raw)).toMatchObject({ src_addr: '192.168.5.16', src_port: 70_000, type: 'IPFIX' });
  });

  it('a message of another kind with its length before it is an error', async () => {
    const other = bytesField(1, Buffer.from('hello world'));
    await expect(readAll('goflow2-protobuf', Buffer.concat([varint(other.length), other]))).rejects.toThrow(
      /does not begin with messages of goflow2/,
    );
  });
});
