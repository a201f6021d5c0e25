import type { Locator, Page } from '@playwright/test';

export class SignInPage {
  readonly problem: Locator;

  constructor(
    readonly page: Page,
    readonly url: string,
  ) {
    this.problem = page.getByRole('alert').filter({ hasText: /./ });
  }

  async open(query = ''): Promise<void> {
    await this.page.goto(`${this.url}/login${query}`);
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }
}
