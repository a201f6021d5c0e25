import type { HeatRamp } from '@/lib/charts/heatRamp';
import { ground, inkOn, type Theme } from '@/lib/charts/palette';

export interface GridCell {
  readonly text: string;
  /** null = no color */
  readonly color: string | null;
  readonly thin: boolean;
}

export interface Grid {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** a row of cells for each row, as many as there are columns */
  readonly cells: readonly (readonly (GridCell | undefined)[])[];
  /** names of columns that would not stand beside one another are told less often; 1 = each */
  readonly nameEvery?: number;
  readonly cellSize?: { readonly width: number; readonly height: number };
  readonly namesWidth?: number;
  /** scale of the colors, below the cells */
  readonly ramp?: HeatRamp | null;
}

const GAP = 2;
const HEADING = 26;
const RAMP = { room: 30, width: 160, height: 10 } as const;

/** Colored cells with their numbers on a canvas at 2x, for files; on the page they are a real table. */
export function gridPicture(
  grid: Grid,
  theme: Theme,
  font: string,
): { image: HTMLCanvasElement; width: number; height: number } {
  const size = grid.cellSize ?? { width: 108, height: 40 };
  const names = grid.namesWidth ?? 110;
  const every = grid.nameEvery ?? 1;
  const width = names + grid.columns.length * (size.width + GAP);
  const foot = HEADING + grid.rows.length * (size.height + GAP);
  const height = foot + (grid.ramp ? RAMP.room : 0);
  const image = document.createElement('canvas');
  image.width = width * 2;
  image.height = height * 2;
  const pen = image.getContext('2d');
  if (!pen) return { image, width, height };
  pen.scale(2, 2);
  pen.textBaseline = 'middle';
  pen.font = `13px ${font}`;
  const ink = ground[theme];
  const left = (column: number): number => names + column * (size.width + GAP);
  const top = (row: number): number => HEADING + row * (size.height + GAP);

  pen.fillStyle = ink.muted;
  for (const [c, name] of grid.columns.entries()) {
    if (c % every !== 0) continue;
    pen.textAlign = every === 1 ? 'right' : 'left';
    const room = size.width * every - 6;
    pen.fillText(cut(pen, name, room), every === 1 ? left(c) + size.width - 10 : left(c), HEADING / 2);
  }
  for (const [r, name] of grid.rows.entries()) {
    pen.fillStyle = ink.text;
    pen.textAlign = 'left';
    pen.fillText(cut(pen, name, names - 10), 0, top(r) + size.height / 2);
  }
  for (const [r, row] of grid.cells.entries()) {
    for (const [c, cell] of row.entries()) draw(cell, left(c), top(r));
  }
  if (grid.ramp) drawRamp(pen, grid.ramp, { right: width - GAP, y: foot + 20, muted: ink.muted, theme });
  return { image, width, height };

  function draw(cell: GridCell | undefined, x: number, y: number): void {
    if (!pen || !cell) return;
    if (cell.color) {
      pen.fillStyle = cell.color;
      pen.fillRect(x, y, size.width, size.height);
    }
    if (cell.thin) hatch(pen, x, y, size, cell.color ? inkOn(cell.color) : ink.muted);
    pen.fillStyle = cell.color ? inkOn(cell.color) : ink.text;
    pen.textAlign = 'right';
    pen.fillText(cell.text, x + size.width - 10, y + size.height / 2);
  }
}

/** Ends, steps and words of the scale, ending at the right edge. */
function drawRamp(
  pen: CanvasRenderingContext2D,
  ramp: HeatRamp,
  at: { right: number; y: number; muted: string; theme: Theme },
): void {
  const most = `${ramp.most}  ${ramp.words}`;
  pen.fillStyle = at.muted;
  pen.textAlign = 'right';
  pen.fillText(most, at.right, at.y);
  const left = at.right - pen.measureText(most).width - 8 - RAMP.width;
  pen.fillText(ramp.least, left - 8, at.y);
  const colors = ramp.colors(at.theme);
  for (const [i, color] of colors.entries()) {
    pen.fillStyle = color;
    const step = RAMP.width / colors.length;
    pen.fillRect(left + i * step, at.y - RAMP.height / 2, step + 0.5, RAMP.height);
  }
}

function cut(pen: CanvasRenderingContext2D, text: string, room: number): string {
  if (pen.measureText(text).width <= room) return text;
  let short = text;
  while (short.length > 1 && pen.measureText(`${short}\u2026`).width > room) short = short.slice(0, -1);
  return `${short}\u2026`;
}

function hatch(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  size: { width: number; height: number },
  color: string,
): void {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, size.width, size.height);
  pen.clip();
  pen.strokeStyle = color;
  pen.globalAlpha = 0.22;
  pen.beginPath();
  for (let at = -size.height; at < size.width; at += 6) {
    pen.moveTo(x + at, y + size.height);
    pen.lineTo(x + at + size.height, y);
  }
  pen.stroke();
  pen.restore();
}
