import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { engineWithFlows } from '@/clickhouse/testing/engineWithFlows';
import type { TestClickHouse } from '@/clickhouse/testing/testEngine';
import { exploreGroups } from '@/lib/flows/contracts/exploreGroups';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { BUCKET_FLAGS, trafficOverTime } from '@/lib/flows/contracts/trafficOverTime';
import { forgetVersions } from '@/lib/server/dataVersion';
import { AppError } from '@/lib/server/errors';
import { answerExploreGroups } from './exploreGroups';
import { answerExploreOverTime } from './exploreOverTime';
import { forgetFacts } from './facts';
import { ask } from './testing/ask';
import { insertFlows } from './testing/loadFlows';
import type { TestFlow } from './testing/randomFlows';
import { answerTrafficOverTime } from './trafficOverTime';

/**
 * A zoom at the edge of now, at a change of clocks, across a change of types, and past retention. One host sends 10,000 bytes a second
 * without a pause, so every expected number can be worked out by hand.
 */
const BYTES_A_SECOND = 10_000;
const at = (text: string) => Date.parse(text) / 1000;
const NOW = at('2026-06-10T12:02:10Z');
const HOUR = 3_600;

function sent(from: number, seconds: number): TestFlow {
  return {
    startMs: from * 1000,
    durationMs: seconds * 1000,
    exporter: '192.0.2.1',
    region: 'US-West',
    direction: 'egress',
    ip: 4,
    type: 'CDN',
    interface: 1,
    linkKind: 'transit',
    provider: 'Alpha',
    counted: true,
    remote: '20.0.1.9',
    remoteAddress: '20.0.1.9',
    local: '10.0.0.1',
    bytesRaw: BigInt(BYTES_A_SECOND * seconds),
    packetsRaw: BigInt(seconds),
    rate: 1,
    protocol: 6,
    sourcePort: 443,
    targetPort: 50_000,
    servicePort: 443,
    asn: 64_501,
    country: 'US',
    metro: 'Chicago',
    remotePrefix: '20.0.1.0',
    localAddress: '10.0.0.1',
  };
}

function sentAll(from: string, to: string): TestFlow[] {
  const flows: TestFlow[] = [];
  for (let t = at(from); t < at(to); t += 300) flows.push(sent(t, 300));
  return flows;
}

const AUTUMN = sentAll('2025-10-24T22:00:00Z', '2025-10-27T23:00:00Z');
const SPRING = sentAll('2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z');
const BEFORE_CHANGE = sentAll('2026-05-18T00:00:00Z', '2026-05-20T00:00:00Z');
const AFTER_CHANGE = sentAll('2026-05-20T00:00:00Z', '2026-05-22T00:00:00Z');
const LATELY = [
  ...sentAll('2026-06-09T12:00:00Z', '2026-06-10T12:00:00Z'),
  sent(at('2026-06-10T12:00:00Z'), 60),
];

/** From May 20 on, AS64501 hosts: known to the taxonomy before what is of these days came, and after what is of the days before. */
async function changeType({ owner }: TestClickHouse): Promise<void> {
  await owner.command({
    query: 'ALTER TABLE asn_types DELETE WHERE asn = 64501 SETTINGS mutations_sync = 2',
  });
  const row = { asn: 64_501, name: '', evidence: '', taxonomy_version: 4 };
  await owner.insert({
    table: 'asn_types',
    format: 'JSONEachRow',
    values: [
      { ...row, valid_from: '1970-01-01', valid_to: '2026-05-19', network_type: 'CDN' },
      { ...row, valid_from: '2026-05-20', valid_to: '2149-06-06', network_type: 'Hosting' },
    ],
  });
  await owner.insert({
    table: 'reference_versions',
    format: 'JSONEachRow',
    values: [{ name: 'taxonomy', version: 4, loaded_at: 2 }],
  });
  await owner.command({ query: 'SYSTEM RELOAD DICTIONARIES' });
  await insertFlows(owner, [...AFTER_CHANGE, ...LATELY]);
}

const engine = engineWithFlows([...AUTUMN, ...SPRING, ...BEFORE_CHANGE], changeType);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
});

afterEach(() => {
  vi.useRealTimers();
});

const traffic = (query: string) => ask(trafficOverTime, answerTrafficOverTime, query);
const explore = (query: string) => ask(exploreOverTime, answerExploreOverTime, query);
const texts = (notes: readonly { code: string; text: string }[], code: string) =>
  notes.filter((note) => note.code === code).map(({ text }) => text);

