import { expect, signIn, stack, test } from './fixtures';
import { SignInPage } from './pages/signInPage';

test('a page without a session leads to sign-in and back to where it was asked for', async ({ page }) => {
  await page.goto(`${stack().data}/?range=7d`);
  await expect(page).toHaveURL(/\/login\?/);
  const { email, password } = stack().people[0] ?? { email: '', password: '' };
  await new SignInPage(page, stack().data).signIn(email, password);
  await expect(page).toHaveURL(/\/\?range=7d$/);
});

test('every question is closed without a session', async ({ request }) => {
  for (const question of ['headline', 'traffic-over-time', 'region-type-heatmap', 'data-status']) {
    const answer = await request.get(`${stack().data}/api/flows/${question}`);
    expect(answer.status(), question).toBe(401);
    expect((await answer.json()).error.code).toBe('unauthenticated');
  }
});

test('a wrong password is said in words, and lets nobody in', async ({ page }) => {
  const signInPage = new SignInPage(page, stack().data);
  await signInPage.open();
  await signInPage.signIn(stack().people[0]?.email ?? '', 'wrong');
  await expect(signInPage.problem).toHaveText(
    'E-mail address or password is wrong. Check both and try again.',
  );
  await expect(page).toHaveURL(/\/login/);
});

test('signing out closes the session for every request', async ({ page }) => {
  await signIn(page, stack().data, 'viewer');
  await page.goto(stack().data);
  const cookies = await page.context().cookies();
  await page.getByRole('button', { name: /viewer/i }).click();
  await page.getByRole('menuitem', { name: /sign out/i }).click();
  await expect(page).toHaveURL(/\/login/);
  // The same token, kept by somebody: its session row is revoked.
  await page.context().addCookies(cookies);
  const answer = await page.request.get(`${stack().data}/api/flows/data-status`);
  expect(answer.status()).toBe(401);
});
