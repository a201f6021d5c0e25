'use client';

import { type Query, useQueryClient } from '@tanstack/react-query';
import { useServerInsertedHTML } from 'next/navigation';
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
import type { Answer } from '@/lib/flows/contracts/envelope';
import { lastSlotEnd } from '@/lib/flows/presets';
import { printScope } from '@/lib/flows/urlState';
import { earlyScript } from './earlyAnswers';
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
  /** when a person last refreshed, milliseconds as Date.now: then every answer is asked whole */
  refreshedAt(): number;
  /** the questions that are on the page */
  readonly mounted: Set<Mounted>;
  /** on the server: addresses that the page will ask, which its HTML begins to ask already */
  readonly early: Set<string>;
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

interface Ticking {
  at: number;
  /** the scope that the clock was last moved for */
  key: string;
  ticks: number;
  /** also what is known to have ended */
  all: boolean;
}

/**
 * Whether the next records may change an answer: one that is complete, or whose range had ended before the watermark, is not asked again
 * by the live refresh; late records of it show when somebody refreshes.
 */
export function mayGrow(answer: unknown): boolean {
  const { meta } = (answer ?? {}) as Partial<Answer<unknown>>;
  if (meta === undefined || meta.watermark === null || OF_NOW.has(meta.question)) return true;
  return Math.max(meta.to, meta.asked.to) > meta.watermark;
}

/** Questions that also tell how things stand now, whatever the range. */
const OF_NOW: ReadonlySet<string> = new Set([
  'data-status',
  'exporter-quality',
  'import-ledger',
  'late-data',
  'rejected-records',
  'stored-tables',
]);

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
  const [clock, setClock] = useState<Ticking>({ at: lastSlotEnd(renderedAt), key, ticks: 0, all: true });
  if (clock.key !== key) setClock({ ...clock, at: lastSlotEnd(now()), key });
  const asked = useRef(Number.NEGATIVE_INFINITY);

  const tick = useCallback(
    (all: boolean) => {
      asked.current = performance.now();
      setClock((before) => ({ ...before, at: lastSlotEnd(now()), ticks: before.ticks + 1, all }));
    },
    [now],
  );
  const whole = useRef(0);
  const refreshedAt = useCallback(() => whole.current, []);
  const refresh = useCallback(() => {
    whole.current = Date.now();
    tick(true);
  }, [tick]);

  // After the panels have taken the new instant: what they ask anew is under way already, and is not asked twice.
  useEffect(() => {
    if (clock.ticks === 0) return;
    const predicate = ({ state }: Query) => clock.all || mayGrow(state.data);
    void client.invalidateQueries(
      { queryKey: ['flows'], type: 'active', predicate },
      { cancelRefetch: false },
    );
  }, [client, clock.ticks, clock.all]);

  const interval = refreshInterval(view.refresh);
  useEffect(() => {
    if (interval === false) return;
    const timer = setInterval(() => {
      if (!document.hidden) tick(false);
    }, interval);
    return () => clearInterval(timer);
  }, [interval, tick]);

  useEffect(() => {
    asked.current = performance.now();
    const look = () => {
      if (!document.hidden && performance.now() - asked.current > FRESH_MS) refresh();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [refresh]);

  const [mounted] = useState(() => new Set<Mounted>());
  const [early] = useState(() => new Set<string>());
  useServerInsertedHTML(() => {
    // Said so that the browser's script does without what makes it.
    if (typeof window !== 'undefined' || early.size === 0) return null;
    const script = earlyScript([...early]);
    early.clear();
    return <script>{script}</script>;
  });
  const value = useMemo<PageClock>(
    () => ({ at: clock.at, now, refresh, refreshedAt, mounted, early }),
    [clock.at, now, refresh, refreshedAt, mounted, early],
  );
  return <Clock.Provider value={value}>{children}</Clock.Provider>;
}
