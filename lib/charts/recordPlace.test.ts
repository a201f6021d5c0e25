import { expect, test } from 'vitest';
import { recordPlace } from './recordPlace';

test('records are counted from 1, although their ordinals are stored from 0', () => {
  expect(recordPlace({ sourceName: 'bad.json', offset: '0' })).toBe('record 1');
  expect(recordPlace({ sourceName: 'http:collector-1', offset: '9999' })).toBe('record 10,000');
});

test('a number above what a float holds keeps its digits', () => {
  expect(recordPlace({ sourceName: 'a', offset: '18446744073709551614' }).replace(/\D/g, '')).toBe(
    '18446744073709551615',
  );
});

test('a message of Kafka is told by its offset, which Kafka counts', () => {
  expect(recordPlace({ sourceName: 'kafka:flows/0', offset: '9999' })).toBe('offset 9999');
});
