import type { Locator, Page } from '@playwright/test';
import { BROWSER_BARS } from '../report/bars';
import type { Response } from './probe';

/** Which frame shows what a gesture asks for. */
export type Shows = 'document' | 'canvas' | 'found' | 'last';

/** The kinds of input that are measured, and the frame that answers each. */
export const GESTURES = {
  hover: { label: 'hover over the picture', shows: 'document', bar: BROWSER_BARS.frame },
  lift: { label: 'hover over the legend', shows: 'canvas', bar: BROWSER_BARS.frame },
  toggle: { label: 'legend toggle', shows: 'canvas', bar: BROWSER_BARS.frame },
  drag: { label: 'brush, while dragging', shows: 'document', bar: BROWSER_BARS.frame },
  release: { label: 'brush, released', shows: 'document', bar: BROWSER_BARS.frame },
  zoomed: { label: 'the zoomed picture, asked and drawn', shows: 'last', bar: null },
  typing: { label: 'filter, from key to frame', shows: 'document', bar: null },
  completed: { label: 'filter, from key to completions', shows: 'last', bar: BROWSER_BARS.completion },
  paletteFirst: { label: 'Cmd-K, the first time', shows: 'found', bar: null },
  palette: { label: 'Cmd-K', shows: 'found', bar: null },
  bare: { label: 'a box that follows the pointer', shows: 'document', bar: null },
} as const satisfies Record<string, { label: string; shows: Shows; bar: number | null }>;
export type Gesture = keyof typeof GESTURES;

/** Takes what followed an input. */
export type Note = (gesture: Gesture, response: Response) => void;

/** Nothing has changed for so long: what was asked has come to its end. */
const QUIET_MS = 60;
/** A question may wait for its turn, and an animation may take its time. */
const LONG_QUIET_MS = 250;

async function respond(
  page: Page,
  type: 'pointermove' | 'pointerup' | 'click' | 'keydown',
  act: () => Promise<void>,
  { quiet = QUIET_MS, found }: { quiet?: number; found?: string } = {},
): Promise<Response> {
  await page.evaluate(([awaited, selector]) => window.weirBench.expect(awaited, selector), [
    type,
    found,
  ] as const);
  await act();
  // What is loaded first comes after any quiet.
  if (found !== undefined) await page.locator(found).waitFor();
  return page.evaluate((ms) => window.weirBench.response(ms), quiet);
}

async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error(`Not on the page: ${locator}`);
  return box;
}

const MOVES = 20;

/** Across the picture, from layer to layer: in its lower half, where they are. */
export async function hoverPicture(page: Page, note: Note): Promise<void> {
  const { x, y, width, height } = await boxOf(page.getByRole('slider').first());
  for (let i = 0; i < MOVES; i += 1) {
    const [across, down] = [(i + 0.5) / MOVES, 0.5 + (0.47 * ((i * 7) % MOVES)) / MOVES];
    note(
      'hover',
      await respond(page, 'pointermove', () => page.mouse.move(x + across * width, y + down * height)),
    );
  }
}

/** Rows of the legend: a button each that hides and shows a series. */
export function legendRows(page: Page): Locator {
  return page.locator('tbody tr').filter({ has: page.locator('button[aria-pressed]') });
}

/** Every row of the legend is pointed at; each third is hidden and shown again. */
export async function pointAtLegend(page: Page, note: Note): Promise<void> {
  const rows = legendRows(page);
  const count = await rows.count();
  for (let i = 0; i < count; i += 1) {
    // The figures: a menu or a name would answer in its own way.
    const { x, y, width, height } = await boxOf(rows.nth(i));
    const [left, top] = [x + width / 2, y + height / 2];
    note('lift', await respond(page, 'pointermove', () => page.mouse.move(left, top)));
    for (let click = 0; i % 3 === 0 && click < 2; click += 1) {
      const options = { quiet: LONG_QUIET_MS };
      note('toggle', await respond(page, 'click', () => page.mouse.click(left, top), options));
    }
  }
}

/** Drags over the middle third of the picture and lets go, which zooms. */
export async function brush(page: Page, note: Note): Promise<void> {
  const { x, y, width, height } = await boxOf(page.getByRole('slider').first());
  const at = (share: number): [number, number] => [x + width * share, y + height / 2];
  await page.mouse.move(...at(0.33));
  await page.mouse.down();
  for (let step = 1; step <= 10; step += 1)
    note('drag', await respond(page, 'pointermove', () => page.mouse.move(...at(0.33 + step * 0.033))));
  const released = await respond(page, 'pointerup', () => page.mouse.up(), { quiet: 2 * LONG_QUIET_MS });
  note('release', released);
  note('zoomed', released);
}

/** What somebody writes who looks for a network by its number, then by its name. */
const TYPED = 'asn = 15 and asn ~ tele';
const FIELD = '#filter-text';

/** Words of the language are completed on the page; values are asked of the server, at every key. */
export async function completeFilter(page: Page, note: Note): Promise<void> {
  await page.locator(FIELD).click();
  await page.locator(`${FIELD}:focus`).waitFor();
  for (const key of TYPED) {
    const response = await respond(page, 'keydown', () => page.keyboard.press(key === ' ' ? 'Space' : key), {
      quiet: LONG_QUIET_MS,
    });
    note('typing', response);
    note('completed', response);
  }
  await page.keyboard.press('Escape');
}

const FINDER = 'input[aria-label^="Find a page"]';

/** The palette is loaded when it is opened first. */
export async function openPalette(page: Page, note: Note): Promise<void> {
  for (const gesture of ['paletteFirst', 'palette', 'palette', 'palette'] as const) {
    const response = await respond(page, 'keydown', () => page.keyboard.press('Control+k'), {
      quiet: LONG_QUIET_MS,
      found: FINDER,
    });
    note(gesture, response);
    await page.locator(`${FINDER}:focus`).waitFor();
    await page.keyboard.press('Escape');
    await page.locator(FINDER).waitFor({ state: 'detached' });
  }
}

/** The least that any page can need: one element is moved in the handler itself. */
export async function followPointer(page: Page, note: Note): Promise<void> {
  for (let i = 0; i < MOVES; i += 1)
    note('bare', await respond(page, 'pointermove', () => page.mouse.move(100 + 20 * i, 100 + 10 * i)));
}
