'use client';

import { LazyNoFlowsYet } from '@/components/overview/LazyNoFlowsYet';
import { StatusLine } from '@/components/overview/StatusLine';
import { Lead } from '@/components/ui/Lead';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { useScope } from '@/lib/hooks/useScope';
import { MapPanel } from './MapPanel';
import { PLACES, TOTAL } from './mapWords';

/** An empty database is looked at again this often, so that the first import shows by itself. */
const EMPTY_REFRESH_MS = 5_000;

/** Where the remote ends of our traffic are. */
export function MapPage() {
  const { scope } = useScope();
  const status = useQuestion(questions.dataStatus, scope, (answer) =>
    answer?.rows.empty ? EMPTY_REFRESH_MS : false,
  );
  const rows = status.data?.rows;
  return (
    <>
      <div className="flex min-h-7 flex-wrap items-center justify-between gap-x-6 gap-y-1">
        <h1 className="text-title font-semibold tracking-tight">Map</h1>
        <StatusLine status={rows} failed={status.isError} zone={scope.zone} />
      </div>
      {rows?.empty === true ? (
        <LazyNoFlowsYet />
      ) : (
        <>
          <Lead>
            {PLACES} {TOTAL}
          </Lead>
          <MapPanel scope={scope} status={rows} />
        </>
      )}
    </>
  );
}
