import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';

/** The Data page, by what a person sees of it. */
export class DataPage {
  readonly verdict: Locator;
  readonly calendar: Locator;

  constructor(
    readonly page: Page,
    readonly url: string,
  ) {
    this.verdict = page.getByRole('region', { name: 'Verdict' });
    this.calendar = page.getByRole('region', { name: /^Coverage by day and exporter/ });
  }

  /** @param query scope as the URL has it */
  async open(query = ''): Promise<void> {
    await this.page.goto(`${this.url}/data${query === '' ? '' : `?${query}`}`);
  }

  /** A panel by the question that is its title. */
  panel(title: string): Locator {
    return this.page.getByRole('region', { name: title, exact: true });
  }

  /** Saves a table of a panel as CSV and returns its lines without the comments, the header first. */
  async csvOf(panel: Locator, label: string): Promise<string[][]> {
    const download = this.page.waitForEvent('download');
    await panel.getByRole('button', { name: new RegExp(`Save ${label} as CSV`) }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    return text
      .trimEnd()
      .split('\r\n')
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.split(','));
  }
}
