import type { Meta } from '@/lib/flows/contracts/envelope';
import type { MapPlace, TrafficMapRows } from '@/lib/flows/contracts/trafficMap';
import { countryName } from '@/lib/flows/filter/countries';
import { formatValue, type Quantity } from '../format';
import { bucketText, rangeText } from '../timeText';
import { arcsOf, type MapArc, regionsOf } from './arcs';
import type { Center, MapCountry, MapEntry, MapModel, MapOptions, MapStep, TypePart } from './model';
import type { MapView } from './projections';
import { arcSteps, sizeSteps } from './sizes';
import { type MapReader, mapReader } from './values';

export const NOT_KNOWN = 'Not known';

/** The map of an answer: where circles lie, how large they are, and what the picture has no place for. */
export function prepareMap(
  rows: TrafficMapRows,
  meta: Pick<Meta, 'from' | 'to' | 'zone'>,
  options: MapOptions,
): MapModel {
  const steps = stepsOf(rows, meta);
  const ofAddresses = options.measure === 'uniqueness' || options.measure === 'magnitude';
  const read = mapReader(rows, { ...options, step: ofAddresses ? null : options.step });
  const counted = ofAddresses ? new Set<string>() : options.hidden;
  const places = rows.places.map((place) => ({ place, sums: read.sums(place, counted) }));
  const most = Math.max(
    0,
    ...places.map(({ place }) => (drawnAt(place, options) ? read.most(place, counted) : 0)),
  );
  const whole = read.total(new Set());
  const entries = places
    .map(({ place, sums }): MapEntry => {
      const bytes = sums.reduce((a, b) => a + b, 0n);
      const value = read.value(bytes, place.addresses);
      return {
        key: `${place.country} ${place.metro}`,
        country: place.country,
        metro: place.metro,
        label: labelOf(place),
        center: drawnAt(place, options),
        value,
        text: formatValue(value, read.quantity),
        share: ofAddresses ? null : partOf(bytes, whole),
        bytes: String(bytes),
        bytesByType: sums.map(String),
        addresses: place.addresses,
        ...typesIn(rows.types, sums, bytes, (sum) => read.bytesValue(sum), read.bytesQuantity),
        radius: most > 0 ? Math.sqrt((value ?? 0) / most) : 0,
      };
    })
    .sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
  const shown = read.total(counted);
  const totalValue = read.value(shown, rows.total.addresses);
  const drawsArcs = options.arcs !== 'none' && options.step === null;
  const drawn = drawsArcs ? arcsOf(rows, options, (place) => drawnAt(place, options)) : null;
  const byType = read.byType(rows.places);
  const drawnByType = read.byType(rows.places.filter((place) => drawnAt(place, options) !== null));
  const partOfAll = (bytes: bigint, drawnBytes: bigint): MapModel['sums'] => ({
    value: read.bytesValue(bytes),
    text: formatValue(read.bytesValue(bytes), read.bytesQuantity),
    share: partOf(bytes, whole),
    drawnText: formatValue(read.bytesValue(drawnBytes), read.bytesQuantity),
    drawnBytes: String(drawnBytes),
  });
  const shownOf = (sums: readonly bigint[]) =>
    sums.reduce((sum, bytes, t) => (counted.has(rows.types[t] ?? '') ? sum : sum + bytes), 0n);
  return {
    view: options.view,
    measure: options.measure,
    quantity: read.quantity,
    entries,
    countries: countriesOf(entries, rows, read, whole, ofAddresses),
    regions: regionsOf(rows, options.view),
    arcs: drawn?.arcs ?? [],
    arcsShare: drawn?.share ?? null,
    sizes: sizeSteps(most, read.quantity),
    arcSizes: arcSizesOf(drawn?.arcs[0], options.unit),
    types: rows.types.map((type, t) => ({ type, ...partOfAll(byType[t] ?? 0n, drawnByType[t] ?? 0n) })),
    unknownShare: partOf(
      read.byType(rows.places.filter(({ country }) => country === '')).reduce((a, b) => a + b, 0n),
      whole,
    ),
    sums: partOfAll(shown, shownOf(drawnByType)),
    total: { text: formatValue(totalValue, read.quantity), bytes: String(shown), value: totalValue },
    beside: besideOf(entries, read, whole, ofAddresses, options.view),
    steps,
    when:
      (options.step === null || ofAddresses ? undefined : steps[options.step]?.text) ??
      rangeText(meta.from, meta.to, meta.zone),
    wholeOnly: ofAddresses,
  };
}

function arcSizesOf(heaviest: MapArc | undefined, unit: MapOptions['unit']): MapModel['arcSizes'] {
  if (heaviest === undefined) return [];
  return unit === 'bits'
    ? arcSteps(Number(heaviest.bytes) * 8, 'bit')
    : arcSteps(Number(heaviest.bytes), 'B');
}

