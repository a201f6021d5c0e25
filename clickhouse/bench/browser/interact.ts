import type { Browser, Page } from '@playwright/test';
import { type Spread, spreadOf } from '../measure/spread';
import {
  brush,
  completeFilter,
  followPointer,
  GESTURES,
  type Gesture,
  hoverPicture,
  legendRows,
  type Note,
  openPalette,
  pointAtLegend,
} from './gestures';
import { BARE } from './openPages';
import { installProbe, type Response } from './probe';
import type { Session } from './signIn';
import { POINTS, rangeQuery } from './week';

/** A picture that is worked with. */
interface WorkedPicture {
  name: string;
  path: string;
  /** what it must have, as the bar demands; null = as many as the page draws by itself */
  points: number | null;
}

const PICTURES: readonly WorkedPicture[] = [
  { name: 'Overview', path: '/?', points: null },
  { name: 'Explore, area', path: '/explore?step=5m&as=area&', points: POINTS },
  { name: 'Explore, lines', path: '/explore?step=5m&as=lines&', points: POINTS },
];
const SERIES = 8;

/** One kind of input in one picture, over all rounds. Milliseconds. */
export interface GestureFigures {
  where: string;
  gesture: Gesture;
  /** series x points; null where there is no picture */
  size: string | null;
  /** to the frame that shows what was asked for */
  shown: Spread;
  /** to the first frame, whatever it shows */
  nextFrame: Spread;
  /** to the last frame in which anything changed */
  settled: Spread;
}

/** Collects what follows inputs. */
export class Notes {
  private readonly seen = new Map<
    string,
    { where: string; gesture: Gesture; size: string | null; all: Response[] }
  >();

  noteOf(where: string, size: string | null): Note {
    return (gesture, response) => {
      const key = `${where} ${gesture}`;
      const found = this.seen.get(key) ?? { where, gesture, size, all: [] };
      found.all.push(response);
      this.seen.set(key, found);
    };
  }

  /** @throws where an input was not answered by the frame that it asks for */
  figures(): GestureFigures[] {
    return [...this.seen.values()].map(({ where, gesture, size, all }) => {
      const spread = (of: keyof Response): Spread =>
        spreadOf(
          all.map((response) => {
            const value = response[of];
            if (value === null)
              throw new Error(`${where}: ${GESTURES[gesture].label} was not followed by ${of}`);
            return value;
          }),
        );
      return {
        where,
        gesture,
        size,
        shown: spread(GESTURES[gesture].shows),
        nextFrame: spread('nextFrame'),
        settled: spread('last'),
      };
    });
  }
}

/**
 * Points, clicks, drags and types as a person does, one input after the other, each answered and quiet before the next one. Every round
 * opens the pages anew, over another range. The first round is not counted.
 * @throws when a picture has not the series and points that its bar is set for
 */
export async function interact(
  browser: Browser,
  session: Session,
  rounds: number,
  onStep: (text: string) => void,
  signal?: AbortSignal,
): Promise<GestureFigures[]> {
  const notes = new Notes();
  const context = await browser.newContext({
    storageState: session.state,
    viewport: { width: 1440, height: 900 },
  });
  try {
    await installProbe(context);
    const page = await context.newPage();
    for (let round = 0; round <= rounds; round += 1) {
      const collect = round === 0 ? new Notes() : notes;
      for (const picture of PICTURES) {
        signal?.throwIfAborted();
        onStep(`working with ${picture.name}, ${round} of ${rounds}`);
        await page.goto(`${session.url}${picture.path}${rangeQuery(round)}`);
        await page.waitForFunction(() => window.weirBench.vitals().complete !== null);
        await page.waitForLoadState('networkidle');
        const note = collect.noteOf(picture.name, await sizeOf(page, picture));
        await hoverPicture(page, note);
        await pointAtLegend(page, note);
        await brush(page, note);
        if (picture === PICTURES[0]) {
          const onPage = collect.noteOf('every page', null);
          await completeFilter(page, onPage);
          await openPalette(page, onPage);
        }
      }
      await page.goto(`${session.url}/api/health/live`);
      await page.evaluate(addFollower);
      await followPointer(page, collect.noteOf(BARE, null));
    }
    return notes.figures();
  } finally {
    await context.close();
  }
}

async function sizeOf(page: Page, { name, points }: WorkedPicture): Promise<string> {
  const last = await page.getByRole('slider').first().getAttribute('aria-valuemax');
  const [series, found] = [await legendRows(page).count(), Number(last) + 1];
  if (series !== SERIES || (points !== null && found !== points))
    throw new Error(`${name} has ${series} series of ${found} points: ${SERIES} of ${points} are measured`);
  return `${series} x ${found.toLocaleString('en-US')}`;
}

/** Runs in the page. */
function addFollower(): void {
  const box = document.createElement('div');
  box.style.cssText = 'position: fixed; width: 10px; height: 10px; background: gray';
  document.body.append(box);
  window.addEventListener('pointermove', ({ clientX, clientY }) => {
    box.style.transform = `translate(${clientX}px, ${clientY}px)`;
  });
}
