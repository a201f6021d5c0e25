import { expect, signIn, stack, test } from './fixtures';
import { takeShifts, watchShifts } from './layoutShifts';
import { PAUSE_MS, slowDocument } from './slowDocument';

const PAGES = [
  { path: '/', words: 'Bytes are estimates', asks: ['headline', 'traffic-over-time', 'region-type-heatmap'] },
  { path: '/explore', words: 'Other is all that is not named', asks: ['explore-over-time', 'data-status'] },
  { path: '/heatmaps', words: 'addresses are distinct remote addresses', asks: ['explore-groups'] },
  { path: '/map', words: 'Places are approximate', asks: ['traffic-map', 'data-status'] },
  { path: '/data', words: 'About all records of the range', asks: ['data-status', 'exporter-quality'] },
];

test('what a page means is read, and what it asks is asked, before any of its scripts is there', async ({
  page,
}) => {
  await signIn(page, stack().data);
  await page.route('**/*.js', (route) => route.abort());
  for (const { path, words, asks } of PAGES) {
    const asked = asks.map((name) =>
      page.waitForRequest((request) => new URL(request.url()).pathname === `/api/flows/${name}`),
    );
    await page.goto(`${stack().data}${path}`);
    await expect(page.getByText(words)).toBeVisible();
    await Promise.all(asked);
  }
});

test('a page asks each of its questions once', async ({ page }) => {
  await signIn(page, stack().data);
  for (const { path } of PAGES) {
    const asked: string[] = [];
    const note = (request: { url(): string }) => {
      const { pathname } = new URL(request.url());
      // How far a slow answer has come is asked again and again.
      const isQuestion = pathname.startsWith('/api/flows/') && pathname !== '/api/flows/progress';
      if (isQuestion) asked.push(request.url());
    };
    page.on('request', note);
    await page.goto(`${stack().data}${path}`, { waitUntil: 'networkidle' });
    await expect(page.locator('main .skeleton')).toHaveCount(0);
    page.off('request', note);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.toSorted()).toEqual([...new Set(asked)].sort());
  }
});

/** The browser saw a part of the rail when it painted: the button to find things, and not yet who is signed in. */
const afterFind = (html: string): number =>
  html.indexOf('</button>', html.indexOf('Ctrl K')) + '</button>'.length;

/** A button of a row that wraps has come, and not yet its word. */
const beforeMirror = (html: string): number => html.indexOf('>Mirror<') + 1;

/** That part of the body up to the end of the content. */
const atPart = (part: number) => (html: string) => {
  const [from, to] = [html.indexOf('<body'), html.indexOf('</main>')];
  return Math.round(from + (to - from) * part);
};

test('nothing is painted of half a page, so nothing moves when the other half comes, wherever it is cut', async ({
  page,
}) => {
  await signIn(page, stack().data);
  const slow = await slowDocument(stack().data);
  const cuts = [
    { path: '/heatmaps', cut: afterFind },
    ...[0.1, 0.6, 0.99].map((part) => ({ path: '/heatmaps', cut: atPart(part) })),
    { path: '/explore?by=remoteAddress', cut: beforeMirror },
  ];
  await watchShifts(page);
  try {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const { path, cut } of cuts) {
        slow.cutAt(cut);
        await page.goto(`${slow.url}${path}`, { waitUntil: 'networkidle' });
        await expect(page.locator('main .skeleton')).toHaveCount(0);
        const waited = await page.evaluate(() => {
          const [paint] = performance.getEntriesByName('first-paint');
          const [document] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
          return (paint?.startTime ?? 0) - (document?.responseStart ?? 0);
        });
        // Half of the pause between the halves: neither half takes as long to come.
        expect(waited).toBeGreaterThan(PAUSE_MS / 2);
        expect(await takeShifts(page)).toEqual([]);
      }
    }
  } finally {
    await slow.stop();
  }
});
