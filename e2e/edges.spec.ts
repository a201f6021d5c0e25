import type { Page } from '@playwright/test';
import { expect, signIn, stack, test } from './fixtures';
import { CHANGED_TYPE, SLOT_SECONDS } from './knownFlows';

/** What the page says at the edges of what can be known; that the numbers are right there, lib/server/queries/edges.itest.ts shows. */

const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
const clock = (seconds: number) => iso(seconds).slice(11, 16);

async function explore(page: Page, query: string): Promise<void> {
  await signIn(page, stack().data);
  await page.goto(`${stack().data}/explore?${query}`);
}

const panel = (page: Page) => page.getByRole('region', { name: /^Where does traffic go, by network type\?/ });

async function asTable(page: Page): Promise<void> {
  await panel(page)
    .getByRole('button', { name: /Table, files and links$/ })
    .click();
  await page.getByRole('menuitem', { name: 'Show as table' }).click();
}

test('at the edge of now: from when on numbers may still grow, on the picture, in the table and in words', async ({
  page,
}) => {
  const { lastSlot } = stack();
  const end = lastSlot + SLOT_SECONDS;
  await explore(page, `from=${iso(end - 3_600)}&to=${iso(end)}&by=type`);
  // The last records came within the last five minutes: others of the same minutes may follow.
  const about = panel(page).getByRole('button', { name: new RegExp(`complete to ${clock(lastSlot)}`) });
  await about.click();
  await expect(page.getByRole('dialog', { name: 'About this answer' })).toContainText(
    new RegExp(`Provisional.*${clock(lastSlot)}: may still grow`),
  );
  await page.keyboard.press('Escape');
  await asTable(page);
  // Newest first: the oldest of the provisional minutes is the last of them.
  const rows = panel(page).getByRole('row').filter({ hasText: 'provisional' });
  await expect(rows.last()).toContainText(`${clock(lastSlot)}\u2013`);
  await expect(
    panel(page).getByRole('row', { name: new RegExp(`${clock(lastSlot - 60)}\u2013${clock(lastSlot)}`) }),
  ).not.toContainText('provisional');
});

/** The last two changes of Berlin's clocks before the known flows: the last Sundays of March and October, 01:00 UTC. */
function lastTwoChanges(): { day: string; hours: number; dayBegins: number }[] {
  const lastSunday = (year: number, month: number, hours: number) => {
    const last = new Date(Date.UTC(year, month, 0));
    const begins = last.getTime() / 1000 - last.getUTCDay() * 86_400;
    const day = iso(begins).slice(0, 10);
    return { day, hours, dayBegins: begins - (hours === 23 ? 3_600 : 7_200) };
  };
  const { firstSlot } = stack();
  const year = new Date(firstSlot * 1000).getUTCFullYear();
  return [year - 1, year]
    .flatMap((each) => [lastSunday(each, 3, 23), lastSunday(each, 10, 25)])
    .filter(({ dayBegins }) => dayBegins + 2 * 86_400 < firstSlot)
    .slice(-2);
}

test('a day of 23 hours and one of 25 say so', async ({ page }) => {
  await signIn(page, stack().data);
  for (const { day, hours, dayBegins } of lastTwoChanges()) {
    const range = `from=${iso(dayBegins)}&to=${iso(stack().lastSlot)}`;
    await page.goto(`${stack().data}/explore?${range}&zone=Europe/Berlin&by=type&step=1d`);
    await expect(
      page.getByText(new RegExp(`${day} has ${hours} hours in Europe/Berlin: clocks go`)),
    ).toBeVisible();
    const axis = panel(page).getByRole('slider');
    await axis.focus();
    await page.keyboard.press('Home');
    await expect(axis).toHaveAttribute('aria-valuetext', new RegExp(`^Sun .* \\(${hours}\\sh\\):`));
    await page.keyboard.press('ArrowRight');
    await expect(axis).toHaveAttribute('aria-valuetext', /^Mon [^(]*:/);
  }
});

test('across a change of types: what changed from which day on, and the version of the taxonomy', async ({
  page,
  overview,
}) => {
  const { prefix, day, before, type } = CHANGED_TYPE;
  const range = `from=2026-01-10T00:00:00Z&to=${iso(stack().lastSlot)}`;
  const words = `${prefix} is ${type} from ${day} on (${before} before)`;
  await page.goto(`${stack().data}/explore?${range}&by=type`);
  await expect(page.getByText(words)).toContainText(/taxonomy version \d+ is loaded now/);
  await overview.open(range);
  await overview.traffic.getByRole('button', { name: /about this answer$/ }).click();
  await expect(page.getByRole('dialog', { name: 'About this answer' })).toContainText(words);
});

test('past retention: since when flows are kept and what to do, never zero; sums that are kept are answered', async ({
  page,
}) => {
  const range = `from=2026-01-01T00:00:00Z&to=${iso(stack().lastSlot)}`;
  const filter = encodeURIComponent('remote = 198.18.1.9 and port = 443');
  await explore(page, `${range}&by=type&filter=${filter}`);
  const refused = panel(page).getByRole('alert');
  await expect(refused).toContainText(/aw flows are kept from \d{4}-\d\d-\d\d/);
  await expect(refused).toContainText(/Choose a range that begins at \d{4}-\d\d-\d\d/);
  await expect(page.getByText('0 b/s')).toHaveCount(0);
  // Without what only raw flows know, the same range is answered, and says what is unknown of it.
  await page.goto(`${stack().data}/explore?${range}&by=type`);
  await expect(panel(page).getByRole('row').filter({ hasText: 'Neocloud' })).toBeVisible();
  await expect(
    page.getByText(/Nothing had been received before .*: what came before is unknown, not zero/),
  ).toBeVisible();
  // What is kept of flows is one click away.
  await page.goBack();
  await refused.getByRole('button', { name: /^Go to the first kept day/ }).click();
  await expect(refused).toHaveCount(0);
});
