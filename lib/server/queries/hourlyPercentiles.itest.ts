import { beforeAll, expect, test } from 'vitest';
import { engineWithFlows } from '@/clickhouse/testing/engineWithFlows';
import { exploreGroups } from '@/lib/flows/contracts/exploreGroups';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { answerExploreGroups } from './exploreGroups';
import { answerExploreOverTime } from './exploreOverTime';
import { ask } from './testing/ask';
import { minuteSlots, type Slot } from './testing/expected';
import { at, counted, HOUR, KEY, keepFlows } from './testing/exploreFixture';
import { randomFlows } from './testing/randomFlows';

// Without raw flows the 95th percentile of a country is that of hours. In three hours nobody sends for the first quarter, and much after
// it; in one nobody sends at all.

const range = { from: at('2025-11-02T00:00:00Z'), to: at('2025-11-04T00:00:00Z') };
const PARTIAL = [5, 20, 33];
const SILENT = 40;
const hourOf = (t: number) => Math.floor((t - range.from) / HOUR);
const isSilent = (t: number) => {
  const hour = hourOf(t);
  return hour === SILENT || (PARTIAL.includes(hour) && (t - range.from) % HOUR < 900);
};
const flows = randomFlows(17, 14_000, range.from * 1000, range.to * 1000 - 300_000)
  .filter(({ durationMs }) => durationMs <= 60_000)
  .filter(({ startMs, durationMs }) => !isSilent(startMs / 1000) && !isSilent((startMs + durationMs) / 1000))
  .map((flow) => ({
    ...flow,
    bytesRaw: PARTIAL.includes(hourOf(flow.startMs / 1000)) ? flow.bytesRaw * 100n : flow.bytesRaw,
  }));
const engine = engineWithFlows(flows);
beforeAll(() => keepFlows(engine().owner, 1));

const slots = minuteSlots(flows);
const sent = new Set(slots.map((slot) => slot.at - (slot.at % 300)));
const isCovered = (t: number) => sent.has(t) || (sent.has(t - 300) && sent.has(t + 300));
const hours = Array.from({ length: 48 }, (_, hour) => {
  const start = range.from + hour * HOUR;
  const seconds = Array.from({ length: 12 }, (_, i) => start + i * 300).filter(isCovered).length * 300;
  return { hour, seconds };
});

/** Number ceil(0.95 N) of the hourly means, ascending, of the hours with covered seconds. */
function p95(keeps: (slot: Slot) => boolean, among: (hour: number) => boolean = () => true): number {
  const own = slots.filter((slot) => counted(slot) && keeps(slot));
  const rates = hours
    .filter(({ hour, seconds }) => seconds > 0 && among(hour))
    .map(({ hour, seconds }) => {
      const bytes = own.reduce((sum, slot) => (hourOf(slot.at) === hour ? sum + slot.bytes : sum), 0n);
      return (Number(bytes) * 8) / seconds;
    })
    .sort((a, b) => a - b);
  return rates[Math.ceil(0.95 * rates.length) - 1] ?? Number.NaN;
}

const RANGE = 'from=2025-11-02T00:00:00Z&to=2025-11-04T00:00:00Z&compare=none';
const isUs = (slot: Slot) => KEY.country(slot.flow) === 'US';

test('the records are as the test needs them', () => {
  expect(PARTIAL.map((hour) => hours[hour]?.seconds)).toEqual([2_700, 2_700, 2_700]);
  expect(hours.filter(({ seconds }) => seconds === 0).map(({ hour }) => hour)).toEqual([SILENT]);
});

test('cells, totals and everything: an hour that is covered in part counts with its covered seconds', async () => {
  const { rows } = await ask(exploreGroups, answerExploreGroups, `${RANGE}&measure=p95&by=country,type`);
  expect(rows.p95).toBe('hours');
  const [countries, types] = rows.axes.map(({ keys }) => keys);
  const us = countries?.indexOf('US') ?? -1;
  const cdn = types?.indexOf('CDN') ?? -1;
  expect(rows.total.now.p95).toBeCloseTo(
    p95(() => true),
    3,
  );
  expect(rows.totals[0]?.[us]?.now?.p95).toBeCloseTo(p95(isUs), 3);
  const cell = rows.cells.find(({ at: place }) => place[0] === us && place[1] === cdn);
  expect(cell?.now.p95).toBeCloseTo(
    p95((slot) => isUs(slot) && slot.flow.type === 'CDN'),
    3,
  );
});

test('by hour of the day: of the hours that have the number', async () => {
  const { rows } = await ask(exploreGroups, answerExploreGroups, `${RANGE}&measure=p95&by=country,hour`);
  expect(rows.p95).toBe('hours');
  const us = rows.axes[0]?.keys.indexOf('US') ?? -1;
  for (const number of [5, SILENT - 24]) {
    const hour = rows.axes[1]?.keys.indexOf(String(number)) ?? -1;
    const cell = rows.cells.find(({ at: place }) => place[0] === us && place[1] === hour);
    expect(cell?.now.p95).toBeCloseTo(
      p95(isUs, (each) => each % 24 === number),
      3,
    );
  }
});

test('over time the same of each country', async () => {
  const { rows } = await ask(exploreOverTime, answerExploreOverTime, `${RANGE}&by=country&top=3`);
  expect(rows.p95).toBe('hours');
  const us = rows.series.find(({ keys }) => keys?.[0] === 'US');
  expect(us?.statistics.p95).toBeCloseTo(p95(isUs), 3);
});
