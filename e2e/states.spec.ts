import AxeBuilder from '@axe-core/playwright';
import { expect, signIn, stack, test } from './fixtures';
import { takeShifts, watchShifts } from './layoutShifts';

test('nothing stored yet: every page says what would fill it', async ({ page }) => {
  await signIn(page, stack().none);
  for (const path of ['/', '/explore', '/heatmaps', '/map']) {
    await page.goto(`${stack().none}${path}`);
    await expect(page.getByRole('heading', { name: 'No flows yet' })).toBeVisible();
    await expect(page.getByText('npm run ingest').first()).toBeVisible();
  }
});

test('a range without records is unknown to a heatmap, and not empty cells', async ({ page }) => {
  await signIn(page, stack().data);
  const range = 'from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z';
  for (const path of ['/heatmaps?', '/explore?by=type,region&as=heatmap&']) {
    await page.goto(`${stack().data}${path}${range}`);
    await expect(page.getByText(/unknown and not zero/).first()).toBeVisible();
    await expect(page.getByText(/Nothing crossed the boundary/)).toHaveCount(0);
  }
});

test('ClickHouse does not answer: the page says so, what to do, and offers another try', async ({ page }) => {
  await signIn(page, stack().down);
  await page.goto(stack().down);
  await expect(page.getByText(/ClickHouse does not answer|does not answer/).first()).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByRole('button', { name: /Try again|Trying/ }).first()).toBeVisible();
});

test('readiness tells the two apart', async ({ request }) => {
  expect((await request.get(`${stack().data}/api/health/ready`)).status()).toBe(200);
  expect((await request.get(`${stack().down}/api/health/ready`)).status()).toBe(503);
  expect((await request.get(`${stack().down}/api/health/live`)).status()).toBe(200);
});

test('a range without flows is not drawn as zero', async ({ overview, page }) => {
  await overview.open('from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z');
  await expect(overview.traffic).toBeVisible();
  await expect(overview.traffic).toContainText('No expected exporter was heard in this range');
  await expect(page.getByText('0 b/s')).toHaveCount(0);
  await expect(overview.traffic.getByRole('button', { name: /no data in this range/ })).toBeVisible();
  await expect(overview.traffic.getByRole('button', { name: /complete/ })).toHaveCount(0);
});

test('the database goes away and comes back: one line says so, moves nothing, and goes by itself', async ({
  overview,
  page,
}) => {
  await watchShifts(page);
  await overview.open();
  await expect(overview.traffic.getByRole('row').filter({ hasText: 'Neocloud' })).toBeVisible();
  await takeShifts(page);
  await page.route('**/api/flows/**', (route) =>
    route.fulfill({
      status: 503,
      json: {
        error: { code: 'unavailable', message: 'ClickHouse does not answer.', hint: '', requestId: 'r' },
      },
    }),
  );
  await page.getByRole('button', { name: 'Refresh now' }).click();
  const line = page.getByText('The database does not answer.');
  await expect(line).toHaveCount(1);
  expect((await takeShifts(page)).filter(({ isVertical }) => isVertical)).toEqual([]);
  await expect(overview.traffic.getByRole('row').filter({ hasText: 'Neocloud' })).toBeVisible();
  await expect(page.getByText('Not refreshed')).toHaveCount(0);
  await page.unroute('**/api/flows/**');
  await expect(line).toHaveCount(0);
});

test('a page that fails says so inside the frame, and is shown again by a click or by another range', async ({
  overview,
  page,
}) => {
  // An answer that nothing can be drawn of: the page fails while it is rendered.
  const broken = '**/api/flows/traffic-over-time?**';
  const breakIt = () => page.route(broken, (route) => route.fulfill({ json: { rows: {}, meta: {} } }));
  const failed = page.getByRole('alert').filter({ hasText: 'This page could not be shown' });
  await breakIt();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await overview.open();
    await expect(failed).toBeVisible();
    await expect(page.getByRole('link', { name: 'Explore' })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  }
  await page.unroute(broken);
  await failed.getByRole('button', { name: 'Try again' }).click();
  await expect(overview.traffic.getByRole('row').filter({ hasText: 'Neocloud' })).toBeVisible();
  await breakIt();
  await page.reload();
  await expect(failed).toBeVisible();
  await page.unroute(broken);
  await page.getByRole('button', { name: 'One range earlier' }).click();
  await expect(failed).toHaveCount(0);
  await expect(overview.traffic).toBeVisible();
});
