import AxeBuilder from '@axe-core/playwright';
import { expect, signIn, stack, test } from './fixtures';

const HEATMAP = 'table:has([data-cell])';

test('three measures side by side; arrow keys move, a cell narrows the page, and nothing is serious', async ({
  page,
}) => {
  await signIn(page, stack().data);
  await page.goto(`${stack().data}/heatmaps?range=7d`);
  await expect(page.locator(HEATMAP)).toHaveCount(3);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  const volume = page.locator(HEATMAP).first();
  await volume.locator('[data-cell="0:0"]').focus();
  await page.keyboard.press('ArrowDown');
  await expect(volume.locator('[data-cell="1:0"]')).toBeFocused();
  await volume.locator('button[aria-disabled="false"]').first().click();
  await expect(page).toHaveURL(/filter=/);
  await expect(volume.locator('tbody tr')).toHaveCount(2);
});

test('the table behind a heatmap adds up to its total, and 390 pixels do not scroll sideways', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, stack().data);
  await page.goto(`${stack().data}/heatmaps?range=7d&heat=weekday-hour&cell=volume&unit=bytes`);
  await expect(page.locator(HEATMAP)).toHaveCount(1);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  // A scroll bar's own room is no overflow.
  expect(overflow).toBeLessThanOrEqual(0);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /Table, files and links/ }).click();
  await page.getByRole('menuitem', { name: /CSV/ }).click();
  const text = await (await download).createReadStream().then(async (stream) => {
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece as Buffer);
    return Buffer.concat(pieces).toString('utf8');
  });
  const rows = text
    .split('\r\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .slice(1)
    .map((line) => line.split(','));
  const sum = (keep: (row: string[]) => boolean) =>
    rows.filter(keep).reduce((total, [, , value = '0']) => total + BigInt(value), 0n);
  const total = sum(([row, column]) => row === 'Total' && column === 'Total');
  expect(total).toBeGreaterThan(0n);
  expect(sum(([row, column]) => row !== 'Total' && column !== 'Total')).toBe(total);
  expect(sum(([row, column]) => row !== 'Total' && column === 'Total')).toBe(total);
});

test('the ramp says its scale, which an address chooses and else the values', async ({ page }) => {
  await signIn(page, stack().data);
  const scale = page.getByRole('group', { name: 'Color scale' });
  for (const [color, label] of [
    ['linear', 'Linear'],
    ['log', 'Log'],
  ] as const) {
    await page.goto(`${stack().data}/heatmaps?range=7d&cell=magnitude&color=${color}`);
    await expect(page.locator(HEATMAP)).toHaveCount(1);
    await expect(page.getByText(color, { exact: true })).toBeVisible();
    await expect(scale.getByRole('radio', { name: label })).toBeChecked();
  }
  await scale.getByRole('radio', { name: 'Auto' }).check();
  await expect(page).not.toHaveURL(/color=/);
});

/** The scope's range of so many months that ends with the month of the known flows. */
function monthsRange(count: number): string {
  const last = new Date(stack().lastSlot * 1000);
  const first = (months: number) =>
    new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
  return `from=${first(1 - count)}T00:00:00Z&to=${first(1)}T00:00:00Z`;
}

test('a year and a half of months stands on a screen with its numbers, and its names say the year once', async ({
  page,
}) => {
  await signIn(page, stack().data);
  for (const count of [12, 16, 18, 24]) {
    await page.goto(`${stack().data}/heatmaps?heat=type-month&${monthsRange(count)}`);
    const heatmap = page.locator(HEATMAP);
    await expect(heatmap.locator('[data-cell^="0:"]')).toHaveCount(count);
    const cut = await heatmap.evaluate((table) => ({
      sideways: (table.parentElement?.scrollWidth ?? 0) - (table.parentElement?.clientWidth ?? 0),
      cells: [...table.querySelectorAll('[data-cell], td, th')].filter(
        ({ scrollWidth, clientWidth, textContent }) => textContent !== '' && scrollWidth > clientWidth,
      ).length,
    }));
    expect(cut.sideways).toBe(0);
    if (count !== 24) expect(cut.cells).toBe(0);
    const filled = heatmap.locator(`[data-cell="0:${count - 1}"]`);
    await expect(filled).toHaveText(
      count === 24 ? '' : count === 12 ? /^[\d.]+[GT]b$/ : /^[\d.]+\u2009[GT]$/,
    );
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
});
