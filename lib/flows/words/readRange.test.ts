import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveRange } from '../scope';
import { RANGE_EXAMPLES } from './examples';
import { readRange, readStart } from './readRange';

const at = (text: string) => Date.parse(text) / 1000;
// A Sunday evening in UTC; in Kathmandu it is Monday 01:07.
const NOW = at('2026-11-22T19:22:41Z');

/** The preset, or both instants to the minute; a problem by its words. */
function read(text: string, zone = 'UTC', fiscalStart = 1, now = NOW): string {
  const found = readRange(text, { now, zone, fiscalStart });
  if ('problem' in found) return `problem at ${found.at}: ${found.problem}`;
  if (found.choice.kind === 'preset') return found.choice.preset;
  return [found.choice.from, found.choice.to]
    .map((t) => new Date(t * 1000).toISOString().slice(0, 16))
    .join(' ');
}

describe('what moves with the clock stays a preset', () => {
  test.each([
    ['last 3 days', '3d'],
    ['Last three days', '3d'],
    ['past 90 min', '90m'],
    ['3d', '3d'],
    ['90m', '90m'],
    ['24h', '24h'],
    ['1 day', '24h'],
    ['last hour', '1h'],
    ['half an hour', '30m'],
    ['a couple of weeks', '14d'],
    ['last 1.5 hours', '90m'],
    // whole slots of five minutes
    ['last 7 minutes', '10m'],
    ['past week', '7d'],
    ['last 2 weeks', '14d'],
    ['past month', '30d'],
    ['last 3 months', '90d'],
    ['last 2 years', '730d'],
    ['today', 'today'],
    ['Yesterday', 'yesterday'],
    ['last week', 'last-week'],
    ['this month', 'this-month'],
    ['last month', 'last-month'],
    ['previous quarter', 'last-quarter'],
    ['year to date', 'this-year'],
    ['mtd', 'this-month'],
    ['last-quarter', 'last-quarter'],
    ['since monday', 'this-week'],
    ['since 1 november', 'this-month'],
    ['00:00 to now', 'today'],
    ['november', 'this-month'],
    ['2026-11-22', 'today'],
    ['2026', 'this-year'],
  ])('%s: %s', (text, preset) => {
    expect(read(text)).toBe(preset);
  });
});

describe('quarters', () => {
  test.each([
    ['Q4 2025', '2025-Q4'],
    ['2025-Q4', '2025-Q4'],
    ['2025 q4', '2025-Q4'],
    ["q4 '25", '2025-Q4'],
    ['fourth quarter of 2025', '2025-Q4'],
    ['q4', '2026-Q4'],
    ['q1', '2026-Q1'],
    ['last 2 quarters', '2026-04-01T00:00 2026-10-01T00:00'],
    ['Q1 2026 to Q2 2026', '2026-01-01T00:00 2026-07-01T00:00'],
  ])('%s: %s', (text, expected) => {
    expect(read(text, 'America/New_York')).toBe(expected);
  });

  test.each([
    ['FY26 Q1', 1, '2026-01-01T00:00 2026-04-01T00:00'],
    ['FY26 Q1', 2, '2025-02-01T00:00 2025-05-01T00:00'],
    ['Q1 FY2027', 2, '2026-02-01T00:00 2026-05-01T00:00'],
    ['fy26', 10, '2025-10-01T00:00 2026-10-01T00:00'],
  ])('%s with fiscal years from month %d: %s', (text, start, expected) => {
    expect(read(text, 'Asia/Kathmandu', start)).toBe(expected);
  });
});

describe('fiscal quarters and years by name, on 22 November 2026', () => {
  test.each([
    ['last fiscal quarter', 2, '2026-08-01T00:00 2026-11-01T00:00'],
    ['previous fiscal quarter', 1, '2026-07-01T00:00 2026-10-01T00:00'],
    ['this fiscal quarter', 2, '2026-11-01T00:00 2026-11-22T19:20'],
    ['last fiscal year', 2, '2025-02-01T00:00 2026-02-01T00:00'],
    ['current fiscal year', 2, '2026-02-01T00:00 2026-11-22T19:20'],
  ])('%s with fiscal years from month %d: %s', (text, start, expected) => {
    expect(read(text, 'Asia/Kathmandu', start)).toBe(expected);
  });
});

