'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { shareOfCounts } from '@/lib/charts/countCell';
import { formatDuration, formatShare, groupDigits } from '@/lib/charts/format';
import { prepareLate, prepareLateImports } from '@/lib/charts/prepareLate';
import { instantText } from '@/lib/charts/timeText';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { LateDataRows } from '@/lib/flows/contracts/lateData';
import type { QuestionError } from '@/lib/hooks/useQuestion';
import { DataPanel, NothingToShow } from './DataPanel';
import { ModelTable } from './ModelTable';

/** What came late, and up to when everything has come. */
export function LatePanel({
  late,
  zone,
}: {
  late: UseQueryResult<Answer<LateDataRows>, QuestionError>;
  zone: string;
}) {
  const rows = late.data?.rows;
  const records = useMemo(() => (rows ? prepareLate(rows) : null), [rows]);
  const imports = useMemo(() => (rows ? prepareLateImports(rows) : null), [rows]);
  return (
    <DataPanel
      id="late"
      title="What came late?"
      subtitle="Receipt an hour or more after the end, beyond the usual lag of its exporter · days in UTC"
      query={late}
      height="min-h-[614px] sm:min-h-[506px] xl:min-h-[247px]"
      files={[
        { name: 'late-records', label: 'records', model: records },
        { name: 'late-imports', label: 'imports', model: imports },
      ]}
    >
      {(answer) => (
        <>
          <Watermark rows={answer.rows} provisionalFrom={answer.meta.provisionalFrom} zone={zone} />
          <div className="mt-3 grid gap-4 xl:grid-cols-2 [&>*]:min-h-[155px] [&>*]:min-w-0">
            <div>
              <h3 className="mb-1 font-medium">
                Received late: {groupDigits(answer.rows.lateRecords)} of{' '}
                {groupDigits(answer.rows.knownRecords)} records
                {answer.rows.lateRecords === '0'
                  ? ''
                  : `, ${formatShare(shareOfCounts(answer.rows.lateRecords, answer.rows.knownRecords))}`}
              </h3>
              {records && records.rows.length > 0 ? (
                <ModelTable model={records} caption="Records received late, by day" rows={4} />
              ) : (
                <NothingToShow>
                  {answer.rows.knownRecords === '0'
                    ? 'No record of this range has a time of receipt of its own.'
                    : 'No record of this range was received late.'}
                </NothingToShow>
              )}
            </div>
            <div>
              <h3 className="mb-1 font-medium">
                Stored late: {groupDigits(answer.rows.importedLateRecords)} records
              </h3>
              {imports && imports.rows.length > 0 ? (
                <ModelTable model={imports} caption="Batches stored late, by day" rows={4} />
              ) : (
                <NothingToShow>
                  No batch with flows of this range was stored an hour or more after its last flow.
                </NothingToShow>
              )}
            </div>
          </div>
        </>
      )}
    </DataPanel>
  );
}

/** Where each fact stands: the long ones have a row of their own on a telephone. */
const FACT = ['', '', 'col-span-2 xl:col-span-1', 'max-sm:col-span-2', 'max-sm:col-span-2'];

function Watermark(props: { rows: LateDataRows; provisionalFrom: number | null; zone: string }) {
  const { rows, zone } = props;
  const { heldBackBy } = rows;
  const facts: [string, string][] = [
    [
      'Complete to',
      rows.watermark === null ? 'nothing has arrived yet' : `${instantText(rows.watermark, zone)} (${zone})`,
    ],
    ['Behind now', rows.lagSeconds === null ? 'not known' : formatDuration(rows.lagSeconds)],
    [
      'Waits for',
      heldBackBy === null
        ? 'nobody'
        : `${heldBackBy.name}: last received ${instantText(heldBackBy.lastReceived, zone)}, ${heldBackBy.lagSeconds === 0 ? 'usually on time' : `usually ${formatDuration(heldBackBy.lagSeconds)} late`} (p99)`,
    ],
    [
      'Provisional',
      props.provisionalFrom === null
        ? 'nothing of this range'
        : `from ${instantText(props.provisionalFrom, zone)}: may still grow`,
    ],
    ['No longer waits for', rows.silent.map(({ name }) => name).join(', ') || 'nobody'],
  ];
  return (
    // Places of a fixed size: names are of any length and number.
    <dl className="tabular grid min-h-[228px] grid-cols-2 content-start gap-x-8 gap-y-2 sm:min-h-[120px] sm:grid-cols-3 xl:min-h-14 xl:grid-cols-[auto_auto_minmax(0,1fr)_auto_minmax(0,200px)]">
      {facts.map(([name, value], i) => (
        <div key={name} className={FACT[i]}>
          <dt className="text-axis text-muted">{name}</dt>
          <dd className={i === 2 ? 'line-clamp-3 sm:line-clamp-2' : 'line-clamp-2'} title={value}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
