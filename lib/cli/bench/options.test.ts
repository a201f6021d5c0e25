import { expect, test } from 'vitest';
import { readBenchOptions } from './options';

test('what is measured, and how often when nobody says', () => {
  expect(readBenchOptions([])).toEqual({ kind: 'overview', rounds: 20 });
  expect(readBenchOptions(['--browser'])).toEqual({ kind: 'browser', rounds: 10, fresh: false, json: null });
  expect(readBenchOptions(['--browser', '--rounds', '3', '--json', 'a.json', '--fresh'])).toEqual({
    kind: 'browser',
    rounds: 3,
    fresh: true,
    json: 'a.json',
  });
  expect(readBenchOptions(['--flows', '300k'])).toEqual({
    kind: 'flows',
    flows: 300_000,
    rounds: 20,
    peers: true,
    ingestRecords: 300_000,
    fresh: false,
    json: null,
    against: null,
  });
});

test('peers are filled up to 10M, above that only when asked', () => {
  const peers = (...args: string[]) => {
    const asked = readBenchOptions(['--flows', ...args]);
    return asked.kind === 'flows' ? asked.peers : null;
  };
  expect(peers('10M')).toBe(true);
  expect(peers('10M', '--without-peers')).toBe(false);
  expect(peers('11M')).toBe(false);
  expect(peers('11M', '--peers')).toBe(true);
});

test.each([
  [['--rounds', '0'], '--rounds is "0"'],
  [['--rounds', '1001'], '--rounds is "1001"'],
  [['--rounds', '2.5'], '--rounds is "2.5"'],
  [['--rounds', ''], '--rounds is ""'],
  [['--browser', '--flows', '1M'], '--flows is not for npm run bench -- --browser'],
  [['--browser', '--peers'], '--peers is not for'],
  [['--json', 'a.json'], '--json is not for npm run bench without --flows'],
  [['--flows', 'many'], '--flows is "many"'],
  [['--brwoser'], "Unknown option '--brwoser'"],
])('%j is refused by name', (args, message) => {
  expect(() => readBenchOptions(args)).toThrow(message);
});
