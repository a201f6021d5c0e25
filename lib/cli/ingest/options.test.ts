import { expect, test } from 'vitest';
import { readIngestOptions } from './options';

test('--kafka stands for itself: neither files nor a format go with it', () => {
  expect(readIngestOptions(['--kafka', '--follow'])).toEqual({
    files: [],
    json: false,
    follow: true,
    kafka: true,
  });
  expect(() => readIngestOptions(['--kafka', 'flows.json'])).toThrow(
    /not with flows\.json.*WEIR_KAFKA_FORMAT/,
  );
  expect(() => readIngestOptions(['--kafka', '--zone', 'UTC'])).toThrow(/not with --zone/);
});
