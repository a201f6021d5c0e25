'use client';

import { useTheme } from 'next-themes';
import { type ReactNode, useMemo, useState } from 'react';
import { GroupHeatmap } from '@/components/charts/GroupHeatmap';
import { GroupRamp } from '@/components/charts/GroupRamp';
import { ModelTable } from '@/components/data/ModelTable';
import { type KnownOfData, NothingKnown } from '@/components/overview/NothingKnown';
import { directionText, fileName, headLines } from '@/components/overview/scopeText';
import { AnsweredBy, isWithoutData } from '@/components/panel/AnsweredBy';
import { AnswerPanel } from '@/components/panel/AnswerPanel';
import { PanelBody } from '@/components/panel/PanelBody';
import { saveFile } from '@/components/ui/saveFile';
import { groupHeatmapTable } from '@/lib/charts/groupHeatmapTable';
import { heatNotes } from '@/lib/charts/heatNotes';
import {
  type ColorScaleChoice,
  type GroupHeatmapModel,
  type HeatLine,
  prepareGroupHeatmap,
} from '@/lib/charts/prepareGroupHeatmap';
import { tableCsv } from '@/lib/charts/tableModel';
import { isCalendarPart } from '@/lib/flows/calendarParts';
import { HEATMAPS, type HeatmapMeasure, type HeatmapName } from '@/lib/flows/heatmapState';
import { narrowScope } from '@/lib/flows/narrowScope';
import type { Scope } from '@/lib/flows/scope';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { useScope, useView } from '@/lib/hooks/useScope';
import { aggregateOf, axesText, DEFINITION } from './heatmapWords';

/** One heatmap of any two axes and any measure, with its table and files. */
export function GroupHeatmapPanel(props: {
  id: string;
  title: string;
  scope: Scope;
  heatmap: HeatmapName;
  measure: HeatmapMeasure;
  scale: ColorScaleChoice;
  delta: boolean;
  /** several stand side by side */
  dense?: boolean;
  /** it stands beside another of the same scope, which says already what is true of both */
  beside?: boolean;
  status: KnownOfData;
}) {
  const { scope, heatmap, measure, title } = props;
  const { setScope } = useScope();
  const { view } = useView();
  const [asTable, setAsTable] = useState(false);
  const { resolvedTheme } = useTheme();
  const dense = props.dense ?? false;
  const axes = HEATMAPS[heatmap];
  const query = useQuestion(questions.exploreGroups, scope, false, {
    by: axes.join(','),
    measure: measure === 'volume' ? undefined : measure,
    delta: props.delta ? '1' : undefined,
  });
  const answer = query.data;
  const model = useMemo(() => {
    // While another pair of axes is on its way, the old answer is drawn by what it is of.
    return answer && answer.rows.axes.length === 2
      ? prepareGroupHeatmap(answer.rows, { measure, unit: view.unit, scale: props.scale, delta: props.delta })
      : null;
  }, [answer, measure, view.unit, props.scale, props.delta]);
  const aggregate = aggregateOf(measure, view.unit === 'bits', answer?.rows.p95 ?? null);
  const subtitle = `${aggregate} · ${axesText(heatmap)} · ${directionText(scope.direction)} · ${scope.zone}`;
  const pick = (row: HeatLine, column: HeatLine) => {
    if (!answer || !model) return;
    const keys = [
      { by: model.rowAxis, key: row.key ?? '' },
      { by: model.columnAxis, key: column.key ?? '' },
    ];
    const change = narrowScope(scope, answer.meta, keys);
    if (change) setScope(change);
  };
  const name = `${measure}-${heatmap}`;
  const saveCsv = () => {
    if (!answer || !model) return;
    const text = tableCsv(groupHeatmapTable(model), {
      title: `${title} ${subtitle}`,
      lines: headLines(scope, answer.meta, [DEFINITION, ...heatNotes(model, answer.rows, answer.meta, true)]),
    });
    saveFile(fileName(name, answer.meta, 'csv'), new Blob([text], { type: 'text/csv;charset=utf-8' }));
  };
  const savePng = () => {
    if (!answer || !model) return;
    const theme = resolvedTheme === 'dark' ? 'dark' : 'light';
    void import('./groupHeatmapPng').then(async ({ groupHeatmapPng }) => {
      const { meta, rows } = answer;
      const notes = heatNotes(model, rows, meta, props.delta);
      const { filters } = scope;
      const blob = await groupHeatmapPng({ model, title, subtitle, filters, notes, meta, theme });
      saveFile(fileName(name, answer.meta, 'png'), blob);
    });
  };
  const canPick = axes.some((axis) => !isCalendarPart(axis) || axis === 'month' || axis === 'day');

  return (
    <AnswerPanel
      id={props.id}
      title={title}
      subtitle={dense ? aggregate : subtitle}
      query={query}
      meta={answer?.meta}
      controls={null}
      answeredBelow={dense}
      files={{
        asTable,
        onTable: setAsTable,
        onCsv: saveCsv,
        onPng: savePng,
      }}
    >
      <PanelBody query={query} height="min-h-[340px]" skeleton={<HeatmapSkeleton />}>
        {(shown) =>
          model === null ? null : isWithoutData(shown.meta) && shown.rows.cells.length === 0 ? (
            <NothingKnown status={props.status} zone={shown.meta.zone} />
          ) : model.rows.length === 0 || model.columns.length === 0 ? (
            <p className="flex h-[250px] items-center justify-center text-muted">
              Nothing crossed the boundary in this scope: every cell would be empty.
            </p>
          ) : asTable ? (
            <ModelTable model={groupHeatmapTable(model)} caption={`${title} ${subtitle}`} />
          ) : (
            <>
              <GroupHeatmap
                model={model}
                caption={`${title} ${subtitle}`}
                dense={dense}
                canPick={canPick}
                onPick={pick}
              />
              <Foot
                model={model}
                lines={heatNotes(model, shown.rows, shown.meta, props.delta)}
                notes={shown.meta.notes.filter(({ code }) => !props.beside || code !== 'types_changed')}
                answeredBy={dense ? <AnsweredBy meta={shown.meta} /> : null}
              />
            </>
          )
        }
      </PanelBody>
    </AnswerPanel>
  );
}

function Foot(props: {
  model: GroupHeatmapModel;
  lines: readonly string[];
  notes: readonly { code: string; text: string }[];
  /** where it stands here, the scale and it come first: in one line with those beside it, and not moved by notes that come and go */
  answeredBy: ReactNode;
}) {
  const { model, answeredBy } = props;
  return (
    <div
      className={`mt-2 flex min-h-4 flex-wrap gap-x-6 gap-y-1 text-axis text-muted ${answeredBy === null ? 'items-center justify-between' : 'flex-col-reverse items-start'}`}
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 sm:min-w-0 sm:flex-1">
        {model.thinCells > 0 ? (
          <span className="flex items-center gap-1.5">
            <span aria-hidden="true" className="hatch block h-3 w-5 rounded-[2px] border border-line" />
            fewer than 400 sampled packets: error of 10 % and more
          </span>
        ) : null}
        {props.lines.map((line) => (
          <span key={line}>{line}</span>
        ))}
        {props.notes.map(({ code, text }) => (
          <span key={code}>{text}</span>
        ))}
      </div>
      {answeredBy}
      <GroupRamp model={model} />
    </div>
  );
}

function HeatmapSkeleton() {
  return (
    <div className="flex flex-col gap-[2px] pt-6" aria-hidden="true">
      {['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => (
        <div key={key} className="skeleton h-10" />
      ))}
    </div>
  );
}
