import { expect, test } from 'vitest';
import { kafkaSettingsFromEnv } from './kafkaSettings';

test('without brokers nothing is said; off is its own word', () => {
  expect(kafkaSettingsFromEnv({})).toBeNull();
  expect(kafkaSettingsFromEnv({ WEIR_KAFKA_BROKERS: ' ' })).toBeNull();
  expect(kafkaSettingsFromEnv({ WEIR_KAFKA_BROKERS: 'off' })).toBe('off');
});

test('defaults are those of goflow2', () => {
  expect(kafkaSettingsFromEnv({ WEIR_KAFKA_BROKERS: 'kafka1:9092,[2001:db8::1]:9092' })).toEqual({
    brokers: 'kafka1:9092,[2001:db8::1]:9092',
    topic: 'flow-messages',
    group: 'weir',
    format: 'goflow2-json',
    consumers: 1,
  });
});

test.each([
  [{ WEIR_KAFKA_BROKERS: 'kafka1' }, /WEIR_KAFKA_BROKERS names "kafka1".*host:port/],
  [{ WEIR_KAFKA_BROKERS: "k:9092' , x=1" }, /WEIR_KAFKA_BROKERS names/],
  [{ WEIR_KAFKA_TOPIC: 'flows' }, /WEIR_KAFKA_TOPIC is set and WEIR_KAFKA_BROKERS is not/],
  [{ WEIR_KAFKA_BROKERS: 'k:9092', WEIR_KAFKA_TOPIC: 'a,b' }, /WEIR_KAFKA_TOPIC is "a,b"/],
  [{ WEIR_KAFKA_BROKERS: 'k:9092', WEIR_KAFKA_GROUP: 'a b' }, /WEIR_KAFKA_GROUP is "a b"/],
  [{ WEIR_KAFKA_BROKERS: 'k:9092', WEIR_KAFKA_FORMAT: 'json' }, /goflow2-json or goflow2-protobuf/],
  [{ WEIR_KAFKA_BROKERS: 'k:9092', WEIR_KAFKA_CONSUMERS: '0' }, /WEIR_KAFKA_CONSUMERS is "0"/],
])('%j is refused with the variable and the fix', (env, message) => {
  expect(() => kafkaSettingsFromEnv(env)).toThrow(message);
});
