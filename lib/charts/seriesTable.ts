import { DIMENSION_LABEL } from '@/lib/flows/dimensions';
import { formatChange, formatShare, formatValue, groupDigits, NO_VALUE } from './format';
import { keyLabel, type Names } from './keyLabel';
import type { ExploreLine, Half, SeriesModel } from './prepareSeries';
import type { Cell, Column, TableModel, TableRow } from './tableModel';

/** A table of groups that can be sorted by each of its columns. */
export interface SeriesTable extends TableModel {
  /** one for each row of the table, in its order: what it is of; the total comes last */
  readonly lines: readonly { readonly line: ExploreLine; readonly isTotal: boolean }[];
}

/** What sums are, as they are added up over the range. */
const SUMS = { traffic: 'bytes', packets: 'packets', flowRecords: 'flow_records' } as const;

interface Filled extends Column {
  readonly cell: (line: ExploreLine, half: Half) => Cell;
}

const exactNumber = (value: number | null): string => (value === null ? '' : String(value));

/** One row for each group and direction, the totals last: to read, to sort, and as a file with exact values. */
export function prepareSeriesTable(model: SeriesModel, names: Names): SeriesTable {
  const columns = [...groupColumns(model, names), ...figureColumns(model)];
  const lines = model.halves.flatMap((half) => [
    ...half.series.map((line) => ({ line, half, isTotal: false })),
    ...(model.by.length === 0 ? [] : [{ line: half.total, half, isTotal: true }]),
  ]);
  const ordered = [...lines.filter(({ isTotal }) => !isTotal), ...lines.filter(({ isTotal }) => isTotal)];
  return {
    columns,
    rows: ordered.map(
      ({ line, half }): TableRow => ({
        key: `${half.direction} ${line.label} ${line.key}`,
        cells: columns.map(({ cell }) => cell(line, half)),
      }),
    ),
    lines: ordered.map(({ line, isTotal }) => ({ line, isTotal })),
  };
}