describe('dates and times in UTC', () => {
  test.each([
    ['march 2026', '2026-03-01T00:00 2026-04-01T00:00'],
    ['2026-03', '2026-03-01T00:00 2026-04-01T00:00'],
    ['december', '2025-12-01T00:00 2026-01-01T00:00'],
    ['2025', '2025-01-01T00:00 2026-01-01T00:00'],
    ['2026-03-29', '2026-03-29T00:00 2026-03-30T00:00'],
    ['2026-03-29 14:00 to 18:00', '2026-03-29T14:00 2026-03-29T18:00'],
    ['2026-03-29 14:00-18:00', '2026-03-29T14:00 2026-03-29T18:00'],
    ['2026-03-29 22:00 to 02:00', '2026-03-29T22:00 2026-03-30T02:00'],
    ['2026-03-29T14:00Z to 2026-03-30T18:00:00Z', '2026-03-29T14:00 2026-03-30T18:00'],
    ['2026-03-29 - 2026-03-31', '2026-03-29T00:00 2026-04-01T00:00'],
    ['yesterday 14:00 to 18:00', '2026-11-21T14:00 2026-11-21T18:00'],
    ['from 14:00 yesterday until 18:00', '2026-11-21T14:00 2026-11-21T18:00'],
    ['between 3pm and 5pm', '2026-11-22T15:00 2026-11-22T17:00'],
    ['4 to 6pm', '2026-11-22T16:00 2026-11-22T18:00'],
    // 20:00 has not come yet today
    ['20:00 to 21:00', '2026-11-21T20:00 2026-11-21T21:00'],
    ['14:00 to now', '2026-11-22T14:00 2026-11-22T19:20'],
    ['19:22 to now', '2026-11-22T19:22 2026-11-22T19:27'],
    ['3 hours ago to 1 hour ago', '2026-11-22T16:20 2026-11-22T18:20'],
    ['12 Nov 09:00 - 13 Nov', '2026-11-12T09:00 2026-11-14T00:00'],
    ['12 - 15 Nov', '2026-11-12T00:00 2026-11-16T00:00'],
    ['Nov 12\u201315', '2026-11-12T00:00 2026-11-16T00:00'],
    ['12-15 nov 2025', '2025-11-12T00:00 2025-11-16T00:00'],
    ['28 dec - 3 jan', '2025-12-28T00:00 2026-01-04T00:00'],
    ['28 dec to 3 jan 2025', '2024-12-28T00:00 2025-01-04T00:00'],
    ['nov 12th, 2025', '2025-11-12T00:00 2025-11-13T00:00'],
    // 30 November has not come yet this year
    ['30 november', '2025-11-30T00:00 2025-12-01T00:00'],
    ['29 feb', '2024-02-29T00:00 2024-03-01T00:00'],
    ['monday', '2026-11-16T00:00 2026-11-17T00:00'],
    ['last sunday', '2026-11-15T00:00 2026-11-16T00:00'],
    ['monday to wednesday', '2026-11-16T00:00 2026-11-19T00:00'],
    ['last friday 3pm to saturday noon', '2026-11-20T15:00 2026-11-21T12:00'],
    ['last weekend', '2026-11-14T00:00 2026-11-16T00:00'],
    ['week of nov 2', '2026-11-02T00:00 2026-11-09T00:00'],
    ['2026-W01', '2025-12-29T00:00 2026-01-05T00:00'],
    ['yesterday morning', '2026-11-21T06:00 2026-11-21T12:00'],
    ['this morning', '2026-11-22T06:00 2026-11-22T12:00'],
    ['3 days ago', '2026-11-19T00:00 2026-11-20T00:00'],
    ['a month ago', '2026-10-22T00:00 2026-10-23T00:00'],
    ['friday to today', '2026-11-20T00:00 2026-11-22T19:20'],
    ['since march', '2026-03-01T00:00 2026-11-22T19:20'],
    ['since 2026-11-20 08:00', '2026-11-20T08:00 2026-11-22T19:20'],
  ])('%s: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('in New York', () => {
  test.each([
    // 8 March has 23 hours, 1 November 25.
    ['2026-03-08', '2026-03-08T05:00 2026-03-09T04:00'],
    ['8 march 01:00 to 04:00', '2026-03-08T06:00 2026-03-08T08:00'],
    ['2026-11-01', '2026-11-01T04:00 2026-11-02T05:00'],
    // 01:30 comes twice: the first one. Between it and 02:00 lie an hour and a half.
    ['2026-11-01 01:30 to 02:00', '2026-11-01T05:30 2026-11-01T07:00'],
    ['2026-11-01 06:00 UTC to 2026-11-01 07:00 UTC', '2026-11-01T06:00 2026-11-01T07:00'],
    ['march 2026', '2026-03-01T05:00 2026-04-01T04:00'],
    ['yesterday 14:00 to 18:00', '2026-11-21T19:00 2026-11-21T23:00'],
  ])('%s: %s', (text, expected) => {
    expect(read(text, 'America/New_York')).toBe(expected);
  });

  test('a stretch that clocks jump over is nothing, and says so', () => {
    expect(read('2026-03-08 02:00 to 03:00', 'America/New_York')).toMatch(/clocks may jump/);
  });
});

describe('in Kathmandu, where it is already Monday', () => {
  test.each([
    ['yesterday 14:00 to 18:00', '2026-11-22T08:15 2026-11-22T12:15'],
    ['since monday', 'today'],
    ['14:00 to now', '2026-11-22T08:15 2026-11-22T19:20'],
    ['the day before yesterday', '2026-11-20T18:15 2026-11-21T18:15'],
    ['2026-03-29', '2026-03-28T18:15 2026-03-29T18:15'],
    ['last weekend', '2026-11-20T18:15 2026-11-22T18:15'],
  ])('%s: %s', (text, expected) => {
    expect(read(text, 'Asia/Kathmandu')).toBe(expected);
  });
});

describe('what is no range says why, and where', () => {
  test.each([
    ['', 0, 'Nothing is written'],
    ['foo', 0, '"foo" is not understood'],
    ['last 3 fortnigths', 7, '"fortnigths"'],
    ['yesterday 14:00', 0, 'is one instant'],
    ['now', 0, 'is one instant'],
    ['2027', 0, 'future'],
    ['2026-02-30', 0, '"2026-02-30" is not understood'],
    ['18:00 est to now', 6, '"est"'],
    ['last 11 years', 0, 'ten years'],
    ['1990 to 2026', 0, 'ten years'],
    ['13 nov 2025 to 12 nov 2025', 0, 'ends before'],
    ['12 nov to 11 nov', 0, 'ends before'],
    ['march 14:00', 0, 'do not make a time range'],
    ['25:00 to 26:00', 0, '"25:00"'],
    ['last', 0, 'do not make a time range'],
  ])('"%s" at %d: %s', (text, position, words) => {
    const said = read(text);
    expect(said).toContain(`problem at ${position}:`);
    expect(said).toContain(words);
  });
});

test.each([
  ['yesterday 14:00', '2026-11-21T14:00'],
  ['1 nov', '2026-11-01T00:00'],
  ['Q4 2025', '2025-10-01T00:00'],
  ['last 3 days', '2026-11-19T19:20'],
])('a start in words: %s is %s', (text, expected) => {
  const found = readStart(text, { now: NOW, zone: 'UTC', fiscalStart: 1 });
  expect('from' in found && new Date(found.from * 1000).toISOString().slice(0, 16)).toBe(expected);
});

test('a start that has yet to come, or is none, says so', () => {
  const sense = { now: NOW, zone: 'UTC', fiscalStart: 1 };
  expect(readStart('2027', sense)).toMatchObject({ problem: expect.stringContaining('future') });
  expect(readStart('some day', sense)).toMatchObject({ problem: expect.stringContaining('"some"') });
});

test('every example that is shown is understood', () => {
  for (const example of RANGE_EXAMPLES) expect(read(example)).not.toContain('problem');
});

const word = fc.constantFrom(
  ...'last past this 3 12 a half an 0 99 days h weeks months quarter q4 fy26 2025 2026-03-08 02:30 25:00 2pm noon monday sun nov march 29 feb'.split(
    ' ',
  ),
  ...'to - until now since yesterday today ago of week weekend morning 24:00 utc z 1st w53 2026-w53 .. between and next'.split(
    ' ',
  ),
);

test('whatever is written, nothing throws, and what is understood is not empty and has begun', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(word, { maxLength: 7 }).map((words) => words.join(' ')),
        fc.string({ maxLength: 30 }),
      ),
      fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
      fc.integer({ min: at('2026-01-01'), max: at('2027-01-01') }),
      fc.integer({ min: 1, max: 12 }),
      (text, zone, now, fiscalStart) => {
        const found = readRange(text, { now, zone, fiscalStart });
        if ('problem' in found) {
          expect(found.problem.length).toBeGreaterThan(10);
          expect(found.at).toBeLessThanOrEqual(text.length);
          return;
        }
        const { from, to } = resolveRange({ range: found.choice, zone }, now);
        expect(Number.isInteger(from) && Number.isInteger(to)).toBe(true);
        expect(from).toBeLessThan(to);
        expect(from).toBeLessThanOrEqual(now);
      },
    ),
    { numRuns: 3_000 },
  );
});
