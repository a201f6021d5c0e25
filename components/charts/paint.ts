import { areAlike, type PathShape } from '@/lib/charts/denseShapes';
import { areaPieces, linePieces } from '@/lib/charts/pieces';
import type { Shape, Size } from '@/lib/charts/shapes';
import { paintDense } from './paintDense';

/** Distance of hatch lines in CSS pixels. */
const HATCH = 7;

/**
 * Draws shapes onto a canvas, back to front, at `scale` device pixels per CSS pixel.
 * @param font family; a canvas inherits none
 * @param behind a picture of the same size that stands behind them
 */
export function paint(
  canvas: HTMLCanvasElement,
  shapes: readonly Shape[],
  size: Size,
  scale: number,
  font: string,
  behind: HTMLCanvasElement | null = null,
): void {
  const width = Math.round(size.width * scale);
  const height = Math.round(size.height * scale);
  // Setting a size empties the canvas even when nothing changes, and costs a new buffer: only when it does.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.resetTransform();
  pen.clearRect(0, 0, width, height);
  if (behind) pen.drawImage(behind, 0, 0);
  pen.scale(scale, scale);
  pen.lineJoin = 'round';
  pen.textBaseline = 'middle';
  let neighbors: PathShape[] = [];
  for (const [i, shape] of shapes.entries()) {
    switch (shape.kind) {
      case 'area':
      case 'line':
        neighbors.push(shape);
        if (areAlike(shape, shapes[i + 1])) break;
        if (!paintDense(pen, neighbors, scale)) for (const each of neighbors) paintPaths(pen, each, scale);
        neighbors = [];
        break;
      case 'hatch':
        hatch(pen, shape);
        break;
      case 'text':
        pen.fillStyle = shape.fill;
        pen.font = `${shape.weight} 12px ${font}`;
        pen.textAlign = shape.align;
        pen.fillText(shape.text, shape.x, shape.y);
        break;
    }
  }
}

function paintPaths(pen: CanvasRenderingContext2D, shape: PathShape, scale: number): void {
  if (shape.kind === 'area') {
    pen.fillStyle = shape.fill;
    for (const path of areaPaths(shape, scale)) pen.fill(path);
    return;
  }
  pen.strokeStyle = shape.stroke;
  pen.lineWidth = shape.width;
  pen.setLineDash([...(shape.dash ?? [])]);
  for (const { points, before } of linePieces(shape.points)) {
    pen.lineDashOffset = before;
    pen.stroke(trace(points));
  }
}

type Points = readonly (readonly [number, number])[];

// What is lifted, hidden or colored changes without the places: their paths are kept as long as the places are.
const areas = new WeakMap<Points, { scale: number; lower: Points; paths: readonly Path2D[] }>();

function areaPaths({ upper, lower }: Extract<Shape, { kind: 'area' }>, scale: number): readonly Path2D[] {
  const known = areas.get(upper);
  if (known?.scale === scale && known.lower === lower) return known.paths;
  const paths = areaPieces(upper, lower, scale).map((points) => {
    const path = trace(points);
    path.closePath();
    return path;
  });
  areas.set(upper, { scale, lower, paths });
  return paths;
}

function trace(points: Points): Path2D {
  const path = new Path2D();
  for (const [x, y] of points) path.lineTo(x, y);
  return path;
}

function hatch(pen: CanvasRenderingContext2D, shape: Extract<Shape, { kind: 'hatch' }>): void {
  const { x, y, width, height } = shape;
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.strokeStyle = shape.stroke;
  pen.lineWidth = 1;
  pen.setLineDash([]);
  pen.beginPath();
  // Lines of one family over the whole plot, so that hatches side by side join.
  for (let at = Math.floor((x - height) / HATCH) * HATCH; at < x + width; at += HATCH) {
    pen.moveTo(at, y + height);
    pen.lineTo(at + height, y);
  }
  pen.stroke();
  pen.restore();
}
