import AxeBuilder from '@axe-core/playwright';
import { expect, stack, test } from './fixtures';
import { SLOT_SECONDS } from './knownFlows';

/** The first 24 hours of the known flows, as in overview.spec.ts: 390,873,600,000 bytes, of which CDN has 3 of 17.4 parts. */
function knownDay(): string {
  const { firstSlot } = stack();
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  return `from=${iso(firstSlot)}&to=${iso(firstSlot + 288 * SLOT_SECONDS)}`;
}

test('a filter is typed with completion, refused at its place, edited as a pill and taken away', async ({
  overview,
  page,
}) => {
  await overview.open(knownDay());
  await expect(overview.headline.getByRole('term').first()).toBeVisible();
  const field = page.getByRole('combobox', { name: 'Filter' });
  await page.keyboard.press('/');
  await expect(field).toBeFocused();
  await field.pressSequentially('type = cd');
  await expect(page.getByRole('option', { name: /^CDN/ })).toHaveAttribute('aria-selected', 'true');
  await field.press('Enter');
  await expect(field).toHaveValue('type = CDN ');

  await field.pressSequentially('and proto = tpc');
  await field.press('Enter');
  await expect(page.getByText('"tpc" is no proto')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await field.fill('type = CDN and port = https');
  await field.press('Enter');
  await expect(page).toHaveURL(/filter=port/);
  // 67,392,000,000 bytes x 8
  await expect(async () => expect(await overview.figure('Volume')).toBe('539Gb')).toPass();

  await page.getByRole('button', { name: 'Edit the filter type = CDN' }).click();
  await page.getByRole('radio', { name: 'All but these' }).check();
  await page.keyboard.press('Escape');
  // (390,873,600,000 - 67,392,000,000) bytes x 8
  await expect(async () => expect(await overview.figure('Volume')).toBe('2.59Tb')).toPass();
  await page.getByRole('button', { name: 'Remove the filter type != CDN' }).click();
  await page.getByRole('button', { name: 'Remove the filter port = 443' }).click();
  await expect(page).not.toHaveURL(/filter=/);
});

test('a link from before there was a filter language says the same', async ({ overview, page }) => {
  await overview.open(`${knownDay()}&type=CDN&region=!EU-Central`);
  await expect(page.getByRole('button', { name: 'Edit the filter region != EU-Central' })).toBeVisible();
  // US-West has two of three parts: 44,928,000,000 bytes x 8
  await expect(async () => expect(await overview.figure('Volume')).toBe('359Gb')).toPass();
});
