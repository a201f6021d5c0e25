'use client';

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useId,
  useState,
  useSyncExternalStore,
} from 'react';

/** The instant that a person looks at, and the picture in which the pointer or the focus is. */
export interface Hover {
  /** UTC epoch seconds */
  readonly instant: number;
  readonly source: string;
}

interface HoverStore {
  get(): Hover | null;
  set(hover: Hover | null): void;
  subscribe(changed: () => void): () => void;
}

function makeStore(): HoverStore {
  let hover: Hover | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => hover,
    set(next) {
      hover = next;
      for (const changed of listeners) changed();
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

const Store = createContext<HoverStore | null>(null);

/** All pictures over time within it show the same instant: one line through all panels. */
export function SharedHover({ children }: { children: ReactNode }) {
  const [store] = useState(makeStore);
  return <Store.Provider value={store}>{children}</Store.Provider>;
}

/** The hovered instant of the page (outside of `SharedHover`, of this picture alone), and whether it is hovered here. */
export function useHover(): {
  hover: Hover | null;
  isHere: boolean;
  setHover: (instant: number | null) => void;
} {
  const shared = useContext(Store);
  const [own] = useState(makeStore);
  const source = useId();
  const store = shared ?? own;
  const hover = useSyncExternalStore(store.subscribe, store.get, () => null);
  const setHover = useCallback(
    (instant: number | null) => {
      const before = store.get();
      if (instant !== null) {
        if (before?.instant !== instant || before.source !== source) store.set({ instant, source });
      } else if (before?.source === source) {
        // Another picture may have taken over before this one is left.
        store.set(null);
      }
    },
    [store, source],
  );
  return { hover, isHere: hover?.source === source, setHover };
}
