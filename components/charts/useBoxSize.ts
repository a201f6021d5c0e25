'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Size } from '@/lib/charts/shapes';

/** The size of a box that follows the page's layout; null until it has one. */
export function useBoxSize(): { box: RefObject<HTMLDivElement | null>; size: Size | null } {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      if (width > 0 && height > 0) setSize({ width, height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, size };
}
