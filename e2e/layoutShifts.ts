import type { Page } from '@playwright/test';

/** A layout shift as the browser reports it. */
export interface Shift {
  /** area that moved x how far it did, both by those of the window */
  readonly value: number;
  /** words of what moved */
  readonly what: string;
  /** something moved up or down, and not only sideways as other digits do */
  readonly isVertical: boolean;
}

declare global {
  interface Window {
    layoutShifts: Shift[];
  }
}

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly {
    readonly node: Node | null;
    readonly previousRect: DOMRectReadOnly;
    readonly currentRect: DOMRectReadOnly;
  }[];
}

/** Notes every layout shift of each page that is opened from now on. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.layoutShifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as LayoutShift;
        window.layoutShifts.push({
          value,
          what: sources.map(({ node }) => node?.textContent?.slice(0, 30)).join(', '),
          isVertical: sources.some(
            ({ previousRect, currentRect }) => Math.abs(previousRect.y - currentRect.y) >= 1,
          ),
        });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

/** The layout shifts of the open page since it was last asked for them. */
export async function takeShifts(page: Page): Promise<Shift[]> {
  // Reported once the frame is drawn that moved something.
  await nextFrames(page);
  return page.evaluate(() => window.layoutShifts.splice(0));
}

/** Those that a reader notices: up, down, or more than the few pixels sideways that letters of another font are wider. */
export function noticed(shifts: readonly Shift[]): Shift[] {
  return shifts.filter(({ isVertical, value }) => isVertical || value >= 0.001);
}

/** Waits until what has changed by now is drawn. */
export function nextFrames(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
      }),
  );
}
