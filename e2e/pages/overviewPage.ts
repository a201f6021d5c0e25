import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';

/** The Overview, by what a person sees of it. */
export class OverviewPage {
  readonly headline: Locator;
  readonly traffic: Locator;
  readonly heatmap: Locator;

  constructor(
    readonly page: Page,
    readonly url: string,
  ) {
    this.headline = page.getByRole('region', { name: 'Headline numbers' });
    this.traffic = page.getByRole('region', { name: 'Where does traffic go?' });
    this.heatmap = page.getByRole('region', { name: 'Which regions talk to what?' });
  }

  /** @param query scope and view as the URL has them, for example `range=7d` */
  async open(query = ''): Promise<void> {
    await this.page.goto(`${this.url}/${query === '' ? '' : `?${query}`}`);
  }

  /** The figure under a label of the headline, digits and unit without the space between them. */
  async figure(label: string): Promise<string> {
    const term = this.headline.getByRole('term').filter({ hasText: label });
    const figure = await term.locator('xpath=following-sibling::dd[1]/div[1]').textContent();
    return (figure ?? '').replace(/\s+/g, '');
  }

  /** Saves a panel's CSV by its menu and returns the text. */
  async csvOf(panel: Locator): Promise<string> {
    await panel.getByRole('button', { name: /Table, files and links/ }).click();
    const download = this.page.waitForEvent('download');
    await this.page.getByRole('menuitem', { name: /CSV/ }).click();
    return readFile(await (await download).path(), 'utf8');
  }
}
