import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { ParsedRecord } from '../record';
import { REJECT_REASONS } from '../record';
import { formats } from './index';
import { nfdumpRecord, outcomes, pmacctLine, readAll } from './testing';
import { goflow2Message } from './testing/goflow2';
import { PARQUET, SAMPLES } from './testing/samples';

// Thousands of inputs a test; the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const LIMIT = 2n ** 63n;

/** What holds for every record, whatever the input was. */
function check(records: readonly ParsedRecord[]): void {
  for (const parsed of records) {
    if (!parsed.ok) {
      expect(REJECT_REASONS).toHaveProperty(parsed.reason);
      expect(parsed.detail).not.toBe('');
      continue;
    }
    const { record } = parsed;
    expect(Number.isSafeInteger(record.tsStartMs)).toBe(true);
    expect(record.tsStartMs).toBeGreaterThan(0);
    expect(record.durationMs).toBeGreaterThanOrEqual(0);
    expect(record.durationMs).toBeLessThanOrEqual(3_600_000);
    for (const counter of [record.bytesRaw, record.packetsRaw]) {
      expect(typeof counter === 'bigint' || Number.isSafeInteger(counter)).toBe(true);
      expect(counter).toBeGreaterThanOrEqual(0);
      expect(BigInt(counter) * BigInt(record.samplingRate) < LIMIT).toBe(true);
    }
    for (const [value, bits] of [
      [record.srcPort, 16],
      [record.dstPort, 16],
      [record.proto, 8],
      [record.tos, 8],
      [record.tcpFlags, 8],
      [record.srcAs, 32],
      [record.dstAs, 32],
      [record.inIf, 32],
      [record.outIf, 32],
      [record.obsDomain, 32],
      [record.samplingRate, 32],
    ] as const) {
      expect(Number.isInteger(value) && value >= 0 && value < 2 ** bits).toBe(true);
    }
    expect(record.srcIp.length + record.dstIp.length).toBe(32);
  }
}

/** Values that flow tools write, or might. */
const odd = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -1, 65536, 4294967295, 1073741823, 1e20, 0.5),
  fc.constantFrom(
    '',
    '-',
    '...A.R.F',
    'tcp',
    'ICMP',
    '::1',
    '10.0.0.1',
    '0000-00-00T00:00:00.000',
    '2026-11-22T09:00:00Z',
  ),
  fc.constantFrom(
    '2026-11-22 09:00:02.393',
    '1795338002.5',
    '99999999999999999999',
    'raw:null',
    'raw:true',
    'raw:[1]',
    'raw:{"a":1}',
  ),
  fc.bigInt({ min: 0n, max: 2n ** 70n }).map((value) => `raw:${value}`),
  fc.string(),
);

const NFDUMP_KEYS = Object.keys(JSON.parse(nfdumpRecord()) as object);
const PMACCT_KEYS = Object.keys(JSON.parse(pmacctLine()) as object);

function valuesOf(keys: readonly string[]) {
  return fc.dictionary(fc.constantFrom(...keys), fc.option(odd, { nil: undefined }), { maxKeys: 4 });
}

const chunkSize = fc.integer({ min: 1, max: 3000 });

/** Spoils a text in a few places, keeping its lines. */
const spoils = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    drop: fc.integer({ min: 0, max: 30 }),
    put: fc.string({ maxLength: 4 }),
  }),
  { maxLength: 4 },
);

function spoil(text: string, changes: readonly { at: number; drop: number; put: string }[]): string {
  let result = text;
  for (const { at, drop, put } of changes) {
    const start = Math.floor(at * result.length);
    result = result.slice(0, start) + put + result.slice(start + drop);
  }
  return result;
}

