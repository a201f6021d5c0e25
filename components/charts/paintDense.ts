import { type AreaShape, isDenseArea, pixelsOfAreas } from '@/lib/charts/denseAreas';

/**
 * Paints areas that have more points than pixels, neighbors in one go.
 * @returns whether they were: others are filled as polygons
 */
export function paintDense(
  pen: CanvasRenderingContext2D,
  areas: readonly AreaShape[],
  scale: number,
): boolean {
  if (!areas.every((area) => isDenseArea(area, scale))) return false;
  const { width, height } = pen.canvas;
  const image = document.createElement('canvas');
  image.width = width;
  image.height = height;
  image
    .getContext('2d')
    ?.putImageData(new ImageData(pixelsOfAreas(areas, width, height, scale), width, height), 0, 0);
  // Laid upon what is there, as a fill is, and pixel by pixel.
  pen.save();
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.drawImage(image, 0, 0);
  pen.restore();
  return true;
}
