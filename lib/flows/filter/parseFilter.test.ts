import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from './filter';
import { normalFilters } from './normalForm';
import { parseFilters, sizeProblem } from './parseFilter';
import { printExpression, printFilters } from './printFilter';
import { anyExpression, anyFilters, awkwardName } from './testing/arbitrary';

/** `WEIR_FUZZ_FILTERS=1000000 npx vitest run --project unit lib/flows/filter/parseFilter.test.ts` is the long run. */
const STRINGS = Number(process.env.WEIR_FUZZ_FILTERS ?? 200_000);

/** The canonical text of what was read. */
function canonical(text: string): string {
  const read = parseFilters(text);
  if ('error' in read) throw new Error(`${read.error.message} at ${read.error.offset}`);
  return printFilters(read.filters);
}

function errorOf(text: string): { message: string; at: string; offset: number } {
  const read = parseFilters(text);
  if (!('error' in read)) throw new Error(`it was read as ${printFilters(read.filters)}`);
  const { message, offset, length } = read.error;
  return { message, at: text.slice(offset, offset + length), offset };
}

const readable = anyFilters.filter((filters) => sizeProblem(filters) === null);

test('a filter read from its own text is the same filter', () => {
  fc.assert(
    fc.property(readable, (filters) => {
      expect(parseFilters(printFilters(filters))).toEqual({ filters });
    }),
    { numRuns: 3_000, seed: 20_261_123 },
  );
});

test('whatever is read prints as canonical text, which reads and prints the same', () => {
  fc.assert(
    fc.property(fc.array(anyExpression, { minLength: 1, maxLength: 3 }), (expressions) => {
      // Written as nobody prints it: each part in parentheses, terms in any order.
      const read = parseFilters(expressions.map((each) => `(${printExpression(each)})`).join(' AND '));
      fc.pre(!('error' in read));
      if ('error' in read) return;
      const text = printFilters(read.filters);
      expect(canonical(text)).toBe(text);
      expect(read.filters).toEqual(normalFilters(expressions));
      expect(normalFilters(read.filters)).toEqual(read.filters);
    }),
    { numRuns: 2_000, seed: 7 },
  );
});

test('the order of what is written does not matter', () => {
  fc.assert(
    fc.property(fc.array(anyExpression, { minLength: 2, maxLength: 4 }), (expressions) => {
      expect(normalFilters([...expressions].reverse())).toEqual(normalFilters(expressions));
    }),
    { numRuns: 1_000, seed: 8 },
  );
});

// Pieces of the language, so that chance comes far into the grammar.
const PIECES = [
  ...'type region asn port proto remote local prefix country exporter ip metro'.split(' '),
  ...'= != ~ !~ in not and or ( ) , " \' \\ < >= - ..'.split(' '),
  ...'CDN AS15169 443 8000-8100 99999999999 https tcp none DE 192.0.2.0/24 192.0.2.7'.split(' '),
  ...'2001:db8::/32 :: ::: / /129 . \u0000 \ud800 😀 ſ İ % {p1:String} ;'.split(' '),
  ...[' ', ' ', ' ', 'ISP Regional'],
];

test(
  `${STRINGS.toLocaleString('en-US')} random texts: each is a filter that prints as itself, or an error that points into it`,
  () => {
    let seed = 20_261_123;
    const below = (n: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 4_294_967_296) * n);
    };
    let read = 0;
    for (let i = 0; i < STRINGS; i += 1) {
      let text = '';
      const length = below(12);
      for (let j = 0; j < length; j += 1) {
        text += below(4) === 0 ? String.fromCharCode(below(0x250)) : (PIECES[below(PIECES.length)] ?? '');
        if (below(2) === 0) text += ' ';
      }
      const result = parseFilters(text);
      if ('error' in result) {
        const { offset, length: size, message } = result.error;
        if (offset < 0 || size < 0 || offset + size > text.length || message === '')
          throw new Error(`${JSON.stringify(text)} fails at ${offset} + ${size}: ${message}`);
        continue;
      }
      read += 1;
      const printed = printFilters(result.filters);
      if (canonical(printed) !== printed) throw new Error(`${JSON.stringify(text)} prints as ${printed}`);
    }
    // Chance that only ever fails would show nothing of what is read.
    expect(read).toBeGreaterThan(STRINGS / 200);
  },
  60_000 + STRINGS,
);

