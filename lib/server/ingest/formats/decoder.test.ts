import { Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ParsedRecord } from '../record';
import { formats, InputCutError } from './index';
import { nfdumpRecord, OPTIONS, outcomes, pmacctLine } from './testing';

/** An input that ends too early after `text`, as a cut gzip file does. */
async function* cutAfter(text: string): AsyncGenerator<Buffer> {
  if (text !== '') yield Buffer.from(text);
  throw new InputCutError('the gzip file ends too early');
}

async function read(name: string, input: AsyncIterable<Buffer>): Promise<ParsedRecord[]> {
  const records: ParsedRecord[] = [];
  for await (const record of formats[name]?.read(input, OPTIONS) ?? []) records.push(record);
  return records;
}

describe('an input that is cut', () => {
  it.each([
    ['pmacct-json', pmacctLine(), 'on a line break', ''],
    ['pmacct-json', pmacctLine() + pmacctLine().slice(0, 100), 'within a record', pmacctLine().slice(0, 100)],
    ['nfdump-json', `[\n${nfdumpRecord()},\n`, 'between records', ''],
    [
      'nfdump-json',
      `[\n${nfdumpRecord()},\n${nfdumpRecord().slice(0, 50)}`,
      'within a record',
      nfdumpRecord().slice(0, 50),
    ],
  ])('%s, %s %s: ends with one truncated record', async (name, text, _where, raw) => {
    const records = await read(name, cutAfter(text));
    expect(outcomes(records)).toEqual(['ok', 'truncated']);
    expect(records[1]?.raw).toBe(raw);
  });

  it('before its first record is one truncated record', async () => {
    expect(await read('pmacct-json', cutAfter(''))).toEqual([
      { ok: false, reason: 'truncated', detail: 'the gzip file ends too early', raw: '' },
    ]);
  });

  it('of another error ends with that error', async () => {
    const broken = (async function* () {
      yield Buffer.from(pmacctLine());
      throw new Error('EIO: i/o error');
    })();
    await expect(read('pmacct-json', broken)).rejects.toThrow('EIO: i/o error');
  });
});

describe('an input that is longer than its head', () => {
  it('is a cut list where its end is missing', async () => {
    const text = `[\n${Array(200).fill(nfdumpRecord()).join(',\n')}`;
    const input = async function* () {
      for (let at = 0; at < text.length; at += 10_000) yield Buffer.from(text.slice(at, at + 10_000));
    };
    const results = outcomes(await read('nfdump-json', input()));
    expect(results.length).toBe(201);
    expect(results.indexOf('truncated')).toBe(200);
  });
});

describe('an input in one large piece', () => {
  it('comes in blocks of bounded size', async () => {
    const line = pmacctLine();
    const bytes = gzipSync(Buffer.from(line.repeat(8000)));
    const input = Readable.from([bytes]).pipe(createGunzip({ chunkSize: 8_388_608 }));
    let total = 0;
    for await (const block of formats['pmacct-json']?.readBlocks(input as AsyncIterable<Buffer>, OPTIONS) ??
      []) {
      expect(block.length * line.length).toBeLessThan(2_200_000);
      total += block.length;
    }
    expect(total).toBe(8000);
  });
});
