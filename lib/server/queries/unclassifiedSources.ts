import 'server-only';
import { z } from 'zod';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer, Note } from '@/lib/flows/contracts/envelope';
import type { UnclassifiedRows } from '@/lib/flows/contracts/unclassifiedSources';
import { printed } from '@/lib/flows/plan';
import { SLOT_SECONDS, type TimeRange } from '@/lib/flows/presets';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant64, sql } from '@/lib/server/clickhouse/sql';
import { askedRange } from './asked';
import { coverageFor, loadCoveredRuns } from './coverage';
import { type Facts, loadFacts } from './facts';
import { fixedPlan } from './fixedPlan';
import { metaOf } from './meta';
import { keptPart } from './rawWindow';
import { exact, shareOf, small } from './rows';

/** Raw flows are read for at most about this many records of all types; Unclassified ones lie together, so few of them are touched. */
const MOST_RECORDS = 200_000_000;

/** The remote ASNs and prefixes that nobody has given a type, by bytes. */
export async function answerUnclassifiedSources(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<UnclassifiedRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const kept = keptPart(asked, facts, 'Who is behind Unclassified');
  const range = affordable(kept, facts);
  const plan = fixedPlan(range, 60, 'flows', 'only raw flows know addresses; whole records by their start');
  const [asns, prefixes, runs] = await Promise.all([
    loadAsns(context, plan),
    loadPrefixes(context, plan),
    loadCoveredRuns(context, facts, plan),
  ]);
  const [sum] = asns;
  const bytes = sum?.allBytes ?? '0';
  const notes: Note[] =
    range.from > asked.from
      ? [
          {
            code: 'shorter',
            text: `From ${printed(range.from)} on: ${
              range.from > kept.from
                ? 'the range holds more records than are worth reading here'
                : 'raw flows before are no longer kept'
            }.`,
          },
        ]
      : [];
  const coverage = coverageFor(runs, facts, plan, undefined);
  return {
    rows: {
      bytes,
      flowRecords: sum?.allRecords ?? '0',
      asnCount: sum?.groups ?? 0,
      prefixCount: prefixes[0]?.groups ?? 0,
      asns: asns.map((row) => ({
        asn: row.asn,
        organisation: row.organisation,
        bytes: row.bytes,
        flowRecords: row.flowRecords,
        share: shareOf(row.bytes, bytes),
      })),
      prefixes: prefixes.map((row) => ({
        prefix: row.prefix,
        asn: row.asn,
        organisation: row.organisation,
        bytes: row.bytes,
        flowRecords: row.flowRecords,
        share: shareOf(row.bytes, bytes),
      })),
    },
    meta: metaOf(context, { plan, asked: range, zone: scope.zone, coverage, facts, notes, started }),
  };
}

function affordable(range: TimeRange, facts: Facts): TimeRange {
  if (facts.recordsPerSlot === 0) return range;
  const seconds = Math.floor(MOST_RECORDS / facts.recordsPerSlot) * SLOT_SECONDS;
  return { from: Math.max(range.from, range.to - Math.max(SLOT_SECONDS, seconds)), to: range.to };
}

const asnRow = z.object({
  asn: small,
  organisation: z.string(),
  bytes: exact,
  flowRecords: exact,
  groups: small,
  allBytes: exact,
  allRecords: exact,
});

// Windows see every group, before the limit. No sum is called bytes: on a cluster that name would clash with the column's.
function loadAsns(context: QueryContext, range: TimeRange) {
  return execute(
    context,
    sql`SELECT asn, dictGetOrDefault('as_name_dict', 'organisation', toUInt64(asn), '') AS organisation, network_bytes AS bytes, records AS flowRecords,
    count() OVER () AS groups, sum(network_bytes) OVER () AS allBytes, sum(toUInt128(records)) OVER () AS allRecords
FROM
(
    SELECT remote_as AS asn, sum(toUInt128(f.bytes)) AS network_bytes, count() AS records
    FROM flows AS f
    WHERE counted = 1 AND network_type = 'Unclassified' AND direction IN ('ingress', 'egress') AND ts_start >= ${instant64(range.from)} AND ts_start < ${instant64(range.to)}
    GROUP BY asn
)
ORDER BY network_bytes DESC, asn
LIMIT 20`,
    asnRow,
  );
}

const prefixRow = z.object({
  prefix: z.string(),
  asn: small,
  organisation: z.string(),
  bytes: exact,
  flowRecords: exact,
  groups: small,
});

function loadPrefixes(context: QueryContext, range: TimeRange) {
  return execute(
    context,
    sql`SELECT if(is_v4, concat(replaceOne(toString(network), '::ffff:', ''), '/24'), concat(toString(network), '/48')) AS prefix, asn,
    dictGetOrDefault('as_name_dict', 'organisation', toUInt64(asn), '') AS organisation, network_bytes AS bytes, records AS flowRecords, count() OVER () AS groups
FROM
(
    SELECT bitShiftRight(toUInt128(remote_ip), 32) = 65535 AS is_v4, tupleElement(IPv6CIDRToRange(remote_ip, if(is_v4, 120, 48)), 1) AS network,
        argMax(remote_as, f.bytes) AS asn, sum(toUInt128(f.bytes)) AS network_bytes, count() AS records
    FROM flows AS f
    WHERE counted = 1 AND network_type = 'Unclassified' AND direction IN ('ingress', 'egress') AND ts_start >= ${instant64(range.from)} AND ts_start < ${instant64(range.to)}
    GROUP BY is_v4, network
)
ORDER BY network_bytes DESC, prefix
LIMIT 20`,
    prefixRow,
  );
}