describe('at the edge of now', () => {
  test('minutes that have arrived are whole, those behind the watermark are provisional, those to come are nothing', async () => {
    const { rows, meta } = await traffic('from=2026-06-10T11:30:00Z&to=2026-06-10T12:05:00Z');
    // What came last came at 12:01, and never late: all before the slot of five minutes that holds it has arrived.
    const watermark = at('2026-06-10T12:00:00Z');
    expect(meta).toMatchObject({
      watermark,
      provisionalFrom: watermark,
      complete: false,
      bucketSeconds: 60,
    });
    expect(rows.buckets).toEqual(Array.from({ length: 35 }, (_, i) => at('2026-06-10T11:30:00Z') + 60 * i));
    const flagged = (flag: number) => rows.buckets.filter((_, i) => ((rows.flags[i] ?? 0) & flag) !== 0);
    expect(flagged(BUCKET_FLAGS.provisional)[0]).toBe(watermark);
    expect(flagged(BUCKET_FLAGS.future)).toEqual([at('2026-06-10T12:03:00Z'), at('2026-06-10T12:04:00Z')]);
    const bytes = rows.totals[0]?.bytes ?? [];
    expect(bytes.slice(0, 31)).toEqual(Array.from({ length: 31 }, () => '600000'));
    expect(bytes.slice(31)).toEqual(['0', '0', '0', '0']);
    expect(rows.coveredSeconds.slice(28, 32)).toEqual([60, 60, 0, 0]);
    // Half an hour of six whole slots: the minute that is still arriving pulls no mean down.
    expect(rows.totals[0]?.statistics.mean).toBe(8 * BYTES_A_SECOND);
  });
});

describe('at a change of clocks', () => {
  test.each([
    {
      range: 'from=2026-03-27T23:00:00Z&to=2026-03-30T22:00:00Z',
      hours: [24, 23, 24],
      note: '2026-03-29 has 23 hours in Europe/Berlin: clocks go from 02:00 to 03:00.',
    },
    {
      range: 'from=2025-10-24T22:00:00Z&to=2025-10-27T23:00:00Z',
      hours: [24, 25, 24],
      note: '2025-10-26 has 25 hours in Europe/Berlin: clocks go back from 03:00 to 02:00, so that time is shown twice.',
    },
  ])('days of $hours hours are as long as they are', async ({ range, hours, note }) => {
    const { rows, meta } = await explore(`${range}&zone=Europe/Berlin&by=type&step=1d`);
    const starts = [...rows.buckets, rows.end];
    expect(rows.buckets.map((start, i) => ((starts[i + 1] ?? 0) - start) / HOUR)).toEqual(hours);
    expect(rows.totals[0]?.sums).toEqual(hours.map((each) => String(each * HOUR * BYTES_A_SECOND)));
    expect(rows.coveredSeconds).toEqual(hours.map((each) => each * HOUR));
    expect(texts(meta.notes, 'clock_change')).toEqual([note]);
  });

  test('hours of the clock: the hour that is jumped over has nothing, the one that comes twice has twice as much', async () => {
    const hourly = async (range: string) =>
      ask(exploreGroups, answerExploreGroups, `${range}&zone=Europe/Berlin&by=day,hour&measure=volume`);
    const one = String(HOUR * BYTES_A_SECOND);
    const spring = await hourly('from=2026-03-28T23:00:00Z&to=2026-03-29T22:00:00Z');
    const autumn = await hourly('from=2025-10-25T22:00:00Z&to=2025-10-26T23:00:00Z');
    const bytesAt = ({ rows }: typeof spring, hour: number) => {
      const position = rows.axes[1]?.keys.indexOf(String(hour));
      return rows.cells.filter(({ at }) => at[1] === position).map(({ now }) => now.sum);
    };
    expect([1, 2, 3].map((hour) => bytesAt(spring, hour))).toEqual([[one], [], [one]]);
    expect([1, 2, 3].map((hour) => bytesAt(autumn, hour))).toEqual([
      [one],
      [String(2 * HOUR * BYTES_A_SECOND)],
      [one],
    ]);
    expect(texts(spring.meta.notes, 'clock_change')).toHaveLength(1);
    expect(texts(autumn.meta.notes, 'clock_change')).toHaveLength(1);
  });

  test('in UTC, and beside the change, nothing is said', async () => {
    const utc = await explore('from=2026-03-28T00:00:00Z&to=2026-03-30T00:00:00Z&by=type&step=1d');
    const beside = await explore(
      'from=2026-03-29T22:00:00Z&to=2026-03-30T22:00:00Z&zone=Europe/Berlin&by=type&step=1h',
    );
    expect([...texts(utc.meta.notes, 'clock_change'), ...texts(beside.meta.notes, 'clock_change')]).toEqual(
      [],
    );
  });
});

