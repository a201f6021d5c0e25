import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { applyRetention, parseRetention } from '@/clickhouse/migrate';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { type Contract, parseRequest } from '@/lib/flows/contracts/contract';
import { dataStatus } from '@/lib/flows/contracts/dataStatus';
import type { Answer } from '@/lib/flows/contracts/envelope';
import { headline } from '@/lib/flows/contracts/headline';
import { BUCKET_FLAGS, trafficOverTime } from '@/lib/flows/contracts/trafficOverTime';
import { joinTail } from '@/lib/flows/trafficTail';
import { printInstant } from '@/lib/flows/urlState';
import { closeReader } from '@/lib/server/clickhouse/client';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { AppError } from '@/lib/server/errors';
import { answerDataStatus } from './dataStatus';
import { forgetFacts } from './facts';
import { answerHeadline } from './headline';
import { insertFlows, loadReference } from './testing/loadFlows';
import { EXPORTERS, randomFlows, type TestFlow } from './testing/randomFlows';
import { testContext, useEngine } from './testing/useEngine';
import { answerTrafficOverTime } from './trafficOverTime';

/** A real clock's time, as rows older than their retention are dropped by it. */
const NOW = Math.floor(Date.now() / 1000 / 300) * 300 + 130;
const DAY = 86_400;

/** Records of five days, received as they end. What would end after the given instant has not come yet. */
function arrivedBy(exporter: string, until: number, seed: number): TestFlow[] {
  return randomFlows(seed, 4_000, (NOW - 5 * DAY) * 1000, NOW * 1000).filter(
    (flow) => flow.exporter === exporter && flow.startMs + flow.durationMs <= until * 1000,
  );
}

/** The first and second still send, the second some minutes behind; the third fell silent two days ago. */
const UNTIL = [NOW - 10, NOW - 900, NOW - 2 * DAY];
const flows = EXPORTERS.flatMap(({ exporter }, i) => arrivedBy(exporter, UNTIL[i] ?? 0, 90 + i));

let engine: TestClickHouse;

beforeAll(async () => {
  engine = await startTestClickHouse();
  await loadReference(engine.owner);
  await insertFlows(engine.owner, flows);
  await useEngine(engine.target);
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
});

afterEach(() => {
  vi.useRealTimers();
});

afterAll(async () => {
  await closeReader();
  await engine?.stop();
});

async function ask<Options, Rows>(
  contract: Contract<Options, Rows>,
  answer: (request: { scope: never; options: Options }, context: QueryContext) => Promise<Answer<Rows>>,
  query: string,
): Promise<Answer<Rows>> {
  const parsed = parseRequest(contract, new URLSearchParams(query));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return contract.answer.parse(await answer(parsed.request as never, testContext()));
}

/** By hand: last receive time minus p99 of how long after a slot's end its last record came, least of those who still send. */
function watermarkByHand(): number {
  const candidates = EXPORTERS.slice(0, 2).map(({ exporter }) => {
    const last = new Map<number, number>();
    let lastReceived = 0;
    for (const flow of flows.filter((each) => each.exporter === exporter && each.counted)) {
      const received = Math.floor((flow.startMs + flow.durationMs) / 1000);
      lastReceived = Math.max(lastReceived, received);
      const end = Math.max(flow.startMs + flow.durationMs, flow.startMs + 1);
      for (let slot = Math.floor(flow.startMs / 300_000); slot * 300_000 < end; slot += 1) {
        last.set(slot, Math.max(last.get(slot) ?? 0, received));
      }
    }
    const lags = [...last]
      .map(([slot, received]) => Math.max(0, received - slot * 300 - 300))
      .sort((a, b) => a - b);
    return lastReceived - (lags[Math.ceil((99 * lags.length) / 100) - 1] ?? 0);
  });
  return Math.floor(Math.min(...candidates) / 300) * 300;
}

describe('the newest hours', () => {
  test('the watermark waits for the slower of those who still send, and names the silent one', async () => {
    const { rows } = await ask(dataStatus, answerDataStatus, 'range=24h');
    expect(rows.watermark).toBe(watermarkByHand());
    expect(rows.exporters.map(({ exporter, silent }) => [exporter, silent])).toEqual([
      ['192.0.2.1', false],
      ['192.0.2.2', false],
      ['192.0.2.3', true],
    ]);
    expect(rows.warnings.filter(({ code }) => code === 'silent').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^No flows from edge 192\.0\.2\.3 since \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/),
    ]);
    expect(rows.lastData).toBeGreaterThan(NOW - 600);
  });

  test('buckets behind the watermark are provisional, drawn by the seconds in which anything came, and in no statistic', async () => {
    // Written out, since a range until now ends before the slot that holds now.
    const to = Math.ceil(NOW / 300) * 300;
    const { rows, meta } = await ask(
      trafficOverTime,
      answerTrafficOverTime,
      `from=${printInstant(to - 86_400)}&to=${printInstant(to)}`,
    );
    const watermark = watermarkByHand();
    expect(meta).toMatchObject({ watermark, provisionalFrom: watermark, complete: false });
    expect(meta.to).toBe(to);
    rows.buckets.forEach((start, i) => {
      const isProvisional = start + 300 > watermark;
      expect(((rows.flags[i] ?? 0) & BUCKET_FLAGS.provisional) !== 0).toBe(isProvisional);
      expect(rows.coveredSeconds[i]).toBe(isProvisional ? 0 : 300);
    });
    const nowIndex = rows.buckets.findIndex((start) => start <= NOW && NOW < start + 300);
    expect(rows.seconds[nowIndex]).toBe(130);
    // The silent exporter is missing everywhere, so every settled bucket is partial.
    expect(rows.flags.filter((flags) => (flags & BUCKET_FLAGS.partial) !== 0).length).toBeGreaterThan(200);
    const settled = rows.totals[0]?.bytes.filter((_, i) => (rows.buckets[i] ?? 0) + 300 <= watermark) ?? [];
    const sum = settled.reduce((total, bytes) => total + BigInt(bytes), 0n);
    expect(rows.totals[0]?.statistics.mean).toBeCloseTo(Number(sum * 8n) / (settled.length * 300), 0);
  });
});

