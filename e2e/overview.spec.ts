import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expect, stack, test } from './fixtures';
import { SLOT_SECONDS } from './knownFlows';

/** The first 24 hours of the known flows: 288 slots of five minutes. */
function knownDay(): string {
  const { firstSlot } = stack();
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  return `from=${iso(firstSlot)}&to=${iso(firstSlot + 288 * SLOT_SECONDS)}`;
}

// Worked out by hand from e2e/knownFlows.ts: bases add up to 17.4 MB, factors to 3, out + in to 4, and (1 + slot mod 12) to
// 78 an hour: 17.4e6 x 3 x 4 x 78 x 24 bytes.
const DAY_BYTES = 390_873_600_000n;
const EGRESS_BYTES = 293_155_200_000n;

test('the headline shows the figures worked out by hand', async ({ overview }) => {
  await overview.open(knownDay());
  await expect(overview.headline.getByRole('term').first()).toBeVisible();
  expect(await overview.figure('Volume')).toBe('3.13Tb');
  // 390,873,600,000 x 8 / 86,400 = 36.192 Mb/s
  expect(await overview.figure('Mean rate')).toBe('36.2Mb/s');
  // Number ceil(0.95 x 288) = 274 of 288 means is one of the 24 greatest: 17.4e6 x 3 x 4 x 12 x 8 / 300 = 66.816 Mb/s
  expect(await overview.figure('p95')).toBe('66.8Mb/s');
  expect(await overview.figure('Remote addresses')).toBe('5');
  // 3,126,988,800,000 bits / 5
  expect(await overview.figure('Bits per address')).toBe('625Gb');
});

test('the legend gives each type its share, and hides it on a click', async ({ overview, page }) => {
  await overview.open(knownDay());
  const row = overview.traffic.getByRole('row').filter({ hasText: 'Neocloud' });
  // 7 of 17.4
  await expect(row).toContainText('40.2');
  const button = row.getByRole('button', { name: 'Neocloud' });
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await expect(page).toHaveURL(/hide=Neocloud/);
  await expect(overview.traffic.getByRole('row', { name: /^Total of all 5/ })).toBeVisible();
  await button.click({ modifiers: ['Shift'] });
  await expect(overview.traffic.getByRole('button', { name: 'CDN' })).toHaveAttribute(
    'aria-pressed',
    'false',
  );
  await expect(page.locator('canvas').first()).toBeVisible();
  // The same by keyboard, and a link shows what its sender saw.
  await page.reload();
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await expect(overview.traffic.getByRole('button', { name: 'CDN' })).toHaveAttribute(
    'aria-pressed',
    'false',
  );
  await button.focus();
  await page.keyboard.press('Shift+Enter');
  await expect(overview.traffic.getByRole('button', { name: 'CDN' })).toHaveAttribute('aria-pressed', 'true');
});

test('types that are hidden one right after the other are all in the address, and Back brings back what was hidden last', async ({
  overview,
  page,
}) => {
  await overview.open(knownDay());
  const pressed = async (name: string, is: boolean) =>
    expect(overview.traffic.getByRole('button', { name })).toHaveAttribute('aria-pressed', String(is));
  await pressed('CDN', true);
  // Both within one task: the first is not in the address yet.
  await overview.traffic.evaluate((panel) => {
    for (const name of ['Neocloud', 'CDN'])
      for (const button of panel.querySelectorAll<HTMLElement>('button[aria-pressed]'))
        if (button.textContent === name) button.click();
  });
  await expect(page).toHaveURL(/hide=(Neocloud,CDN|CDN,Neocloud)(&|$)/);
  await pressed('Neocloud', false);
  await pressed('CDN', false);
  await overview.traffic.getByRole('button', { name: 'Hyperscaler' }).click();
  await expect(page).toHaveURL(/hide=[^&]*Hyperscaler/);
  await page.goBack();
  await expect(page).not.toHaveURL(/hide=[^&]*Hyperscaler/);
  await pressed('Hyperscaler', true);
  await pressed('CDN', false);
});

test('the legend names the width behind each figure', async ({ overview }) => {
  await overview.open(knownDay());
  for (const [name, width] of [
    ['Last', '5'],
    ['p95', '5'],
    ['Max', '5'],
  ] as const) {
    await expect(overview.traffic.getByRole('columnheader', { name: new RegExp(`^${name}`) })).toContainText(
      `${width}\u2009min`,
    );
  }
});

test('a link with parts that cannot be read says which, and clears them', async ({ overview, page }) => {
  await overview.open('range=bogus&zone=Mars/X&dir=egress');
  const line = page.getByText('Part of this link was not understood').locator('..');
  await expect(line).toContainText('time range bogus');
  await expect(line).toContainText('time zone Mars/X');
  await page.getByRole('button', { name: 'Clear from the link' }).click();
  await expect(page).toHaveURL(/\?dir=egress$/);
  await expect(line).toHaveCount(0);
});

