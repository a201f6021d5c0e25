import { expect, signIn, stack, test } from './fixtures';

const PAGES = [
  { path: '/', words: 'Bytes are estimates', asks: ['headline', 'traffic-over-time', 'region-type-heatmap'] },
  { path: '/explore', words: 'Other is all that is not named', asks: ['explore-over-time', 'data-status'] },
  { path: '/heatmaps', words: 'addresses are distinct remote addresses', asks: ['explore-groups'] },
  { path: '/map', words: 'Places are approximate', asks: ['traffic-map', 'data-status'] },
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
