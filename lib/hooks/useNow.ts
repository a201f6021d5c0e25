'use client';

import { useEffect, useState } from 'react';

/**
 * The clock in epoch seconds, moving on every `everySeconds`. It starts at the instant the server rendered with, so that
 * the first picture in the browser is the one that was sent.
 */
export function useNow(initial: number, everySeconds: number): number {
  const [now, setNow] = useState(initial);
  useEffect(() => {
    const read = () => setNow(Math.floor(Date.now() / 1000));
    read();
    const timer = setInterval(read, everySeconds * 1000);
    return () => clearInterval(timer);
  }, [everySeconds]);
  return now;
}
