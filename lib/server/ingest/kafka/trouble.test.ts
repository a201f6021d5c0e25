import { expect, test } from 'vitest';
import { withoutTrace } from './trouble';

test.each([
  [
    '[thrd:app]: ClickHouse-a-weir-kafka_queue#consumer-1: 127.0.0.1:9092/1: Connect to ipv4#127.0.0.1:9092 failed: Connection refused (after 0ms in state CONNECT)\n0. ? @ 0x0f\n1. ? @ 0x01\n',
    'ClickHouse-a-weir-kafka_queue#consumer-1: 127.0.0.1:9092/1: Connect to ipv4#127.0.0.1:9092 failed: Connection refused (after 0ms in state CONNECT)',
  ],
  [
    'std::exception. Code: 1001, type: cppkafka::Exception, e.what() = Failed to create consumer handle: No provider for SASL mechanism SCRAM-SHA-512, Stack trace (when copying this message, always include the lines below):\n\n0. ?',
    'Failed to create consumer handle: No provider for SASL mechanism SCRAM-SHA-512',
  ],
  ['', ''],
])('says what happened, and not where in the program', (text, said) => {
  expect(withoutTrace(text)).toBe(said);
});
