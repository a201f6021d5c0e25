import { expect, test } from 'vitest';
import { accepted, readAll } from '../formats/testing';
import { goflow2Body, goflow2Line, goflow2Message } from '../formats/testing/goflow2';
import { MessageReader } from './messageReader';

const reader = (format: string): MessageReader =>
  new MessageReader(format, { activeTimeoutSeconds: () => 1800, now: Date.UTC(2026, 10, 23) });

test.each([
  ['goflow2-json', Buffer.from(goflow2Line()), Buffer.from(goflow2Line().trimEnd())],
  ['goflow2-protobuf', goflow2Message(), goflow2Message()],
] as const)(
  '%s: a message is read as the same record in a file is, with and without line break',
  async (format, message, bare) => {
    const [expected] = await readAll(format, message);
    expect(accepted([reader(format).read(message)])).toMatchObject({ bytesRaw: 98, packetsRaw: 2 });
    expect(reader(format).read(message)).toEqual(expected);
    expect(reader(format).read(bare)).toEqual(expected);
  },
);

test.each([
  ['goflow2-json', Buffer.alloc(0), 'not_a_flow', /no flow record/],
  ['goflow2-json', Buffer.from(' \n'), 'not_a_flow', /no flow record/],
  ['goflow2-json', Buffer.from(goflow2Line().slice(0, 80)), 'truncated', /middle/],
  ['goflow2-json', Buffer.from('hello'), 'malformed', /no JSON object/],
  ['goflow2-json', Buffer.from(goflow2Line() + goflow2Line()), 'malformed', /2 records.*-format json/],
  ['goflow2-json', Buffer.from(`{"src_addr":"${'x'.repeat(70_000)}"}`), 'too_large', /65536/],
  ['goflow2-protobuf', Buffer.alloc(0), 'not_a_flow', /no flow record/],
  ['goflow2-protobuf', goflow2Message().subarray(0, 30), 'truncated', /middle/],
  [
    'goflow2-protobuf',
    Buffer.concat([goflow2Message(), goflow2Message()]),
    'malformed',
    /2 records.*-format bin/,
  ],
] as const)(
  '%s: whatever a message holds is one record, and harms no other (%#)',
  async (format, message, reason, detail) => {
    const open = reader(format);
    const good = format === 'goflow2-json' ? Buffer.from(goflow2Line()) : goflow2Message();
    const before = open.read(good);
    const read = open.read(message);
    expect(read).toMatchObject({ ok: false, reason });
    expect(read.ok ? '' : read.detail).toMatch(detail);
    expect(open.read(good)).toEqual(before);
    expect(before.ok).toBe(true);
  },
);

test('protobuf without its length is rejected, not misread', () => {
  const read = reader('goflow2-protobuf').read(goflow2Body());
  expect(read.ok).toBe(false);
});

test('a format of other tools is refused with the formats that are known', () => {
  expect(() => reader('pmacct-json')).toThrow(/goflow2-json, goflow2-protobuf/);
});
