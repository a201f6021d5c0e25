import 'server-only';
import { z } from 'zod';
import type { ExporterQuality } from '@/lib/flows/contracts/exporterQuality';
import { EXPORT_VERSIONS, JOINT, type Stretch } from '@/lib/flows/exportSequence';
import type { TimeRange } from '@/lib/flows/presets';
import { lossOfExporter, type SequenceHour } from '@/lib/flows/sequenceLoss';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, sql, uint32 } from '@/lib/server/clickhouse/sql';
import { add, exact, small } from './rows';

/** What batches brought from one exporter. */
export interface ExporterReceipts extends Pick<ExporterQuality, 'receipts' | 'loss'> {
  exporter: string;
}

/** from and to in ms, least number, span, received */
const stretch = z.tuple([small, small, small, small, small]);
const row = z.object({
  exporter: z.string(),
  obsDomain: small,
  version: z.enum(EXPORT_VERSIONS),
  sourceFormat: z.string(),
  hourStart: small,
  accepted: exact,
  duplicates: exact,
  rejected: exact,
  flagged: exact,
  numbered: small,
  stretchCount: small,
  span: small,
  received: small,
  restarts: small,
  parallel: small,
  tooMany: small,
  firstStretch: stretch,
  lastStretch: stretch,
});

/**
 * What became of the records received in the range, and what sequence numbers say about loss, by exporter. The stretches of an hour are
 * brought in order and joined here as `joint` joins them, since a quarter has millions of batches; hours are joined by sequenceLossOf.
 * @param range whole UTC hours
 */
export async function loadExporterReceipts(
  context: QueryContext,
  range: TimeRange,
): Promise<ExporterReceipts[]> {
  const rows = await execute(
    context,
    sql`SELECT exporter, obsDomain, version, sourceFormat, hourStart, accepted, duplicates, rejected, flagged, numbered, parallel, tooMany,
    length(stretches) AS stretchCount,
    toInt64(arraySum(s -> toInt64(s.4), stretches)) + arraySum(joined) AS span,
    toInt64(came) - if(counts_packets, toInt64(arrayCount(between -> between < 0, joined)), 0) AS received,
    length(steps) - length(joined) AS restarts,
    stretches[1] AS firstStretch, stretches[-1] AS lastStretch
FROM
(
    SELECT *, version IN ('sflow5', 'netflow9') AS counts_packets,
        arraySum(s -> toUInt64(s.5), stretches) AS came,
        if(parallel = 1 OR empty(stretches), CAST([] AS Array(Nullable(Int64))), arrayMap(
            (a, b) -> if(b.1 + ${uint32(JOINT.sideBySideMs)} < a.2, NULL, toInt64(toInt32(toUInt32(toInt64(b.3) - toInt64(a.3) - toInt64(a.4))))),
            arrayPopBack(stretches), arrayPopFront(stretches))) AS steps,
        arrayMap(between -> assumeNotNull(between), arrayFilter(
            between -> between IS NOT NULL
                AND between >= -toInt64(if(counts_packets, ${uint32(JOINT.behind.packets)}, ${uint32(JOINT.behind.records)})) AND between <= toInt64(came),
            steps)) AS joined
    FROM
    (
        SELECT toString(b.exporter) AS exporter, b.obs_domain AS obsDomain, toString(b.export_version) AS version,
            toString(b.source_format) AS sourceFormat, toUnixTimestamp(b.hour) AS hourStart,
            sum(toUInt64(b.accepted)) AS accepted, sum(toUInt64(b.duplicates)) AS duplicates, sum(toUInt64(b.rejected)) AS rejected,
            sum(toUInt64(b.flagged)) AS flagged, sum(toUInt64(b.numbered)) AS numbered,
            max(b.parallel) AS parallel, max(b.too_many) AS tooMany,
            arraySort(groupArrayArray(arrayMap(
                s -> (toUnixTimestamp64Milli(s.1), toUnixTimestamp64Milli(s.2), s.3, s.4, s.5), b.stretches))) AS stretches
        FROM batch_exporters AS b FINAL
        WHERE b.hour >= ${instant(range.from)} AND b.hour < ${instant(range.to)}
        GROUP BY exporter, obsDomain, version, sourceFormat, hourStart
    )
)
ORDER BY exporter, obsDomain, version, sourceFormat, hourStart`,
    row,
  );
  const byExporter = new Map<string, z.infer<typeof row>[]>();
  for (const each of rows) {
    const own = byExporter.get(each.exporter);
    if (own === undefined) byExporter.set(each.exporter, [each]);
    else own.push(each);
  }
  return [...byExporter].map(([exporter, own]) => ({
    exporter,
    receipts: {
      accepted: add(own.map(({ accepted }) => accepted)).toString(),
      duplicates: add(own.map(({ duplicates }) => duplicates)).toString(),
      rejected: add(own.map(({ rejected }) => rejected)).toString(),
      flagged: add(own.map(({ flagged }) => flagged)).toString(),
    },
    loss: lossOf(own.map(hourOf)),
  }));
}

function hourOf(each: z.infer<typeof row>): SequenceHour {
  const { exporter, obsDomain, version, sourceFormat, numbered, span, received, restarts } = each;
  const none = each.stretchCount === 0;
  return {
    ...{ exporter, obsDomain, version, sourceFormat, numbered, span, received, restarts },
    hour: each.hourStart,
    parallel: each.parallel === 1,
    tooMany: each.tooMany === 1,
    first: none ? null : stretchOf(each.firstStretch),
    last: none ? null : stretchOf(each.lastStretch),
  };
}

function stretchOf([from, to, first, span, received]: z.infer<typeof stretch>): Stretch {
  return { from, to, first, span, received };
}

function lossOf(hours: SequenceHour[]): ExporterQuality['loss'] {
  const loss = lossOfExporter(hours);
  return loss && { ...loss, missing: String(loss.missing), expected: String(loss.expected) };
}
