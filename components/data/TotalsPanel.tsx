'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { formatShare, formatValue, groupDigits } from '@/lib/charts/format';
import { prepareTotals } from '@/lib/charts/prepareTotals';
import type { DataStatusRows } from '@/lib/flows/contracts/dataStatus';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { ExporterQualityRows } from '@/lib/flows/contracts/exporterQuality';
import type { QuestionError } from '@/lib/hooks/useQuestion';
import { DataPanel, NothingToShow } from './DataPanel';
import { ModelTable } from './ModelTable';

/** Ingress and egress beside what no total holds. */
export function TotalsPanel(props: {
  status: UseQueryResult<Answer<DataStatusRows>, QuestionError>;
  quality: ExporterQualityRows | null;
}) {
  const rows = props.status.data?.rows;
  const model = useMemo(() => (rows ? prepareTotals(rows, props.quality) : null), [rows, props.quality]);
  return (
    <DataPanel
      id="totals"
      title="What is in the totals, and what is not?"
      subtitle="Volume by direction · sum over the range · bytes"
      query={props.status}
      height="min-h-[228px] max-sm:min-h-[248px]"
      files={[{ name: 'directions', label: 'directions', model }]}
    >
      {(answer) =>
        model === null ? null : Object.values(answer.rows.bytesByDirection).every((bytes) => bytes === '0') &&
          answer.meta.coverage === null ? (
          <NothingToShow>
            No expected exporter was heard in this range, so its volume is unknown and not zero.
          </NothingToShow>
        ) : (
          <>
            <ModelTable model={model} caption="Volume by direction, in totals or not" rows={5} />
            <p className="mt-1 min-h-4 text-axis text-muted">
              {props.quality && props.quality.notCountedRecords !== '0'
                ? `Not counted: ${groupDigits(props.quality.notCountedRecords)} records.`
                : null}
            </p>
            {answer.rows.proposedPrefixes.length > 0 ? (
              <details className="mt-2 border-l-2 border-warn pl-3">
                <summary className="cursor-pointer font-medium">
                  {formatShare(answer.rows.transitShare)} is transit: your own prefixes are probably not
                  configured.
                </summary>
                <p className="text-muted">
                  These carry the most of it at either end. If they are yours, write them into the network
                  file:
                </p>
                <pre className="mt-1 overflow-x-auto rounded-[5px] border border-line bg-surface p-2 font-mono text-axis">
                  {`own_prefixes:\n${answer.rows.proposedPrefixes
                    .map(
                      ({ prefix, bytes }) =>
                        `  - ${prefix}  # ${formatValue(Number(bytes), 'B')} on the last day`,
                    )
                    .join('\n')}`}
                </pre>
              </details>
            ) : null}
          </>
        )
      }
    </DataPanel>
  );
}
