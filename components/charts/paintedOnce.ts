import type { Shape, Size } from '@/lib/charts/shapes';
import { paint } from './paint';

/** What a picture depends on beside its shapes. */
export interface Look {
  readonly size: Size;
  /** device pixels per CSS pixel */
  readonly scale: number;
  readonly font: string;
}

const painted = new WeakMap<readonly Shape[], { look: string; image: HTMLCanvasElement }>();

/** Text that is painted before its font has come stands in a fallback. */
function lookOf({ size, scale, font }: Look): string {
  return `${size.width} ${size.height} ${scale} ${font} ${document.fonts.status}`;
}

/** The picture of these shapes, where it was painted before and would look the same now. It is kept as long as the shapes are. */
export function paintedBefore(shapes: readonly Shape[], look: Look): HTMLCanvasElement | null {
  const known = painted.get(shapes);
  return known?.look === lookOf(look) ? known.image : null;
}

/**
 * A picture of shapes, made if it was not before.
 * @param shown a canvas that shows them, to be copied; null = they are painted
 */
export function paintedOnce(
  shapes: readonly Shape[],
  look: Look,
  shown: HTMLCanvasElement | null = null,
): HTMLCanvasElement {
  const known = paintedBefore(shapes, look);
  if (known) return known;
  const image = document.createElement('canvas');
  paint(image, shown ? [] : shapes, look.size, look.scale, look.font, shown);
  painted.set(shapes, { look: lookOf(look), image });
  return image;
}
