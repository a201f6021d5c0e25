'use client';

import { useEffect, useLayoutEffect, useRef } from 'react';
import type { Shape, Size } from '@/lib/charts/shapes';
import { paint } from './paint';
import { keepPainted, paintedBefore, paintedOnce } from './paintedOnce';

/** Shapes that are made when they are first needed, and are the same ones from then on. */
export type LaterShapes = () => readonly Shape[];

/**
 * A canvas that fills its box and shows shapes made for that size. It is a picture without words: what
 * it shows is told by the overlay and the table.
 */
export function Canvas(props: {
  shapes: readonly Shape[];
  size: Size;
  /** what stands behind them, and is painted once for as long as it is the same; null = nothing does */
  behind?: LaterShapes | null;
  /** what may stand behind them next, painted when the browser has nothing else to do */
  ahead?: LaterShapes | undefined;
}) {
  const { shapes, size, behind, ahead } = props;
  const canvas = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    let here = true;
    const draw = (): void => {
      if (!here || !canvas.current) return;
      const look = {
        size,
        scale: window.devicePixelRatio,
        font: getComputedStyle(canvas.current).fontFamily,
      };
      if (behind) {
        paint(canvas.current, shapes, size, look.scale, look.font, paintedOnce(behind(), look));
        return;
      }
      const before = paintedBefore(shapes, look);
      paint(canvas.current, before ? [] : shapes, size, look.scale, look.font, before);
      if (!before && ahead) keepPainted(shapes, look, canvas.current);
    };
    draw();
    // Text painted before the page's fonts have come stands in a fallback.
    if (document.fonts.status !== 'loaded') void document.fonts.ready.then(draw);
    return () => {
      here = false;
    };
  }, [shapes, behind, size, ahead]);

  useEffect(() => {
    if (!ahead) return;
    return whenIdle(() => {
      if (!canvas.current) return;
      const font = getComputedStyle(canvas.current).fontFamily;
      paintedOnce(ahead(), { size, scale: window.devicePixelRatio, font });
    });
  }, [ahead, size]);

  return <canvas ref={canvas} className="absolute inset-0 h-full w-full" />;
}

/** Not every browser tells when it is idle. */
function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(work, 200);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work);
  return () => cancelIdleCallback(handle);
}
