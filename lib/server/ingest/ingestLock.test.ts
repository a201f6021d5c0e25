import { expect, test } from 'vitest';
import { createIngestLock } from './ingestLock';

test('batches share the lock, reconcile holds it alone, and later batches wait behind it', async () => {
  const lock = createIngestLock('', 'test');
  const events: string[] = [];
  let finishFirst: () => void = () => undefined;
  const firstHeld = new Promise<void>((resolve) => {
    finishFirst = resolve;
  });
  const first = lock.shared(async () => {
    events.push('first in');
    await firstHeld;
    events.push('first out');
  });
  const second = lock.shared(async () => {
    events.push('second');
  });
  await second;
  const alone = lock.alone(async () => {
    events.push('alone in');
    await Promise.resolve();
    events.push('alone out');
  });
  const third = lock.shared(async () => {
    events.push('third');
  });
  finishFirst();
  await Promise.all([first, alone, third]);
  expect(events).toEqual(['first in', 'second', 'first out', 'alone in', 'alone out', 'third']);
});

test('a failing holder lets go', async () => {
  const lock = createIngestLock('', 'test');
  await expect(lock.alone(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await lock.shared(() => Promise.resolve('next'))).toBe('next');
});
