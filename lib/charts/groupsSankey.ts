import type { GroupRows } from '@/lib/flows/contracts/exploreGroups';
import { axisLabel, axisName } from './axisLabel';
import { namesFrom } from './keyLabel';
import { prepareSankey, type SankeyModel } from './prepareSankey';

/**
 * An answer by groups as flows from column to column.
 * @param text a sum to read: three figures with their unit
 */
export function groupsSankey(rows: GroupRows, text: (sum: bigint) => string): SankeyModel {
  const names = namesFrom(rows.names);
  const dimensions = rows.axes.map(({ by }) => ({
    label: capital(axisName(by)),
    colors: by === 'type' ? ('network-types' as const) : ('categories' as const),
    nameOf: (key: string) => axisLabel(by, key, names),
  }));
  const links = rows.cells.map(({ at, now }) => ({
    keys: at.map((place, axis) => rows.axes[axis]?.keys[place] ?? null),
    value: BigInt(now.sum),
  }));
  return prepareSankey(dimensions, links, { text });
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