test('a zone is found by its present and its former name, and Escape clears what was typed', async ({
  overview,
  page,
}) => {
  await overview.open(knownDay());
  await page.getByRole('button', { name: /^Time zone/ }).click();
  const find = page.getByRole('combobox', { name: 'Find a time zone' });
  for (const typed of ['katmandu', 'Kathmandu']) {
    await find.fill(typed);
    await expect(page.getByRole('option')).toHaveText([/^Asia\/Kathmandu/]);
  }
  await find.press('Escape');
  await expect(find).toHaveValue('');
  await find.fill('Kathmandu');
  await find.press('Enter');
  await expect(page).toHaveURL(/zone=Asia/);
  await expect(page.getByRole('button', { name: 'Time zone: Asia/Kathmandu' })).toBeVisible();
});

test('the CSV carries exact integers that add up to the total', async ({ overview }) => {
  await overview.open(knownDay());
  await expect(overview.traffic.getByRole('row').filter({ hasText: 'Neocloud' })).toBeVisible();
  const lines = (await overview.csvOf(overview.traffic)).trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/^# Where does traffic go\?/);
  const table = lines.filter((line) => !line.startsWith('#')).map((line) => line.split(','));
  const columns = (table[0] ?? [])
    .map((name, index) => ({ name, index }))
    .filter(({ name }) => / both bytes$/.test(name));
  const sums = new Map(
    columns.map(({ name, index }) => [
      name,
      table.slice(1).reduce((sum, row) => sum + BigInt(row[index] ?? '0'), 0n),
    ]),
  );
  expect(sums.get('Neocloud both bytes')).toBe((DAY_BYTES * 7_000_000n) / 17_400_000n);
  const total = [...sums].find(([name]) => /^total/i.test(name));
  expect(total?.[1]).toBe(DAY_BYTES);
  expect(
    [...sums].filter(([name]) => !/^total/i.test(name)).reduce((sum, [, value]) => sum + value, 0n),
  ).toBe(DAY_BYTES);
});

test('the picture is saved as a PNG', async ({ overview, page }) => {
  await overview.open(knownDay());
  await expect(page.locator('canvas').first()).toBeVisible();
  await overview.traffic.getByRole('button', { name: /Table, files and links/ }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save as PNG' }).click();
  const bytes = await readFile(await (await download).path());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  // IHDR: width in bytes 16 to 19; twice the panel.
  expect(bytes.readUInt32BE(16)).toBeGreaterThan(1_000);
});

test('direction narrows every number and stands in the URL', async ({ overview, page }) => {
  await overview.open(knownDay());
  await expect(overview.headline.getByRole('term').first()).toBeVisible();
  await page
    .getByRole('radio', { name: 'Egress' })
    .or(page.getByRole('button', { name: 'Egress' }))
    .first()
    .click();
  await expect(page).toHaveURL(/dir=egress/);
  // 293,155,200,000 x 8 bits
  await expect(overview.headline).toContainText('2.35');
  expect((EGRESS_BYTES * 8n).toString().slice(0, 3)).toBe('234');
});

test('the whole scope stands in the URL, and back and forward work', async ({ overview, page }) => {
  await overview.open('range=24h');
  await expect(overview.headline.getByRole('term').first()).toBeVisible();
  await page
    .getByRole('button', { name: /24 hours/ })
    .first()
    .click();
  await page
    .getByRole('button', { name: /7 days/ })
    .first()
    .click();
  await expect(page).toHaveURL(/range=7d/);
  await page.goBack();
  await expect(page).not.toHaveURL(/range=7d/);
  await page.goForward();
  await expect(page).toHaveURL(/range=7d/);
});

test('brushing the picture narrows the range to what was brushed', async ({ overview, page }) => {
  await overview.open(knownDay());
  const canvas = page.locator('canvas').first();
  await expect(canvas).toBeVisible();
  const box = await canvas.boundingBox();
  if (box === null) throw new Error('The picture has no place on the page.');
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 8 });
  await page.mouse.up();
  await expect(page).not.toHaveURL(new RegExp(knownDay().slice(0, 20).replace(/[?:]/g, '.')));
  await expect(page).toHaveURL(/from=.*to=/);
});

test('the heatmap holds the volume of each region and type, and its table too', async ({
  overview,
  page,
}) => {
  await overview.open(`${knownDay()}&unit=bytes`);
  // US-West is two of three parts: 260,582,400,000 bytes.
  await expect(overview.heatmap).toContainText('261');
  await overview.heatmap.getByRole('button', { name: /Table, files and links/ }).click();
  await page.getByRole('menuitem', { name: 'Show as table' }).click();
  const table = overview.heatmap.getByRole('table');
  await expect(table.getByRole('row').filter({ hasText: 'US-West' }).first()).toBeVisible();
});

