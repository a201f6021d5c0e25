'use client';

import { useTheme } from 'next-themes';
import { useEffect, useMemo, useState } from 'react';
import { answerPng } from '@/components/charts/answerPng';
import { GroupHeatmap } from '@/components/charts/GroupHeatmap';
import { GroupRamp } from '@/components/charts/GroupRamp';
import { Sankey } from '@/components/charts/Sankey';
import { SankeyTable } from '@/components/charts/SankeyTable';
import { ModelTable } from '@/components/data/ModelTable';
import { type KnownOfData, NothingKnown } from '@/components/overview/NothingKnown';
import { directionText, fileName, headLines } from '@/components/overview/scopeText';
import { isWithoutData } from '@/components/panel/AnsweredBy';
import { AnswerPanel } from '@/components/panel/AnswerPanel';
import { PanelBody } from '@/components/panel/PanelBody';
import { Waiting } from '@/components/panel/Waiting';
import { saveFile } from '@/components/ui/saveFile';
import { axisName } from '@/lib/charts/axisLabel';
import { formatValue } from '@/lib/charts/format';
import { groupHeatmapTable } from '@/lib/charts/groupHeatmapTable';
import { groupsSankey } from '@/lib/charts/groupsSankey';
import { heatNotes } from '@/lib/charts/heatNotes';
import { type HeatLine, prepareGroupHeatmap, quantityOf } from '@/lib/charts/prepareGroupHeatmap';
import { type SankeyModel, type SankeyPick, sankeyTable } from '@/lib/charts/prepareSankey';
import { tableCsv } from '@/lib/charts/tableModel';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { GroupMeasure, GroupRows } from '@/lib/flows/contracts/exploreGroups';
import type { ExploreState } from '@/lib/flows/exploreState';
import { narrowScope } from '@/lib/flows/narrowScope';
import { resolveRange, type Scope } from '@/lib/flows/scope';
import { questions } from '@/lib/hooks/questions';
import { useAnswered } from '@/lib/hooks/useAnswered';
import { useCancel } from '@/lib/hooks/useCancel';
import { useDashboardClock } from '@/lib/hooks/usePageClock';
import { useProgress } from '@/lib/hooks/useProgress';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { useScope, useView } from '@/lib/hooks/useScope';
import { DEFINITIONS, measureLabel, questionText } from './exploreWords';
import { Ways } from './ways';

/** Bands of a Sankey add up, so they are volume; cells of a heatmap are rates, as on every other picture of traffic. */
function askedMeasure(measure: ExploreState['measure'], kind: 'sankey' | 'heatmap'): GroupMeasure {
  return measure === 'traffic' && kind === 'sankey' ? 'volume' : measure;
}

/** Sums of a Sankey, with their unit. */
const SUMS = {
  bits: { label: 'Volume', definition: 'bytes of the range, exact', csv: 'bytes' },
  packets: { label: 'Packets', definition: 'packets of the range, exact', csv: 'packets' },
  flowRecords: { label: 'Flow records', definition: 'flow records of the range', csv: 'flow_records' },
} as const;