describe('what is new alone', () => {
  // 5-minute buckets, until the slot that holds now ends.
  const to = Math.ceil(NOW / 300) * 300;
  const range = `from=${printInstant(to - 86_400)}&to=${printInstant(to)}`;
  const asked = (query: string) => ask(trafficOverTime, answerTrafficOverTime, query);

  test('joined with the answer that is held, it is the whole answer', async () => {
    const held = await asked(range);
    const settled = held.meta.watermark ?? 0;
    const more = randomFlows(77, 2_000, (NOW - 800) * 1000, NOW * 1000).filter(
      ({ exporter, startMs, durationMs }) =>
        exporter === EXPORTERS[0]?.exporter && startMs + durationMs <= NOW * 1000,
    );
    await insertFlows(engine.owner, more);
    forgetFacts();
    const tail = await asked(`${range}&settled=${printInstant(settled)}`);
    const whole = await asked(range);
    expect(whole.rows.totals[0]?.statistics.total).not.toBe(held.rows.totals[0]?.statistics.total);
    expect(joinTail(held.rows, tail.rows)).toEqual(whole.rows);
    // Records reach back by twice the longest active timeout, which is an hour here.
    expect(tail.rows.tailFrom).toBe(settled - 7_200);
    expect(tail.meta.statements.length).toBe(whole.meta.statements.length - 1);
    expect({ ...tail.meta, ...perRequest }).toEqual({ ...whole.meta, ...perRequest });
  });

  const perRequest = { requestId: '', elapsedMs: 0, rowsRead: 0, statements: [] };

  test('is not answered once the watermark has moved, nor where everything is new', async () => {
    const moved = await asked(`${range}&settled=${printInstant(NOW - (NOW % 300) - 7_200)}`);
    expect(moved.rows.tailFrom).toBeUndefined();
    const { meta } = await asked(range);
    const short = `from=${printInstant(to - 1_800)}&to=${printInstant(to)}`;
    expect(
      (await asked(`${short}&settled=${printInstant(meta.watermark ?? 0)}`)).rows.tailFrom,
    ).toBeUndefined();
  });
});

describe('past retention', () => {
  /** Which error comes. */
  async function refusalOf(query: string): Promise<AppError> {
    const error = await ask(trafficOverTime, answerTrafficOverTime, query).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error instanceof AppError) return error;
    throw new Error(`answered, or failed otherwise: ${String(error)}`);
  }

  test('is an error with the date, and never zero; hours still answer what five minutes no longer keep', async () => {
    await applyRetention(
      engine.target,
      parseRetention(
        'all=keep,flows=1d,regions_5m=2d,totals_5m=2d,types_5m=2d,traffic_5m=2d,links_5m=2d,links_1h=4d,traffic_1h=4d,types_1h=4d,traffic_1d=4d,services_1h=1d,places_1h=1d,asns_1h=1d,services_1d=1d,places_1d=1d,asns_1d=1d,endpoints_1d=1d,pairs_1d=1d,uniques_1d=4d,uniques_1h=2d,uniques_1mo=keep',
      ),
    );
    forgetFacts();
    const to = new Date((NOW - DAY) * 1000).toISOString().slice(0, 14);
    const ago = (days: number) => `${new Date((NOW - days * DAY) * 1000).toISOString().slice(0, 14)}20:00Z`;
    const refused = await refusalOf(`from=${ago(5)}&to=${to}20:00Z`);
    expect(refused).toMatchObject({ code: 'not_retained', status: 410 });
    expect(refused.retainedFrom).toBe((Math.ceil((NOW - 4 * DAY) / 3_600) + 1) * 3_600);
    expect(refused.hint).toContain(new Date((refused.retainedFrom ?? 0) * 1000).toISOString().slice(0, 10));

    const hours = await ask(trafficOverTime, answerTrafficOverTime, `from=${ago(3)}&to=${to}20:00Z`);
    expect(hours.meta).toMatchObject({
      table: 'types_1h',
      widened: expect.stringContaining('whole hours'),
    });
    expect(hours.meta.notes.map(({ code }) => code)).toEqual(['no_p95']);
    expect(hours.rows.totals[0]?.statistics).toMatchObject({ p95: null, mean: null });

    const figures = await ask(headline, answerHeadline, `from=${ago(1.5)}&to=${ago(0.5)}`);
    expect(figures.rows).toMatchObject({ previous: { p95: null } });
    const older = await ask(headline, answerHeadline, `from=${ago(3)}&to=${to}20:00Z`);
    expect(older.rows.previousMissing).toBe('not_retained');
  });
});
