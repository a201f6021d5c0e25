import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exporterSettings } from '../exporterSettings';
import { judgeBatch } from '../judgeBatch';
import { RecentKeys } from '../recentKeys';
import type { ParsedRecord } from '../record';
import { nfdumpRecord, pmacctLine, readAll } from './testing';
import { goflow2Line, goflow2Message } from './testing/goflow2';
import {
  AKVORADO_HEADER,
  AKVORADO_ROW,
  akvoradoLine,
  PMACCT_HEADER,
  PMACCT_ROW,
  weirLine,
} from './testing/samples';

/** Lines in all. `WEIR_FUZZ_LINES=1000000 npx vitest run --project unit lib/server/ingest/formats/fuzzLines.test.ts` is the long run. */
const LINES = Number(process.env.WEIR_FUZZ_LINES ?? 12_000);
const LINES_A_RUN = 200;

/** How each format writes one record with so many bytes; the others of its values are equal in all. */
const LINE_OF: Record<string, (bytes: number) => string> = {
  'nfdump-json': (bytes) => `${nfdumpRecord({ in_bytes: bytes }).replaceAll(/[\n\t]/g, ' ')}\n`,
  'nfdump-csv': (bytes) => `2026-11-22 09:00:02.393,22.896,6,192.0.2.7,53605,2001:db8::2,80,2,${bytes},1\n`,
  'pmacct-json': (bytes) => pmacctLine({ bytes }),
  'pmacct-csv': (bytes) => `${PMACCT_ROW.replace(/98$/, String(bytes))}\n`,
  'goflow2-json': (bytes) => goflow2Line({ bytes }),
  'aws-vpc': (bytes) =>
    `2 123456789010 eni-12 172.31.16.139 203.0.113.21 20641 22 6 20 ${bytes} 1418530010 1418530070 ACCEPT OK\n`,
  'akvorado-json': (bytes) => akvoradoLine({ Bytes: bytes }),
  'akvorado-csv': (bytes) => `${AKVORADO_ROW.replace(',98,', `,${bytes},`)}\n`,
  'weir-ndjson': (bytes) => weirLine({ bytes_raw: bytes }),
};
const HEADS: Record<string, string> = {
  'nfdump-csv': 'firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n',
  'pmacct-csv': `${PMACCT_HEADER}\n`,
  'akvorado-csv': `${AKVORADO_HEADER}\n`,
};
/** A counter that no damaged line has. */
const FIRST_GOOD = 7_000_000;

/** What is done to one line: some of its bytes, or a whole value. */
const change = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      at: fc.nat(),
      put: fc.uint8Array({ minLength: 1, maxLength: 3 }),
      drop: fc.nat(6),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      at: fc.nat(),
      value: fc.constantFrom(
        '0',
        '-1',
        '1.5',
        '4294967296',
        '9223372036854775808',
        '99999999999999999999999',
        '1e400',
        'null',
        '"',
        '""',
        '-',
        '::',
        '0.0.0.0',
        '0000-00-00 00:00:00',
        '9999-12-31T23:59:59Z',
        'NaN',
        '{',
        '}',
        '[',
        ']',
        '{}',
        ',',
        '\\',
        '\u0000',
        '√§',
      ),
    }),
  },
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function spoiled(line: string, change: Change): Buffer {
  const bytes = Buffer.from(line.slice(0, -1));
  if ('value' in change) {
    // The values of a line stand between what separates them.
    const cells = [...line.slice(0, -1).matchAll(/[^,:{}" ]+/g)];
    const cell = cells[change.at % cells.length];
    const start = cell?.index ?? 0;
    return Buffer.from(
      `${line.slice(0, start)}${change.value}${line.slice(start + (cell?.[0].length ?? 0), -1)}\n`,
    );
  }
  const start = change.at % bytes.length;
  const put = change.put.map((byte) => (byte === 10 || byte === 13 ? 46 : byte));
  return Buffer.concat([
    bytes.subarray(0, start),
    put,
    bytes.subarray(start + change.drop),
    Buffer.from('\n'),
  ]);
}

/** Every record is counted once, whatever becomes of it. */
function countOf(records: ParsedRecord[]): number {
  const batch = { id: '0', key: 1n, offset: 0, records, known: null };
  const judged = judgeBatch(batch, new RecentKeys(), exporterSettings(new Map(), []), 1_795_338_060);
  return judged.accepted + judged.duplicates + judged.rejections.length;
}

const runs = Math.max(2, Math.ceil(LINES / LINES_A_RUN / (Object.keys(LINE_OF).length + 1)));
const settings = { numRuns: runs, seed: 20_261_122 };
const timeout = 60_000 + LINES;

describe(`${LINES.toLocaleString('en-GB')} damaged lines: accepted + rejected + duplicates = records, none dropped in silence`, () => {
  it.each(Object.entries(LINE_OF))('%s', { timeout }, async (name, lineOf) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: LINES_A_RUN / 2, maxLength: LINES_A_RUN / 2 }),
        async (changes) => {
          // Every second line is good, and each has bytes of its own.
          const lines = changes.flatMap((each, index) => [
            spoiled(lineOf(98), each),
            Buffer.from(lineOf(FIRST_GOOD + index)),
          ]);
          const good = Buffer.from(lineOf(FIRST_GOOD - 1));
          const records = await readAll(
            name,
            Buffer.concat([Buffer.from(HEADS[name] ?? ''), good, ...lines]),
            {},
            8192,
          );
          expect(records.length).toBeGreaterThanOrEqual(lines.length + 1);
          expect(countOf(records)).toBe(records.length);
          const found = records.flatMap((parsed) =>
            parsed.ok &&
            Number(parsed.record.bytesRaw) >= FIRST_GOOD - 1 &&
            Number(parsed.record.bytesRaw) < FIRST_GOOD + changes.length
              ? [Number(parsed.record.bytesRaw)]
              : [],
          );
          expect(found).toEqual(
            Array.from({ length: changes.length + 1 }, (_, index) => FIRST_GOOD - 1 + index),
          );
        },
      ),
      settings,
    );
  });

  it('goflow2-protobuf', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: LINES_A_RUN / 2, maxLength: LINES_A_RUN / 2 }),
        async (changes) => {
          const messages = changes.flatMap((each, index) => {
            const bytes = goflow2Message();
            const start = each.at % bytes.length;
            const put = 'put' in each ? each.put : Buffer.from(each.value);
            const drop = 'drop' in each ? each.drop : put.length;
            return [
              Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + drop)]),
              goflow2Message({ bytes: FIRST_GOOD + index }),
            ];
          });
          const head = Buffer.concat([goflow2Message(), goflow2Message(), goflow2Message()]);
          const records = await readAll('goflow2-protobuf', Buffer.concat([head, ...messages]), {}, 8192);
          expect(countOf(records)).toBe(records.length);
          // A damaged length takes at most the message after it along.
          const good = records.filter(
            (parsed) => parsed.ok && Number(parsed.record.bytesRaw) >= FIRST_GOOD,
          ).length;
          expect(good).toBeGreaterThan(changes.length * 0.6);
        },
      ),
      settings,
    );
  });
});
