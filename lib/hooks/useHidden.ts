'use client';

import { startTransition, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { allBut, toggled } from '@/lib/charts/hiddenSeries';

/**
 * The series that are left out of a picture. They stand in the address, so that a link shows what its sender saw; but every control of the
 * page reads the address. So a click is shown by the picture and its legend at once, and written when that frame has been painted.
 * @param written keys that the address leaves out
 * @param keys of all series that the picture has
 * @param write puts keys into the address
 * @returns `toggle` hides or shows a series, or leaves `only` it; it is the same function for as long as the picture stands
 */
export function useHidden(
  written: readonly string[],
  keys: readonly string[],
  write: (hidden: readonly string[]) => void,
): { hidden: ReadonlySet<string>; toggle: (key: string, only: boolean) => void } {
  // What was clicked and is not written yet; null = nothing.
  const [clicked, setClicked] = useState<readonly string[] | null>(null);
  // The same set for the same series, so that nothing is drawn anew when the address has caught up.
  const text = JSON.stringify([...(clicked ?? written)].sort());
  const hidden = useMemo<ReadonlySet<string>>(() => new Set(JSON.parse(text) as string[]), [text]);
  const latest = useRef({ hidden, keys, write });
  useLayoutEffect(() => {
    latest.current = { hidden, keys, write };
  });
  const cancel = useRef<(() => void) | null>(null);
  useEffect(() => () => cancel.current?.(), []);
  const toggle = useCallback((key: string, only: boolean) => {
    const { hidden: before, keys: all } = latest.current;
    const next = only ? allBut(before, key, all) : toggled(before, key);
    // A second click may come before the first is drawn.
    latest.current.hidden = new Set(next);
    setClicked(next);
    cancel.current?.();
    cancel.current = afterFrame(() => {
      // In one transition: there is no moment at which the picture goes by what the address said before.
      startTransition(() => {
        latest.current.write(next);
        setClicked(null);
      });
    });
  }, []);
  return { hidden, toggle };
}

/** Calls when the next frame has been painted. @returns takes it back */
function afterFrame(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(work);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
