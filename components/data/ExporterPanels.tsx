'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { formatShare, groupDigits } from '@/lib/charts/format';
import { prepareDoubts, prepareSending } from '@/lib/charts/prepareExporters';
import { rangeText } from '@/lib/charts/timeText';
import type { DoubleCountingRows } from '@/lib/flows/contracts/doubleCounting';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { ExporterQualityRows } from '@/lib/flows/contracts/exporterQuality';
import type { QuestionError } from '@/lib/hooks/useQuestion';
import { DataPanel, NothingToShow } from './DataPanel';
import { ModelTable } from './ModelTable';

type Quality = UseQueryResult<Answer<ExporterQualityRows>, QuestionError>;
type Double = UseQueryResult<Answer<DoubleCountingRows>, QuestionError>;

/** Who sends: state, rates, coverage, sampling. */
export function SendingPanel({ quality, now, zone }: { quality: Quality; now: number; zone: string }) {
  const rows = quality.data?.rows;
  const model = useMemo(() => (rows ? prepareSending(rows, now, zone) : null), [rows, now, zone]);
  return (
    <DataPanel
      id="exporters"
      title="Who sends, and can it be scaled?"
      subtitle="Exporters · state now · records, coverage and sampling of the range"
      query={quality}
      height="min-h-[301px]"
      files={[{ name: 'exporters', label: 'exporters', model }]}
    >
      {() =>
        model === null || model.rows.length === 0 ? (
          <NothingToShow>No exporter has sent anything yet, and none is configured.</NothingToShow>
        ) : (
          <ModelTable
            model={model}
            caption="Exporters: state, records, coverage and sampling"
            rows={6}
            tall
          />
        )
      }
    </DataPanel>
  );
}

/** What is doubtful about their records. */
export function DoubtsPanel({ quality, double, zone }: { quality: Quality; double: Double; zone: string }) {
  const rows = quality.data?.rows;
  const twice = double.data?.rows ?? null;
  const model = useMemo(() => (rows ? prepareDoubts(rows, twice) : null), [rows, twice]);
  return (
    <DataPanel
      id="doubts"
      title="What is doubtful about their records?"
      subtitle="Exporters · lag, mended times, implausible rates, double counting, duplicates, loss · records of the range"
      query={quality}
      height="min-h-[337px] max-sm:min-h-[385px]"
      files={[{ name: 'exporter-doubts', label: 'doubts', model }]}
    >
      {() =>
        model === null || model.rows.length === 0 ? (
          <NothingToShow>No exporter has sent anything yet.</NothingToShow>
        ) : (
          <>
            <ModelTable
              model={model}
              caption="Exporters: what is doubtful about their records"
              rows={6}
              tall
            />
            <p className="mt-1 min-h-8 text-axis text-muted max-sm:min-h-20">
              {double.data?.rows.flowRecords === '0' ? (
                'Seen twice: no raw flows to compare in the last hour of the range.'
              ) : double.data ? (
                <>
                  Seen twice: {formatShare(double.data.rows.doubleShare)} of the bytes are counted once too
                  often. Estimated from {groupDigits(double.data.rows.flowRecords)} records of{' '}
                  {rangeText(double.data.meta.from, double.data.meta.to, zone)}
                  {double.data.rows.oneIn > 1
                    ? `, one of ${groupDigits(String(double.data.rows.oneIn))} 5-tuples`
                    : ', every 5-tuple'}
                  .
                </>
              ) : double.error ? (
                <>
                  Seen twice: {double.error.message} {double.error.hint}
                </>
              ) : (
                'Seen twice: comparing exporters…'
              )}{' '}
              Duplicates and loss are counted by the hour of receipt.
            </p>
          </>
        )
      }
    </DataPanel>
  );
}
