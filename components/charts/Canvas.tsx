'use client';

import { useEffect, useLayoutEffect, useRef } from 'react';
import type { Shape, Size } from '@/lib/charts/shapes';
import { paint } from './paint';
import { type Look, paintedBefore, paintedOnce } from './paintedOnce';

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
      const look = lookOn(canvas.current, size);
      const before = behind ? null : paintedBefore(shapes, look);
      const ground = behind ? paintedOnce(behind(), look) : before;
      paint(canvas.current, before ? [] : shapes, size, look.scale, look.font, ground);
    };
    draw();
    // Text painted before the page's fonts have come stands in a fallback.
    if (document.fonts.status !== 'loaded') void document.fonts.ready.then(draw);
    return () => {
      here = false;
    };
  }, [shapes, behind, size]);

  useEffect(() => {
    if (!ahead) return;
    return whenIdle(() => {
      if (!canvas.current) return;
      const look = lookOn(canvas.current, size);
      if (!behind) paintedOnce(shapes, look, canvas.current);
      paintedOnce(ahead(), look);
    });
  }, [ahead, behind, shapes, size]);

  return <canvas ref={canvas} className="absolute inset-0 h-full w-full" />;
}

function lookOn(canvas: HTMLCanvasElement, size: Size): Look {
  return { size, scale: window.devicePixelRatio, font: getComputedStyle(canvas).fontFamily };
}

/** Not every browser tells when it is idle. */
function whenIdle(work: () => void): () => void {
  let wanted = true;
  const later = window.requestIdleCallback ?? setTimeout;
  later(() => wanted && work());
  return () => {
    wanted = false;
  };
}
