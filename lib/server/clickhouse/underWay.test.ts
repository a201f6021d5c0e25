import { expect, test } from 'vitest';
import { begin, find, noteQuery, tagOf } from './underWay';

test('a request is found by its tag with the queries it waits for, until it ends', () => {
  const { underWay, end } = begin('tag-1');
  underWay.waitsFor.add('statement');
  expect(find('tag-1')).toEqual({ underWay, queryIds: [] });
  const ended = noteQuery('statement', 'query-1');
  expect(find('tag-1')?.queryIds).toEqual(['query-1']);
  ended();
  expect(find('tag-1')?.queryIds).toEqual([]);
  end();
  expect(find('tag-1')).toBeNull();
});

test('the end of a request leaves one that was named the same since', () => {
  const first = begin('tag-2');
  const second = begin('tag-2');
  first.end();
  expect(find('tag-2')?.underWay).toBe(second.underWay);
  second.end();
  const old = noteQuery('again', 'query-1');
  noteQuery('again', 'query-2');
  old();
  const { underWay, end } = begin('tag-3');
  underWay.waitsFor.add('again');
  expect(find('tag-3')?.queryIds).toEqual(['query-2']);
  end();
});

test('the same name of two people is two requests', () => {
  expect(tagOf('anna', 'request-1')).not.toBe(tagOf('bert', 'request-1'));
  expect(tagOf('anna', 'request-1')).not.toBe(tagOf('anna', 'request-2'));
});
