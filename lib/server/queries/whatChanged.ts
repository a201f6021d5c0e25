import 'server-only';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { GroupRows } from '@/lib/flows/contracts/exploreGroups';
import type { Change, WhatChangedRows } from '@/lib/flows/contracts/whatChanged';
import { BUCKET_FLAGS } from '@/lib/flows/coverage';
import type { Dimension } from '@/lib/flows/dimensions';
import type { TimeRange } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { AppError } from '@/lib/server/errors';
import { HOURS_OF_WEEK, type Hours, shiftAtEnd } from '@/lib/stats/baseline';
import { pickChanges } from '@/lib/stats/pickChanges';
import { askedRange } from './asked';
import { endpointChanges } from './endpointChanges';
import { answerExploreGroups } from './exploreGroups';
import { answerExploreOverTime } from './exploreOverTime';
import { loadFacts } from './facts';

/** Groups whose rates are compared; ASNs beyond these carry little each. */
const MOVERS = [
  { dimension: 'type', top: 12 },
  { dimension: 'region', top: 12 },
  { dimension: 'asn', top: 20 },
] as const satisfies readonly { dimension: Dimension; top: number }[];

const HOUR = 3_600;
const DAY = 86_400;

/** Nine weeks of hours: six to know what is usual, and one and more to know how it varies. */
export const BASELINE_SECONDS = 63 * DAY;

/** Over longer ranges the level of the last hours is not what is asked. */
const LONGEST_WITH_SHIFTS = 14 * DAY;

/** Seven weeks: with fewer hours nobody can tell what is usual. */
const FEWEST_HOURS = 7 * HOURS_OF_WEEK;

/** How many of the last hours are held against what is usual. */
const LAST_HOURS = 24;

/**
 * What changed against the range that is compared, and against what is usual for the hours of the week. Figures are those of the questions that
 * Explore asks, so each sentence can be looked up.
 */
export async function answerWhatChanged(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<WhatChangedRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const fixed: Scope = { ...scope, range: { kind: 'absolute', ...asked } };
  const [movers, endpoints, shifts] = await Promise.all([
    Promise.all(MOVERS.map(({ dimension, top }) => compare(fixed, dimension, top, context))),
    scope.compare === 'none' ? null : endpointChanges(fixed, asked, facts, context),
    asked.to - asked.from <= LONGEST_WITH_SHIFTS ? findShifts(fixed, asked, facts.watermark, context) : null,
  ]);
  const [first] = movers;
  if (first === undefined) throw new Error('something is compared');
  const { rows, meta } = first;
  const rates = { now: rows.total.now.rate ?? 0, before: rows.total.before?.rate ?? 0 };
  const candidates = [
    ...movers.flatMap((answer, i) => moversOf(answer.rows, MOVERS[i]?.dimension ?? 'type')),
    ...(rows.compared === null ? [] : (endpoints?.(rates) ?? [])),
    ...(shifts ?? []),
  ];
  return {
    rows: {
      changes: pickChanges(candidates),
      judged: {
        groups:
          rows.compared === null
            ? 0
            : movers.reduce((sum, answer) => sum + (answer.rows.axes[0]?.keys.length ?? 0), 0),
        endpoints: endpoints !== null,
        baseline: shifts !== null,
      },
      compared: rows.compared,
      comparedMissing: rows.comparedMissing,
    },
    meta: {
      ...meta,
      question: context.question,
      elapsedMs: Math.round((performance.now() - started) * 10) / 10,
      rowsRead: context.statements.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
      statements: context.statements,
      notes: [],
    },
  };
}

function compare(scope: Scope, dimension: Dimension, top: number, context: QueryContext) {
  const options = { measure: 'traffic', by: [dimension], top, delta: true } as const;
  return answerExploreGroups({ scope, options }, context);
}

/** Groups with their mean rates of both ranges, where both are known. */
function moversOf(rows: GroupRows, dimension: Dimension): Change[] {
  const [axis] = rows.axes;
  const total = Math.max(rows.total.now.rate ?? 0, rows.total.before?.rate ?? 0);
  if (axis === undefined || rows.compared === null || total === 0) return [];
  return axis.keys.flatMap((key, i): Change[] => {
    const pair = rows.totals[0]?.[i];
    const now = pair?.now?.rate ?? (pair?.now === null ? 0 : null);
    const before = pair?.before?.rate ?? (pair?.before === null ? 0 : null);
    if (now === null || before === null) return [];
    return [
      { kind: 'mover', ...named(rows, dimension, key), now, before, weight: Math.abs(now - before) / total },
    ];
  });
}

function named(rows: Pick<GroupRows, 'names'>, dimension: Dimension, key: string) {
  const name = rows.names.find((each) => each.dimension === dimension && each.key === key)?.name ?? null;
  return { dimension, key, name };
}

/** Network types whose level of the last hours is not what it usually is; null where there are too few weeks to know. */
async function findShifts(
  scope: Scope,
  asked: TimeRange,
  watermark: number | null,
  context: QueryContext,
): Promise<Change[] | null> {
  const to = Math.floor(Math.min(asked.to, watermark ?? asked.to) / HOUR) * HOUR;
  const within = Math.min(LAST_HOURS, Math.floor((to - asked.from) / HOUR));
  if (within < 3) return null;
  const range = { from: to - BASELINE_SECONDS, to };
  const options = { measure: 'traffic', by: ['type'], top: 12, mirror: false, step: '1h' } as const;
  try {
    const { rows } = await answerExploreOverTime(
      { scope: { ...scope, range: { kind: 'absolute', ...range }, compare: 'none', zone: 'UTC' }, options },
      context,
      false,
    );
    const rates = (sums: readonly string[]): Hours =>
      sums.map((sum, i) => {
        const seconds = rows.coveredSeconds[i] ?? 0;
        const isWhole = ((rows.flags[i] ?? 0) & (BUCKET_FLAGS.provisional | BUCKET_FLAGS.uncovered)) === 0;
        return isWhole && seconds > 0 ? (Number(sum) * 8) / seconds : null;
      });
    const total = rates(rows.totals[0]?.sums ?? []);
    if (total.filter((rate) => rate !== null).length < FEWEST_HOURS) return null;
    return rows.series.flatMap(({ keys, sums }): Change[] => {
      const key = keys?.[0];
      const shift = key === undefined ? null : shiftAtEnd(rates(sums), within);
      if (key === undefined || shift === null) return [];
      const whole = total.slice(shift.from).reduce<number>((sum, value) => sum + (value ?? 0), 0);
      const length = sums.length - shift.from;
      return [
        {
          kind: 'shift',
          dimension: 'type',
          key,
          name: null,
          since: rows.buckets[shift.from] ?? to,
          until: to,
          isOlder: shift.isOlder,
          now: shift.mean,
          usual: shift.usual,
          weight: whole === 0 ? 0 : (Math.abs(shift.mean - shift.usual) * length) / whole,
        },
      ];
    });
  } catch (error) {
    if (error instanceof AppError && ['not_retained', 'not_answerable', 'too_expensive'].includes(error.code))
      return null;
    throw error;
  }
}