describe('across a change of types', () => {
  const RANGE = 'from=2026-05-18T00:00:00Z&to=2026-05-22T00:00:00Z';
  const day = String(24 * HOUR * BYTES_A_SECOND);
  const NOTE =
    'Within this range AS64501 is Hosting from 2026-05-20 on (CDN before): each record counts by the type it was stored with. Days and the version that typed them: 2026-05-19 by version 3, 2026-05-20 by version 4; taxonomy version 4 is loaded now.';

  test('the same host is another type from that day on, and the total does not move', async () => {
    const { rows, meta } = await explore(`${RANGE}&by=type&step=1d`);
    const sums = Object.fromEntries(rows.series.map(({ keys, sums }) => [keys?.[0], sums]));
    expect(sums).toMatchObject({ CDN: [day, day, '0', '0'], Hosting: ['0', '0', day, day] });
    expect(rows.totals[0]?.sums).toEqual([day, day, day, day]);
    expect(texts(meta.notes, 'types_changed')).toEqual([NOTE]);
  });

  test('is said of the Overview too, of an answer that is filtered by type, and of no other', async () => {
    expect(texts((await traffic(RANGE)).meta.notes, 'types_changed')).toEqual([NOTE]);
    const notesOf = async (query: string) => texts((await explore(query)).meta.notes, 'types_changed');
    expect(await notesOf(`${RANGE}&by=region&filter=type+%3D+CDN`)).toEqual([NOTE]);
    expect(await notesOf(`${RANGE}&by=region`)).toEqual([]);
    expect(await notesOf('from=2026-05-20T00:00:00Z&to=2026-05-22T00:00:00Z&by=type')).toEqual([]);
  });

  test('names the version of what came late as soon as it is counted', async () => {
    const told = async () => texts((await explore(`${RANGE}&by=type`)).meta.notes, 'types_changed')[0];
    expect(await told()).toContain('2026-05-19 by version 3, 2026-05-20');
    // Without bytes, as the sums of what follows are worked out without it.
    await insertFlows(engine().owner, [{ ...sent(at('2026-05-19T08:00:00Z'), 300), bytesRaw: 0n }]);
    forgetVersions();
    expect(await told()).toContain('2026-05-19 by version 3 and 4, 2026-05-20');
  });
});

describe('past retention', () => {
  /** As `WEIR_RETENTION=flows=7d` says: raw flows and what is kept as long as they are. */
  async function keepAWeek(): Promise<void> {
    const set_at = '2026-06-10 00:00:00.000';
    await engine().owner.insert({
      table: 'retention',
      format: 'JSONEachRow',
      values: ['flows', 'endpoints_1d', 'pairs_1d', 'uniques_1h'].map((table_name) => ({
        table_name,
        keep_days: 7,
        set_at,
      })),
    });
    forgetFacts();
  }

  test('what only raw flows know is refused with the date and never zero; from that date on, and by type, it is answered', async () => {
    await keepAWeek();
    const RANGE = 'from=2026-05-18T00:00:00Z&to=2026-06-10T12:00:00Z';
    const refused = await explore(`${RANGE}&by=type&filter=remote+%3D+20.0.1.9+and+port+%3D+443`).catch(
      (error: unknown) => error,
    );
    if (!(refused instanceof AppError)) throw new Error('answered');
    expect(refused).toMatchObject({ code: 'not_retained', status: 410 });
    // A week before now, and as long as a record may reach back: an hour of active timeout, twice.
    const first = NOW - 7 * 86_400 + 2 * HOUR;
    expect(refused.retainedFrom).toBeGreaterThanOrEqual(first);
    expect(refused.retainedFrom).toBeLessThanOrEqual(first + 86_400);
    const date = new Date((refused.retainedFrom ?? 0) * 1000).toISOString();
    expect(`${refused.message} ${refused.hint}`).toContain(date.slice(0, 10));

    const kept = await explore(
      `from=${date.slice(0, 19)}Z&to=2026-06-10T12:00:00Z&by=type&filter=remote+%3D+20.0.1.9+and+port+%3D+443`,
    );
    expect(kept.rows.totals[0]?.statistics.total).toBe(String(24 * HOUR * BYTES_A_SECOND));
    const byType = await explore(`${RANGE}&by=type`);
    expect(byType.rows.totals[0]?.statistics.total).toBe(String(5 * 24 * HOUR * BYTES_A_SECOND));
    // The change of types lies before what raw flows are kept of.
    expect(texts(byType.meta.notes, 'types_changed')[0]).toContain('Of these days no raw flows are kept');
  });

  test('before anything was received: said, and drawn as unknown', async () => {
    const { rows, meta } = await explore('from=2025-10-20T00:00:00Z&to=2025-10-26T00:00:00Z&by=type&step=1d');
    expect(texts(meta.notes, 'before_first_data')).toEqual([
      'Nothing had been received before 2025-10-24 22:00 UTC: what came before is unknown, not zero.',
    ]);
    expect(rows.seconds.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(rows.seconds[5]).toBe(24 * HOUR);
  });
});
