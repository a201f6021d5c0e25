'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { groupDigits } from '@/lib/charts/format';
import { prepareBatches, prepareSources } from '@/lib/charts/prepareImports';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { ImportLedgerRows } from '@/lib/flows/contracts/importLedger';
import type { QuestionError } from '@/lib/hooks/useQuestion';
import { CodeText } from './CodeText';
import { DataPanel, NothingToShow } from './DataPanel';
import { ModelTable } from './ModelTable';

/** What was imported, from where, and what became of it. */
export function ImportsPanel({
  ledger,
  zone,
}: {
  ledger: UseQueryResult<Answer<ImportLedgerRows>, QuestionError>;
  zone: string;
}) {
  const rows = ledger.data?.rows;
  const sources = useMemo(() => (rows ? prepareSources(rows, zone) : null), [rows, zone]);
  const newest = useMemo(() => (rows ? prepareBatches(rows.newest, zone) : null), [rows, zone]);
  const unfinished = useMemo(() => (rows ? prepareBatches(rows.unfinished, zone) : null), [rows, zone]);
  return (
    <DataPanel
      id="imports"
      title="What was imported?"
      subtitle="The ledger · records read = accepted + rejected + duplicates · whatever the range"
      query={ledger}
      height="min-h-[536px] sm:min-h-[496px] xl:min-h-[476px]"
      notOfFlows={{ about: 'All that the ledger holds, whatever the range', ranged: false }}
      files={[
        { name: 'import-sources', label: 'sources', model: sources },
        { name: 'import-batches', label: 'batches', model: newest },
      ]}
    >
      {(answer) =>
        sources === null || newest === null || unfinished === null || newest.rows.length === 0 ? (
          <NothingToShow>
            <span>
              Nothing has been imported yet: <CodeText text="`npm run ingest -- FILE` stores flow records." />
            </span>
          </NothingToShow>
        ) : (
          <>
            <p className="mb-2 min-h-15 text-muted sm:min-h-10 xl:min-h-5">
              {groupDigits(answer.rows.records)} records in {groupDigits(String(answer.rows.batches))}{' '}
              {answer.rows.batches === 1 ? 'batch' : 'batches'}: {groupDigits(answer.rows.accepted)} accepted,{' '}
              {groupDigits(answer.rows.rejected)} rejected, {groupDigits(answer.rows.duplicates)} duplicates
              left out, {groupDigits(answer.rows.flagged)} flagged.
            </p>
            {unfinished.rows.length > 0 ? (
              <details className="mb-2 min-h-10 border-l-2 border-warn pl-3 sm:min-h-5">
                <summary className="cursor-pointer font-medium">
                  In doubt: {groupDigits(String(answer.rows.inDoubt))}, lost:{' '}
                  {groupDigits(String(answer.rows.lost))}.{' '}
                  <CodeText text="`npm run reconcile` compares and mends" />
                </summary>
                <div className="mt-1">
                  <ModelTable model={unfinished} caption="Batches in doubt or lost" />
                </div>
              </details>
            ) : (
              <p className="mb-2 min-h-10 text-muted sm:min-h-5">No batch is in doubt or lost.</p>
            )}
            <h3 className="mb-1 font-medium">
              By source
              {answer.rows.sourceCount > sources.rows.length
                ? `: ${sources.rows.length} of ${groupDigits(String(answer.rows.sourceCount))}`
                : ''}
              , most duplicates first
            </h3>
            <ModelTable model={sources} caption="Imports by source" rows={4} />
            <h3 className="mt-3 mb-1 font-medium">The newest batches</h3>
            <ModelTable model={newest} caption="The newest batches" rows={6} />
          </>
        )
      }
    </DataPanel>
  );
}
