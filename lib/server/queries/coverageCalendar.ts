import 'server-only';
import { bucketStart, bucketsOf, bucketWidth } from '@/lib/flows/buckets';
import type { Request } from '@/lib/flows/contracts/contract';
import type { CoverageCalendarRows } from '@/lib/flows/contracts/coverageCalendar';
import type { Answer } from '@/lib/flows/contracts/envelope';
import { dueWithin } from '@/lib/flows/coverage';
import { secondsByBucket, unionOf, within } from '@/lib/flows/intervals';
import { ceil } from '@/lib/flows/plan';
import { SLOT_SECONDS } from '@/lib/flows/presets';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { askedRange } from './asked';
import { coverageFor, loadCoveredRuns } from './coverage';
import { loadFacts } from './facts';
import { fixedPlan } from './fixedPlan';
import { metaOf } from './meta';

const DAY = 86_400;
/** Days before the range are shown too, to choose from. */
const FEWEST_DAYS = 28;
const MOST_DAYS = 400;

/** Covered and expected seconds of each day and exporter. */
export async function answerCoverageCalendar(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<CoverageCalendarRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const width = bucketWidth(asked.to - asked.from > MOST_DAYS * DAY ? '1w' : '1d');
  const earliest = Math.max(0, Math.min(asked.from, asked.to - FEWEST_DAYS * DAY));
  const shown = {
    from: bucketStart(earliest, scope.zone, width),
    to: ceil(asked.to, SLOT_SECONDS),
  };
  const plan = fixedPlan(shown, SLOT_SECONDS, 'coverage_5m', 'who sent in which five minutes', width);
  const runs = await loadCoveredRuns(context, facts, plan);
  const { starts, end } = bucketsOf(plan, scope.zone, width);
  const settled = { from: plan.from, to: Math.min(plan.to, facts.watermark ?? plan.from) };
  // One that was retired before the first day shown has no line; one retired later has its days until then.
  const shownExporters = facts.onceExpected.filter(
    ({ expectedUntil }) => expectedUntil === null || expectedUntil > plan.from,
  );
  const exporters = shownExporters.map((exporter) => {
    const since = exporter.firstSeen ?? facts.firstData ?? plan.to;
    const due = dueWithin(settled, since, exporter.expectedUntil);
    const expected = due === null ? [] : [due];
    const covered = unionOf(
      runs.filter((run) => run.exporter === exporter.exporter).flatMap((run) => run.covered),
    );
    return {
      exporter: exporter.exporter,
      name: exporter.name,
      expectedSeconds: secondsByBucket(expected, starts, end),
      coveredSeconds: secondsByBucket(
        expected.flatMap((range) => within(covered, range)),
        starts,
        end,
      ),
    };
  });
  const total = (field: 'expectedSeconds' | 'coveredSeconds') =>
    starts.map((_, day) => exporters.reduce((sum, exporter) => sum + (exporter[field][day] ?? 0), 0));
  const coverage = coverageFor(runs, facts, plan, undefined);
  return {
    rows: {
      days: starts,
      end,
      asked,
      exporters,
      total: {
        exporter: '',
        name: 'All',
        expectedSeconds: total('expectedSeconds'),
        coveredSeconds: total('coveredSeconds'),
      },
    },
    meta: metaOf(context, { plan, asked: shown, zone: scope.zone, coverage, facts, started }),
  };
}
