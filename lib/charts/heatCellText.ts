import { formatShare, formatValue } from './format';
import type { GroupHeatmapModel, HeatCell, HeatLine } from './prepareGroupHeatmap';

/** What a cell says when it is read aloud or pointed at. */
export function heatCellText(
  model: GroupHeatmapModel,
  row: HeatLine,
  column: HeatLine,
  cell: HeatCell,
): string {
  const where = `${row.label}, ${column.label}`;
  if (cell.value === null && cell.before === null) return `${where}: nothing was seen`;
  const value = cell.value === null ? 'nothing' : formatValue(cell.value, model.quantity);
  const plusMinus = cell.plusMinus ? ` \u00b1 ${formatValue(cell.plusMinus, 'count')}` : '';
  const share = cell.value === null || cell.value === 0 ? '' : `, ${formatShare(cell.share)} of all volume`;
  const change =
    cell.change.direction === 'none'
      ? ''
      : `, ${cell.change.text} against ${formatValue(cell.before ?? 0, model.quantity)} before`;
  const thin = cell.thin ? '. Fewer than 400 sampled packets: error of 10 % and more' : '';
  return `${where}: ${value}${plusMinus}${share}${change}${thin}`;
}