function groupColumns(model: SeriesModel, names: Names): Filled[] {
  const { by } = model;
  const first = (line: ExploreLine): Cell => ({
    text: line.label,
    exact: line.keys === null ? 'Other' : line.label,
  });
  const columns: Filled[] =
    by.length === 0
      ? [{ key: 'group', label: 'Group', definition: 'everything in the scope', csv: 'group', cell: first }]
      : by.map((dimension, i) => ({
          key: dimension,
          label: capital(DIMENSION_LABEL[dimension]),
          definition: `${DIMENSION_LABEL[dimension]}; Other = all groups that are not named here`,
          csv: dimension,
          cell: (line) => {
            // The total has no keys, Other is named once.
            if (line.keys === null || line.keys.length === 0)
              return i === 0 ? first(line) : { text: '', exact: '' };
            const key = line.keys[i] ?? '';
            return { text: keyLabel(dimension, key, names), exact: key };
          },
        }));
  if (model.halves.length === 1) return columns;
  return [
    ...columns,
    {
      key: 'direction',
      label: 'Direction',
      definition: 'ingress = from remote networks to ours, egress = from ours to remote ones',
      csv: 'direction',
      cell: (_, { direction }) => ({ text: direction, exact: direction }),
    },
  ];
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function figureColumns(model: SeriesModel): Filled[] {
  const { quantity, measure } = model;
  const figure = (key: 'last' | 'mean' | 'p95' | 'max', label: string, definition: string): Filled => ({
    key,
    label,
    definition: `${definition}, ${unitWords(model)}`,
    align: 'right',
    csv: `${key}_${unitWords(model)}`,
    cell: ({ statistics }) => ({
      text: formatValue(statistics[key], quantity),
      exact: exactNumber(statistics[key]),
    }),
  });
  const ofBuckets = [
    figure('last', 'Last', 'of the last drawn bucket that is whole and not provisional'),
    figure('max', 'Max', 'greatest of the drawn buckets that are covered and not provisional'),
  ];
  if (measure === 'uniqueness' || measure === 'magnitude') {
    return [...ofBuckets, addressColumn, ...changeColumns(model)];
  }
  const sum = SUMS[measure];
  return [
    ...ofBuckets,
    figure(
      'mean',
      'Mean',
      model.p95Of === null
        ? 'of the drawn buckets that are covered and not provisional'
        : 'of the covered time of the range',
    ),
    ...(model.p95Of === null ? [] : [figure('p95', 'p95', model.p95Of)]),
    {
      key: 'total',
      label: 'Total',
      definition: `${sum.replace('_', ' ')} of the range, exact`,
      align: 'right',
      csv: `total_${sum}`,
      cell: (line) => ({
        text: sumText(line.sum, quantity),
        exact: line.sum,
        title: `${groupDigits(line.sum)} ${sum.replace('_', ' ')}`,
      }),
    },
    {
      key: 'share',
      label: 'Share',
      definition: 'of the total of the same direction, 0 to 1',
      align: 'right',
      csv: 'share',
      cell: ({ statistics }) => ({ text: formatShare(statistics.share), exact: String(statistics.share) }),
    },
    ...changeColumns(model),
  ];
}

/** A sum as it is shown: what is counted in bits over time is so in all. */
function sumText(sum: string, quantity: SeriesModel['quantity']): string {
  if (quantity === 'bit/s') return formatValue(Number(BigInt(sum) * 8n), 'bit');
  return formatValue(Number(sum), quantity === 'B/s' ? 'B' : 'count');
}

const addressColumn: Filled = {
  key: 'addresses',
  label: 'In all',
  definition: 'distinct remote addresses of the whole range, merged and never added up',
  align: 'right',
  csv: 'addresses',
  cell: ({ addresses }) => ({
    text: addresses === null ? NO_VALUE : formatValue(addresses, 'count'),
    exact: exactNumber(addresses),
    ...(addresses === null ? {} : { title: `${groupDigits(String(addresses))} addresses` }),
  }),
};

function changeColumns(model: SeriesModel): Filled[] {
  if (model.compared === null) return [];
  return [
    {
      key: 'change',
      label: 'Change',
      definition: `${changeWords(model)}; -0.5 = halved, 1 = doubled`,
      align: 'right',
      csv: 'change',
      cell: ({ now, before }) => {
        const { text } = formatChange(now, before);
        const known = now !== null && before !== null && before !== 0;
        return {
          text,
          exact: known ? String(now / before - 1) : '',
          title: `${formatValue(now, model.quantity)} against ${formatValue(before, model.quantity)}`,
        };
      },
    },
  ];
}

/** What a change is of, in words: only what can be compared is. */
export function changeWords(model: SeriesModel): string {
  const count = model.compared?.buckets ?? 0;
  const what = model.stacks ? 'mean rates' : 'means of the buckets';
  return `${what} over the ${count} ${count === 1 ? 'bucket' : 'buckets'} that are whole in both ranges`;
}

/** The unit in the head of a column: statistics stand in the unit that is drawn. */
function unitWords({ quantity }: SeriesModel): string {
  return quantity === 'count' ? 'addresses' : quantity;
}

/** Positions of rows sorted by a column, those without a value last either way; the total stays at the end. */
export function sortedRows(
  table: SeriesTable,
  by: { readonly column: number; readonly descending: boolean },
): number[] {
  const isNumber = table.columns[by.column]?.align === 'right';
  const sortedBy = (row: number): string => {
    const cell = table.rows[row]?.cells[by.column];
    return (isNumber ? cell?.exact : cell?.text) ?? '';
  };
  const compare = (a: number, b: number): number => {
    const [one, other] = [sortedBy(a), sortedBy(b)];
    if (one === '' || other === '') return Number(one === '') - Number(other === '');
    const order = isNumber ? Number(one) - Number(other) : one < other ? -1 : one > other ? 1 : 0;
    return by.descending ? -order : order;
  };
  const positions = table.rows.map((_, i) => i);
  const totals = positions.filter((i) => table.lines[i]?.isTotal);
  return [...positions.filter((i) => !table.lines[i]?.isTotal).sort(compare), ...totals];
}
