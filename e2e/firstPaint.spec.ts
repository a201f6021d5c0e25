import { expect, signIn, stack, test } from './fixtures';
import { takeShifts, watchShifts } from './layoutShifts';
import { slowDocument } from './slowDocument';

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

test('nothing moves when a page comes in two halves, wherever it is cut', async ({ page }) => {
  await signIn(page, stack().data);
  const slow = await slowDocument(stack().data);
  const contentOf = (html: string) => [html.indexOf('<body'), html.indexOf('</main>')] as const;
  const cuts = [
    afterFind,
    ...[0.1, 0.35, 0.6, 0.85].map((part) => (html: string) => {
      const [from, to] = contentOf(html);
      return Math.round(from + (to - from) * part);
    }),
  ];
  await watchShifts(page);
  try {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const cut of cuts) {
        slow.cutAt(cut);
        await page.goto(`${slow.url}/heatmaps`, { waitUntil: 'networkidle' });
        await expect(page.locator('main .skeleton')).toHaveCount(0);
        expect(await takeShifts(page)).toEqual([]);
      }
    }
  } finally {
    await slow.stop();
  }
});
