'use client';

import { useMemo } from 'react';
import { beforeGray, behindLifted, NO_SERIES } from '@/lib/charts/liftedShapes';
import type { Shape } from '@/lib/charts/shapes';
import type { LaterShapes } from './Canvas';

/**
 * What a canvas shows of a picture in which a series may be lifted: all of it, or the lifted series before the gray ones.
 * @param draw the picture with a series lifted; keep its identity while nothing else changes
 */
export function useLiftedShapes(
  draw: (lifted: string | null) => readonly Shape[],
  lifted: string | null,
): { shapes: readonly Shape[]; behind: LaterShapes | null; ahead: LaterShapes } {
  const all = useMemo(() => later(() => draw(null)), [draw]);
  const gray = useMemo(() => later(() => behindLifted(draw(NO_SERIES))), [draw]);
  const shapes = useMemo(
    () => (lifted === null ? all() : beforeGray(draw(lifted), lifted)),
    [all, draw, lifted],
  );
  return { shapes, behind: lifted === null ? null : gray, ahead: gray };
}

function later(make: () => readonly Shape[]): LaterShapes {
  let made: readonly Shape[] | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
