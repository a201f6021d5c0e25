import { expect, test } from 'vitest';
import { closedMap, compile, instant, join, sql, text, texts, uint32 } from './sql';

test('values become numbered parameters in order of first use, equal ones once', () => {
  const inner = sql`region IN ${texts(['US-West', "O'Hara"])} AND bucket < ${instant(600)}`;
  expect(
    compile(
      sql`SELECT ${text('UTC')} WHERE bucket >= ${instant(300)} AND ${inner} AND zone = ${text('UTC')}`,
    ),
  ).toEqual({
    query:
      "SELECT {p1:String} WHERE bucket >= {p2:DateTime('UTC')} AND region IN {p3:Array(String)} AND bucket < {p4:DateTime('UTC')} AND zone = {p1:String}",
    parameters: { p1: 'UTC', p2: '0000000300', p3: ['US-West', "O'Hara"], p4: '0000000600' },
  });
});

test('the same value of another type is another parameter', () => {
  expect(compile(sql`${uint32(1)} ${text('1')}`).query).toBe('{p1:UInt32} {p2:String}');
});

test('pieces are joined by fixed text', () => {
  expect(compile(join([sql`a`, sql`b = ${uint32(1)}`], ' AND ')).query).toBe('a AND b = {p1:UInt32}');
  expect(compile(join([], ' AND ')).query).toBe('');
});

test('a name outside a closed map is refused, inherited names too', () => {
  const column: (name: never) => unknown = closedMap({ region: sql`region` });
  expect(() => column('region; DROP TABLE flows' as never)).toThrow(/not one of region/);
  expect(() => column('constructor' as never)).toThrow(/not one of region/);
});
