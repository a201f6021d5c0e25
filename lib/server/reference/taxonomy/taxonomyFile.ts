import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { isNetworkType, NETWORK_TYPES, type NetworkType } from '@/lib/flows/networkTypes';
import { FIRST_DAY, LAST_DAY, parseDay } from '@/lib/server/reference/day';
import { findOverlap, type Period } from '@/lib/server/reference/periods';

/** A line of asn-types.csv: the type of an AS over a stretch of UTC days, and why we say so. */
export interface AsnType {
  asn: number;
  name: string;
  networkType: NetworkType;
  from: number;
  to: number;
  evidence: string;
}

/** Columns of asn-types.csv. Empty dates mean since ever and until further notice; both days count. */
const COLUMNS = ['asn', 'name', 'network_type', 'valid_from', 'valid_to', 'evidence'] as const;

/** @throws Error naming file, line, cause and fix */
export async function readAsnTypes(file: string): Promise<AsnType[]> {
  return parseAsnTypes(await readFile(file, 'utf8'), file);
}

export function parseAsnTypes(text: string, file: string): AsnType[] {
  const records: { record: Record<string, string>; info: { lines: number } }[] = parse(text, {
    columns: true,
    info: true,
  });
  const types = records.map(({ record, info }) => readLine(record, `${file}, line ${info.lines}`));
  const periods = new Map<number, Period<NetworkType>[]>();
  for (const { asn, from, to, networkType } of types) {
    const known = periods.get(asn);
    if (known === undefined) periods.set(asn, [{ from, to, value: networkType }]);
    else known.push({ from, to, value: networkType });
  }
  for (const [asn, lines] of periods) {
    if (findOverlap(lines) !== null) {
      throw new Error(
        `${file}: AS${asn} has two types on one day: give its lines a valid_from and valid_to that do not meet`,
      );
    }
  }
  return types;
}

function readLine(record: Record<string, string>, where: string): AsnType {
  const missing = COLUMNS.find((column) => record[column] === undefined);
  if (missing !== undefined) {
    throw new Error(
      `${where}: column ${missing} is missing: the first line of the file has to be ${COLUMNS.join(',')}`,
    );
  }
  const { asn = '', name = '', network_type = '', valid_from = '', valid_to = '', evidence = '' } = record;
  if (!/^\d{1,10}$/.test(asn) || Number(asn) < 1 || Number(asn) > 4_294_967_295) {
    throw new Error(`${where}: "${asn}" is not an AS number: write a number from 1 to 4294967295`);
  }
  if (!isNetworkType(network_type)) {
    throw new Error(
      `${where}: "${network_type}" is not a network type: use one of ${NETWORK_TYPES.join(', ')}`,
    );
  }
  if (evidence === '') throw new Error(`${where}: AS${asn} has no evidence: write why it is ${network_type}`);
  const from = valid_from === '' ? FIRST_DAY : parseDay(valid_from);
  const to = valid_to === '' ? LAST_DAY : parseDay(valid_to);
  if (from === null || to === null || from > to) {
    throw new Error(
      `${where}: ${valid_from} to ${valid_to} is no period: write days as 2026-01-31, the first before the last`,
    );
  }
  return { asn: Number(asn), name, networkType: network_type, from, to, evidence };
}
