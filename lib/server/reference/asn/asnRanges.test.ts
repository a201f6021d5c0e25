import { describe, expect, test } from 'vitest';
import { parseAsnRanges } from '@/lib/server/reference/asn/asnRanges';
import { numberToAddress } from '@/lib/server/reference/prefix';

const read = (text: string, version: 4 | 6 = 4) =>
  parseAsnRanges(text, version, 'asn.csv').ranges.map(
    ({ first, last, asn }) => `${numberToAddress(first, version)}-${numberToAddress(last, version)} AS${asn}`,
  );

describe('the ASN table', () => {
  test('organisations are unquoted as CSV says', () => {
    const { organisations } = parseAsnRanges(
      '1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."\r\n1.0.4.0,1.0.7.255,38803,Gtelecom Pty Ltd\n2.0.0.0,2.0.0.255,7,"LLC ""SPUTNIK"""\n',
      4,
      'asn.csv',
    );
    expect([...organisations.values()]).toEqual(['Cloudflare, Inc.', 'Gtelecom Pty Ltd', 'LLC "SPUTNIK"']);
  });

  test('of two ranges that overlap the first keeps its addresses and the second the rest', () => {
    expect(read('214.95.0.0,215.0.255.255,749,a\n215.0.0.0,215.1.3.255,721,b\n')).toEqual([
      '214.95.0.0-215.0.255.255 AS749',
      '215.1.0.0-215.1.3.255 AS721',
    ]);
    expect(read('10.0.0.0,10.0.0.255,1,a\n10.0.0.0,10.0.0.127,2,b\n')).toEqual(['10.0.0.0-10.0.0.255 AS1']);
  });

  test('neighbours of one AS are joined, others are not', () => {
    expect(
      read(
        '10.0.0.0,10.0.0.255,1,a\n10.0.1.0,10.0.1.255,1,a\n10.0.2.0,10.0.2.255,2,b\n10.0.4.0,10.0.4.255,2,b\n',
      ),
    ).toEqual(['10.0.0.0-10.0.1.255 AS1', '10.0.2.0-10.0.2.255 AS2', '10.0.4.0-10.0.4.255 AS2']);
  });

  test('a line that is wrong is an error with file, line and layout', () => {
    expect(() => read('first,last,asn,organisation\n')).toThrow(
      /asn\.csv, line 1: .* lines "first,last,asn,organisation" without a header/,
    );
    expect(() => read('1.0.0.0,1.0.0.255,1,a\n1.0.1.255,1.0.1.0,1,a\n')).toThrow(/line 2/);
    expect(() => read('1.0.0.0,1.0.0.255,AS1,a\n')).toThrow(/not an AS number/);
    expect(() => read('2001:db8::,2001:db8::1,1,a\n')).toThrow(/range of IPv4/);
  });
});
