'use client';

import { TrendingDown, TrendingUp } from 'lucide-react';
import { PanelBody } from '@/components/panel/PanelBody';
import { type Change, formatChange, formatValue, NO_VALUE, show } from '@/lib/charts/format';
import {
  comparisonText,
  type HeadlineFigure,
  incomparableText,
  prepareHeadline,
} from '@/lib/charts/prepareHeadline';
import { clockText, rangeText } from '@/lib/charts/timeText';
import type { Scope } from '@/lib/flows/scope';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';

/** The figures of the scope, each with its change against the previous period. */
export function Headline(props: { scope: Scope; unit: 'bits' | 'bytes'; live: boolean }) {
  const query = useQuestion(questions.headline, props.scope);
  return (
    <section aria-label="Headline numbers" className="mt-3">
      <PanelBody
        query={query}
        height="min-h-[378px] sm:min-h-[237px] rail:min-h-[122px]"
        skeleton={<HeadlineSkeleton />}
      >
        {({ rows, meta }) => (
          <>
            <Figures
              figures={prepareHeadline(rows, meta, { direction: props.scope.direction, unit: props.unit })}
              compared={rows.previous !== null}
              comparison={comparisonText(rows, meta.zone)}
            />
            {/* Spoken when a person asked; a live page that speaks every ten seconds would be turned off. */}
            <p role="status" className="sr-only">
              {props.live
                ? ''
                : `Updated ${clockText(Math.floor(query.dataUpdatedAt / 1000), meta.zone)}: ${rangeText(meta.from, meta.to, meta.zone)}`}
            </p>
          </>
        )}
      </PanelBody>
    </section>
  );
}

function Figures(props: { figures: readonly HeadlineFigure[]; compared: boolean; comparison: string }) {
  const reasons = props.compared ? incomparableText(props.figures) : [];
  // Below the width of five in a row, what they are compared with takes the place that five leave of six.
  return (
    <div className={ROOM}>
      <dl className="contents">
        {props.figures.map((figure, i) => (
          <Figure key={figure.label} figure={figure} compared={props.compared} isOfHours={i >= 3} />
        ))}
      </dl>
      <p className="text-axis text-muted max-rail:min-h-32 max-rail:border-l max-rail:border-line max-rail:pr-2 max-rail:pl-4 rail:col-span-5 rail:-mt-2 rail:min-h-4">
        {[props.comparison, ...reasons].join('. ')}
      </p>
    </div>
  );
}

const ROOM = 'grid grid-cols-2 gap-y-4 sm:grid-cols-3 rail:grid-cols-5';

/**
 * Below the width of five in a row each part of a figure has lines of its own, whatever it says: what is below must not move.
 * @param isOfHours a line may say of which hours it is
 */
function Figure({
  figure,
  compared,
  isOfHours,
}: {
  figure: HeadlineFigure;
  compared: boolean;
  isOfHours: boolean;
}) {
  const { digits, unit } =
    figure.now === null ? { digits: NO_VALUE, unit: '' } : show(figure.now, figure.quantity);
  return (
    <div className="border-l border-line pr-2 pl-4 first:border-l-0 first:pl-0 max-rail:sm:nth-[3n+1]:border-l-0 max-rail:sm:nth-[3n+1]:pl-0 max-sm:odd:border-l-0 max-sm:odd:pl-0">
      <dt className="truncate text-muted" title={figure.title}>
        {figure.label}
      </dt>
      <dd>
        <div className="tabular text-figure font-medium tracking-tight whitespace-nowrap">
          {digits}
          {unit ? (
            <span className="ml-1 text-[16px] font-normal tracking-normal text-muted">{unit}</span>
          ) : null}
        </div>
        <div className="tabular flex gap-x-2 max-rail:min-h-9 max-rail:flex-col rail:flex-wrap rail:items-center">
          {compared ? <ChangeText figure={figure} /> : null}
          <span className="text-axis whitespace-nowrap text-muted">{figure.detail}</span>
        </div>
        {isOfHours ? <div className="tabular text-axis text-muted max-rail:min-h-8">{figure.of}</div> : null}
      </dd>
    </div>
  );
}

/** A change below this is said, but not colored: traffic moves that much from any day to the next. */
const SLIGHT = 0.01;
const CHANGE_COLOR: Partial<Record<Change['direction'], string>> = { rise: 'text-rise', fall: 'text-fall' };

function ChangeText({ figure }: { figure: HeadlineFigure }) {
  if (figure.incomparable) {
    return (
      <span className="text-muted" title={figure.incomparable}>
        not comparable
      </span>
    );
  }
  const { change: relative } = figure;
  const change = relative === null ? formatChange(figure.now, figure.before) : formatChange(1 + relative, 1);
  const was = `was ${formatValue(figure.before, figure.quantity)}`;
  const slight = relative !== null && Math.abs(relative) < SLIGHT;
  const color = slight ? 'text-muted' : (CHANGE_COLOR[change.direction] ?? 'text-muted');
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap ${color}`} title={was}>
      {change.direction === 'rise' ? <TrendingUp aria-hidden="true" className="size-3.5" /> : null}
      {change.direction === 'fall' ? <TrendingDown aria-hidden="true" className="size-3.5" /> : null}
      {change.text}
      <span className="sr-only">, {was}</span>
    </span>
  );
}

function HeadlineSkeleton() {
  return (
    <div className={ROOM}>
      {['volume', 'mean', 'p95', 'addresses', 'magnitude'].map((key) => (
        <div key={key} className="flex flex-col gap-1.5 pr-4">
          <div className="skeleton h-4 w-24" />
          <div className="skeleton h-8 w-32" />
          <div className="skeleton h-4 w-28" />
        </div>
      ))}
    </div>
  );
}
