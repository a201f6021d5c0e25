'use client';

import { useMemo } from 'react';
import { ScrollRegion } from '@/components/ui/ScrollRegion';
import { printable } from '@/lib/charts/dataCells';
import { groupDigits } from '@/lib/charts/format';
import { prepareRejected } from '@/lib/charts/prepareRejected';
import { recordPlace } from '@/lib/charts/recordPlace';
import { inputText } from '@/lib/charts/timeText';
import type { RejectedRows } from '@/lib/flows/contracts/rejectedRecords';
import type { Scope } from '@/lib/flows/scope';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { DataPanel, NothingToShow } from './DataPanel';
import { ModelTable } from './ModelTable';

/** What could not be stored, and why. */
export function RejectedPanel({ scope }: { scope: Scope }) {
  const query = useQuestion(questions.rejectedRecords, scope);
  const rows = query.data?.rows;
  const model = useMemo(() => (rows ? prepareRejected(rows, scope.zone) : null), [rows, scope.zone]);
  return (
    <DataPanel
      id="rejected"
      title="What was rejected, and why?"
      subtitle="Records that were not stored · count by reason · by the time of rejection · records of a source count from 1"
      query={query}
      height="min-h-[345px] xl:min-h-[205px]"
      notOfFlows={{ about: 'Records that were rejected in the range, whenever they flowed', ranged: true }}
      files={[{ name: 'rejected', label: 'reasons', model }]}
    >
      {(answer) =>
        model === null || model.rows.length === 0 ? (
          <NothingToShow>No record was rejected in this range.</NothingToShow>
        ) : (
          <div className="grid gap-x-4 gap-y-3 xl:grid-cols-2 [&>*]:min-w-0">
            <div>
              <ModelTable model={model} caption="Rejected records by reason" rows={6} />
            </div>
            {/* Takes the room that it needs only once somebody opens one. */}
            <ScrollRegion
              label="Samples of rejected records"
              className="h-32 has-[details[open]]:h-auto xl:h-[205px]"
            >
              <div className="flex flex-col gap-2">
                {answer.rows.reasons.map((reason) => (
                  <Samples key={reason.reason} reason={reason} zone={scope.zone} />
                ))}
              </div>
            </ScrollRegion>
          </div>
        )
      }
    </DataPanel>
  );
}

function Samples({ reason, zone }: { reason: RejectedRows['reasons'][number]; zone: string }) {
  return (
    <details className="rounded-[5px] border border-line px-3 py-1.5">
      <summary className="cursor-pointer">
        {reason.reason.replaceAll('_', ' ')}: the newest {reason.samples.length} of{' '}
        {groupDigits(reason.records)}
      </summary>
      <ul className="mt-1 flex flex-col gap-3 pb-1">
        {reason.samples.map((sample) => (
          <li key={`${sample.at} ${sample.sourceName} ${sample.offset}`}>
            <p>{printable(sample.detail)}</p>
            <p className="text-axis break-all text-muted">
              {inputText(sample.at, zone)} · {printable(sample.sourceName)}, {recordPlace(sample)} ·{' '}
              {sample.format}
            </p>
            {/* Text that somebody sent: shown as text, cut, with its control marks made visible. */}
            <pre className="mt-1 max-h-32 overflow-auto rounded-[5px] border border-line bg-page p-2 font-mono text-[11px] leading-4 break-all whitespace-pre-wrap">
              {sample.text === '' ? '(empty)' : printable(sample.text)}
              {sample.cut ? ' …' : ''}
            </pre>
          </li>
        ))}
      </ul>
    </details>
  );
}
