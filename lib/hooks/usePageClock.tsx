'use client';

import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { lastSlotEnd } from '@/lib/flows/presets';
import { printScope } from '@/lib/flows/urlState';
import type { Question } from './questions';
import { refreshInterval, useScope, useView } from './useScope';

/** A question that a panel of the page asks. */
export interface Mounted {
  readonly question: Question<unknown>;
  readonly options: Readonly<Record<string, string | undefined>>;
}

/** The one clock of a page. */
export interface PageClock {
  /** the instant that every panel asks about, a slot's end, epoch seconds: presets are meant as of it */
  at: number;
  /** the server's clock as this browser knows it, epoch seconds */
  now(): number;
  /** moves the clock on and asks every question of the page again */
  refresh(): void;
  /** the questions that are on the page */
  readonly mounted: Set<Mounted>;
}

const Clock = createContext<PageClock | null>(null);

/** The page's clock; null outside of the dashboard. */
export function usePageClock(): PageClock | null {
  return useContext(Clock);
}

/** The page's clock, where there must be one. */
export function useDashboardClock(): PageClock {
  const clock = useContext(Clock);
  if (clock === null) throw new Error('no PageClockProvider stands around this component');
  return clock;
}

/** Coming back to a tab does not ask again within this time. */
const FRESH_MS = 5_000;

/**
 * Holds the page's clock: it moves when the scope changes, when a person refreshes, with each tick of the live refresh, and when the
 * tab is looked at again. A tab that nobody looks at asks nothing.
 * @param renderedAt the server's clock when the page was made, epoch seconds
 */
export function PageClockProvider({ renderedAt, children }: { renderedAt: number; children: ReactNode }) {
  const { scope } = useScope();
  const { view } = useView();
  const client = useQueryClient();
  // A computer whose clock is wrong still asks about the server's time.
  const [ahead] = useState(() => renderedAt - Date.now() / 1000);
  const now = useCallback(() => Math.floor(Date.now() / 1000 + ahead), [ahead]);
  const key = printScope(scope);
  const [clock, setClock] = useState({ at: lastSlotEnd(renderedAt), key, ticks: 0 });
  if (clock.key !== key) setClock({ ...clock, at: lastSlotEnd(now()), key });
  const asked = useRef(Number.NEGATIVE_INFINITY);

  const refresh = useCallback(() => {
    asked.current = performance.now();
    setClock((before) => ({ ...before, at: lastSlotEnd(now()), ticks: before.ticks + 1 }));
  }, [now]);

  // After the panels have taken the new instant: what they ask anew is under way already, and is not asked twice.
  useEffect(() => {
    if (clock.ticks === 0) return;
    void client.invalidateQueries({ queryKey: ['flows'], type: 'active' }, { cancelRefetch: false });
  }, [client, clock.ticks]);

  const interval = refreshInterval(view.refresh);
  useEffect(() => {
    if (interval === false) return;
    const timer = setInterval(() => {
      if (!document.hidden) refresh();
    }, interval);
    return () => clearInterval(timer);
  }, [interval, refresh]);

  useEffect(() => {
    asked.current = performance.now();
    const look = () => {
      if (!document.hidden && performance.now() - asked.current > FRESH_MS) refresh();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [refresh]);

  const [mounted] = useState(() => new Set<Mounted>());
  const value = useMemo<PageClock>(
    () => ({ at: clock.at, now, refresh, mounted }),
    [clock.at, now, refresh, mounted],
  );
  return <Clock.Provider value={value}>{children}</Clock.Provider>;
}
