import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import { needsSharedData, sharedData } from '@/lib/testing/sharedData';
import { accepted, addressText, outcomes, readAll, rejected } from './testing';
import { FLOW_LOG_ROW } from './testing/samples';

const read = (text: string) => readAll('aws-vpc', text);
const HEADER =
  'interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol bytes packets start end action log-status flow-direction';
const row = (eni: string, src: string, dst: string, direction = '-', action = 'ACCEPT') =>
  `${eni} ${src} ${dst} - - 1234 443 6 5000 10 1795338002 1795338062 ${action} OK ${direction}\n`;
const ok = (records: Awaited<ReturnType<typeof read>>) =>
  records.flatMap((parsed) => (parsed.ok ? [parsed.record] : []));

describe('an AWS VPC flow log', () => {
  it('in the default order of version 2 needs no header', async () => {
    const record = accepted(await read(`${FLOW_LOG_ROW}\n`));
    expect(record).toMatchObject({
      tsStartMs: 1418530010000,
      durationMs: 60_000,
      exporter: 'eni-1235b8ca123456789',
      srcPort: 20641,
      dstPort: 22,
      proto: 6,
      packetsRaw: 20,
      bytesRaw: 4249,
      samplingRate: 1,
      inIf: 0,
      qualityFlags: QUALITY_FLAGS.noReceiveTime,
    });
    expect(addressText(record.dstIp)).toBe('203.0.113.21');
  });

  it('is not sampled: --sampling-rate changes nothing', async () => {
    expect(accepted(await readAll('aws-vpc', `${FLOW_LOG_ROW}\n`, { samplingRate: 1000 })).samplingRate).toBe(
      1,
    );
  });

  it('in another order needs a header, with dashes, underscores or as the placeholders of the console', async () => {
    const cells = '4249 20 1418530010 1418530070 203.0.113.21 172.31.16.139 eni-1 OK';
    const names = 'bytes packets start end dstaddr srcaddr interface-id log-status';
    for (const header of [
      names,
      names.replaceAll('-', '_'),
      names.replaceAll(/\S+/g, (name) => ['$', '{', name, '}'].join('')),
    ]) {
      const record = accepted(await read(`${header}\n${cells}\n`));
      expect([record.bytesRaw, record.packetsRaw, addressText(record.srcIp)]).toEqual([
        4249,
        20,
        '172.31.16.139',
      ]);
    }
    await expect(read(`${cells}\n`)).rejects.toThrow(/put the format of the flow log.*as the first line/);
  });

  it('NODATA and SKIPDATA are rejected each with its reason, and count', async () => {
    const empty = '2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 -';
    const records = await read(`${FLOW_LOG_ROW}\n${empty} NODATA\n${empty} SKIPDATA\n`);
    expect(outcomes(records)).toEqual(['ok', 'no_data', 'skipped_data']);
  });

  it('REJECT did not cross, and is rejected as blocked', async () => {
    const { reason, detail } = rejected(await read(`${FLOW_LOG_ROW.replace('ACCEPT', 'REJECT')}\n`));
    expect(reason).toBe('blocked');
    expect(detail).toContain('REJECT');
  });

  it('pkt-srcaddr and pkt-dstaddr are the ends of the traffic; a dash leaves those of the interface', async () => {
    const line = 'eni-1 10.0.0.5 203.0.113.9 10.9.9.9 - 1 2 6 5000 10 1795338002 1795338062 ACCEPT OK egress';
    const record = accepted(await read(`${HEADER}\n${line}\n`));
    expect([addressText(record.srcIp), addressText(record.dstIp)]).toEqual(['10.9.9.9', '203.0.113.9']);
    expect(record.reportedDirection).toBe(2);
  });

  it('traffic within the VPC counts at one interface, whichever comes first', async () => {
    const sender = row('eni-a', '10.0.0.5', '10.0.0.6', 'egress');
    const receiver = row('eni-b', '10.0.0.5', '10.0.0.6', 'ingress');
    for (const [first, second, kept] of [
      [sender, receiver, 'eni-a'],
      [receiver, sender, 'eni-b'],
    ] as const) {
      const records = await read(`${HEADER}\n${first}${second}${first}`);
      expect(outcomes(records)).toEqual(['ok', 'other_end', 'ok']);
      expect(ok(records).map(({ exporter }) => exporter)).toEqual([kept, kept]);
    }
  });

  it('answers are flows of their own, and traffic with the Internet counts wherever it is seen', async () => {
    const text = `${row('eni-a', '10.0.0.5', '10.0.0.6')}${row('eni-b', '10.0.0.6', '10.0.0.5')}`;
    expect(outcomes(await read(`${HEADER}\n${text}`))).toEqual(['ok', 'ok']);
    const outside = `${row('eni-a', '203.0.113.9', '10.0.0.6')}${row('eni-b', '203.0.113.9', '10.0.0.6')}`;
    expect(outcomes(await read(`${HEADER}\n${outside}`))).toEqual(['ok', 'ok']);
  });

  it('where only one end was seen and it is not the sender, the other may stand in another file: flagged', async () => {
    const flags = async (line: string) => accepted(await read(`${HEADER}\n${line}`)).qualityFlags;
    const maybe = QUALITY_FLAGS.maybeAtOtherEnd | QUALITY_FLAGS.noReceiveTime;
    expect(await flags(row('eni-b', '10.0.0.5', '10.0.0.6', 'ingress'))).toBe(maybe);
    expect(await flags(row('eni-b', '10.0.0.5', '10.0.0.6'))).toBe(maybe);
    expect(await flags(row('eni-a', '10.0.0.5', '10.0.0.6', 'egress'))).toBe(QUALITY_FLAGS.noReceiveTime);
    expect(await flags(row('eni-a', '10.0.0.5', '8.8.8.8'))).toBe(QUALITY_FLAGS.noReceiveTime);
  });

  it('without an interface the account stands for the exporter', async () => {
    const text =
      'account-id srcaddr dstaddr packets bytes start end\n123456789010 10.0.0.5 8.8.8.8 1 60 1795338002 1795338003\n';
    expect(accepted(await read(text)).exporter).toBe('123456789010');
  });

  it('a header may come again with another order', async () => {
    const second = 'packets bytes srcaddr dstaddr start end\n1 60 10.0.0.5 8.8.8.8 1795338002 1795338003\n';
    const records = await read(`${HEADER}\n${row('eni-a', '10.0.0.5', '8.8.8.8')}${second}`);
    expect(ok(records).map(({ bytesRaw }) => bytesRaw)).toEqual([5000, 60]);
  });

  it('names what its format lacks', async () => {
    await expect(read('version srcaddr dstaddr bytes\n')).rejects.toThrow(/no field for packets, start: add/);
  });
});

describe.skipIf(sharedData === null)(needsSharedData("AWS's documented examples"), () => {
  it('give three flows of version 2 and two of version 3, one NODATA, one blocked', async () => {
    const text = readFileSync(`${sharedData}/flows/aws-vpc-flow-examples.log`, 'utf8');
    const lines = text.trim().split('\n');
    const [two, three] = [
      lines.filter((line) => line.startsWith('2 ')),
      lines.filter((line) => line.startsWith('3 ')),
    ];
    expect(outcomes(await read(`${two.join('\n')}\n`))).toEqual(['ok', 'blocked', 'ok', 'no_data']);
    const records = await read(`${three.join('\n')}\n`);
    expect(ok(records).map(({ bytesRaw, packetsRaw }) => [bytesRaw, packetsRaw])).toEqual([
      [568, 8],
      [376, 7],
    ]);
    expect(ok(records).map(({ tcpFlags }) => tcpFlags)).toEqual([2, 18]);
    // Both in one file, as the guide prints them.
    expect(outcomes(await read(text)).filter((result) => result === 'ok').length).toBe(4);
  });
});
