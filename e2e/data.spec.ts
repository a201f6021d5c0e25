import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, signIn, stack, test } from './fixtures';
import { SLOT_SECONDS } from './knownFlows';
import { DataPage } from './pages/dataPage';

/** The first 24 hours of the known flows: 288 slots of five minutes. */
function knownDay(): string {
  const { firstSlot } = stack();
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  return `from=${iso(firstSlot)}&to=${iso(firstSlot + 288 * SLOT_SECONDS)}`;
}

async function openData(page: Page, query = knownDay(), role = 'engineer'): Promise<DataPage> {
  await signIn(page, stack().data, role);
  const data = new DataPage(page, stack().data);
  await data.open(query);
  await expect(data.verdict).toHaveAttribute('aria-busy', 'false', { timeout: 30_000 });
  return data;
}

test('the verdict says what is wrong and how to mend it, and every panel has the figures worked out by hand', async ({
  page,
}) => {
  const data = await openData(page);
  // Both exporters see every 5-tuple at the same time, the one twice the bytes of the other: of 3 parts 1 is too many.
  await expect(data.verdict).toContainText(
    /About 33\.3\s% of the bytes are counted twice, by 192\.0\.2\.1 and 192\.0\.2\.2\./,
  );
  await expect(data.verdict).toContainText('boundary: internal');
  await expect(data.verdict).toContainText('Checked: ');
  const sending = data.panel('Who sends, and can it be scaled?').getByRole('row', { name: /192\.0\.2\.1/ });
  await expect(sending).toContainText('US-West');
  await expect(sending).toContainText('Sending');
  await expect(sending).toContainText(/100\s%/);
  // 10 records in each of 288 slots.
  const doubts = data
    .panel('What is doubtful about their records?')
    .getByRole('row', { name: /192\.0\.2\.1/ });
  await expect(doubts).toContainText('2,880');
  // Received 5 s after they end.
  await expect(doubts).toContainText(/5\ss/);
  await expect(doubts).toContainText('not known');
  const meaning = data.panel('What is doubtful about their records?');
  await meaning.getByText('What the columns mean').click();
  await expect(meaning.getByRole('definition').filter({ hasText: /receipt minus end/ })).toBeVisible();
  const totals = data.panel('What is in the totals, and what is not?');
  await expect(totals.getByRole('row', { name: /^Egress/ })).toContainText(/293\sGB/);
  await expect(totals.getByRole('row', { name: /^Transit/ })).toContainText(/0\sB/);
  // 0.4 MB x 3 x 4 x 78 x 24
  const unclassified = data.panel('Who is behind Unclassified?');
  await expect(unclassified.getByRole('row', { name: /198\.19\.0\.0\/24/ })).toContainText(/8\.99\sGB/);
  await expect(data.panel('What was rejected, and why?')).toContainText('No record was rejected');
  await expect(
    data
      .panel('What was imported?')
      .getByRole('row', { name: /flows\.json/ })
      .first(),
  ).toContainText('7,200');
  const kept = data.panel('What is kept, and for how long?').getByRole('row', { name: /^flows / });
  await expect(kept).toContainText('7,200');
  const versions = data.panel('What does enrichment work with?');
  await expect(versions.getByRole('link', { name: 'IP Geolocation by DB-IP' })).toHaveAttribute(
    'href',
    'https://db-ip.com',
  );
  await expect(versions.getByRole('link', { name: 'CC BY 4.0' })).toHaveCount(2);
});

test('in a range without flows, what is stored and what was rejected say when they were asked, and not that there is no data', async ({
  page,
}) => {
  const { firstSlot } = stack();
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  const data = await openData(page, `from=${iso(firstSlot - 86_400)}&to=${iso(firstSlot)}`);
  const stateOf = (title: string) => data.panel(title).getByRole('button', { name: /^Data .*answered by/ });
  for (const title of [
    'What was rejected, and why?',
    'What was imported?',
    'What is kept, and for how long?',
    'What does enrichment work with?',
  ]) {
    await expect(stateOf(title)).toHaveAccessibleName(/^Data as of \d\d:\d\d, answered by/);
  }
  await expect(stateOf('What is in the totals, and what is not?')).toHaveAccessibleName(
    /^Data no data in this range/,
  );
  await stateOf('What was imported?').click();
  const about = page.getByRole('dialog', { name: 'About this answer' });
  await expect(about).toContainText('All that the ledger holds, whatever the range.');
  await expect(about.getByText('Complete to')).toHaveCount(0);
});

