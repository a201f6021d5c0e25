import { addressToNumber } from '@/lib/server/reference/prefix';

/** An inclusive range of addresses that one AS announces. */
export interface AsnRange {
  first: bigint;
  last: bigint;
  asn: number;
}

export interface AsnRanges {
  ranges: AsnRange[];
  /** Organisation of each ASN, as its first line says. */
  organisations: Map<number, string>;
  /** Lines that lay wholly or partly inside an earlier one and were cut. */
  overlaps: number;
}

/**
 * Reads a table "first,last,asn,organisation" without header; the organisation is in quotes only where it has a comma.
 * Ranges come out sorted, without overlap, neighbours of one AS joined. Where two overlap, the one with the lower
 * first address (of equal ones the earlier line) keeps the addresses in doubt.
 * @throws Error naming file, line, cause and fix
 */
export function parseAsnRanges(text: string, version: 4 | 6, file: string): AsnRanges {
  const organisations = new Map<number, string>();
  const ranges: AsnRange[] = [];
  let line = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    const content = text.slice(at, text[end - 1] === '\r' ? end - 1 : end);
    at = end + 1;
    line += 1;
    if (content === '') continue;
    const range = readLine(content, version, `${file}, line ${line}`);
    ranges.push(range);
    if (!organisations.has(range.asn)) organisations.set(range.asn, range.organisation);
  }
  return { ...removeOverlaps(ranges), organisations };
}

function readLine(content: string, version: 4 | 6, where: string): AsnRange & { organisation: string } {
  const afterFirst = content.indexOf(',');
  const afterLast = content.indexOf(',', afterFirst + 1);
  const afterAsn = content.indexOf(',', afterLast + 1);
  const first = addressToNumber(content.slice(0, afterFirst));
  const last = addressToNumber(content.slice(afterFirst + 1, afterLast));
  const asn = Number(content.slice(afterLast + 1, afterAsn === -1 ? undefined : afterAsn));
  if (
    afterLast === -1 ||
    first?.version !== version ||
    last?.version !== version ||
    first.value > last.value
  ) {
    throw new Error(
      `${where}: "${content.slice(0, 80)}" is not a range of IPv${version} addresses: the file must have lines "first,last,asn,organisation" without a header, as npm @ip-location-db/asn has`,
    );
  }
  if (!Number.isInteger(asn) || asn < 0 || asn > 4_294_967_295) {
    throw new Error(
      `${where}: the third field of "${content.slice(0, 80)}" is not an AS number: write 0 to 4294967295`,
    );
  }
  const organisation = afterAsn === -1 ? '' : unquote(content.slice(afterAsn + 1));
  return { first: first.value, last: last.value, asn, organisation };
}

/** CSV quoting: a field with a comma or a quote stands in quotes, its own quotes doubled. */
function unquote(field: string): string {
  const quoted = field.length >= 2 && field.startsWith('"') && field.endsWith('"');
  return (quoted ? field.slice(1, -1).replaceAll('""', '"') : field).trim();
}

function removeOverlaps(inFileOrder: AsnRange[]): { ranges: AsnRange[]; overlaps: number } {
  // Stable: of two ranges with one start, the earlier in the file comes first.
  const sorted = [...inFileOrder].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const ranges: AsnRange[] = [];
  let overlaps = 0;
  for (const { first, last, asn } of sorted) {
    const before = ranges.at(-1);
    if (before !== undefined && first <= before.last) {
      overlaps += 1;
      if (last > before.last) ranges.push({ first: before.last + 1n, last, asn });
    } else if (before !== undefined && first === before.last + 1n && asn === before.asn) {
      before.last = last;
    } else {
      ranges.push({ first, last, asn });
    }
  }
  return { ranges, overlaps };
}
