import { type AreaShape, colorAreas } from '@/lib/charts/denseAreas';
import type { colorLines, LineShape } from '@/lib/charts/denseLines';
import { areDense, type PathShape } from '@/lib/charts/denseShapes';

// A canvas and its pixels cost as much to make as to color: one serves all pictures.
let canvas: HTMLCanvasElement | undefined;
let image: ImageData | undefined;

let paintLines: typeof colorLines | undefined;

/** Pages with dense lines bring what colors them, others do without its script. */
export function colorDenseLinesBy(color: typeof colorLines): void {
  paintLines = color;
}

/**
 * Paints areas, or lines, that have more points than pixels, neighbors in one go.
 * @param shapes of one kind
 * @returns whether they were: others are painted as paths
 */
export function paintDense(
  pen: CanvasRenderingContext2D,
  shapes: readonly PathShape[],
  scale: number,
): boolean {
  const areAreas = shapes[0]?.kind === 'area';
  if (!(areAreas || paintLines) || !areDense(shapes, scale)) return false;
  const { width, height } = pen.canvas;
  canvas ??= document.createElement('canvas');
  if (image?.width !== width || image.height !== height) {
    canvas.width = width;
    canvas.height = height;
    image = new ImageData(width, height);
  }
  image.data.fill(0);
  if (areAreas) colorAreas(shapes as readonly AreaShape[], image.data, width, height, scale);
  else paintLines?.(shapes as readonly LineShape[], image.data, width, height, scale);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  // Laid upon what is there, as paths are, and pixel by pixel.
  pen.save();
  pen.resetTransform();
  pen.drawImage(canvas, 0, 0);
  pen.restore();
  return true;
}
