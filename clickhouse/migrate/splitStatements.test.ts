import { expect, test } from 'vitest';
import { splitStatements } from './splitStatements';

test('statements end at a semicolon, and the last one needs none', () => {
  expect(splitStatements('SELECT 1;\n\nSELECT 2 ;SELECT 3')).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 3']);
});

test('a semicolon in a string, a quoted name or a comment ends nothing', () => {
  const source = `SELECT ';', 'it''s; \\'quoted\\';', "a;b", \`c;d\` -- not; here
    /* nor; here */ FROM t;
    SELECT 2`;
  expect(splitStatements(source)).toEqual([
    `SELECT ';', 'it''s; \\'quoted\\';', "a;b", \`c;d\` \n      FROM t`,
    'SELECT 2',
  ]);
});

test('an apostrophe in a comment opens no string', () => {
  expect(splitStatements("-- it's a comment\nSELECT 1; -- don't\nSELECT 2;")).toEqual([
    'SELECT 1',
    'SELECT 2',
  ]);
});

test('comments and blanks alone are no statement', () => {
  expect(splitStatements(' -- nothing\n /* at all */ ;;\n')).toEqual([]);
});

test('a distributed mark is a statement of its own, without a semicolon', () => {
  expect(
    splitStatements('CREATE TABLE a (x Int8);\n{{distributed a rand()}}\n-- next\nCREATE TABLE b (x Int8);'),
  ).toEqual(['CREATE TABLE a (x Int8)', '{{distributed a rand()}}', 'CREATE TABLE b (x Int8)']);
});
