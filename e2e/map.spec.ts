import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, signIn, stack, test } from './fixtures';
import { SLOT_SECONDS } from './knownFlows';

/** The first 24 hours of the known flows: steps of an hour, each alike. */
function knownDay(): string {
  const { firstSlot } = stack();
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  return `from=${iso(firstSlot)}&to=${iso(firstSlot + 288 * SLOT_SECONDS)}`;
}

async function openMap(page: Page, query = ''): Promise<Locator> {
  await signIn(page, stack().data);
  await page.goto(`${stack().data}/map?${knownDay()}${query}`);
  const picture = page.getByRole('img', { name: /^Map of / });
  await expect(picture.locator('canvas').first()).toBeVisible({ timeout: 30_000 });
  return picture;
}

async function fromMenu(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /Table, files and links$/ }).click();
  await page.getByRole('menuitem', { name }).click();
}

async function seriousProblems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** Of 1 to 12 parts in each hour, by two exporters (twice and once), three parts out and one in. */
const PARTS_OF_AN_HOUR = 78 * 3 * 4;

test('picture, table and file have the same places with the bytes worked out by hand', async ({ page }) => {
  const picture = await openMap(page);
  // Neocloud in Denver: 7 MB x 936 x 24, in bits.
  await expect(picture).toHaveAccessibleName(/: 4 places, the greatest is Denver with 1\.26\sTb$/);
  // 0.4 of 17.4 MB.
  await expect(page.locator('dl > div', { hasText: 'from places not known' })).toContainText(/2\.3\s%/);
  await expect(page.getByText(/without a place \(EU-Central\)/)).toBeVisible();
  await expect(page.getByRole('link', { name: 'IP Geolocation by DB-IP' })).toBeVisible();
  expect(await seriousProblems(page)).toEqual([]);
  // Of 17.4 MB all but 0.4 are drawn, in the words of the legend and of the table alike.
  const legend = page.getByRole('table', { name: /^Network types/ });
  await expect(legend.getByRole('row', { name: /^Total/ })).toHaveText(/^Total3\.06\sTb3\.13\sTb100\s%$/);

  await fromMenu(page, 'Show as table');
  const table = page.getByRole('table', { name: /^Where are the other ends/ });
  const bytes = (base: number) => (base * PARTS_OF_AN_HOUR * 24).toLocaleString('en-US');
  const expected: [RegExp, number][] = [
    [/^Denver/, 7_000_000],
    [/^Chicago/, 5_000_000],
    [/^Frankfurt/, 3_000_000],
    [/^Elsewhere in United Kingdom/, 2_000_000],
    [/^Not known/, 400_000],
    [/^Drawn on the map/, 17_000_000],
    [/^Total/, 17_400_000],
  ];
  for (const [name, base] of expected) {
    await expect(
      table
        .getByRole('row', { name })
        .getByTitle(`${bytes(base)} bytes`)
        .first(),
    ).toBeVisible();
  }
  expect(await seriousProblems(page)).toEqual([]);

  const download = page.waitForEvent('download');
  await fromMenu(page, 'Save as CSV');
  const lines = (await readFile(await (await download).path(), 'utf8')).split('\r\n');
  expect(lines.find((line) => line.startsWith('Chicago,'))).toContain(
    `US,41.88,-87.63,${5_000_000 * PARTS_OF_AN_HOUR * 24},`,
  );

  await table.getByRole('button', { name: 'Chicago' }).click();
  await expect(page).toHaveURL(/Chicago/);
  await expect(table.getByRole('row', { name: /^Denver/ })).toHaveCount(0);
});

/** Answers the map as before the table of places was there: all of it in one place that nobody knows. */
async function withoutPlaces(page: Page): Promise<void> {
  await page.route('**/api/flows/traffic-map?*', async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    const { rows } = answer;
    const bytes = rows.steps.starts.map((_: number, s: number) =>
      rows.types.map((_type: string, t: number) =>
        String(
          rows.places.reduce(
            (sum: bigint, place: { bytes: string[][] }) => sum + BigInt(place.bytes[s]?.[t] ?? 0),
            0n,
          ),
        ),
      ),
    );
    const { addresses } = rows.total;
    await route.fulfill({
      response,
      json: {
        ...answer,
        rows: {
          ...rows,
          places: [{ country: '', metro: '', center: null, bytes, addresses }],
          countries: [],
          arcs: [],
          geoVersion: 0,
        },
      },
    });
  });
}

test('a map without the table of places says so in the picture, with what fills it', async ({ page }) => {
  await withoutPlaces(page);
  await signIn(page, stack().data);
  await page.goto(`${stack().data}/map?${knownDay()}`);
  const words = page.getByRole('status').filter({ hasText: 'Nothing has a place yet' });
  await expect(words).toContainText(/100\s% of the volume has no known place/, { timeout: 30_000 });
  await expect(words).toContainText('npm run reference -- load');
  expect(await seriousProblems(page)).toEqual([]);
  await words.getByRole('link', { name: /Data page/ }).click();
  await expect(page).toHaveURL(/\/data\?.*#versions$/);
});

test('the steps of the range are gone through by keyboard, and played only when asked', async ({ page }) => {
  await openMap(page);
  await fromMenu(page, 'Show as table');
  const chicago = page.getByRole('row', { name: /^Chicago/ });
  const slider = page.getByRole('slider', { name: 'Step of the range' });
  await expect(slider).toHaveAttribute('aria-valuetext', /^The whole range.*, UTC$/);
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expect(slider).not.toHaveAttribute('aria-valuetext', /^The whole range/);
  const hour = `${(5_000_000 * PARTS_OF_AN_HOUR).toLocaleString('en-US')} bytes`;
  await expect(chicago.getByTitle(hour).first()).toBeVisible();
  await page.keyboard.press('End');
  await expect(slider).toHaveValue('24');
  await expect(chicago.getByTitle(hour).first()).toBeVisible();
  // The step stands in the address, so a copied link shows it.
  await expect(page).toHaveURL(/[?&]at=/);
  await page.reload();
  await expect(slider).toHaveValue('24');
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', /^The whole range/);
  await page.getByRole('button', { name: 'Play the steps' }).click();
  await expect(slider).toHaveValue('2');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Play the steps' })).toBeVisible();
});

test.describe('on a telephone in the dark', () => {
  test.use({ colorScheme: 'dark', viewport: { width: 390, height: 900 }, reducedMotion: 'reduce' });

  test('the map has no serious accessibility problem, does not scroll sideways, and moves one step at a time', async ({
    page,
  }) => {
    await openMap(page, '&map=us');
    expect(await seriousProblems(page)).toEqual([]);
    const excess = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(excess).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: 'Next step' }).click();
    await expect(page.getByRole('slider', { name: 'Step of the range' })).toHaveValue('1');
  });
});