describe('what people write', () => {
  test.each([
    ['', ''],
    ['   ', ''],
    ['type=cdn', 'type = CDN'],
    ['type = isp-regional', 'type = "ISP Regional"'],
    ['type in ("ISP Tier1", CDN, cdn)', 'type in (CDN, "ISP Tier1")'],
    ['Region != US-West AND region <> US-East', 'region not in (US-East, US-West)'],
    ['region = b or region = a', 'region in (a, b)'],
    ['region = b and region = a', 'region = a and region = b'],
    ['asn = 15169', 'asn = AS15169'],
    ['as = as15169 || as = 16509', 'asn in (AS15169, AS16509)'],
    ['asn in AS64512-AS65534', 'asn in AS64512-AS65534'],
    ['asn = none', 'asn = AS0'],
    ['asn ~ Google', 'asn ~ google'],
    ['asn !~ "Amazon Web"', 'asn !~ "amazon web"'],
    ['port = https', 'port = 443'],
    ['port in (443, 8000..8100, 8101, dns)', 'port in (53, 443, 8000-8101)'],
    ['port in (443, 444)', 'port in (443, 444)'],
    ['port in 443-444', 'port in (443, 444)'],
    ['port >= 1024', 'port in 1024-32767'],
    ['port < 1024', 'port in 0-1023'],
    ['port > 32000', 'port in 32001-32767'],
    ['proto = 6', 'proto = tcp'],
    ['protocol in (udp, 47, icmp6, 200)', 'proto in (udp, gre, ipv6-icmp, 200)'],
    ['proto in 50-53', 'proto in 50-53'],
    ['proto in (esp, ah)', 'proto in (esp, ah)'],
    ['remote = 192.0.2.7/32', 'remote = 192.0.2.7'],
    ['remote = ::ffff:192.0.2.7', 'remote = 192.0.2.7'],
    ['remote << 192.0.2.0/24', 'remote in 192.0.2.0/24'],
    ['remote in (192.0.2.128/25, 192.0.2.0/24, 10.0.0.0/8)', 'remote in (10.0.0.0/8, 192.0.2.0/24)'],
    ['local = 2001:DB8:0:1::', 'local in 2001:db8:0:1::/64'],
    ['prefix != 192.0.2.0', 'prefix not in 192.0.2.0/24'],
    ['country = germany or country = IN', 'country in (DE, IN)'],
    ['country = none', 'country = none'],
    ['metro in ("none", none, "")', 'metro in (none, "none")'],
    ['ip = v6', 'ip = 6'],
    ['link in (PNI, ix)', 'link in (ix, pni)'],
    ['not (type = CDN or region = a)', 'region != a and type != CDN'],
    ['! ( type = CDN && region = a )', 'region != a or type != CDN'],
    ['not not type = CDN', 'type = CDN'],
    ['not port < 1024', 'port not in 0-1023'],
    [
      'type = CDN and (region = a or (country = DE and asn ~ x))',
      'type = CDN and (region = a or (asn ~ x and country = DE))',
    ],
    ['type = CDN or region = a and ip = 4', 'type = CDN or (ip = 4 and region = a)'],
    ["exporter = 'edge 1'", 'exporter = "edge 1"'],
    ['exporter = "a\\"b\\\\"', 'exporter = "a\\"b\\\\"'],
    ['region = "and"', 'region = "and"'],
    ['region = and', 'region = "and"'],
  ])('%s', (text, printed) => {
    expect(canonical(text)).toBe(printed);
  });
});

