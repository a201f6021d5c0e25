import { formatValue, NO_VALUE } from '@/lib/charts/format';
import { ground, inkOn, rampColor, type Theme } from '@/lib/charts/palette';
import type { HeatmapModel, PreparedCell } from '@/lib/charts/prepareHeatmap';

const CELL = { width: 108, height: 40, gap: 2, names: 110, heading: 26 };

/** The heatmap on a canvas at 2x, for the PNG file; on the page it is a real table. */
export function heatmapPicture(
  model: HeatmapModel,
  theme: Theme,
  font: string,
): { image: HTMLCanvasElement; width: number; height: number } {
  const columns = [...model.columns, 'Total'];
  const width = CELL.names + columns.length * (CELL.width + CELL.gap);
  const height = CELL.heading + (model.rows.length + 1) * (CELL.height + CELL.gap);
  const image = document.createElement('canvas');
  image.width = width * 2;
  image.height = height * 2;
  const pen = image.getContext('2d');
  if (!pen) return { image, width, height };
  pen.scale(2, 2);
  pen.textBaseline = 'middle';
  pen.font = `13px ${font}`;
  const ink = ground[theme];
  const left = (column: number): number => CELL.names + column * (CELL.width + CELL.gap);
  const top = (row: number): number => CELL.heading + row * (CELL.height + CELL.gap);

  const draw = (cell: PreparedCell | undefined, row: number, column: number): void => {
    const color = cell?.tone === null || cell?.tone === undefined ? null : rampColor(cell.tone, theme);
    if (color) {
      pen.fillStyle = color;
      pen.fillRect(left(column), top(row), CELL.width, CELL.height);
    }
    if (cell?.thin) hatch(pen, left(column), top(row), color ? inkOn(color) : ink.muted);
    pen.fillStyle = color ? inkOn(color) : ink.text;
    pen.textAlign = 'right';
    const text = cell ? formatValue(cell.value, model.quantity).replace('/address', '') : NO_VALUE;
    pen.fillText(text, left(column) + CELL.width - 10, top(row) + CELL.height / 2);
  };

  pen.fillStyle = ink.muted;
  for (const [c, name] of columns.entries()) {
    pen.textAlign = 'right';
    pen.fillText(name, left(c) + CELL.width - 10, CELL.heading / 2);
  }
  for (const [r, name] of [...model.rows, 'Total'].entries()) {
    pen.fillStyle = ink.text;
    pen.textAlign = 'left';
    pen.fillText(name, 0, top(r) + CELL.height / 2);
  }
  for (const [r, row] of model.cells.entries()) {
    for (const [c, cell] of row.entries()) draw(cell, r, c);
    draw(model.rowTotals[r], r, model.columns.length);
  }
  for (const [c, cell] of model.columnTotals.entries()) draw(cell, model.rows.length, c);
  draw(model.total, model.rows.length, model.columns.length);
  return { image, width, height };
}

function hatch(pen: CanvasRenderingContext2D, x: number, y: number, color: string): void {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, CELL.width, CELL.height);
  pen.clip();
  pen.strokeStyle = color;
  pen.globalAlpha = 0.22;
  pen.beginPath();
  for (let at = -CELL.height; at < CELL.width; at += 6) {
    pen.moveTo(x + at, y + CELL.height);
    pen.lineTo(x + at + CELL.height, y);
  }
  pen.stroke();
  pen.restore();
}
