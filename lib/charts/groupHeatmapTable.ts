import { axisName } from './axisLabel';
import { formatShare, formatValue } from './format';
import type { GroupHeatmapModel, HeatCell, HeatLine } from './prepareGroupHeatmap';
import { type Column, plain, type TableModel, type TableRow } from './tableModel';

/** Units as the header of a file writes them. */
const UNIT: Readonly<Record<string, string>> = {
  bit: 'bits',
  B: 'bytes',
  'bit/s': 'bits_per_second',
  'B/s': 'bytes_per_second',
  count: 'count',
  'bit/address': 'bits_per_address',
};

/** Every cell and every total of a heatmap, exact: the table behind the picture, and its file. */
export function groupHeatmapTable(model: GroupHeatmapModel): TableModel {
  const isCompared = model.total.change.direction !== 'none';
  const unit = UNIT[model.quantity] ?? model.quantity;
  const columns: Column[] = [
    {
      key: 'row',
      label: capital(axisName(model.rowAxis)),
      definition: axisName(model.rowAxis),
      csv: file(axisName(model.rowAxis)),
    },
    {
      key: 'column',
      label: capital(axisName(model.columnAxis)),
      definition: axisName(model.columnAxis),
      csv: file(axisName(model.columnAxis)),
    },
    {
      key: 'value',
      label: 'Value',
      definition: `${model.measure} in ${unit.replaceAll('_', ' ')}`,
      align: 'right',
      csv: `${model.measure}_${unit}`,
    },
    { key: 'share', label: 'Share', definition: 'of all volume', align: 'right', csv: 'share_of_volume' },
    ...(model.measure === 'uniqueness'
      ? [
          {
            key: 'plusMinus',
            label: '\u00b1',
            definition: '95 % of counts are this near',
            align: 'right',
            csv: 'plus_minus',
          } as const,
        ]
      : []),
    ...(isCompared
      ? ([
          {
            key: 'before',
            label: 'Before',
            definition: 'in the range that is compared',
            align: 'right',
            csv: `before_${unit}`,
          },
          {
            key: 'change',
            label: 'Change',
            definition: 'against the range that is compared; of volumes as rates',
            align: 'right',
            csv: 'change_factor',
          },
        ] as const)
      : []),
    {
      key: 'thin',
      label: 'Thin',
      definition: 'fewer than 400 sampled packets: error of 10 % and more',
      csv: 'fewer_than_400_sampled_packets',
    },
  ];
  const line = (row: HeatLine, column: HeatLine, cell: HeatCell): TableRow => ({
    key: JSON.stringify([row.label, column.label]),
    cells: [
      plain(row.label),
      plain(column.label),
      { text: formatValue(cell.value, model.quantity), exact: cell.exact },
      {
        text: cell.value === null ? '' : formatShare(cell.share),
        exact: cell.value === null ? '' : String(cell.share),
      },
      ...(model.measure === 'uniqueness'
        ? [plain(cell.plusMinus === null ? '' : String(cell.plusMinus))]
        : []),
      ...(isCompared
        ? [
            {
              text: formatValue(cell.before, model.quantity),
              exact: cell.before === null ? '' : String(cell.before),
            },
            {
              text: cell.factor === 0 ? 'gone' : cell.change.text,
              exact: cell.factor === null ? '' : Number.isFinite(cell.factor) ? String(cell.factor) : 'new',
            },
          ]
        : []),
      plain(cell.thin ? 'yes' : ''),
    ],
  });
  const all: HeatLine = { key: null, label: model.totalLabel };
  const seen = (cell: HeatCell) => cell.value !== null || cell.before !== null;
  const cells = model.rows.flatMap((row, r) =>
    model.columns.flatMap((column, c) => {
      const cell = model.cells[r]?.[c];
      return cell !== undefined && seen(cell) ? [line(row, column, cell)] : [];
    }),
  );
  const rowTotals = model.rows.flatMap((row, r) => totalLine(row, all, model.rowTotals[r]));
  const columnTotals = model.columns.flatMap((column, c) => totalLine(all, column, model.columnTotals[c]));
  return { columns, rows: [...cells, ...rowTotals, ...columnTotals, line(all, all, model.total)] };

  function totalLine(row: HeatLine, column: HeatLine, cell: HeatCell | undefined): TableRow[] {
    return cell !== undefined && seen(cell) ? [line(row, column, cell)] : [];
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function file(text: string): string {
  return text.toLowerCase().replaceAll(' ', '_');
}