/** Spoils bytes in a few places: overwrites, puts in, takes out. */
const damage = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    drop: fc.integer({ min: 0, max: 20 }),
    put: fc.uint8Array({ maxLength: 6 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function harm(bytes: Buffer, changes: readonly { at: number; drop: number; put: Uint8Array }[]): Buffer {
  let result = bytes;
  for (const { at, drop, put } of changes) {
    const start = Math.floor(at * result.length);
    result = Buffer.concat([result.subarray(0, start), put, result.subarray(start + drop)]);
  }
  return result;
}

describe('whatever the values', () => {
  it('nfdump JSON: every object is one record, in order, however it is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(valuesOf(NFDUMP_KEYS), { minLength: 1, maxLength: 8 }),
        chunkSize,
        fc.boolean(),
        async (list, size, pretty) => {
          const objects = list.map((values) => nfdumpRecord({ ...values }));
          const text = pretty
            ? `[\n${objects.join(',\n')}]\n`
            : objects.map((object) => object.replaceAll('\n', ' ')).join('\n');
          const records = await readAll('nfdump-json', text, {}, size);
          expect(records.length).toBe(list.length);
          check(records);
          expect(records.map(({ raw }) => raw)).toEqual(
            pretty ? objects : objects.map((object) => object.replaceAll('\n', ' ')),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('pmacct JSON: every line is one record', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(valuesOf(PMACCT_KEYS), { minLength: 1, maxLength: 8 }),
        chunkSize,
        async (list, size) => {
          const text = list.map((values) => pmacctLine({ ...values, event_type: 'purge' })).join('');
          const records = await readAll('pmacct-json', text, {}, size);
          expect(records.length).toBe(list.length);
          check(records);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('nfdump CSV: every line is one record', async () => {
    const header =
      'cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,srcAS,dstAS,input,output,flags,srcTos,packets,bytes';
    const good =
      '1,2,1795338002393,1795338025289,6,192.168.5.16,53605,68.233.253.133,80,0,0,3,4,...A.R.F,0,2,98'.split(
        ',',
      );
    const cell = odd.map((value) =>
      String(value)
        .replace(/^raw:/, '')
        .replaceAll(/[\r\n,]/g, ''),
    );
    const line = fc
      .array(fc.record({ column: fc.integer({ min: 1, max: 16 }), cell }), { maxLength: 4 })
      .map((changes) => {
        const cells = [...good];
        for (const change of changes) cells[change.column] = change.cell;
        return cells.join(',');
      });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), chunkSize, async (lines, size) => {
        const records = await readAll('nfdump-csv', `${header}\n${lines.join('\n')}\n`, {}, size);
        expect(records.map(({ raw }) => raw)).toEqual(lines);
        check(records);
      }),
      { numRuns: 60 },
    );
  });
});

describe('whatever the damage', () => {
  const texts = Object.keys(SAMPLES).filter((name) => name !== 'goflow2-protobuf' && name !== 'weir-parquet');

  it('there is a sample of every format, and all of its records are good', async () => {
    expect(Object.keys(SAMPLES).sort()).toEqual(Object.keys(formats).sort());
    for (const [name, sample] of Object.entries(SAMPLES)) {
      const results = outcomes(await readAll(name, sample));
      expect([name, results.length >= 3, new Set(results)]).toEqual([name, true, new Set(['ok'])]);
    }
  });

  it.each(texts)('%s: no crash, nothing lost after it, and no dependence on chunks', async (name) => {
    const text = SAMPLES[name]?.toString() ?? '';
    await fc.assert(
      fc.asyncProperty(spoils, chunkSize, async (changes, size) => {
        // A head of good records: the format is recognized, and so is what comes after the damage.
        const spoiled = Buffer.from(`${text}${spoil(text, changes)}\n${text}`);
        const whole = await readAll(name, spoiled);
        const pieces = await readAll(name, spoiled, {}, size);
        expect(pieces).toEqual(whole);
        check(whole);
        expect(outcomes(whole).slice(0, 3)).toEqual(['ok', 'ok', 'ok']);
        // A bracket or comma put in may announce records that never come.
        const last = whole.at(-1);
        const seen =
          last?.ok === false && last.reason === 'truncated' && last.raw === '' ? whole.slice(0, -1) : whole;
        expect(outcomes(seen).slice(-2)).toEqual(['ok', 'ok']);
      }),
      { numRuns: 60 },
    );
  });

  it.each([false, true])(
    'goflow2 protobuf (line breaks: %j): good messages before and after the damage are read',
    async (separated) => {
      const message = (bytes: number) =>
        Buffer.concat([goflow2Message({ bytes }), Buffer.from(separated ? '\n' : '')]);
      const before = Buffer.concat([1, 2, 3, 4].map(message));
      const after = Buffer.concat([5, 6, 7, 8].map(message));
      await fc.assert(
        fc.asyncProperty(damage, chunkSize, async (changes, size) => {
          const spoiled = Buffer.concat([
            before,
            harm(Buffer.concat([message(98), message(99)]), changes),
            after,
          ]);
          const whole = await readAll('goflow2-protobuf', spoiled);
          expect(await readAll('goflow2-protobuf', spoiled, {}, size)).toEqual(whole);
          check(whole);
          const bytes = whole.flatMap((parsed) => (parsed.ok ? [Number(parsed.record.bytesRaw)] : []));
          expect(bytes.slice(0, 4)).toEqual([1, 2, 3, 4]);
          // A length put in may take a message along; never more than what it says.
          expect(bytes.slice(-2)).toEqual([7, 8]);
        }),
        { numRuns: 100 },
      );
    },
  );

  it('Parquet: damaged anywhere it is an error or rejected rows, and no row is there twice', async () => {
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const spoiled = harm(PARQUET, changes);
        const records = await readAll('weir-parquet', spoiled).catch((error: unknown) => {
          expect(error).toMatchObject({ name: 'FormatError' });
          return [];
        });
        check(records);
        expect(records.length).toBeLessThanOrEqual(100_000);
      }),
      { numRuns: 150 },
    );
  });

  it.each(Object.keys(formats))('%s: random bytes are an error or rejected records', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), chunkSize, async (bytes, size) => {
        const head = SAMPLES[name] ?? Buffer.alloc(0);
        const orError = (error: unknown) => expect(error).toMatchObject({ name: 'FormatError' });
        await readAll(name, Buffer.concat([head, bytes]), {}, size).then(check, orError);
        await readAll(name, Buffer.from(bytes), {}, size).then(check, orError);
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.keys(formats).filter((name) => name !== 'weir-parquet'))(
    '%s: cut anywhere, at most one record is rejected, and as truncated',
    async (name) => {
      const bytes = SAMPLES[name] ?? Buffer.alloc(0);
      for (let cut = 0; cut <= bytes.length; cut += 3) {
        const results = outcomes(await readAll(name, bytes.subarray(0, cut), {}, 500).catch(() => []));
        expect(results.filter((result) => result !== 'ok').length).toBeLessThanOrEqual(1);
        for (const [index, result] of results.entries()) {
          if (result !== 'ok') expect([index, result]).toEqual([results.length - 1, 'truncated']);
        }
      }
    },
  );

  it('Parquet cut anywhere is an error that says so', async () => {
    for (let cut = 1; cut < PARQUET.length; cut += 97) {
      await expect(readAll('weir-parquet', PARQUET.subarray(0, cut))).rejects.toThrow(/cannot be read|whole/);
    }
  });
});
