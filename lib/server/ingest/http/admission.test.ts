import { expect, test } from 'vitest';
import { AppError } from '@/lib/server/errors';
import { Admission } from './admission';
import { httpLimits } from './limits';

const limits = { bodyBytes: 100, unzippedBytes: 1600, queueBytes: 150, requests: 2, storing: 1 };

function refusal(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('it was let in');
}

test('beyond the bounds of requests and bytes it is 429 with Retry-After, and room is given back', () => {
  const admission = new Admission(limits);
  const [one, two] = [admission.enter(), admission.enter()];
  expect(refusal(() => admission.enter())).toMatchObject({ status: 429, retryAfterSeconds: 2 });
  one.take(100);
  expect(refusal(() => two.take(51))).toMatchObject({ status: 429, code: 'busy' });
  two.take(50);
  one.leave();
  one.leave();
  const three = admission.enter();
  three.take(100);
  expect(() => admission.enter()).toThrow();
});

test('only so many are stored at a time, in the order of their coming', async () => {
  const admission = new Admission({ ...limits, requests: 9 });
  const order: string[] = [];
  let finish: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const first = admission.enter().inTurn(async () => {
    order.push('first');
    await held;
  });
  const others = ['second', 'third'].map((name) =>
    admission.enter().inTurn(async () => void order.push(name)),
  );
  await Promise.resolve();
  expect(order).toEqual(['first']);
  finish();
  await Promise.all([first, ...others]);
  expect(order).toEqual(['first', 'second', 'third']);
});

test('sizes of the configuration are read with their unit, and wrong ones named', () => {
  expect(httpLimits({ WEIR_INGEST_BODY: '2M', WEIR_INGEST_QUEUE: '1M' } as never)).toMatchObject({
    bodyBytes: 2_097_152,
    queueBytes: 2_097_152,
  });
  expect(() => httpLimits({ WEIR_INGEST_BODY: 'much' } as never)).toThrow(/WEIR_INGEST_BODY is "much"/);
});
