import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import { DEFAULT_SCOPE, type Scope } from '@/lib/flows/scope';
import { execute, type QueryContext, queryContext } from '@/lib/server/clickhouse/execute';
import { sql } from '@/lib/server/clickhouse/sql';
import { answerDataStatus } from '@/lib/server/queries/dataStatus';
import { answerHeadline } from '@/lib/server/queries/headline';
import { answerRegionTypeHeatmap } from '@/lib/server/queries/regionTypeHeatmap';
import { answerTrafficOverTime } from '@/lib/server/queries/trafficOverTime';

/** How long one question took over one range. Milliseconds, on the server, over all its statements. */
export interface OverviewFigures {
  question: string;
  range: string;
  p50: number;
  p95: number;
  /** rows that ClickHouse read for one answer */
  rowsRead: number;
  table: string;
}

const RANGES = ['24h', '7d', '30d', 'last-quarter'] as const;

type Ask = (request: Request<never>, context: QueryContext) => Promise<Answer<unknown>>;
const QUESTIONS: readonly (readonly [string, Ask])[] = [
  ['headline', answerHeadline as Ask],
  ['traffic-over-time', answerTrafficOverTime as Ask],
  ['region-type-heatmap', answerRegionTypeHeatmap as Ask],
  ['data-status', answerDataStatus as Ask],
];

const context = (question: string): QueryContext =>
  queryContext(question, randomUUID(), new AbortController().signal);

/** Number ceil(q N) of the sorted times. */
function quantile(times: number[], q: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
}

/** The first answer of each fills caches of files and is not counted. */
export async function measureOverview(
  rounds: number,
  onStep: (text: string) => void,
): Promise<OverviewFigures[]> {
  const figures: OverviewFigures[] = [];
  const measure = async (
    question: string,
    range: string,
    run: () => Promise<{ rowsRead: number; table: string }>,
  ): Promise<void> => {
    onStep(`${question} ${range}`);
    let answer = await run();
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const started = performance.now();
      answer = await run();
      times.push(performance.now() - started);
    }
    figures.push({ question, range, p50: quantile(times, 0.5), p95: quantile(times, 0.95), ...answer });
  };
  await measure('SELECT 1', '', async () => {
    await execute(context('bench'), sql`SELECT 1 AS one`, z.object({ one: z.number() }));
    return { rowsRead: 1, table: '' };
  });
  for (const preset of RANGES) {
    const scope: Scope = { ...DEFAULT_SCOPE, range: { kind: 'preset', preset } };
    for (const [question, ask] of QUESTIONS) {
      await measure(question, preset, async () => {
        const { meta } = await ask({ scope, options: {} as never }, context(question));
        return { rowsRead: meta.rowsRead, table: meta.table };
      });
    }
  }
  return figures;
}
