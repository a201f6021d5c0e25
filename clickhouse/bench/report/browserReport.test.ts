import { expect, test } from 'vitest';
import type { Gesture } from '../browser/gestures';
import type { GestureFigures } from '../browser/interact';
import type { BrowserResult } from '../browser/measureBrowser';
import type { PageFigures } from '../browser/openPages';
import { browserReport } from './browserReport';
import { judgeBrowser } from './judgeBrowser';

const spread = (p50: number, p95 = p50) => ({ p50, p95, worst: p95, count: 10 });
const page = (
  name: string,
  largestContentfulPaint: number,
  change: Partial<PageFigures> = {},
): PageFigures => ({
  page: name,
  bare: false,
  firstByte: spread(5),
  largestContentfulPaint: spread(largestContentfulPaint / 2, largestContentfulPaint),
  largest: 'h1 "Overview"',
  drawn: spread(500),
  complete: spread(700),
  layoutShift: 0,
  moved: '',
  scriptBytes: 300_000,
  longTasks: spread(0),
  longestTask: 0,
  ...change,
});
const gesture = (name: Gesture, where: string, p95: number): GestureFigures => ({
  where,
  gesture: name,
  size: where === 'every page' ? null : '8 x 2,000',
  shown: spread(p95 / 2, p95),
  nextFrame: spread(8),
  settled: spread(p95),
});
const result = (pages: PageFigures[], gestures: GestureFigures[]): BrowserResult => ({
  flows: 1_000_000,
  machine: {
    cpu: 'A processor',
    cores: 2,
    memoryGiB: 24,
    os: 'linux',
    node: 'v20',
    clickhouse: '26.7',
    loadAtStart: 0.2,
    loadAtEnd: 1,
    at: '2026-11-23T00:00:00.000Z',
  },
  browser: '140',
  rounds: 10,
  select1: { p50: 4, p95: 5, rounds: 50, rowsRead: 1, bytesRead: 1 },
  pages: [page('bare', 40, { bare: true, drawn: null, complete: null, scriptBytes: 0 }), ...pages],
  gestures: [gesture('bare', 'bare', 20), ...gestures],
});

test('bars are held at their edge, and the worst page and picture counts', () => {
  const bars = judgeBrowser(
    result(
      [page('Overview', 900), page('Map', 1200)],
      [
        gesture('hover', 'Overview', 12),
        gesture('hover', 'Explore, area', 50),
        gesture('completed', 'every page', 100),
      ],
    ),
  );
  expect(bars.map(({ held }) => held)).toEqual([true, true, true, true, true]);
  expect(bars.map(({ measured }) => measured)).toEqual([
    '300.0 kB, gzip',
    '1200 ms (Map; a bare page 40.0 ms)',
    '0',
    '50.0 ms (Explore, area, 8 x 2,000)',
    '100 ms (every page)',
  ]);
});

test('a byte, a millisecond or the smallest shift beyond its bar is a miss', () => {
  const missed = judgeBrowser(
    result(
      [
        page('Overview', 900, { scriptBytes: 300_001 }),
        page('Map', 1200.1, { layoutShift: 0.0004, moved: 'div "late"' }),
      ],
      [gesture('release', 'Overview', 50.1), gesture('completed', 'every page', 100.1)],
    ),
  );
  expect(missed.map(({ held }) => held)).toEqual([false, false, false, false, false]);
  expect(missed[2]?.measured).toBe('0.00040 (Map: div "late")');
});

test('scripts are the first page’s alone, and what has no bar is not judged', () => {
  const bars = judgeBrowser(
    result(
      [page('Overview', 900), page('Map', 900, { scriptBytes: 900_000 })],
      [gesture('zoomed', 'Overview', 900)],
    ),
  );
  expect(bars.map(({ held }) => held)).toEqual([true, true, true]);
});

test('the report has each bar, page and input, beside the bare ones of the run', () => {
  const text = browserReport(result([page('Overview', 1400)], [gesture('toggle', 'Explore, lines', 60)]));
  expect(text).toMatch(/\| largest contentful paint, worst page +\| 1400 ms .* MISSED \|/);
  expect(text).toMatch(/\| Overview +\|.*\| +700 \/ 1400 \| +35\.0 \|/);
  expect(text).toMatch(
    /\| legend toggle +\| Explore, lines +\| +8 x 2,000 \| +30\.0 \| +60\.0 \| +60\.0 \| +10 \| +3\.0 \|/,
  );
  expect(
    new Set(
      text
        .split('\n')
        .filter((line) => line.startsWith('| Page') || line.startsWith('| Overview'))
        .map((line) => line.length),
    ).size,
  ).toBe(1);
});
