import { pixelsOfAreas } from '@/lib/charts/denseAreas';
import { pixelsOfLines } from '@/lib/charts/denseLines';
import { areDense, type PathShape } from '@/lib/charts/denseShapes';

/** A canvas costs as much to make as its pixels to set: one serves all pictures. */
let shared: HTMLCanvasElement | undefined;

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
  if (!areDense(shapes, scale)) return false;
  const { width, height } = pen.canvas;
  shared ??= document.createElement('canvas');
  if (shared.width !== width) shared.width = width;
  if (shared.height !== height) shared.height = height;
  const areas = shapes.filter((shape) => shape.kind === 'area');
  const lines = shapes.filter((shape) => shape.kind === 'line');
  const pixels =
    areas.length > 0
      ? pixelsOfAreas(areas, width, height, scale)
      : pixelsOfLines(lines, width, height, scale);
  shared.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
  // Laid upon what is there, as paths are, and pixel by pixel.
  pen.save();
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.drawImage(shared, 0, 0);
  pen.restore();
  return true;
}
