import { expect, test } from 'vitest';
import { isPassing, withRetry } from './retry';

const lost = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

test('lost connections and passing states of the server are tried again, other errors are not', () => {
  expect(isPassing(lost())).toBe(true);
  expect(isPassing(new Error('wrapped', { cause: lost() }))).toBe(true);
  expect(isPassing(Object.assign(new Error('too many parts'), { code: '252' }))).toBe(true);
  expect(isPassing(Object.assign(new Error('unknown table'), { code: '60' }))).toBe(false);
  expect(isPassing('text')).toBe(false);
});

test('it runs until it succeeds, and tells each retry', async () => {
  let runs = 0;
  let retries = 0;
  const result = await withRetry(
    () => {
      runs += 1;
      return runs < 3 ? Promise.reject(lost()) : Promise.resolve('done');
    },
    { onRetry: () => (retries += 1) },
  );
  expect([result, runs, retries]).toEqual(['done', 3, 2]);
});

test('the last error comes through when the time is up, and a lasting one at once', async () => {
  await expect(withRetry(() => Promise.reject(lost()), { forMs: 0 })).rejects.toThrow('ECONNRESET');
  let runs = 0;
  const failing = withRetry(() => {
    runs += 1;
    return Promise.reject(new Error('unknown table'));
  });
  await expect(failing).rejects.toThrow('unknown table');
  expect(runs).toBe(1);
});
