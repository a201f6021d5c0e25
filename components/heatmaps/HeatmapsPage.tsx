'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { LazyNoFlowsYet } from '@/components/overview/LazyNoFlowsYet';
import { StatusLine } from '@/components/overview/StatusLine';
import { Lead } from '@/components/ui/Lead';
import { Segmented } from '@/components/ui/Segmented';
import { answerableHeatmap, whyNoChange } from '@/lib/flows/heatmapState';
import { questions } from '@/lib/hooks/questions';
import { useHeatmaps } from '@/lib/hooks/useHeatmaps';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { useScope } from '@/lib/hooks/useScope';
import { GroupHeatmapPanel } from './GroupHeatmapPanel';
import { DEFINITION, MEASURES, PAIRS, shortTitle, titleOf } from './heatmapWords';

/** The three measures of the quarterly reports. */
const REPORT = ['volume', 'magnitude', 'uniqueness'] as const;

/** An empty database is looked at again this often, so that the first import shows by itself. */
const EMPTY_REFRESH_MS = 5_000;

/** Every pair of axes as cells: where, when and how heavily, as values or as changes. */
export function HeatmapsPage() {
  const { scope, setScope } = useScope();
  const { state, setState } = useHeatmaps();
  const { heatmap, measure, scale, delta } = state;
  const measures = [
    ...(heatmap === 'region-type'
      ? [
          {
            value: 'report' as const,
            label: 'All three',
            title: 'Volume, magnitude and uniqueness side by side',
          },
        ]
      : []),
    ...MEASURES.map(({ value, label, title }) => {
      const { why } = answerableHeatmap(heatmap, value);
      return { value, label, title: why === '' ? title : `${title}. Limited: ${why}.` };
    }),
  ];
  const isCompared = scope.compare !== 'none';
  const status = useQuestion(questions.dataStatus, scope, (answer) =>
    answer?.rows.empty ? EMPTY_REFRESH_MS : false,
  );
  if (status.data?.rows.empty === true) {
    return (
      <>
        <h1 className="text-title font-semibold tracking-tight">Heatmaps</h1>
        <LazyNoFlowsYet />
      </>
    );
  }
  return (
    <>
      <div className="flex min-h-7 flex-wrap items-center justify-between gap-x-6 gap-y-1">
        <h1 className="text-title font-semibold tracking-tight">Heatmaps</h1>
        <StatusLine status={status.data?.rows} failed={status.isError} zone={scope.zone} />
      </div>
      <Lead>{DEFINITION}</Lead>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Sideways>
          <Segmented
            label="Axes"
            value={heatmap}
            options={PAIRS}
            onChange={(heat) => setState({ heat: heat === 'region-type' ? null : heat, cell: null })}
          />
        </Sideways>
        <Sideways>
          <Segmented
            label="Measure"
            value={measure ?? 'report'}
            options={measures}
            onChange={(chosen) => setState({ cell: chosen === 'report' ? null : chosen })}
          />
        </Sideways>
        <Segmented
          label="Color scale"
          value={scale}
          options={[
            {
              value: 'auto',
              label: 'Auto',
              title: 'Linear; logarithmic for bits per address that differ by a factor of more than 100',
            },
            { value: 'linear', label: 'Linear', title: 'Twice the value is twice as far along the ramp' },
            { value: 'log', label: 'Log', title: 'Each factor is one step along the ramp' },
            { value: 'rank', label: 'Rank', title: 'Every cell is one step behind the next' },
          ]}
          onChange={(color) => setState({ color: color === 'auto' ? null : color })}
        />
        <Segmented
          label="Cells show"
          value={delta ? '1' : '0'}
          options={[
            { value: '0', label: 'Values' },
            {
              value: '1',
              label: 'Change',
              title: 'Against the range that is compared',
              why: whyNoChange(heatmap),
            },
          ]}
          onChange={(shown) => {
            setState({ delta: shown === '1' ? '1' : null });
            // A change needs something to be a change against.
            if (shown === '1' && !isCompared) setScope({ compare: 'previous' });
          }}
        />
      </div>
      {measure === null ? (
        <div className="grid gap-x-8 min-[1280px]:grid-cols-3 min-[900px]:grid-cols-2">
          {REPORT.map((each, place) => (
            <GroupHeatmapPanel
              key={each}
              id={`heatmap-${each}`}
              title={shortTitle(each)}
              scope={scope}
              heatmap={heatmap}
              measure={each}
              scale={scale}
              delta={delta}
              dense
              beside={place > 0}
              status={status.data?.rows}
            />
          ))}
        </div>
      ) : (
        <GroupHeatmapPanel
          key={heatmap}
          id="heatmap"
          title={titleOf(heatmap, measure)}
          scope={scope}
          heatmap={heatmap}
          measure={measure}
          scale={scale}
          delta={delta}
          status={status.data?.rows}
        />
      )}
    </>
  );
}

/** A row of choices that scrolls where it is wider than the page: what is chosen is in sight from the start. */
function Sideways({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    const chosen = element?.querySelector<HTMLElement>('label:has(:checked)');
    if (!element || !chosen) return;
    element.scrollLeft = chosen.offsetLeft - (element.clientWidth - chosen.offsetWidth) / 2;
  }, []);
  return (
    <div ref={box} className="faded relative max-w-full overflow-x-auto">
      {children}
    </div>
  );
}
