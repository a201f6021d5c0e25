import 'server-only';
import { z } from 'zod';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { RejectedRows } from '@/lib/flows/contracts/rejectedRecords';
import { printed } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant64, sql } from '@/lib/server/clickhouse/sql';
import { AppError } from '@/lib/server/errors';
import { REJECT_REASONS } from '@/lib/server/ingest/record';
import { askedRange } from './asked';
import { coverageFor } from './coverage';
import { loadFacts } from './facts';
import { fixedPlan } from './fixedPlan';
import { metaOf } from './meta';
import { add, exact, small } from './rows';
import { loadKeepDays } from './storedTables';

const DAY = 86_400;

/** Why records were rejected, with the newest samples. Their text is what somebody sent: never trusted. */
export async function answerRejectedRecords(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<RejectedRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const days = (await loadKeepDays(context)).get('flows_rejected') ?? 0;
  const kept = days === 0 ? 0 : facts.now - days * DAY;
  if (asked.to <= kept) {
    throw new AppError(
      'not_retained',
      `Rejected records are kept from ${printed(kept)} on.`,
      'Choose a range that ends later.',
      { retainedFrom: kept },
    );
  }
  const plan = fixedPlan(asked, 60, 'flows_rejected', 'by the time of rejection');
  const [reasons, samples] = await Promise.all([loadReasons(context, plan), loadSamples(context, plan)]);
  const coverage = coverageFor([], { ...facts, expected: [] }, plan, undefined);
  return {
    rows: {
      records: add(reasons.map(({ records }) => records)).toString(),
      reasons: reasons.map((row) => ({
        ...row,
        meaning: (REJECT_REASONS as Record<string, string>)[row.reason] ?? '',
        samples: samples
          .filter(({ reason }) => reason === row.reason)
          .map(({ at, sourceName, offset, format, detail, text, cut }) => ({
            at,
            sourceName,
            offset,
            format,
            detail,
            text,
            cut: cut === 1,
          })),
      })),
    },
    meta: metaOf(context, { plan, asked, zone: scope.zone, coverage, facts, started }),
  };
}

function loadReasons(context: QueryContext, range: TimeRange) {
  return execute(
    context,
    sql`SELECT toString(r.reason) AS reason, count() AS records, uniqExact(source_name) AS sources, toUnixTimestamp(toDateTime(max(rejected_at), 'UTC')) AS lastAt
FROM flows_rejected AS r
WHERE rejected_at >= ${instant64(range.from)} AND rejected_at < ${instant64(range.to)}
GROUP BY reason
ORDER BY records DESC, reason
LIMIT 50`,
    z.object({ reason: z.string(), records: exact, sources: small, lastAt: small }),
  );
}

function loadSamples(context: QueryContext, range: TimeRange) {
  return execute(
    context,
    sql`SELECT toString(r.reason) AS reason, toUnixTimestamp(toDateTime(rejected_at, 'UTC')) AS at, toValidUTF8(substring(source_name, 1, 400)) AS sourceName, source_offset AS offset,
    toString(r.format) AS format, toValidUTF8(substring(r.detail, 1, 400)) AS detail, toValidUTF8(substring(r.record, 1, 400)) AS text, length(r.record) > 400 AS cut
FROM flows_rejected AS r
WHERE rejected_at >= ${instant64(range.from)} AND rejected_at < ${instant64(range.to)}
ORDER BY reason, rejected_at DESC, source_offset DESC
LIMIT 3 BY reason
LIMIT 150`,
    z.object({
      reason: z.string(),
      at: small,
      sourceName: z.string(),
      offset: exact,
      format: z.string(),
      detail: z.string(),
      text: z.string(),
      cut: small,
    }),
  );
}
