'use client';

import { useState } from 'react';
import { SharedHover } from '@/components/charts/sharedHover';
import { LazyNoFlowsYet } from '@/components/overview/LazyNoFlowsYet';
import { StatusLine } from '@/components/overview/StatusLine';
import { Lead } from '@/components/ui/Lead';
import { whyNotVisual } from '@/lib/flows/exploreControls';
import { questions } from '@/lib/hooks/questions';
import { useExplore } from '@/lib/hooks/useExplore';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { useScope, useView } from '@/lib/hooks/useScope';
import { Builder } from './Builder';
import { definitionText } from './exploreWords';
import { GroupsPanel } from './GroupsPanel';
import { SeriesPanel } from './SeriesPanel';

/** An empty database is looked at again this often, so that the first import shows by itself. */
const EMPTY_REFRESH_MS = 5_000;

/** Any measure by any dimensions, in any picture. */
export function Explore() {
  const { scope } = useScope();
  const { view, setView } = useView();
  const { state, setState } = useExplore();
  const status = useQuestion(questions.dataStatus, scope, (answer) =>
    answer?.rows.empty ? EMPTY_REFRESH_MS : false,
  );
  const rows = status.data?.rows;
  const isGroups =
    (state.visual === 'sankey' || state.visual === 'heatmap') && whyNotVisual(state.visual, state) === null;
  // What nobody chose is decided by the values of the heatmap: the switch shows what came of it, and turns it around.
  const isHeatmap = isGroups && state.visual === 'heatmap';
  const [isHeatmapLog, setHeatmapLog] = useState(false);
  const isLog = isHeatmap && view.scale === null ? isHeatmapLog : view.scale === 'log';
  return (
    <>
      <div className="flex min-h-7 flex-wrap items-center justify-between gap-x-6 gap-y-1">
        <h1 className="text-title font-semibold tracking-tight">Explore</h1>
        <StatusLine status={rows} failed={status.isError} zone={scope.zone} />
      </div>
      {rows?.empty === true ? (
        <LazyNoFlowsYet />
      ) : (
        <SharedHover>
          <Lead>{definitionText(state.measure)}</Lead>
          <Builder
            state={state}
            scope={scope}
            isLog={isLog}
            onState={setState}
            onLog={(log) => setView({ scale: log ? 'log' : isHeatmap ? 'linear' : null })}
          />
          {isGroups ? (
            <GroupsPanel
              scope={scope}
              state={state}
              setState={setState}
              kind={state.visual === 'sankey' ? 'sankey' : 'heatmap'}
              onLog={setHeatmapLog}
              status={rows}
            />
          ) : (
            <SeriesPanel scope={scope} state={state} setState={setState} status={rows} />
          )}
        </SharedHover>
      )}
    </>
  );
}
