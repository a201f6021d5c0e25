import type { TrafficMapRows } from '@/lib/flows/contracts/trafficMap';
import { countryName } from '@/lib/flows/filter/countries';
import { formatShare, formatValue, groupDigits, NO_VALUE } from '../format';
import type { Cell, TableModel } from '../tableModel';
import type { MapEntry, MapModel } from './model';

const NUMBER = { align: 'right' } as const;

/**
 * Every place of an answer, drawn or not, with exact numbers: bytes are of the shown step and types, addresses of the whole range. It is the
 * table behind the map, and the file.
 */
export function mapTable(model: MapModel, rows: Pick<TrafficMapRows, 'types'>): TableModel {
  return {
    columns: [
      { key: 'place', label: 'Place', definition: 'metro, or what is elsewhere in a country', csv: 'place' },
      {
        key: 'country',
        label: 'Country',
        definition: 'ISO 3166-1 alpha-2; empty = not known',
        csv: 'country',
      },
      {
        key: 'latitude',
        label: 'Latitude',
        definition:
          'of the point that is drawn: the center of the metro, or the middle of the country; degrees, approximate; empty = not drawn in this view',
        csv: 'latitude',
        ...NUMBER,
      },
      { key: 'longitude', label: 'Longitude', definition: 'as latitude', csv: 'longitude', ...NUMBER },
      { key: 'bytes', label: 'Bytes', definition: 'of the shown types and step', csv: 'bytes', ...NUMBER },
      {
        key: 'share',
        label: 'Share',
        definition: 'of all volume of the step, all types',
        csv: 'share',
        ...NUMBER,
      },
      {
        key: 'addresses',
        label: 'Addresses',
        definition: 'distinct remote addresses of the whole range, never added',
        csv: 'addresses',
        ...NUMBER,
      },
      {
        key: 'plusMinus',
        label: '±',
        definition: 'error of addresses',
        csv: 'addresses_plus_minus',
        ...NUMBER,
      },
      {
        key: 'magnitude',
        label: 'Bits per address',
        definition: 'volume in bits divided by addresses, of the whole range',
        csv: 'bits_per_address',
        ...NUMBER,
      },
      ...rows.types.map((type) => ({
        key: type,
        label: type,
        definition: `bytes of ${type}, 0 where it is hidden`,
        csv: `bytes ${type}`,
        ...NUMBER,
      })),
    ],
    rows: model.entries.map((entry) => ({ key: entry.key, cells: cellsOf(entry) })),
  };
}

function cellsOf(entry: MapEntry): Cell[] {
  const { addresses, center } = entry;
  const bytes = (value: string): Cell => ({
    text: formatValue(Number(value), 'B'),
    exact: value,
    title: `${groupDigits(value)} bytes`,
    tone: value === '0' ? 'muted' : 'plain',
  });
  const number = (value: number | null | undefined, text: string): Cell =>
    value === null || value === undefined
      ? { text: NO_VALUE, exact: '', tone: 'muted' }
      : { text, exact: String(value) };
  return [
    { text: entry.label, exact: entry.label },
    { text: countryName(entry.country) ?? entry.country, exact: entry.country },
    number(center?.latitude, center?.latitude.toFixed(2) ?? ''),
    number(center?.longitude, center?.longitude.toFixed(2) ?? ''),
    bytes(entry.bytes),
    number(entry.share, formatShare(entry.share)),
    number(addresses?.uniques, formatValue(addresses?.uniques ?? null, 'count')),
    number(addresses?.uniquesPlusMinus, formatValue(addresses?.uniquesPlusMinus ?? null, 'count')),
    number(addresses?.magnitude, formatValue(addresses?.magnitude ?? null, 'bit/address')),
    ...entry.bytesByType.map(bytes),
  ];
}

/** Compares two cells of a column by their exact values: whole numbers digit by digit, empty ones last. */
export function compareCells(a: Cell, b: Cell): number {
  if (a.exact === '' || b.exact === '') return Number(a.exact === '') - Number(b.exact === '');
  if (/^\d+$/.test(a.exact) && /^\d+$/.test(b.exact)) {
    const difference = BigInt(a.exact) - BigInt(b.exact);
    return difference === 0n ? 0 : difference < 0n ? -1 : 1;
  }
  const [one, other] = [Number(a.exact), Number(b.exact)];
  if (!Number.isNaN(one) && !Number.isNaN(other)) return one - other;
  return a.exact < b.exact ? -1 : a.exact > b.exact ? 1 : 0;
}
