import type { BrowserContext, Page } from '@playwright/test';

/** What a page saw of itself. Milliseconds since its navigation began; null where it has not happened. */
export interface PageVitals {
  firstByte: number;
  largestContentfulPaint: number | null;
  /** the element that was largest, for a person */
  largest: string;
  /** sum of all shifts, without those that follow an input within half a second */
  layoutShift: number;
  /** what moved in the greatest of them */
  moved: string;
  /** the first frame with a picture */
  drawn: number | null;
  /** the first frame in which every panel has its answer */
  complete: number | null;
  /** each task of more than 50 ms of the main thread */
  longTasks: number[];
  /** of scripts, as they were sent */
  scriptBytes: number;
}

/** What followed an input. Milliseconds from the input to the end of a frame; null where no frame had it. */
export interface Response {
  /** whatever was in it */
  nextFrame: number | null;
  /** the first in which the document had changed */
  document: number | null;
  /** the first in which a canvas was painted */
  canvas: number | null;
  /** the first that had what was waited for */
  found: number | null;
  /** the last in which anything changed before it was quiet */
  last: number | null;
}

export interface Probe {
  vitals(): PageVitals;
  /** Waits for the next input of a type; its response is what `response` gives. @param found selector of what should come */
  expect(type: string, found?: string): void;
  /** The response, once nothing has been fetched or changed for so many milliseconds. */
  response(quietMs: number): Promise<Response>;
}

declare global {
  interface Window {
    weirBench: Probe;
  }
}

/** A picture made of elements: a heatmap. A canvas is one as soon as it is painted. */
const PICTURE = '[data-cell]';

/** Makes every page of the context watch itself from its first moment on. */
export async function installProbe(context: BrowserContext): Promise<void> {
  // The loader of this file names functions by a helper that the page does not have.
  await context.addInitScript('globalThis.__name ??= (named) => named;');
  await context.addInitScript(probeInPage, PICTURE);
}

export async function vitalsOf(page: Page): Promise<PageVitals> {
  return page.evaluate(() => window.weirBench.vitals());
}

/**
 * Runs in the page, so that everything it needs stands in it.
 *
 * A frame is stamped by a message that its animation callback posts: the browser handles it after style, layout and paint of that frame, and
 * an input's `timeStamp` is when the browser process got it, on the same clock. So a response holds the wait for the main thread, the
 * handlers, React, our drawing and the browser's rendering; the compositor's own step to the screen is not in it. The Event Timing API would
 * have that too, but rounds to 8 ms and leaves out moves of the pointer.
 */
function probeInPage(picture: string): void {
  const longTasks: number[] = [];
  let shift = 0;
  let moved = { value: 0, what: '' };
  let largest: { ms: number; what: string } | null = null;
  const nameOf = (element: Element | null): string =>
    element === null
      ? ''
      : `${element.tagName.toLowerCase()} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
  const observe = (type: string, each: (entry: PerformanceEntry) => void): void => {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) each(entry);
    }).observe({ type, buffered: true });
  };
  observe('largest-contentful-paint', (entry) => {
    const { startTime, element } = entry as PerformanceEntry & { element: Element | null };
    largest = { ms: startTime, what: nameOf(element) };
  });
  observe('layout-shift', (entry) => {
    const { value, hadRecentInput, sources } = entry as PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: readonly { node: Node | null }[];
    };
    if (hadRecentInput) return;
    shift += value;
    const node = sources[0]?.node;
    if (value > moved.value) moved = { value, what: nameOf(node instanceof Element ? node : null) };
  });
  observe('longtask', ({ duration }) => longTasks.push(duration));

  // What has happened since the last frame.
  let changed = false;
  let painted = false;
  let fetching = 0;
  let lastActive = 0;
  let drawn: number | null = null;
  let complete: number | null = null;

  let awaited: { type: string; found: string | undefined } | null = null;
  let current: { at: number; response: Response } | null = null;

  const afterPaint = new MessageChannel();
  afterPaint.port1.onmessage = () => {
    const now = performance.now();
    const isActive = changed || painted;
    if (isActive) lastActive = now;
    if (drawn === null && (painted || (changed && document.querySelector(picture) !== null))) drawn = now;
    if (isActive && drawn !== null) {
      // Old answers never go back to a skeleton, but what is loaded late may bring one.
      const waits = document.querySelector('main .skeleton') !== null;
      if (waits) complete = null;
      else complete ??= now;
    }
    if (current !== null) {
      const { at, response } = current;
      const since = now - at;
      response.nextFrame ??= since;
      if (changed) response.document ??= since;
      if (painted) response.canvas ??= since;
      if (awaited?.found !== undefined && document.querySelector(awaited.found) !== null)
        response.found ??= since;
      if (isActive) response.last = since;
    }
    changed = false;
    painted = false;
    requestAnimationFrame(frame);
  };
  const frame = (): void => afterPaint.port2.postMessage(null);
  requestAnimationFrame(frame);

  new MutationObserver(() => {
    changed = true;
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const pen = CanvasRenderingContext2D.prototype;
  for (const name of ['fill', 'stroke', 'drawImage'] as const) {
    const paint = pen[name];
    pen[name] = function (this: CanvasRenderingContext2D, ...rest: unknown[]) {
      if (this.canvas.isConnected) painted = true;
      return Reflect.apply(paint, this, rest);
    };
  }
  const fetchIt = window.fetch;
  window.fetch = async (...request) => {
    fetching += 1;
    try {
      return await fetchIt(...request);
    } finally {
      fetching -= 1;
      lastActive = performance.now();
    }
  };

  const heard = (event: Event): void => {
    if (awaited === null || current !== null || event.type !== awaited.type) return;
    current = {
      at: event.timeStamp,
      response: { nextFrame: null, document: null, canvas: null, found: null, last: null },
    };
  };
  for (const type of ['pointermove', 'pointerup', 'click', 'keydown'])
    window.addEventListener(type, heard, { capture: true, passive: true });

  window.weirBench = {
    vitals: () => {
      const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      return {
        firstByte: navigation?.responseStart ?? Number.NaN,
        largestContentfulPaint: largest?.ms ?? null,
        largest: largest?.what ?? '',
        layoutShift: shift,
        moved: moved.what,
        drawn,
        complete,
        longTasks,
        scriptBytes: resources
          .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
          .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      };
    },
    expect(type, found) {
      awaited = { type, found };
      current = null;
    },
    async response(quietMs) {
      const began = performance.now();
      const isQuiet = (): boolean =>
        current !== null &&
        current.response.nextFrame !== null &&
        fetching === 0 &&
        performance.now() - Math.max(lastActive, current.at) >= quietMs;
      while (!isQuiet()) {
        if (performance.now() - began > 15_000) throw new Error(`No quiet frame after ${awaited?.type}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      if (current === null) throw new Error('Nothing was expected');
      return current.response;
    },
  };
}
