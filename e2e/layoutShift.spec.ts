import { expect, signIn, stack, test } from './fixtures';
import { holdAnswers } from './heldAnswers';
import { nextFrames, noticed, takeShifts, watchShifts } from './layoutShifts';

const PAGES = [
  '/',
  '/explore?by=type&as=area',
  '/explore?by=remoteAddress',
  '/explore?as=table',
  '/heatmaps',
  '/map',
  '/data',
];
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

for (const viewport of SIZES) {
  test.describe(`${viewport.width} pixels wide`, () => {
    test.use({ viewport });

    for (const path of PAGES) {
      test(`nothing moves while ${path} is filled, on the first visit and when it is loaded again`, async ({
        page,
      }) => {
        await signIn(page, stack().data);
        await watchShifts(page);
        const answers = await holdAnswers(page);
        for (const visit of ['first', 'again']) {
          await page.goto(`${stack().data}${path}`);
          await answers.give();
          expect(noticed(await takeShifts(page)), visit).toEqual([]);
        }
      });
    }

    test('nothing moves up or down on the Data page when another range is asked for, and none of it has data', async ({
      page,
    }) => {
      await signIn(page, stack().data);
      await watchShifts(page);
      const answers = await holdAnswers(page);
      await page.goto(`${stack().data}/data?range=1h`);
      await answers.give();
      const height = () => page.evaluate(() => document.documentElement.scrollHeight);
      const before = await height();
      await takeShifts(page);
      for (const range of ['range=7d', 'from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z']) {
        // As the page changes its address itself: without being loaded again.
        await page.evaluate((query) => window.history.pushState(null, '', `/data?${query}`), range);
        await answers.give();
        expect((await takeShifts(page)).filter(({ isVertical }) => isVertical)).toEqual([]);
        expect(await height()).toBe(before);
      }
    });

    test('text keeps its lines when the fonts come after it was painted', async ({ page }) => {
      await signIn(page, stack().data);
      await watchShifts(page);
      for (const path of ['/', '/explore', '/explore?by=remoteAddress', '/data']) {
        let come = () => {};
        const isTime = new Promise<void>((resolve) => {
          come = resolve;
        });
        await page.route('**/*.woff2', (route) => isTime.then(() => route.continue()));
        await page.goto(`${stack().data}${path}`, { waitUntil: 'commit' });
        await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
        await expect(page.locator('main .skeleton')).toHaveCount(0);
        await takeShifts(page);
        come();
        await page.evaluate(() => document.fonts.ready);
        await nextFrames(page);
        expect(noticed(await takeShifts(page))).toEqual([]);
        await page.unroute('**/*.woff2');
      }
    });
  });
}
