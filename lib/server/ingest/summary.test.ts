import { expect, test } from 'vitest';
import { addSummary, emptySummary, summaryJson, summaryJsonWithReasons } from './summary';

test('the JSON object holds every digit of bytes and packets', () => {
  const summary = {
    ...emptySummary(),
    records: 3,
    accepted: 3,
    bytes: 2n ** 60n + 1n,
    packets: 5n,
    seconds: 0.12345,
  };
  expect(summaryJson(summary)).toBe(
    '{"records":3,"accepted":3,"rejected":0,"duplicates":0,"flagged":0,"bytes":1152921504606846977,"packets":5,"seconds":0.123}',
  );
});

test('summaries add up, reasons too', () => {
  const total = emptySummary();
  addSummary(total, { ...emptySummary(), records: 2, rejected: 2, rejectedBy: { malformed: 2 } });
  addSummary(total, {
    ...emptySummary(),
    records: 3,
    accepted: 1,
    rejected: 2,
    rejectedBy: { malformed: 1, invalid_time: 1 },
  });
  expect(total).toMatchObject({
    records: 5,
    accepted: 1,
    rejected: 4,
    rejectedBy: { malformed: 3, invalid_time: 1 },
  });
});

test('why records were rejected is added only where some were', () => {
  const counts = { ...emptySummary(), records: 2, accepted: 1, rejected: 1 };
  expect(JSON.parse(summaryJsonWithReasons({ ...counts, records: 1, rejected: 0 }))).not.toHaveProperty(
    'rejectedBy',
  );
  const text = summaryJsonWithReasons({
    ...counts,
    bytes: 2n ** 60n + 1n,
    rejectedBy: { malformed: 1 },
    rejectedSamples: [{ record: 2, reason: 'malformed', detail: 'says "no"' }],
  });
  expect(text).toContain('"bytes":1152921504606846977,');
  expect(JSON.parse(text)).toMatchObject({
    rejectedBy: { malformed: 1 },
    rejectedSamples: [{ record: 2, reason: 'malformed', detail: 'says "no"' }],
  });
});
