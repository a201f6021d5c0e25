import { GESTURES } from '../browser/gestures';
import type { BrowserResult } from '../browser/measureBrowser';
import { PAGES, type PageFigures } from '../browser/openPages';
import { type Bar, BROWSER_BARS } from './bars';
import { bytes, ms } from './numbers';

/** The page that most people see first: the bar of scripts is its own. */
const FIRST = 'Overview';

/** Each bar against what the browser saw. Where a bar covers several pages or pictures, the worst of them counts. */
export function judgeBrowser(result: BrowserResult): Bar[] {
  return [...ofFirst(result), ...ofPages(result), ...ofGestures(result)];
}

function ofFirst({ pages }: BrowserResult): Bar[] {
  const first = pages.find(({ page }) => page === FIRST);
  if (!first)
    throw new Error(`${FIRST} was not opened; there are ${PAGES.map(({ name }) => name).join(', ')}`);
  return [
    {
      what: `scripts of the first dashboard (${FIRST})`,
      measured: `${bytes(first.scriptBytes)}, gzip`,
      bar: `<= ${bytes(BROWSER_BARS.scriptBytes)}`,
      held: first.scriptBytes <= BROWSER_BARS.scriptBytes,
    },
  ];
}

function ofPages({ pages }: BrowserResult): Bar[] {
  const ours = pages.filter(({ bare }) => !bare);
  const worstBy = (of: (page: PageFigures) => number) => ours.toSorted((a, b) => of(b) - of(a))[0];
  const slowest = worstBy(({ largestContentfulPaint }) => largestContentfulPaint.p95);
  const restless = worstBy(({ layoutShift }) => layoutShift);
  if (!slowest || !restless) return [];
  const bare = pages.find((page) => page.bare)?.largestContentfulPaint.p95;
  const beside = bare === undefined ? '' : `; a bare page ${ms(bare)} ms`;
  return [
    {
      what: 'largest contentful paint, worst page',
      measured: `${ms(slowest.largestContentfulPaint.p95)} ms (${slowest.page}${beside})`,
      bar: `<= ${ms(BROWSER_BARS.largestContentfulPaint)} ms`,
      held: slowest.largestContentfulPaint.p95 <= BROWSER_BARS.largestContentfulPaint,
    },
    {
      what: 'layout shift, worst page and round',
      measured: `${shift(restless.layoutShift)}${restless.layoutShift > 0 ? ` (${restless.page}: ${restless.moved})` : ''}`,
      bar: String(BROWSER_BARS.layoutShift),
      held: restless.layoutShift <= BROWSER_BARS.layoutShift,
    },
  ];
}

function ofGestures({ gestures }: BrowserResult): Bar[] {
  return Object.entries(GESTURES).flatMap(([name, { label, bar }]) => {
    const worst = gestures
      .filter(({ gesture }) => gesture === name)
      .toSorted((a, b) => b.shown.p95 - a.shown.p95)[0];
    if (bar === null || !worst) return [];
    return [
      {
        what: label,
        measured: `${ms(worst.shown.p95)} ms (${worst.where}${worst.size === null ? '' : `, ${worst.size}`})`,
        bar: `<= ${bar} ms`,
        held: worst.shown.p95 <= bar,
      },
    ];
  });
}

/** Small shifts are shifts too: nothing that has moved is printed as 0. */
export function shift(value: number): string {
  return value === 0 ? '0' : value.toPrecision(2);
}
