'use client';

import { useTheme } from 'next-themes';
import { useCallback, useMemo, useState } from 'react';
import { type KnownOfData, NothingKnown } from '@/components/overview/NothingKnown';
import { directionText, fileName, headLines } from '@/components/overview/scopeText';
import { AnswerPanel } from '@/components/panel/AnswerPanel';
import { PanelBody } from '@/components/panel/PanelBody';
import { Waiting } from '@/components/panel/Waiting';
import { Button } from '@/components/ui/Button';
import { saveFile } from '@/components/ui/saveFile';
import { keptColors, type ThemeColors } from '@/lib/charts/categories';
import { namesFrom } from '@/lib/charts/keyLabel';
import { keysToColor, prepareSeries } from '@/lib/charts/prepareSeries';
import { seriesCsv, seriesCsvColumns } from '@/lib/charts/seriesCsv';
import { changeWords, prepareSeriesTable } from '@/lib/charts/seriesTable';
import { tableCsv } from '@/lib/charts/tableModel';
import { rangeText } from '@/lib/charts/timeText';
import { stepsFor, whyNotMirror, whyNotP95, whyNotVisual } from '@/lib/flows/exploreControls';
import { type ExploreState, visualFor } from '@/lib/flows/exploreState';
import { resolveRange, type Scope } from '@/lib/flows/scope';
import { questions } from '@/lib/hooks/questions';
import { useAnswered } from '@/lib/hooks/useAnswered';
import { useCancel } from '@/lib/hooks/useCancel';
import { useDashboardClock } from '@/lib/hooks/usePageClock';
import { useProgress } from '@/lib/hooks/useProgress';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { useScope, useView } from '@/lib/hooks/useScope';
import { comparedText, DEFINITIONS, measureLine, questionText } from './exploreWords';
import { CHART, GRID, SeriesBody, type SeriesBodyProps } from './SeriesBody';
import { useGroupActions } from './useGroupActions';
import { Ways } from './ways';

/** A measure over time by groups: asked, drawn, and saved. */
export function SeriesPanel(props: {
  scope: Scope;
  state: ExploreState;
  setState: (change: Partial<ExploreState>) => void;
  status: KnownOfData;
}) {
  const { scope, state, setState } = props;
  const { setScope } = useScope();
  const { view } = useView();
  const { at } = useDashboardClock();
  const { resolvedTheme } = useTheme();
  const [asTable, setAsTable] = useState(false);
  const { measure, by, top, step } = state;
  const mirror = state.mirror && whyNotMirror(state, scope.direction) === null;
  // The address of a question is the same as long as this is.
  const options = useMemo(
    () => ({
      measure: measure === 'traffic' ? undefined : measure,
      by: by.length === 0 ? undefined : by.join(','),
      top: String(top),
      mirror: mirror ? '1' : undefined,
      step: step !== null && stepsFor(measure).includes(step) ? step : undefined,
    }),
    [measure, by, top, mirror, step],
  );
  const asked = useMemo(() => ({ measure, by, scope }), [measure, by, scope]);
  const query = useQuestion(questions.exploreOverTime, scope, false, options);
  const cancel = useCancel(questions.exploreOverTime, scope, options);
  const progress = useProgress(questions.exploreOverTime, scope, options, query.isFetching);
  const answered = useAnswered(query, asked);
  const colors = useKeptColors(answered);
  const model = useMemo(
    () =>
      answered
        ? prepareSeries(answered.answer.rows, answered.answer.meta, {
            measure: answered.asked.measure,
            by: answered.asked.by,
            unit: view.unit,
            now: answered.at,
            colors,
          })
        : null,
    [answered, colors, view.unit],
  );
  const hide = useCallback((keys: readonly string[]) => setState({ hidden: keys }), [setState]);
  const filtersOf = useGroupActions(model);
  const zoom = useCallback(
    (from: number, to: number) => setScope({ range: { kind: 'absolute', from, to } }),
    [setScope],
  );

  const refusal = whyNotVisual(state.visual, { measure, by });
  const wanted = state.visual === 'sankey' || state.visual === 'heatmap' ? 'auto' : state.visual;
  const { drawn, why } = visualFor(
    { visual: wanted, measure: answered?.asked.measure ?? measure },
    model?.halves[0]?.series.length ?? 0,
    model?.buckets.length ?? 2,
  );
  const isLog = view.scale === 'log' && !mirror;
  const look = useMemo<SeriesBodyProps['look']>(
    () => ({
      kind:
        drawn === 'share'
          ? 'share'
          : drawn === 'lines' || (drawn === 'multiples' && (isLog || model?.stacks === false))
            ? 'lines'
            : 'area',
      log: isLog,
      p95: state.p95 && whyNotP95({ measure, visual: wanted }) === null,
    }),
    [drawn, isLog, model?.stacks, state.p95, measure, wanted],
  );

  const answer = answered?.answer;
  const shownAsked = answered?.asked ?? asked;
  const title = questionText(shownAsked.measure, shownAsked.by, shownAsked.scope.direction);
  const subtitle =
    answer && model
      ? measureLine(
          { measure: model.measure, unit: model.quantity, isShare: look.kind === 'share' },
          answer.meta,
          directionText(shownAsked.scope.direction),
        )
      : '\u00a0';
  const name = `${shownAsked.measure}-by-${shownAsked.by.join('-') || 'total'}`;
  const saveCsv = () => {
    if (!answer || !model) return;
    const compared = comparedText(model, answer.meta.zone);
    const isGroups = drawn === 'table' && !asTable;
    const lines = headLines(shownAsked.scope, answer.meta, [
      DEFINITIONS[model.measure],
      ...(isGroups ? [] : seriesCsvColumns(model.measure)),
      ...(compared === null ? [] : [compared]),
      ...(isGroups && model.compared ? [`change: ${changeWords(model)}`] : []),
    ]);
    const head = { title: `${title} ${subtitle}`, lines };
    const text = isGroups
      ? tableCsv(prepareSeriesTable(model, namesFrom(answer.rows.names)), head)
      : seriesCsv(answer.rows, { measure: model.measure, by: model.by, zone: answer.meta.zone }, head);
    saveFile(fileName(name, answer.meta, 'csv'), new Blob([text], { type: 'text/csv;charset=utf-8' }));
  };
  const savePng = () => {
    if (!answer || !model) return;
    const theme = resolvedTheme === 'dark' ? 'dark' : 'light';
    const multiples = drawn === 'multiples' ? { own: state.own } : null;
    void import('./seriesPng').then(async ({ seriesPng }) => {
      const blob = await seriesPng({
        title,
        subtitle,
        filters: shownAsked.scope.filters,
        model,
        compared: model.compared && rangeText(model.compared.from, model.compared.to, answer.meta.zone),
        view: { ...look, hidden: new Set(state.hidden) },
        multiples,
        meta: answer.meta,
        theme,
      });
      saveFile(fileName(name, answer.meta, 'png'), blob);
    });
  };
  const isGivenUp =
    query.fetchStatus === 'idle' &&
    query.error === null &&
    (query.isPlaceholderData || query.data === undefined);

  return (
    <AnswerPanel
      id="explore"
      title={title}
      subtitle={subtitle}
      query={query}
      meta={answer?.meta}
      controls={
        <Waiting
          busy={query.isFetching}
          asked={JSON.stringify([options, scope])}
          progress={progress}
          onCancel={cancel}
        />
      }
      files={{
        asTable,
        onTable: setAsTable,
        onCsv: saveCsv,
        onPng: savePng,
        noPng: drawn === 'table' || drawn === 'numbers' ? 'Tables and numbers are saved as CSV' : undefined,
      }}
    >
      {isGivenUp ? <GivenUp onAgain={() => void query.refetch()} isOld={model !== null} /> : null}
      {isGivenUp && model === null ? null : (
        <PanelBody
          query={query}
          height="min-h-[380px]"
          skeleton={<SeriesSkeleton />}
          actions={(error) => (
            <Ways
              error={error}
              by={by}
              to={resolveRange(scope, at).to}
              onBy={(next) => setState({ by: next })}
              onRange={(range) => setScope({ range })}
            />
          )}
        >
          {() =>
            model === null || answer === undefined ? null : model.nothing ? (
              <NothingKnown status={props.status} zone={answer.meta.zone} />
            ) : (
              <SeriesBody
                model={model}
                answer={answer}
                drawn={drawn}
                look={look}
                written={state.hidden}
                own={state.own}
                asTable={asTable}
                caption={`${title} ${subtitle}`}
                why={refusal ?? why}
                filtersOf={filtersOf}
                onHide={hide}
                onZoom={zoom}
              />
            )
          }
        </PanelBody>
      )}
    </AnswerPanel>
  );
}

