import { expect, it } from 'vitest';
import { keepLast } from './keepLast';

function counted(count: number) {
  const kept = keepLast<object, string>(count);
  let made = 0;
  return {
    ask: (of: object, ...key: unknown[]) =>
      kept(of, key, () => {
        made += 1;
        return key.join();
      }),
    made: () => made,
  };
}

it('the same key of the same object is made once', () => {
  const { ask, made } = counted(2);
  const of = {};
  expect([ask(of, 1, 'a'), ask(of, 1, 'b'), ask(of, 1, 'a')]).toEqual(['1,a', '1,b', '1,a']);
  expect(made()).toBe(2);
  ask({}, 1, 'a');
  expect(made()).toBe(3);
});

it('what was asked for longest ago is forgotten', () => {
  const { ask, made } = counted(2);
  const of = {};
  for (const key of ['a', 'b', 'a', 'c', 'a']) ask(of, key);
  expect(made()).toBe(3);
  ask(of, 'b');
  expect(made()).toBe(4);
});
