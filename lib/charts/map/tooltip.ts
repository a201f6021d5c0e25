import type { ThemeColors } from '../categories';
import { formatShare, formatValue, NO_VALUE } from '../format';
import { networkTypeColor } from '../palette';
import type { MapEntry, MapModel } from './model';

/** What stands beside the pointer: a title, rows of a small table, and a remark. */
export interface MapTooltip {
  readonly title: string;
  readonly rows: readonly {
    readonly label: string;
    readonly color: ThemeColors | null;
    readonly value: string;
    readonly share: string;
    readonly strong?: boolean;
  }[];
  readonly note: string;
}

/** The words for what lies below the pointer: a place, one of our regions, or a country; null for anything else. */
export function tooltipOf(model: MapModel, series: string | null, name: string): MapTooltip | null {
  if (series === 'places') {
    const entry = model.entries.find(({ key }) => key === name);
    return entry ? placeTooltip(model, entry) : null;
  }
  if (series === 'regions') return regionTooltip(model, name);
  const country = series === null ? model.countries.find(({ code }) => code === name) : undefined;
  if (!country) return null;
  return {
    title: country.label,
    rows: [
      {
        label: measureName(model),
        color: null,
        value: country.text,
        share: shareText(country.share),
        strong: true,
      },
    ],
    note: 'The whole country, approximate',
  };
}

function placeTooltip(model: MapModel, entry: MapEntry): MapTooltip {
  const { addresses } = entry;
  const types = [...entry.parts].reverse().map(({ type, text, share }) => ({
    label: type,
    color: { light: networkTypeColor(type, 'light'), dark: networkTypeColor(type, 'dark') },
    value: text,
    share: formatShare(share),
  }));
  return {
    title: entry.metro === '' || entry.country === '' ? entry.label : `${entry.label}, ${entry.country}`,
    rows: [
      {
        label: measureName(model),
        color: null,
        value: entry.text,
        share: shareText(entry.share),
        strong: true,
      },
      ...types,
      ...(addresses && model.measure !== 'uniqueness'
        ? [{ label: 'Addresses, whole range', color: null, value: countText(entry), share: '' }]
        : []),
    ],
    note:
      entry.metro === ''
        ? 'A ring: somewhere in the country, or in a lesser metro'
        : 'Approximate: the center of the metro',
  };
}

function regionTooltip(model: MapModel, region: string): MapTooltip {
  const sums = (['ingress', 'egress'] as const).map((direction) => {
    const arcs = model.arcs.filter((arc) => arc.region === region && arc.direction === direction);
    return { direction, bytes: arcs.reduce((sum, { bytes }) => sum + Number(bytes), 0), count: arcs.length };
  });
  return {
    title: region,
    rows: sums
      .filter(({ count }) => count > 0)
      .map(({ direction, bytes, count }) => ({
        label: `${direction} drawn`,
        color: null,
        value: formatValue(bytes, 'B'),
        share: `${count} arcs`,
      })),
    note: 'Our region',
  };
}

function countText({ addresses }: MapEntry): string {
  if (!addresses) return NO_VALUE;
  const { uniques, uniquesPlusMinus } = addresses;
  return `${formatValue(uniques, 'count')}${uniquesPlusMinus > 0 ? ` ± ${formatValue(uniquesPlusMinus, 'count')}` : ''}`;
}

function measureName({ measure }: MapModel): string {
  return { volume: 'Volume', traffic: 'Rate', uniqueness: 'Addresses', magnitude: 'Per address' }[measure];
}

function shareText(share: number | null): string {
  return share === null ? '' : formatShare(share);
}
