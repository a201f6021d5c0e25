import { expect, test } from 'vitest';
import { textLines } from './textLines';

const letters = (line: string) => line.length;

test('lines are broken at dots, and nothing is lost', () => {
  expect(textLines('Volume · sum · bits · UTC', 100, letters)).toEqual(['Volume · sum · bits · UTC']);
  expect(textLines('Volume · sum · bits · UTC', 13, letters)).toEqual(['Volume · sum', 'bits · UTC']);
  expect(textLines('Magnitude · UTC', 5, letters)).toEqual(['Magnitude', 'UTC']);
  expect(textLines('', 5, letters)).toEqual(['']);
});