/** Groups against groups over the whole range: as bands between columns, or as cells. */
export function GroupsPanel(props: {
  scope: Scope;
  state: ExploreState;
  setState: (change: Partial<ExploreState>) => void;
  kind: 'sankey' | 'heatmap';
  /** whether the colors of the heatmap are logarithmic, as chosen or as its values ask for */
  onLog: (isLog: boolean) => void;
  status: KnownOfData;
}) {
  const { scope, state, setState, kind, onLog } = props;
  const { setScope } = useScope();
  const { view } = useView();
  const { at } = useDashboardClock();
  const { resolvedTheme } = useTheme();
  const [asTable, setAsTable] = useState(false);
  const { by, top } = state;
  const measure = askedMeasure(state.measure, kind);
  const options = useMemo(
    () => ({ by: by.join(','), measure: measure === 'volume' ? undefined : measure, top: String(top) }),
    [by, measure, top],
  );
  const asked = useMemo(() => ({ measure, by, scope, kind }), [measure, by, scope, kind]);
  const query = useQuestion(questions.exploreGroups, scope, false, options);
  const cancel = useCancel(questions.exploreGroups, scope, options);
  const progress = useProgress(questions.exploreGroups, scope, options, query.isFetching);
  const answered = useAnswered(query, asked);
  const of = answered?.asked ?? asked;
  const answer = answered?.answer;
  const { unit, scale } = view;
  const heatmap = useMemo(
    () =>
      answer && of.kind === 'heatmap' && answer.rows.axes.length === 2
        ? prepareGroupHeatmap(answer.rows, {
            measure: of.measure,
            unit,
            scale: scale ?? 'auto',
            delta: false,
          })
        : null,
    [answer, of, unit, scale],
  );
  const isLog = heatmap?.scale === 'log';
  useEffect(() => onLog(isLog), [isLog, onLog]);
  const sankey = useMemo(
    () => (answer && of.kind === 'sankey' ? groupsSankey(answer.rows, sumText(of.measure, unit)) : null),
    [answer, of, unit],
  );

  const title = questionText(state.measure, of.by, of.scope.direction);
  const what = of.measure === 'volume' ? `Volume \u00b7 sum \u00b7 ${unit}` : measureLabel(state.measure);
  const subtitle = answer
    ? `${what} \u00b7 ${of.kind === 'sankey' ? '' : `${formatUnit(of.measure, unit)} \u00b7 `}${directionText(of.scope.direction)} \u00b7 ${answer.meta.zone}`
    : '\u00a0';
  const name = `${of.measure}-${of.kind}-by-${of.by.join('-')}`;
  const sums = SUMS[state.measure === 'packets' || state.measure === 'flowRecords' ? state.measure : 'bits'];
  const table = sankey ? sankeyTable(sankey, sums) : heatmap ? groupHeatmapTable(heatmap) : null;
  const saveCsv = () => {
    if (!answer || !table) return;
    const head = {
      title: `${title} ${subtitle}`,
      lines: headLines(of.scope, answer.meta, [DEFINITIONS[state.measure]]),
    };
    const text = tableCsv(table, head);
    saveFile(fileName(name, answer.meta, 'csv'), new Blob([text], { type: 'text/csv;charset=utf-8' }));
  };
  const savePng = () => {
    if (!answer) return;
    const theme = resolvedTheme === 'dark' ? 'dark' : 'light';
    const { filters } = of.scope;
    const save = (blob: Blob) => saveFile(fileName(name, answer.meta, 'png'), blob);
    if (heatmap) {
      void import('@/components/heatmaps/groupHeatmapPng').then(async ({ groupHeatmapPng }) =>
        save(
          await groupHeatmapPng({
            model: heatmap,
            title,
            subtitle,
            filters,
            notes: heatNotes(heatmap, answer.rows, answer.meta, false),
            meta: answer.meta,
            theme,
          }),
        ),
      );
    }
    if (sankey) {
      void import('@/components/charts/sankeyPicture').then(async ({ sankeyPicture }) => {
        const paint = (_: unknown, font: string) => sankeyPicture(sankey, theme, font);
        const notes = cutTexts(answer.rows);
        save(await answerPng({ paint, title, subtitle, filters, notes, meta: answer.meta, theme }));
      });
    }
  };
  const narrow = (keys: readonly { by: (typeof of.by)[number]; key: string }[]) => {
    const change = answer ? narrowScope(scope, answer.meta, keys) : null;
    if (change) setScope(change);
  };
  const pickNodes = (picks: readonly SankeyPick[]) =>
    narrow(
      picks.flatMap(({ dimensionIndex, key }) => {
        const dimension = of.by[dimensionIndex];
        return dimension === undefined ? [] : [{ by: dimension, key }];
      }),
    );
  const pickCell = (row: HeatLine, column: HeatLine) =>
    narrow(
      [row.key, column.key].flatMap((key, i) => {
        const dimension = of.by[i];
        return key === null || dimension === undefined ? [] : [{ by: dimension, key }];
      }),
    );

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
      }}
    >
      <PanelBody
        query={query}
        height="min-h-[460px]"
        skeleton={<span className="skeleton" aria-hidden="true" />}
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
          answer === undefined ? null : isWithoutData(answer.meta) && answer.rows.cells.length === 0 ? (
            <NothingKnown status={props.status} zone={answer.meta.zone} />
          ) : answer.rows.cells.length === 0 ? (
            <p className="flex h-[300px] items-center justify-center text-muted">
              Nothing crossed the boundary in this scope: widen the range or take a filter away.
            </p>
          ) : (
            <>
              {sankey ? (
                <SankeyBody
                  model={sankey}
                  asTable={asTable}
                  caption={`${title} ${subtitle}`}
                  onPick={pickNodes}
                />
              ) : heatmap === null ? null : asTable ? (
                <ModelTable model={groupHeatmapTable(heatmap)} caption={`${title} ${subtitle}`} />
              ) : (
                <>
                  <GroupHeatmap model={heatmap} caption={`${title} ${subtitle}`} canPick onPick={pickCell} />
                  <div className="mt-2 flex justify-end">
                    <GroupRamp model={heatmap} />
                  </div>
                </>
              )}
              <Foot answer={answer} />
            </>
          )
        }
      </PanelBody>
    </AnswerPanel>
  );
}

function SankeyBody(props: {
  model: SankeyModel;
  asTable: boolean;
  caption: string;
  onPick: (picks: readonly SankeyPick[]) => void;
}) {
  return props.asTable ? (
    <div className="h-[520px]">
      <SankeyTable model={props.model} caption={props.caption} onPick={props.onPick} />
    </div>
  ) : (
    <Sankey model={props.model} label={props.caption} onPick={props.onPick} />
  );
}

/** "country: 8 of 28 are named, the rest is Other.", for each grouping that has more than it names. */
function cutTexts({ axes }: GroupRows): string[] {
  return axes
    .filter(({ keys, found, foundAtLeast }) => foundAtLeast || found > keys.length)
    .map(
      ({ by, keys, found, foundAtLeast }) =>
        `${axisName(by)}: ${keys.length} of ${foundAtLeast ? 'at least ' : ''}${found.toLocaleString('en-US')} are named, the rest is Other.`,
    );
}

function Foot({ answer }: { answer: Answer<GroupRows> }) {
  return (
    <div className="mt-3 flex min-h-4 flex-col gap-0.5 text-axis text-muted">
      {cutTexts(answer.rows).map((text) => (
        <p key={text}>{text}</p>
      ))}
      {answer.meta.notes.map(({ code, text }) => (
        <p key={code}>{text}</p>
      ))}
    </div>
  );
}

function sumText(measure: GroupMeasure, unit: 'bits' | 'bytes'): (sum: bigint) => string {
  if (measure !== 'volume') return (sum) => formatValue(Number(sum), 'count');
  return unit === 'bits'
    ? (sum) => formatValue(Number(sum * 8n), 'bit')
    : (sum) => formatValue(Number(sum), 'B');
}

function formatUnit(measure: GroupMeasure, unit: 'bits' | 'bytes'): string {
  const quantity = quantityOf({ measure, unit });
  return quantity === 'count' ? 'distinct remote addresses' : quantity;
}