type Known = NonNullable<ReturnType<typeof useAnswered<Parameters<typeof keysToColor>[0], Asked>>>;
interface Asked {
  readonly by: ExploreState['by'];
}

/** Colors that keys have had since the page was opened, as long as the dimensions are the same. */
function useKeptColors(answered: Pick<Known, 'asked' | 'answer'> | null): ReadonlyMap<string, ThemeColors> {
  const by = answered?.asked.by.join() ?? '';
  const [kept, setKept] = useState<{ by: string; colors: ReadonlyMap<string, ThemeColors> }>({
    by,
    colors: new Map(),
  });
  if (answered === null) return kept.colors;
  const before = kept.by === by ? kept.colors : new Map<string, ThemeColors>();
  const keys = keysToColor(answered.answer.rows, answered.asked.by);
  if (kept.by === by && keys.every((key) => before.has(key))) return before;
  const colors = keptColors(before, keys);
  setKept({ by, colors });
  return colors;
}

/** A question that was given up can be asked again. */
function GivenUp({ onAgain, isOld }: { onAgain: () => void; isOld: boolean }) {
  return (
    <p role="status" className="mb-2 flex flex-wrap items-center gap-2 text-muted">
      Cancelled. {isOld ? 'What stands here answers the question before.' : 'Nothing has been answered yet.'}
      <Button onClick={onAgain}>Ask again</Button>
    </p>
  );
}

function SeriesSkeleton() {
  return (
    <div className={GRID} aria-hidden="true">
      <div className={`${CHART} flex h-[380px] flex-col justify-between pt-[22px] pb-[26px] pl-[46px]`}>
        {['e', 'd', 'c', 'b', 'a'].map((key) => (
          <div key={key} className="h-px bg-line" />
        ))}
      </div>
      <div className="flex min-w-0 flex-col gap-3 pt-2">
        {['h', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'i', 'j'].map((key) => (
          <div key={key} className="skeleton h-4" />
        ))}
      </div>
    </div>
  );
}