describe('errors name what is wrong, what is accepted, and the exact place', () => {
  test.each([
    ['typ = CDN', 'typ', 'did you mean type'],
    ['srcport = 1', 'srcport', 'nothing to filter by'],
    ['type CDN', 'CDN', 'expected =, !=, in, not in'],
    ['type', '', 'after type'],
    ['type = ', '', 'expected a value of type'],
    ['type = Fog', 'Fog', 'CDN'],
    ['type in (CDN, Fog)', 'Fog', '"ISP Regional"'],
    ['type in (CDN Hosting)', 'Hosting', '"," or ")"'],
    ['type in (CDN', '(', 'not closed'],
    ['(type = CDN', '(', 'not closed'],
    ['type = CDN)', ')', 'closes nothing'],
    ['type = CDN region = a', 'region', '"and" or "or"'],
    ['type = CDN and', '', 'what to filter by'],
    ['type not CDN', 'CDN', '"in" after "not"'],
    ['region = "US', '"US', 'not closed'],
    ['region = a; b', ';', 'quotation marks'],
    ['port = 70000', '70000', '65535'],
    ['port = 40000', '40000', 'lower of the two ports'],
    ['port = telnett', 'telnett', 'https'],
    ['port in 90-80', '90-80', 'smaller number first'],
    ['port < 0', '0', 'nothing is < 0'],
    ['port > 80-90', '80-90', 'one number'],
    ['asn = google', 'google', 'asn ~ google'],
    ['asn = 4294967296', '4294967296', '4294967295'],
    ['proto = tpc', 'tpc', 'tcp, udp'],
    ['proto = 256', '256', '255'],
    ['proto ~ tcp', '~', 'no name to look into'],
    ['ip = 5', '5', '4, 6'],
    ['type > CDN', '>', 'expected'],
    ['country = Atlantis', 'Atlantis', 'two letters'],
    ['region ~ ""', '""', 'never empty'],
    ['region = ""', '""', 'never empty'],
    ['remote = 192.0.2.256', '192.0.2.256', '192.0.2.0/24'],
    ['remote in 192.0.2.7/24', '192.0.2.7/24', 'write 192.0.2.0/24'],
    ['remote in 192.0.2.0/33', '192.0.2.0/33', '0 to 32'],
    ['remote = 2001:db8::1', '2001:db8::1', 'kept as /64: write 2001:db8::/64'],
    ['remote in 2001:db8::/65', '2001:db8::/65', 'kept as /64: write 2001:db8::/64'],
    ['prefix = 192.0.2.7', '192.0.2.7', 'write 192.0.2.0/24'],
    ['prefix in 2001:db8::/64', '2001:db8::/64', 'write 2001:db8::/48'],
  ])('%s', (text, at, words) => {
    const error = errorOf(text);
    expect(error.at).toBe(at);
    expect(error.message).toContain(words);
    if (at === '') expect(error.offset).toBe(text.length);
  });

  test('a filter that is too large is refused with its size', () => {
    expect(errorOf(`region = ${'x'.repeat(LIMITS.name + 1)}`).message).toContain('too long');
    expect(errorOf(`type = CDN and ${'x'.repeat(LIMITS.text)}`).message).toContain(`at most ${LIMITS.text}`);
    const regions = (join: string, count: number) =>
      Array.from({ length: count }, (_, i) => `region = a${i}`).join(join);
    expect(errorOf(regions(' and ', LIMITS.terms + 1)).message).toContain(`at most ${LIMITS.terms}`);
    expect(canonical(regions(' or ', LIMITS.terms + 1))).toContain('a50');
    const ports = Array.from({ length: LIMITS.values + 1 }, (_, i) => 2 * i).join(',');
    expect(errorOf(`port in (${ports})`).message).toContain(`at most ${LIMITS.values}`);
    let nested = 'ip = 4';
    for (let i = 0; i < LIMITS.depth + 2; i += 1)
      nested = `region = a${i} ${i % 2 ? 'and' : 'or'} (${nested})`;
    expect(errorOf(nested).message).toContain(`at most ${LIMITS.depth}`);
    expect(errorOf(`${'('.repeat(60)}ip = 4${')'.repeat(60)}`).message).toContain('parentheses');
    expect(errorOf(`${'not '.repeat(60)}ip = 4`).message).toContain('parentheses');
  });

  test('a canonical text longer than what was typed is refused too', () => {
    const numbers = (count: number) =>
      Array.from({ length: count }, (_, i) => 2_000_000_000 + 2 * i).join(',');
    // Each number is printed with AS in front and a space behind its comma: 14 characters instead of 11.
    expect(canonical(`asn in (${numbers(140)})`)).toContain('AS2000000278');
    expect(`asn in (${numbers(150)})`.length).toBeLessThan(LIMITS.text);
    expect(errorOf(`asn in (${numbers(150)})`).message).toContain(`at most ${LIMITS.text}`);
  });
});

test('names of any kind come through', () => {
  fc.assert(
    fc.property(awkwardName, (name) => {
      const quoted = `"${name.replace(/["\\]/g, '\\$&')}"`;
      expect(parseFilters(`exporter = ${quoted}`)).toEqual({
        filters: [{ kind: 'names', dimension: 'exporter', exclude: false, names: [name] }],
      });
    }),
  );
});
