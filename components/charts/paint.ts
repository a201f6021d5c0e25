import type { Shape, Size } from '@/lib/charts/shapes';

/** Distance of hatch lines in CSS pixels. */
const HATCH = 7;

/**
 * Draws shapes onto a canvas, back to front, at `scale` device pixels per CSS pixel.
 * @param font family; a canvas inherits none
 */
export function paint(
  canvas: HTMLCanvasElement,
  shapes: readonly Shape[],
  size: Size,
  scale: number,
  font: string,
): void {
  const width = Math.round(size.width * scale);
  const height = Math.round(size.height * scale);
  // Setting a size empties the canvas even when nothing changes, and costs a new buffer: only when it does.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, size.width, size.height);
  pen.lineJoin = 'round';
  pen.textBaseline = 'middle';
  for (const shape of shapes) {
    switch (shape.kind) {
      case 'area':
        pen.fillStyle = shape.fill;
        trace(pen, shape.points);
        pen.closePath();
        pen.fill();
        break;
      case 'line':
        pen.strokeStyle = shape.stroke;
        pen.lineWidth = shape.width;
        pen.setLineDash([...(shape.dash ?? [])]);
        trace(pen, shape.points);
        pen.stroke();
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

function trace(pen: CanvasRenderingContext2D, points: readonly (readonly [number, number])[]): void {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
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
