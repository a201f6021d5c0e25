import { compareNetworkTypes } from '@/lib/flows/networkTypes';
import { categoryColors, otherColor, plainColor, type ThemeColors } from './categories';
import { formatShare } from './format';
import { networkTypeColors } from './palette';
import type { TableModel } from './tableModel';

/** One column of a Sankey diagram: what its nodes are. */
export interface SankeyDimension {
  /** as the column's heading says it: "Network type" */
  readonly label: string;
  /** network types have their fixed colors, and leave the other columns plain; without them open sets take their scale */
  readonly colors: 'network-types' | 'categories';
  /** how a key is written; left out = as it is */
  readonly nameOf?: (key: string) => string;
}

export interface SankeyRow {
  /** one for each dimension, in their order; null = all that is not named (Other) */
  readonly keys: readonly (string | null)[];
  /** bytes, or whatever else adds up; never negative */
  readonly value: bigint;
}

export interface SankeyOptions {
  /** the value to read: three figures with their unit */
  readonly text: (value: bigint) => string;
}

export interface SankeyNode {
  /** unique in the model */
  readonly id: string;
  readonly column: number;
  /** null = Other */
  readonly key: string | null;
  readonly label: string;
  readonly color: ThemeColors;
  readonly value: bigint;
  readonly text: string;
  /** of the total, 0 to 1 */
  readonly share: number;
}

export interface SankeyLink {
  readonly source: SankeyNode;
  readonly target: SankeyNode;
  readonly color: ThemeColors;
  readonly value: bigint;
  readonly text: string;
  /** of the total, 0 to 1 */
  readonly share: number;
}

export interface SankeyModel {
  /** left to right; nodes from the top, heaviest first, Other last */
  readonly columns: readonly { readonly label: string; readonly nodes: readonly SankeyNode[] }[];
  /** between neighboring columns, in the order of their nodes */
  readonly links: readonly SankeyLink[];
  readonly total: { readonly value: bigint; readonly text: string };
}

/** A key that a person chose: the dimension's place from the left, and the key. */
export interface SankeyPick {
  readonly dimensionIndex: number;
  readonly key: string;
}

const OTHER = 'Other';

/**
 * Flows between two or three groupings of the same total. Every column holds the whole of it: what a row does not name is in Other.
 * Rows with equal keys are added; rows of zero have no place in the picture.
 * @throws RangeError where a row has not one key for each dimension, or a negative value.
 */
export function prepareSankey(
  dimensions: readonly SankeyDimension[],
  rows: readonly SankeyRow[],
  options: SankeyOptions,
): SankeyModel {
  for (const { keys, value } of rows) {
    if (keys.length !== dimensions.length)
      throw new RangeError(`A row has ${keys.length} keys for ${dimensions.length} dimensions`);
    if (value < 0n) throw new RangeError(`A row of ${keys.join(', ')} has the negative value ${value}`);
  }
  const seen = rows.filter(({ value }) => value > 0n);
  const total = seen.reduce((sum, { value }) => sum + value, 0n);
  const read = (value: bigint) => ({ value, text: options.text(value), share: shareOf(value, total) });

  // One set has colors. Two would use like ones for unlike things, and network types have theirs on every page.
  const types = dimensions.findIndex(({ colors }) => colors === 'network-types');
  const colored = Math.max(types, 0);
  const columns = dimensions.map((dimension, column) => {
    const sums = summed(seen, ({ keys }) => keys[column] ?? null);
    const colors = column === colored ? colorsOf(dimension, [...sums.keys()]) : null;
    const nodes = [...sums].map(
      ([key, value]): SankeyNode => ({
        id: idOf(column, key),
        column,
        key,
        label: key === null ? OTHER : (dimension.nameOf?.(key) ?? key),
        color: key === null ? otherColor : colors === null ? plainColor : (colors.get(key) ?? otherColor),
        ...read(value),
      }),
    );
    return {
      label: dimension.label,
      nodes: nodes.sort(dimension.colors === 'network-types' ? byType : byWeight),
    };
  });
  const links = columns.slice(1).flatMap(({ nodes: targets }, left) => {
    const sources = columns[left]?.nodes ?? [];
    const sums = summed(seen, ({ keys }) =>
      pairOf(idOf(left, keys[left] ?? null), idOf(left + 1, keys[left + 1] ?? null)),
    );
    return sources.flatMap((source) =>
      targets.flatMap((target): SankeyLink[] => {
        const value = sums.get(pairOf(source.id, target.id));
        const { color } = target.column === colored ? target : source;
        return value === undefined ? [] : [{ source, target, color, ...read(value) }];
      }),
    );
  });
  return { columns, links, total: { value: total, text: options.text(total) } };
}

/** The links as a table with exact values: what stands behind the picture, and what a file holds. */
export function sankeyTable(
  model: SankeyModel,
  value: { readonly label: string; readonly definition: string; readonly csv: string },
): TableModel {
  return {
    columns: [
      { key: 'from', label: 'From', definition: 'group on the left', csv: 'from' },
      { key: 'to', label: 'To', definition: 'group on the right', csv: 'to' },
      { key: 'value', align: 'right', ...value },
      {
        key: 'share',
        label: 'Share',
        definition: 'part of the total, 0 to 1; each pair of neighboring columns adds up to 1',
        align: 'right',
        csv: 'share',
      },
    ],
    rows: model.links.map(({ source, target, ...link }) => ({
      key: pairOf(source.id, target.id),
      cells: [
        { text: source.label, exact: source.key ?? OTHER },
        { text: target.label, exact: target.key ?? OTHER },
        { text: link.text, exact: String(link.value) },
        { text: formatShare(link.share), exact: String(link.share) },
      ],
    })),
  };
}

/** What choosing these nodes means; Other names no key and is left out. */
export function picksOf(nodes: readonly SankeyNode[]): SankeyPick[] {
  return nodes.flatMap(({ column, key }) => (key === null ? [] : [{ dimensionIndex: column, key }]));
}

function summed<Key>(rows: readonly SankeyRow[], keyOf: (row: SankeyRow) => Key): Map<Key, bigint> {
  const sums = new Map<Key, bigint>();
  for (const row of rows) {
    const key = keyOf(row);
    sums.set(key, (sums.get(key) ?? 0n) + row.value);
  }
  return sums;
}

function colorsOf(
  dimension: SankeyDimension,
  keys: readonly (string | null)[],
): ReadonlyMap<string, ThemeColors> {
  const named = keys.filter((key) => key !== null);
  return dimension.colors === 'network-types'
    ? new Map(Object.entries(networkTypeColors))
    : categoryColors(named);
}

/** Types stand in one order in every picture; Other last. */
function byType(a: SankeyNode, b: SankeyNode): number {
  return a.key === null || b.key === null ? byWeight(a, b) : compareNetworkTypes(a.key, b.key);
}

/** Heaviest first, equal ones by name, Other last. */
function byWeight(a: SankeyNode, b: SankeyNode): number {
  if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
  if (a.value !== b.value) return a.value > b.value ? -1 : 1;
  return a.label < b.label ? -1 : 1;
}

function idOf(column: number, key: string | null): string {
  return JSON.stringify([column, key]);
}

function pairOf(source: string, target: string): string {
  return `${source} ${target}`;
}

/** A ratio of big integers: three figures are shown, so the digits a number loses are never seen. */
function shareOf(value: bigint, total: bigint): number {
  return total === 0n ? 0 : Number(value) / Number(total);
}
