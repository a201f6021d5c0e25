import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Expression, type Filters, isTerm } from '@/lib/flows/filter/filter';
import { normalFilters } from '@/lib/flows/filter/normalForm';
import { parseFilters } from '@/lib/flows/filter/parseFilter';
import { anyExpression } from '@/lib/flows/filter/testing/arbitrary';
import { compile, join } from '@/lib/server/clickhouse/sql';
import { conditions, filterDimensions } from './columns';
import { filterConditions } from './filterSql';

/** Every word that a condition may be made of; whatever a person wrote is none of them. */
const WORDS = new Set(
  `AND OR NOT IN BETWEEN SELECT FROM WHERE if toUInt16 least multiSearchAnyCaseInsensitiveUTF8
  network_type region direction ip_version link_kind provider exporter interface remote_as country metro proto service_port
  remote_address local_address remote_ip local_ip src_port dst_port asn as_names organisation exporters name
  0 1 58 32768`.split(/\s+/),
);

/** Every name and text of an expression, with a mark in front. */
function marked(expression: Expression, mark: string): Expression {
  if (!isTerm(expression)) return { ...expression, of: expression.of.map((each) => marked(each, mark)) };
  const put = (text: string) => `${mark}${text}`;
  if (expression.kind === 'names' && expression.dimension !== 'ip')
    return { ...expression, names: expression.names.map(put) };
  return expression.kind === 'text' ? { ...expression, texts: expression.texts.map(put) } : expression;
}

const compiled = (filters: Filters, table: 'flows' | 'endpoints_1d') =>
  compile(join(filterConditions(filters, table), ' AND '));

describe('no string of a filter is part of a statement', () => {
  test('whatever is filtered by, a statement is made of these words and of parameters', () => {
    fc.assert(
      fc.property(
        fc.array(anyExpression, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('flows' as const, 'endpoints_1d' as const),
        (expressions, table) => {
          const filters = normalFilters(expressions.map((each) => marked(each, 'zq')));
          const { query, parameters } = compiled(filters, table);
          const words = query.replace(/\{p\d+:[A-Za-z0-9()]+\}/g, ' ').split(/[\s(),=><.']+/);
          expect(words.filter((word) => word !== '' && !WORDS.has(word))).toEqual([]);
          // Every parameter that the statement names is given, and no other.
          const named = new Set([...query.matchAll(/\{(p\d+):/g)].map((match) => match[1]));
          expect(Object.keys(parameters).sort()).toEqual([...named].sort());
        },
      ),
      { numRuns: 600, seed: 11 },
    );
  });

  test('other strings in their places change parameters and nothing else', () => {
    fc.assert(
      fc.property(fc.array(anyExpression, { minLength: 1, maxLength: 3 }), (expressions) => {
        const [a, b] = ['zq', 'zr'].map((mark) =>
          compiled(normalFilters(expressions.map((each) => marked(each, mark))), 'flows'),
        );
        expect(b?.query).toBe(a?.query);
      }),
      { numRuns: 300, seed: 12 },
    );
  });
});

function read(text: string): Filters {
  const parsed = parseFilters(text);
  if ('error' in parsed) throw new Error(parsed.error.message);
  return parsed.filters;
}

test('a filter as a statement has it', () => {
  const filters = read(
    'port in (443, 8000-8100) and remote in (192.0.2.7, 198.51.100.0/24) and asn !~ goo and (country = DE or ip = 6)',
  );
  expect(compile(conditions('egress', filters, 'flows'))).toMatchInlineSnapshot(`
    {
      "parameters": {
        "p1": [
          "egress",
        ],
        "p10": [
          6,
        ],
        "p2": [
          "goo",
        ],
        "p3": [
          443,
        ],
        "p4": 8000,
        "p5": 8100,
        "p6": [
          "::ffff:192.0.2.7",
        ],
        "p7": "::ffff:198.51.100.0",
        "p8": "::ffff:198.51.100.255",
        "p9": [
          "DE",
        ],
      },
      "query": "direction IN {p1:Array(String)} AND NOT (remote_as IN (SELECT asn FROM as_names WHERE multiSearchAnyCaseInsensitiveUTF8(organisation, {p2:Array(String)}))) AND (if(proto IN (1, 58) OR least(src_port, dst_port) >= 32768, toUInt16(0), least(src_port, dst_port)) IN {p3:Array(UInt16)} OR if(proto IN (1, 58) OR least(src_port, dst_port) >= 32768, toUInt16(0), least(src_port, dst_port)) BETWEEN {p4:UInt16} AND {p5:UInt16}) AND (remote_ip IN {p6:Array(IPv6)} OR remote_ip BETWEEN {p7:IPv6} AND {p8:IPv6}) AND (country IN {p9:Array(String)} OR ip_version IN {p10:Array(UInt8)})",
    }
  `);
  expect(compile(conditions('both', filters, 'endpoints_1d')).query).toMatchInlineSnapshot(
    `"direction IN {p1:Array(String)} AND NOT (remote_as IN (SELECT asn FROM as_names WHERE multiSearchAnyCaseInsensitiveUTF8(organisation, {p2:Array(String)}))) AND (service_port IN {p3:Array(UInt16)} OR service_port BETWEEN {p4:UInt16} AND {p5:UInt16}) AND (remote_address IN {p6:Array(IPv6)} OR remote_address BETWEEN {p7:IPv6} AND {p8:IPv6}) AND (country IN {p9:Array(String)} OR ip_version IN {p10:Array(UInt8)})"`,
  );
  expect(filterDimensions(filters).sort()).toEqual(['asn', 'country', 'ip', 'remoteAddress', 'servicePort']);
});
