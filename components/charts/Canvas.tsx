'use client';

import { useLayoutEffect, useRef } from 'react';
import type { Shape, Size } from '@/lib/charts/shapes';
import { paint } from './paint';

/**
 * A canvas that fills its box and shows shapes made for that size. It is a picture without words: what
 * it shows is told by the overlay and the table.
 */
export function Canvas(props: { shapes: readonly Shape[]; size: Size }) {
  const { shapes, size } = props;
  const canvas = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    let here = true;
    const draw = (): void => {
      if (!here || !canvas.current) return;
      const font = getComputedStyle(canvas.current).fontFamily;
      paint(canvas.current, shapes, size, window.devicePixelRatio, font);
    };
    draw();
    // Text painted before the page's fonts have come stands in a fallback.
    if (document.fonts.status !== 'loaded') void document.fonts.ready.then(draw);
    return () => {
      here = false;
    };
  }, [shapes, size]);

  return <canvas ref={canvas} className="absolute inset-0 h-full w-full" />;
}
