'use client';

import { useRef } from 'react';
import { Problem } from '@/components/panel/Problem';
import { Lead } from '@/components/ui/Lead';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { useScope, useView } from '@/lib/hooks/useScope';
import { Headline } from './Headline';
import { HeatmapPanel } from './HeatmapPanel';
import { LazyNoFlowsYet } from './LazyNoFlowsYet';
import { StatusLine } from './StatusLine';
import { TrafficPanel } from './TrafficPanel';
import { WhatChanged } from './WhatChanged';

/** An empty database is looked at again this often, so that the first import shows by itself. */
const EMPTY_REFRESH_MS = 5_000;

/** What the figures of this page are. */
const DEFINITION =
  'Bytes are estimates of what crossed the boundary (raw x sampling rate, layer 3). Addresses are distinct remote addresses (IPv4 /32, IPv6 /64), counted anew for each figure and never added up.';

/** The first page: what kinds of network we exchange traffic with, how much, and where. */
export function Overview() {
  const { scope } = useScope();
  const { view } = useView();
  const status = useQuestion(questions.dataStatus, scope, (answer) =>
    answer?.rows.empty ? EMPTY_REFRESH_MS : false,
  );
  const rows = status.data?.rows;
  const empty = rows?.empty === true;
  // Nothing answers and nothing was answered before: said once, and not in every panel.
  // Each try begins without an error; the last one stands until an answer comes, or the page would flicker at every try.
  const lastError = useRef(status.error);
  if (status.error || rows !== undefined) lastError.current = status.error;
  const away = rows === undefined && lastError.current?.code === 'unavailable' ? lastError.current : null;
  return (
    <>
      <div className="flex min-h-7 flex-wrap items-center justify-between gap-x-6 gap-y-1">
        <h1 className="text-title font-semibold tracking-tight">Overview</h1>
        <StatusLine status={rows} failed={status.isError || away !== null} zone={scope.zone} />
      </div>
      {away ? (
        <div className="mt-6 flex min-h-[420px] flex-col [&>*]:flex-1">
          <Problem error={away} onRetry={() => void status.refetch()} busy={status.isFetching} />
        </div>
      ) : empty ? (
        <LazyNoFlowsYet />
      ) : (
        <>
          <Lead>{DEFINITION}</Lead>
          <Headline scope={scope} unit={view.unit} live={view.refresh !== 'off'} />
          <TrafficPanel scope={scope} status={rows} />
          <HeatmapPanel scope={scope} />
          <WhatChanged scope={scope} unit={view.unit} />
        </>
      )}
    </>
  );
}