test('types are rows and regions columns here and on the page of heatmaps; arrow keys move, a cell narrows to both', async ({
  overview,
  page,
}) => {
  const heads = (table: Locator) =>
    table.evaluate((element) => ({
      columns: [...element.querySelectorAll('thead th')].map(({ textContent }) => textContent),
      rows: [...element.querySelectorAll('tbody th')].map(({ textContent }) => textContent),
    }));
  await overview.open(knownDay());
  const table = overview.heatmap.getByRole('table');
  const here = await heads(table);
  expect(here.columns).toContain('US-West');
  expect(here.rows).toEqual(['ISP Regional', 'CDN', 'Hyperscaler', 'Neocloud', 'Unclassified', 'Total']);
  await table.locator('[data-cell="0:0"]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  const cell = table.locator('[data-cell="1:1"]');
  await expect(cell).toBeFocused();
  await expect(cell).toHaveAttribute('aria-label', /^CDN, US-West: /);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /US-West/ }).first()).toBeVisible();
  await expect(table.locator('tbody th')).toHaveText(['CDN', 'Total']);
  for (const cellOf of ['', '&cell=volume']) {
    await page.goto(`${stack().data}/heatmaps?${knownDay()}${cellOf}`);
    expect(await heads(page.locator('table:has([data-cell])').first())).toEqual(here);
  }
});

test('the room of the scroll bar has the shade of the page behind a dialog', async ({ overview, page }) => {
  await overview.open(knownDay());
  await expect(overview.headline.getByRole('term').first()).toBeVisible();
  const root = page.locator('html');
  await expect(root).toHaveCSS('background-color', 'rgb(251, 251, 250)');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  // Seven tenths of the page's #fbfbfa.
  await expect(root).toHaveCSS('background-color', /^color\(srgb 0\.689\d* 0\.689\d* 0\.686\d*\)$/);
  await page.keyboard.press('Escape');
  await expect(root).toHaveCSS('background-color', 'rgb(251, 251, 250)');
});

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  for (const measure of ['volume', 'traffic', 'uniqueness', 'magnitude']) {
    test(`five regions stand whole beside one another, ${measure}`, async ({ overview, page }) => {
      await withRegions(page, ['AP-South', 'CA-East', 'EU-Central', 'US-East', 'US-West']);
      await overview.open(`${knownDay()}&measure=${measure}`);
      const box = overview.heatmap.locator('div:has(> table)');
      await expect(box.locator('thead th')).toHaveCount(7);
      expect(await cutIn(box)).toEqual([]);
      expect(await box.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
      await expect(box).toHaveCSS('mask-image', 'none');
      const ends = await box
        .locator('thead th')
        .evaluateAll((heads) => heads.map((head) => head.getBoundingClientRect().right));
      expect(Math.max(...ends)).toBeLessThanOrEqual(390);
    });
  }

  test('more regions scroll, and the edge fades until all of them were seen', async ({ overview, page }) => {
    await withRegions(page, ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']);
    await overview.open(knownDay());
    const box = overview.heatmap.locator('div:has(> table)');
    await expect(box).toHaveCSS('mask-image', /gradient/);
    await box.evaluate((element) => element.scrollTo({ left: element.scrollWidth }));
    await expect(box).toHaveCSS('mask-image', 'none');
  });
});

/** Answers the heatmap's question with these regions, all of them with figures as wide as they come. */
async function withRegions(page: Page, regions: readonly string[]): Promise<void> {
  await page.route(
    (url) => url.pathname === '/api/flows/region-type-heatmap',
    async (route) => {
      const response = await route.fetch();
      const answer = await response.json();
      const { rows } = answer;
      const wide = {
        ...rows.total,
        volume: '25400000000000000',
        traffic: 254_000_000_000,
        uniques: 88_800,
        magnitude: 88_800_000_000,
      };
      rows.cells = regions.map(() => rows.types.map(() => wide));
      rows.regions = regions;
      rows.regionTotals = regions.map(() => wide);
      rows.typeTotals = rows.types.map(() => wide);
      rows.total = wide;
      await route.fulfill({ response, json: answer });
    },
  );
}

/** Texts of a table that do not fit into their cells. */
function cutIn(table: Locator): Promise<(string | null)[]> {
  return table.evaluate((element) =>
    [...element.querySelectorAll('[data-cell], td, th, th span')]
      .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
      .filter((each) => !each.classList.contains('sr-only') && !each.querySelector('.sr-only'))
      .map(({ textContent }) => textContent),
  );
}
