import { formatValue, NO_VALUE } from '@/lib/charts/format';
import { rampColor, type Theme } from '@/lib/charts/palette';
import type { HeatmapModel, PreparedCell } from '@/lib/charts/prepareHeatmap';
import { type GridCell, gridPicture } from './gridPicture';

/** The heatmap of the Overview on a canvas at 2x, with its totals. */
export function heatmapPicture(model: HeatmapModel, theme: Theme, font: string) {
  const cell = (prepared: PreparedCell | undefined): GridCell => ({
    text: prepared ? formatValue(prepared.value, model.quantity).replace('/address', '') : NO_VALUE,
    color: prepared?.tone == null ? null : rampColor(prepared.tone, theme),
    thin: prepared?.thin ?? false,
  });
  return gridPicture(
    {
      columns: [...model.columns, 'Total'],
      rows: [...model.rows, 'Total'],
      cells: [
        ...model.cells.map((row, r) => [...row, model.rowTotals[r]].map(cell)),
        [...model.columnTotals, model.total].map(cell),
      ],
    },
    theme,
    font,
  );
}
