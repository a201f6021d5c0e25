import { expect, type Page, type Route } from '@playwright/test';
import { nextFrames } from './layoutShifts';

/** Answers that come one by one, when the test says so. */
export interface HeldAnswers {
  /** Gives all, the one that was asked for last first, each drawn before the next, until the page waits for none. */
  give(): Promise<void>;
}

/** Holds the answers of every question from now on; how far one has come is told at once. */
export async function holdAnswers(page: Page): Promise<HeldAnswers> {
  const held: Route[] = [];
  await page.route('**/api/flows/**', async (route) => {
    if (new URL(route.request().url()).pathname === '/api/flows/progress') await route.continue();
    else held.push(route);
  });
  const giveOne = async (route: Route) => {
    const ended = page.waitForEvent('requestfinished', (request) => request === route.request());
    await route.continue();
    await ended;
    await nextFrames(page);
  };
  return {
    give: () =>
      expect(async () => {
        for (let next = held.pop(); next !== undefined; next = held.pop()) await giveOne(next);
        await expect(page.locator('main [aria-busy="true"], main .skeleton')).toHaveCount(0, {
          timeout: 500,
        });
        expect(held).toHaveLength(0);
      }).toPass(),
  };
}