test('the CSV has exact values under headers with their units', async ({ page }) => {
  const data = await openData(page);
  const lines = await data.csvOf(data.panel('What is in the totals, and what is not?'), 'directions');
  expect(lines[0]?.slice(0, 3)).toEqual(['direction', 'in_totals', 'bytes']);
  expect(lines.slice(1, 3).map((line) => line.slice(0, 3))).toEqual([
    ['Ingress', 'yes', '97718400000'],
    ['Egress', 'yes', '293155200000'],
  ]);
  // Each record came once; pmacct wrote no sequence numbers, so nothing is known of loss.
  const doubts = await data.csvOf(data.panel('What is doubtful about their records?'), 'doubts');
  const column = (name: string) => doubts.slice(1).map((line) => line[doubts[0]?.indexOf(name) ?? -1]);
  expect(column('duplicate_records')).toEqual(['0', '0']);
  expect(column('sequence_loss_share')).toEqual(['not known', 'not known']);
  const exporters = await data.csvOf(data.panel('Who sends, and can it be scaled?'), 'exporters');
  expect(exporters.slice(1).map((line) => line[0])).toEqual(['192.0.2.1', '192.0.2.2']);
});

test('the calendar is read and used by keyboard, and narrows the range to a day', async ({ page }) => {
  const data = await openData(page);
  const last = data.calendar.getByRole('button').and(page.locator('[tabindex="0"]'));
  await expect(last).toHaveAccessibleName(/^All, .*: /);
  await last.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.locator(':focus')).toHaveAccessibleName(/^192\.0\.2\.1, /);
  await page.keyboard.press('Home');
  await expect(page.locator(':focus')).toHaveAccessibleName(/nothing expected/);
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=\d{4}-\d\d-\d\dT00:00:00Z&to=\d{4}-\d\d-\d\dT00:00:00Z/);
});

test('samples of rejected records are for engineers', async ({ page }) => {
  const data = await openData(page, knownDay(), 'viewer');
  await expect(data.panel('What was rejected, and why?').getByRole('alert')).toBeVisible();
  await expect(data.panel('Who sends, and can it be scaled?').getByRole('table')).toBeVisible();
});

test('nothing stored yet: the page says what would fill it', async ({ page }) => {
  await signIn(page, stack().none);
  await page.goto(`${stack().none}/data`);
  await expect(page.getByRole('heading', { name: 'No flows yet' })).toBeVisible();
});

test('ClickHouse does not answer: said once, with another try', async ({ page }) => {
  await signIn(page, stack().down);
  await page.goto(`${stack().down}/data`);
  await expect(page.getByRole('button', { name: /Try again|Trying/ })).toHaveCount(1, { timeout: 30_000 });
});

test('a range without records is nothing to judge, and not zero', async ({ page }) => {
  // Before the first record, and within what is kept of raw flows.
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  const { firstSlot } = stack();
  const data = await openData(page, `from=${iso(firstSlot - 5 * 86_400)}&to=${iso(firstSlot - 4 * 86_400)}`);
  await expect(data.verdict).toContainText('nothing of it can be judged');
  await expect(data.verdict).not.toContainText('Nothing known to be wrong');
  await expect(data.panel('What is in the totals, and what is not?')).toContainText('unknown and not zero');
  await expect(data.panel('Who is behind Unclassified?')).toContainText('No record begins in this range');
  await expect(data.panel('Who sends, and can it be scaled?').getByRole('table')).toBeVisible();
});

// Each theme and each width once; the Overview holds all four.
for (const [colorScheme, width] of [
  ['light', 1440],
  ['dark', 390],
] as const) {
  test.describe(`${colorScheme}, ${width} pixels wide`, () => {
    test.use({ colorScheme, viewport: { width, height: 900 } });

    test('the Data page has no serious accessibility problem and does not scroll sideways', async ({
      page,
    }) => {
      const data = await openData(page);
      await expect(data.calendar).toBeVisible();
      await expect(data.panel('What was imported?').getByRole('table').first()).toBeVisible();
      await expect(data.panel('What does enrichment work with?').getByRole('table')).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
      expect(serious).toEqual([]);
      const excess = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(excess).toBeLessThanOrEqual(0);
    });
  });
}