function stepsOf({ steps }: TrafficMapRows, meta: Pick<Meta, 'from' | 'to' | 'zone'>): MapStep[] {
  return steps.starts.map((start, i) => {
    const from = Math.max(start, meta.from);
    const to = Math.min(steps.starts[i + 1] ?? steps.end, meta.to);
    return { from, to, text: bucketText(from, to, meta.zone) };
  });
}

/** A metro at its center; what is elsewhere in a country in the middle of it, where the whole world is shown. */
function drawnAt(
  place: Pick<MapPlace, 'country' | 'metro' | 'center'>,
  { view, countryCenter }: MapOptions,
): Center | null {
  if (place.country === '') return null;
  if (view === 'us') return place.country === 'US' ? place.center : null;
  return place.center ?? countryCenter(place.country);
}

export function labelOf({ country, metro }: { country: string; metro: string }): string {
  if (country === '') return NOT_KNOWN;
  const land = countryName(country) ?? country;
  return metro === '' ? `Elsewhere in ${land}` : metro;
}

function typesIn(
  types: readonly string[],
  sums: readonly bigint[],
  bytes: bigint,
  inUnit: (sum: bigint) => number,
  quantity: Quantity,
): { leadType: string | null; parts: TypePart[] } {
  let lead = -1;
  sums.forEach((sum, t) => {
    if (sum > 0n && (lead < 0 || sum > (sums[lead] ?? 0n))) lead = t;
  });
  const parts = types.flatMap((type, t): TypePart[] => {
    const sum = sums[t] ?? 0n;
    if (sum === 0n) return [];
    const value = inUnit(sum);
    return [{ type, value, text: formatValue(value, quantity), share: partOf(sum, bytes) }];
  });
  return { leadType: types[lead] ?? null, parts };
}

function countriesOf(
  entries: readonly MapEntry[],
  rows: TrafficMapRows,
  read: MapReader,
  whole: bigint,
  ofAddresses: boolean,
): MapCountry[] {
  const addresses = new Map(rows.countries.map((each) => [each.country, each.addresses]));
  const codes = [...new Set(entries.map(({ country }) => country))].filter((code) => code !== '');
  const values = codes.map((code) => {
    const bytes = entries
      .filter(({ country }) => country === code)
      .reduce((sum, entry) => sum + BigInt(entry.bytes), 0n);
    return { code, bytes, value: read.value(bytes, addresses.get(code) ?? null) ?? 0 };
  });
  const most = Math.max(0, ...values.map(({ value }) => value));
  const least = Math.min(most, ...values.map(({ value }) => value).filter((value) => value > 0));
  return values
    .filter(({ value }) => value > 0)
    .map(({ code, bytes, value }) => ({
      code,
      label: countryName(code) ?? code,
      value,
      text: formatValue(value, read.quantity),
      share: ofAddresses ? null : partOf(bytes, whole),
      tone: toneOf(value, most, least),
    }))
    .sort((a, b) => b.value - a.value);
}

/** Even steps of the logarithm from the least to the greatest; a single country is the greatest. */
function toneOf(value: number, most: number, least: number): number {
  return most === least ? 1 : Math.log(value / least) / Math.log(most / least);
}

function besideOf(
  entries: readonly MapEntry[],
  read: MapReader,
  whole: bigint,
  ofAddresses: boolean,
  view: MapView,
): MapModel['beside'] {
  const line = (label: string, some: readonly MapEntry[]) => {
    const bytes = some.reduce((sum, entry) => sum + BigInt(entry.bytes), 0n);
    // Addresses of several places cannot be added.
    const text = ofAddresses
      ? some.length === 1
        ? (some[0]?.text ?? '')
        : ''
      : formatValue(read.bytesValue(bytes), read.quantity);
    return { label: ofAddresses ? `of the volume ${label}` : label, text, share: partOf(bytes, whole), some };
  };
  const unknown = entries.filter(({ country }) => country === '');
  const lines =
    view === 'world'
      ? [
          line(
            'in metros',
            entries.filter(({ metro, center }) => metro !== '' && center),
          ),
          line(
            'elsewhere in countries (rings)',
            entries.filter(({ metro, center }) => metro === '' && center),
          ),
          line(
            'in lands too small to draw',
            entries.filter(({ country, center }) => country !== '' && !center),
          ),
          line('from places not known', unknown),
        ]
      : [
          line(
            'in the metros drawn here',
            entries.filter(({ center }) => center),
          ),
          line(
            'elsewhere in the United States',
            entries.filter(({ country, center }) => country === 'US' && !center),
          ),
          line(
            'in other countries',
            entries.filter(({ country }) => country !== 'US' && country !== ''),
          ),
          line('from places not known', unknown),
        ];
  return lines
    .filter(({ some }) => some.length > 0 || some === unknown)
    .map(({ label, text, share }) => ({ label, text, share }));
}

/** A ratio of big integers: three figures are shown, so the digits a number loses are never seen. */
function partOf(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number(part) / Number(whole);
}
