import { divergingColor } from '@/lib/charts/divergingColor';
import { formatValue } from '@/lib/charts/format';
import { heatColumns } from '@/lib/charts/heatColumns';
import { heatRamp } from '@/lib/charts/heatRamp';
import { rampColor, type Theme } from '@/lib/charts/palette';
import type { GroupHeatmapModel, HeatCell } from '@/lib/charts/prepareGroupHeatmap';
import { type GridCell, gridPicture } from './gridPicture';

/** A heatmap of any two axes on a canvas at 2x, with its totals where cells have numbers. */
export function groupHeatmapPicture(model: GroupHeatmapModel, theme: Theme, font: string) {
  const isNumbered = heatColumns(model) !== 'colors';
  const text = (cell: HeatCell) =>
    model.isDelta
      ? cell.factor === 0
        ? 'gone'
        : cell.change.text
      : formatValue(cell.value, model.quantity).replace('/address', '');
  const cell = (prepared: HeatCell | undefined): GridCell | undefined =>
    prepared && {
      text: isNumbered ? text(prepared) : '',
      color:
        prepared.tone === null
          ? null
          : model.isDelta
            ? divergingColor(prepared.tone, theme)
            : rampColor(prepared.tone, theme),
      thin: prepared.thin,
    };
  const labels = (lines: GroupHeatmapModel['rows']) => lines.map(({ label }) => label);
  if (!isNumbered) {
    return gridPicture(
      {
        columns: labels(model.columns),
        rows: labels(model.rows),
        cells: model.cells.map((row) => row.map(cell)),
        nameEvery: 3,
        cellSize: { width: 34, height: model.rows.length > 14 ? 16 : 28 },
        namesWidth: 130,
        ramp: heatRamp(model),
      },
      theme,
      font,
    );
  }
  return gridPicture(
    {
      columns: [...labels(model.columns), model.totalLabel],
      rows: [...labels(model.rows), model.totalLabel],
      cells: [
        ...model.cells.map((row, r) => [...row, model.rowTotals[r]].map(cell)),
        [...model.columnTotals, model.total].map(cell),
      ],
      namesWidth: 150,
      ramp: heatRamp(model),
    },
    theme,
    font,
  );
}
