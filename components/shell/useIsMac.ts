'use client';

import { useSyncExternalStore } from 'react';

const never = () => () => {};

/** True on Apple's keyboards, where Command does what Control does elsewhere; known in the browser only. */
export function useIsMac(): boolean {
  return useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.platform),
    () => false,
  );
}
