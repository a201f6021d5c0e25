import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../format';
import { LocalClock } from './localClock';
import { TIME_UNKNOWN, TIME_WITHOUT_ZONE, TimeReader } from './time';

function reader(zone: string | null = null, unpaddedMilliseconds = false): TimeReader {
  return new TimeReader({ clock: zone === null ? null : new LocalClock(zone), unpaddedMilliseconds });
}

function read(text: string, zone: string | null = null, notBefore?: number): number {
  return reader(zone).read(Buffer.from(text), 0, text.length, notBefore);
}

const utc = (text: string) => Date.parse(`${text}Z`);

describe('times that say their zone', () => {
  it.each([
    ['2026-11-22T09:00:02.393000Z', '2026-11-22T09:00:02.393'],
    ['2026-11-22T10:00:02.393999+01:00', '2026-11-22T09:00:02.393'],
    ['2026-11-22T14:45:02+0545', '2026-11-22T09:00:02.000'],
    ['2026-11-21 23:30:02.5-09:30', '2026-11-22T09:00:02.500'],
    ['2026-11-22T10:00:02+01:00[Europe/Berlin]', '2026-11-22T09:00:02.000'],
    ['2024-02-29T23:59:60Z', '2024-03-01T00:00:00.000'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(utc(expected));
  });
});

describe('epochs', () => {
  it('are seconds, with a fraction that is cut to milliseconds', () => {
    expect(read('1795338002')).toBe(1_795_338_002_000);
    expect(read('1795338002.393999')).toBe(1_795_338_002_393);
    expect(read('1795338002.3')).toBe(1_795_338_002_300);
  });
  it('are milliseconds from twelve digits on', () => {
    expect(read('1795338002393')).toBe(1_795_338_002_393);
  });
});

describe('times that are none', () => {
  it.each([
    '',
    'now',
    '2026-13-01T00:00:00',
    '2026-02-30T00:00:00',
    '2025-02-29T00:00:00',
    '1900-02-29T00:00:00',
    '2026-11-22T24:00:00',
    '2026-11-22T09:60:00',
    '2026-11-22T09:00:61',
    '2026-11-22T09:00:00.',
    '2026-11-22T09:00:00x',
    '2026-11-22T09:00:00+25:00',
    '2026-11-22T09:00:00+01',
    '2026-11-22T09:00:0',
    '2026/11/22 09:00:00',
    '22-11-2026 09:00:00',
    '-5',
    '1.2.3',
    '1795338002393.5',
  ])('%j cannot be read', (text) => {
    expect(read(text, 'UTC')).toBeNaN();
  });

  it('0 and 0000-00-00 mean unknown', () => {
    expect(read('0000-00-00T00:00:00.000', 'UTC')).toBe(TIME_UNKNOWN);
    expect(read('0000-00-00 00:00:00')).toBe(TIME_UNKNOWN);
    expect(read('0000-00-00T00:00:00Z')).toBe(TIME_UNKNOWN);
    expect(read('0')).toBe(TIME_UNKNOWN);
    expect(read('0.000000')).toBe(TIME_UNKNOWN);
  });
});

describe('local times', () => {
  it('need a declared zone', () => {
    expect(read('2026-11-22T09:00:02.393')).toBe(TIME_WITHOUT_ZONE);
    expect(read('2026-11-22 09:00:02.393', 'UTC')).toBe(utc('2026-11-22T09:00:02.393'));
    expect(read('2026-11-22T09:00:02', 'Europe/Berlin')).toBe(utc('2026-11-22T08:00:02'));
    expect(read('2026-11-22T09:00:02', 'Asia/Kathmandu')).toBe(utc('2026-11-22T03:15:02'));
    expect(read('2026-11-22T09:00:02', '+05:45')).toBe(utc('2026-11-22T03:15:02'));
    expect(read('2026-11-22T09:00:02', '-0930')).toBe(utc('2026-11-22T18:30:02'));
  });

  it('name a zone that does not exist, and how to write one', () => {
    expect(() => new LocalClock('Berlin')).toThrow(FormatError);
    expect(() => new LocalClock('Berlin')).toThrow(/"Berlin" is not a time zone.*--zone Europe\/Berlin/);
    expect(() => new LocalClock('')).toThrow(FormatError);
    expect(() => new LocalClock('+99:00')).toThrow(FormatError);
  });

  it('that exist twice are the first of the two, unless that lies before the start of the flow', () => {
    const berlin = reader('Europe/Berlin');
    const text = Buffer.from('2026-10-25T02:30:00');
    const first = utc('2026-10-25T00:30:00');
    expect(berlin.read(text, 0, text.length)).toBe(first);
    expect(berlin.uncertain).toBe(true);
    expect(berlin.read(text, 0, text.length, first)).toBe(first);
    expect(berlin.read(text, 0, text.length, first + 1)).toBe(first + 3_600_000);
    const after = Buffer.from('2026-10-25T03:00:00');
    expect(berlin.read(after, 0, after.length)).toBe(utc('2026-10-25T02:00:00'));
    expect(berlin.uncertain).toBe(false);
  });

  it('that do not exist move on by the gap', () => {
    const berlin = reader('Europe/Berlin');
    const text = Buffer.from('2026-03-29T02:30:00');
    expect(berlin.read(text, 0, text.length)).toBe(utc('2026-03-29T01:30:00'));
    expect(berlin.uncertain).toBe(true);
    expect(read('2026-03-29T01:59:59.999', 'Europe/Berlin')).toBe(utc('2026-03-29T00:59:59.999'));
    expect(read('2026-03-29T03:00:00', 'Europe/Berlin')).toBe(utc('2026-03-29T01:00:00'));
  });

  it('follow transitions off the hour: Lord Howe by half an hour, Newfoundland at one minute past midnight', () => {
    expect(read('2026-04-05T01:15:00', 'Australia/Lord_Howe')).toBe(utc('2026-04-04T14:15:00'));
    expect(read('2026-04-05T01:45:00', 'Australia/Lord_Howe')).toBe(utc('2026-04-04T14:45:00'));
    expect(read('2026-04-05T02:00:00', 'Australia/Lord_Howe')).toBe(utc('2026-04-04T15:30:00'));
    expect(read('2006-04-02T00:00:30', 'America/St_Johns')).toBe(utc('2006-04-02T03:30:30'));
    expect(read('2006-04-02T01:01:00', 'America/St_Johns')).toBe(utc('2006-04-02T03:31:00'));
  });

  it('read back every instant that a zone writes, in any order, uncertain ones within the overlap', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'Asia/Gaza',
    ];
    const readers = new Map(zones.map((zone) => [zone, reader(zone)]));
    const writers = new Map(
      zones.map((zone) => [
        zone,
        new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }),
      ]),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: utc('1990-01-01T00:00:00'), max: utc('2030-01-01T00:00:00') }),
        (zone, instant) => {
          const text = Buffer.from(writers.get(zone)?.format(instant) ?? '');
          const found = readers.get(zone);
          const second = Math.floor(instant / 1000) * 1000;
          const value = found?.read(text, 0, text.length) ?? Number.NaN;
          if (found?.uncertain === true) expect([0, 1_800_000, 3_600_000]).toContain(second - value);
          else expect(value).toBe(second);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('nfdump 1.6', () => {
  it('writes milliseconds without leading zeros', () => {
    const text = Buffer.from('2020-01-01T00:00:00.5');
    expect(reader('UTC', true).read(text, 0, text.length)).toBe(utc('2020-01-01T00:00:00.005'));
    expect(reader('UTC', false).read(text, 0, text.length)).toBe(utc('2020-01-01T00:00:00.500'));
  });
});
