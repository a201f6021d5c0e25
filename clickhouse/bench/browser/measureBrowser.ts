import type { Browser } from '@playwright/test';
import { reader } from '@/lib/server/clickhouse/client';
import { describeMachine, loadNow, type Machine } from '../measure/machine';
import type { Timing } from '../measure/timing';
import { measureSelect1 } from '../panels/measurePanels';
import { type GestureFigures, interact } from './interact';
import { openPages, type PageFigures } from './openPages';
import { signIn } from './signIn';

/** Everything that a run in the browser has measured. */
export interface BrowserResult {
  flows: number;
  machine: Machine;
  /** of Chromium */
  browser: string;
  rounds: number;
  select1: Timing;
  pages: PageFigures[];
  gestures: GestureFigures[];
}

export interface BrowserOptions {
  browser: Browser;
  /** of the dashboard */
  url: string;
  person: { email: string; password: string };
  flows: number;
  rounds: number;
  onStep(text: string): void;
  signal?: AbortSignal;
}

/** Measures a running dashboard, whose ClickHouse the environment names. @throws where something does not work; a missed bar is a result */
export async function measureBrowser(options: BrowserOptions): Promise<BrowserResult> {
  const { browser, url, rounds, onStep, signal } = options;
  const machine = await describeMachine(reader().client);
  const select1 = await measureSelect1({ rounds, signal });
  const session = await signIn(browser, url, options.person);
  const pages = await openPages(browser, session, rounds, onStep, signal);
  const gestures = await interact(browser, session, rounds, onStep, signal);
  machine.loadAtEnd = loadNow();
  return {
    flows: options.flows,
    machine,
    browser: browser.version(),
    rounds,
    select1,
    pages,
    gestures,
  };
}
