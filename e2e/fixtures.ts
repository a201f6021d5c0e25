import { test as base, expect, type Page } from '@playwright/test';
import { OverviewPage } from './pages/overviewPage';

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

/**
 * Signs in with a session of its own, so that no test depends on another. By the requests of the sign-in page and not by the page, which
 * signIn.spec.ts looks at: it and the Overview behind it would be drawn for nothing before every test.
 */
export async function signIn(page: Page, url: string, role = 'engineer'): Promise<void> {
  const csrf = await page.request.get(`${url}/api/auth/csrf`);
  const { csrfToken } = await csrf.json();
  const { email, password } = person(role);
  const answer = await page.request.post(`${url}/api/auth/callback/credentials`, {
    form: { csrfToken, email, password, callbackUrl: url, json: 'true' },
  });
  expect(answer.status()).toBe(200);
}

export const test = base.extend<{ overview: OverviewPage }>({
  overview: async ({ page }, use) => {
    await signIn(page, stack().data);
    await use(new OverviewPage(page, stack().data));
  },
});

export { expect };
