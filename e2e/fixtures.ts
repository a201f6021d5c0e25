import { test as base, expect, type Page } from '@playwright/test';
import { OverviewPage } from './pages/overviewPage';
import { SignInPage } from './pages/signInPage';

export interface Person {
  name: string;
  email: string;
  role: string;
  password: string;
}

/** What e2e/stack.ts printed. Instants are UTC epoch seconds. */
export interface Stack {
  data: string;
  none: string;
  down: string;
  people: Person[];
  firstSlot: number;
  lastSlot: number;
  imported: { records: number; accepted: number };
}

export const stack = (): Stack => JSON.parse(process.env.WEIR_E2E ?? '{}') as Stack;

export function person(role: string): Person {
  const found = stack().people.find((candidate) => candidate.role === role);
  if (found === undefined) throw new Error(`No person with the role ${role}.`);
  return found;
}

/** Signs in with a session of its own, so that no test depends on another. */
export async function signIn(page: Page, url: string, role = 'engineer'): Promise<void> {
  const signInPage = new SignInPage(page, url);
  await signInPage.open();
  const { email, password } = person(role);
  await signInPage.signIn(email, password);
  await expect(page).toHaveURL((address) => !address.pathname.startsWith('/login'));
}

export const test = base.extend<{ overview: OverviewPage }>({
  overview: async ({ page }, use) => {
    await signIn(page, stack().data);
    await use(new OverviewPage(page, stack().data));
  },
});

export { expect };
