import type { Browser } from '@playwright/test';
import type { Spread } from '../measure/spread';
import { spreadOf } from '../measure/spread';
import { installProbe, type PageVitals, vitalsOf } from './probe';
import type { Session } from './signIn';
import { rangeQuery } from './week';

/** A page that is opened; `bare` has nothing of ours, and is what the others are compared with. */
export interface OpenedPage {
  name: string;
  path: string;
  bare: boolean;
}

export const BARE = 'the server\u2019s health, as text';

export const PAGES: readonly OpenedPage[] = [
  { name: BARE, path: '/api/health/live', bare: true },
  { name: 'Overview', path: '/', bare: false },
  { name: 'Explore', path: '/explore', bare: false },
  { name: 'Heatmaps', path: '/heatmaps', bare: false },
  { name: 'Map', path: '/map', bare: false },
];

/** How a page came up, over all rounds. Milliseconds since the navigation. */
export interface PageFigures {
  page: string;
  bare: boolean;
  firstByte: Spread;
  largestContentfulPaint: Spread;
  /** the element that was largest in the last round */
  largest: string;
  /** null where the page has no picture */
  drawn: Spread | null;
  complete: Spread | null;
  /** the worst of all rounds, and what moved in it */
  layoutShift: number;
  moved: string;
  /** gzip, of the last round */
  scriptBytes: number;
  /** of each round: all tasks beyond 50 ms together */
  longTasks: Spread;
  longestTask: number;
}

const DEADLINE_MS = 60_000;

/**
 * Opens each page once a round, signed in, with nothing in the browser's cache and over a range whose answers the server does not keep. The
 * bare page is opened in each round too, as a machine's speed changes. The first round is not counted: the server has just started.
 * @throws when a page does not draw its picture within a minute
 */
export async function openPages(
  browser: Browser,
  session: Session,
  rounds: number,
  onStep: (text: string) => void,
  signal?: AbortSignal,
): Promise<PageFigures[]> {
  const seen = new Map(PAGES.map(({ name }) => [name, [] as PageVitals[]]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const page of PAGES) {
      signal?.throwIfAborted();
      onStep(`opening ${page.name}, ${round} of ${rounds}`);
      const vitals = await openOnce(browser, session, page, round);
      if (round > 0) seen.get(page.name)?.push(vitals);
    }
  }
  return PAGES.map((page) => figuresOf(page, seen.get(page.name) ?? []));
}

async function openOnce(
  browser: Browser,
  { url, state }: Session,
  { path, bare }: OpenedPage,
  round: number,
): Promise<PageVitals> {
  const context = await browser.newContext({ storageState: state, viewport: { width: 1440, height: 900 } });
  try {
    await installProbe(context);
    const page = await context.newPage();
    await page.goto(`${url}${path}?${rangeQuery(round)}`, { timeout: DEADLINE_MS });
    if (!bare) {
      await page.waitForFunction(() => window.weirBench.vitals().complete !== null, null, {
        timeout: DEADLINE_MS,
      });
    }
    await page.waitForLoadState('networkidle', { timeout: DEADLINE_MS });
    return await vitalsOf(page);
  } finally {
    await context.close();
  }
}

/** @throws where a page that must have a picture or any content had none */
export function figuresOf({ name, bare }: OpenedPage, vitals: readonly PageVitals[]): PageFigures {
  const all = (what: string, of: (each: PageVitals) => number | null): Spread => {
    const values = vitals.map(of);
    if (values.some((value) => value === null)) throw new Error(`${name} was opened without ${what}`);
    return spreadOf(values.filter((value) => value !== null));
  };
  const last = vitals.at(-1);
  const restless = vitals.toSorted((a, b) => b.layoutShift - a.layoutShift)[0];
  return {
    page: name,
    bare,
    firstByte: all('an answer', ({ firstByte }) => firstByte),
    largestContentfulPaint: all('any content', (each) => each.largestContentfulPaint),
    largest: last?.largest ?? '',
    drawn: bare ? null : all('a picture', ({ drawn }) => drawn),
    complete: bare ? null : all('its answers', ({ complete }) => complete),
    layoutShift: restless?.layoutShift ?? 0,
    moved: restless?.moved ?? '',
    scriptBytes: last?.scriptBytes ?? 0,
    longTasks: all('', ({ longTasks }) => longTasks.reduce((sum, ms) => sum + ms, 0)),
    longestTask: Math.max(0, ...vitals.flatMap(({ longTasks }) => longTasks)),
  };
}
