import { GESTURES } from '../browser/gestures';
import type { BrowserResult } from '../browser/measureBrowser';
import { sizeName } from '../data/identity';
import type { Spread } from '../measure/spread';
import { judgeBrowser, shift } from './judgeBrowser';
import { bytes, ms } from './numbers';
import { table } from './table';

/** What the browser saw, as Markdown: bars first, then everything that they come from. */
export function browserReport(result: BrowserResult): string {
  const { machine, select1 } = result;
  const bare = result.pages.find((page) => page.bare)?.largestContentfulPaint.p50 ?? Number.NaN;
  const follower = result.gestures.find(({ gesture }) => gesture === 'bare')?.shown.p50 ?? Number.NaN;
  return [
    `## In a browser, over a week of ${sizeName(result.flows)} flows a quarter`,
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.os}, Node ${machine.node}, ClickHouse ${machine.clickhouse}, Chromium ${result.browser}; ${machine.at}.`,
    `Load at start ${machine.loadAtStart.toFixed(1)}, at end ${machine.loadAtEnd?.toFixed(1) ?? '?'}${machine.loadAtStart > 1 ? ' (other programs were running)' : ''}. SELECT 1 takes ${ms(select1.p50)} ms (p50), ${ms(select1.p95)} ms (p95). ${result.rounds} rounds.`,
    '',
    ...table(
      ['Bar', 'Measured', 'Demanded', ''],
      judgeBrowser(result).map((bar) => [bar.what, bar.measured, bar.bar, bar.held ? 'held' : 'MISSED']),
      '',
    ),
    '',
    'Pages, signed in, nothing in the cache of the browser, answers not kept by the server (p50 / p95, ms since the navigation):',
    '',
    ...table(
      [
        'Page',
        'first byte',
        'largest paint',
        '/ bare',
        'first picture',
        'every answer',
        'tasks > 50 ms',
        'longest',
        'shift',
        'scripts',
        'largest element',
      ],
      result.pages.map((page) => [
        page.page,
        both(page.firstByte),
        both(page.largestContentfulPaint),
        (page.largestContentfulPaint.p50 / bare).toFixed(1),
        page.drawn === null ? '' : both(page.drawn),
        page.complete === null ? '' : both(page.complete),
        both(page.longTasks),
        ms(page.longestTask),
        shift(page.layoutShift),
        bytes(page.scriptBytes),
        page.largest,
      ]),
      ' rrrrrrrrr',
    ),
    '',
    'Inputs, from the event to the end of a frame (ms):',
    '',
    ...table(
      [
        'Input',
        'Where',
        'series x points',
        'p50',
        'p95',
        'worst',
        'N',
        '/ bare',
        'next frame p95',
        'last change p95',
      ],
      result.gestures.map(({ gesture, where, size, shown, nextFrame, settled }) => [
        GESTURES[gesture].label,
        where,
        size ?? '',
        ms(shown.p50),
        ms(shown.p95),
        ms(shown.worst),
        String(shown.count),
        (shown.p50 / follower).toFixed(1),
        ms(nextFrame.p95),
        ms(settled.p95),
      ]),
      '  rrrrrrrr',
    ),
    '',
  ].join('\n');
}

function both({ p50, p95 }: Spread): string {
  return `${ms(p50)} / ${ms(p95)}`;
}
