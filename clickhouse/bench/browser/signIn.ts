import type { Browser, BrowserContext } from '@playwright/test';

/** Where the dashboard is, and the cookies of somebody who is signed in. */
export interface Session {
  url: string;
  state: Awaited<ReturnType<BrowserContext['storageState']>>;
}

/** Signs in as a person does, once: every context of the bench begins with what that left. */
export async function signIn(
  browser: Browser,
  url: string,
  { email, password }: { email: string; password: string },
): Promise<Session> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${url}/login`);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((address) => !address.pathname.startsWith('/login'));
    return { url, state: await context.storageState() };
  } finally {
    await context.close();
  }
}
