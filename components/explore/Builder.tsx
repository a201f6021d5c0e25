'use client';

import {
  ChartArea,
  ChartLine,
  ChevronDown,
  Grid2x2,
  Grid3x3,
  Percent,
  Sparkles,
  Table2,
  Waypoints,
} from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { buttonClass } from '@/components/ui/Button';
import { Menu, MenuItem } from '@/components/ui/Menu';
import { Toggle } from '@/components/ui/Toggle';
import { bucketLabel, bucketWidth } from '@/lib/flows/buckets';
import {
  reasonFor,
  stepsFor,
  whyNotLog,
  whyNotMirror,
  whyNotP95,
  whyNotVisual,
} from '@/lib/flows/exploreControls';
import { MOST_GROUPS } from '@/lib/flows/exploreLimits';
import { type ExploreState, VISUALS, type Visual } from '@/lib/flows/exploreState';
import type { Scope } from '@/lib/flows/scope';
import { DimensionChips } from './DimensionChips';
import { MEASURES, measureLabel, VISUAL_LABEL } from './exploreWords';

const ICONS: Record<Visual, ReactNode> = {
  auto: <Sparkles />,
  area: <ChartArea />,
  share: <Percent />,
  lines: <ChartLine />,
  multiples: <Grid2x2 />,
  sankey: <Waypoints />,
  heatmap: <Grid3x3 />,
  table: <Table2 />,
};

/** What is asked and how it is drawn, in one row. What cannot be had is gray and says why. */
export function Builder(props: {
  state: ExploreState;
  scope: Scope;
  isLog: boolean;
  onState: (change: Partial<ExploreState>) => void;
  onLog: (isLog: boolean) => void;
}) {
  const { state, scope, onState } = props;
  const mirrorWhy = whyNotMirror(state, scope.direction);
  const isMirrored = state.mirror && mirrorWhy === null;
  return (
    <section aria-label="Question" className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2">
      <Choice label="Measure" shown={measureLabel(state.measure)}>
        {MEASURES.map(({ value, label, note }) => {
          const reason = reasonFor(value, state.by, scope.filters);
          return (
            <MenuItem
              key={value}
              disabled={reason?.isRefused ?? false}
              note={reason?.why ?? note}
              onClick={() => onState({ measure: value })}
            >
              {label}
            </MenuItem>
          );
        })}
      </Choice>
      <DimensionChips
        measure={state.measure}
        by={state.by}
        filters={scope.filters}
        onChange={(by) => onState({ by })}
      />
      <Choice label="Picture" shown={VISUAL_LABEL[state.visual]} icon={ICONS[state.visual]}>
        {VISUALS.map((visual) => {
          const why = whyNotVisual(visual, state);
          return (
            <MenuItem
              key={visual}
              icon={ICONS[visual]}
              disabled={why !== null}
              note={why ?? (visual === 'auto' ? 'By what the answer holds' : undefined)}
              onClick={() => onState({ visual })}
            >
              {VISUAL_LABEL[visual]}
            </MenuItem>
          );
        })}
      </Choice>
      <TopField key={state.top} top={state.top} onChange={(top) => onState({ top })} />
      {state.visual === 'sankey' || state.visual === 'heatmap' ? null : (
        <Choice label="Step" shown={state.step === null ? 'Step' : bucketLabel(bucketWidth(state.step))}>
          <MenuItem onClick={() => onState({ step: null })} note="By the length of the range">
            Automatic
          </MenuItem>
          {stepsFor(state.measure).map((step) => (
            <MenuItem key={step} onClick={() => onState({ step })}>
              {bucketLabel(bucketWidth(step))}
            </MenuItem>
          ))}
        </Choice>
      )}
      <div className="flex flex-wrap gap-1">
        <Toggle
          pressed={state.mirror}
          why={mirrorWhy}
          title="Ingress above the line, egress below it"
          onChange={(mirror) => onState({ mirror })}
        >
          Mirror
        </Toggle>
        <Toggle
          pressed={state.p95}
          why={whyNotP95(state)}
          title="Line of the 95th percentile"
          onChange={(p95) => onState({ p95 })}
        >
          p95
        </Toggle>
        <Toggle
          pressed={props.isLog}
          why={whyNotLog({ ...state, mirror: isMirrored })}
          title="Logarithmic scale"
          onChange={props.onLog}
        >
          Log
        </Toggle>
        {state.visual === 'multiples' ? (
          <Toggle
            pressed={state.own}
            title="Each picture has a scale of its own"
            onChange={(own) => onState({ own })}
          >
            Own scales
          </Toggle>
        ) : null}
      </div>
    </section>
  );
}

function Choice(props: { label: string; shown: string; icon?: ReactNode; children: ReactNode }) {
  return (
    <Menu
      align="start"
      triggerClass={buttonClass}
      triggerLabel={props.shown === props.label ? props.label : `${props.label}: ${props.shown}`}
      trigger={
        <>
          {props.icon ? (
            <span aria-hidden="true" className="text-muted [&>svg]:size-4">
              {props.icon}
            </span>
          ) : null}
          {props.shown}
          <ChevronDown aria-hidden="true" className="size-3.5 text-muted" />
        </>
      }
    >
      <div className="max-h-[min(420px,var(--available-height))] overflow-y-auto">{props.children}</div>
    </Menu>
  );
}

/** How many groups are named; the rest is Other. */
function TopField({ top, onChange }: { top: number; onChange: (top: number) => void }) {
  const id = useId();
  const [text, setText] = useState(String(top));
  const apply = () => {
    const value = Math.min(MOST_GROUPS, Math.max(1, Math.round(Number(text))));
    if (Number.isFinite(value) && value !== top) onChange(value);
    else setText(String(top));
  };
  return (
    <label htmlFor={id} className="flex items-center gap-1.5 text-muted">
      Top
      <input
        id={id}
        type="number"
        min={1}
        max={MOST_GROUPS}
        value={text}
        title={`Groups that are named, 1 to ${MOST_GROUPS}; the rest is Other`}
        onChange={(event) => setText(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === 'Enter' && apply()}
        className="tabular h-8 w-14 rounded-[5px] border border-line bg-surface px-2 text-text"
      />
    </label>
  );
}
