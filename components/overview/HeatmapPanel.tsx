'use client';

import { useTheme } from 'next-themes';
import { useMemo, useState } from 'react';
import { GroupHeatmap } from '@/components/charts/GroupHeatmap';
import { GroupRamp } from '@/components/charts/GroupRamp';
import { AnswerPanel } from '@/components/panel/AnswerPanel';
import { PanelBody } from '@/components/panel/PanelBody';
import { Segmented } from '@/components/ui/Segmented';
import { saveFile } from '@/components/ui/saveFile';
import { heatNotes } from '@/lib/charts/heatNotes';
import { type GroupHeatmapModel, prepareGroupHeatmap } from '@/lib/charts/prepareGroupHeatmap';
import { type RegionTypeMeasure, regionTypeGroups } from '@/lib/charts/regionTypeGroups';
import { exploreLink } from '@/lib/flows/exploreState';
import { narrowTo } from '@/lib/flows/filter/edit';
import { isNetworkType } from '@/lib/flows/networkTypes';
import type { Scope } from '@/lib/flows/scope';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { useScope, useView } from '@/lib/hooks/useScope';
import { LazyHeatmapTable } from './LazyTables';
import { directionText, fileName, headLines } from './scopeText';

const TITLE = 'Which regions talk to what?';

const MEASURES = [
  { value: 'volume', label: 'Volume', title: 'All bytes of the range' },
  { value: 'traffic', label: 'Rate', title: 'Bits divided by covered seconds' },
  { value: 'uniqueness', label: 'Addresses', title: 'Distinct remote addresses' },
  { value: 'magnitude', label: 'Per address', title: 'Volume in bits divided by distinct remote addresses' },
] as const;

const AGGREGATE: Record<RegionTypeMeasure, (bits: boolean) => string> = {
  volume: (bits) => `Volume · sum · ${bits ? 'bits' : 'bytes'}`,
  traffic: (bits) => `Traffic · mean of the covered time · ${bits ? 'bit/s' : 'B/s'}`,
  uniqueness: () => 'Uniqueness · distinct remote addresses',
  magnitude: () => 'Magnitude · volume / addresses · bits per address',
};

/** Network type x region: real cells with numbers, of any of the four measures. */
export function HeatmapPanel(props: { scope: Scope }) {
  const { scope } = props;
  const { setScope } = useScope();
  const { view, setView } = useView();
  const [asTable, setAsTable] = useState(false);
  const { resolvedTheme } = useTheme();
  const query = useQuestion(questions.regionTypeHeatmap, scope);
  const answer = query.data;
  const model = useMemo(
    () =>
      answer
        ? prepareGroupHeatmap(regionTypeGroups(answer.rows, view.measure), {
            measure: view.measure,
            scale: view.scale ?? 'auto',
            unit: view.unit,
            delta: false,
          })
        : null,
    [answer, view.measure, view.scale, view.unit],
  );
  const subtitle = `${AGGREGATE[view.measure](view.unit === 'bits')} · ${directionText(scope.direction)} · ${scope.zone}`;
  const lines =
    answer && model ? heatNotes(model, regionTypeGroups(answer.rows, view.measure), answer.meta, false) : [];
  const narrow = (type: string | null, region: string | null) => {
    if (region === null || type === null || !isNetworkType(type)) return;
    setScope({ filters: narrowTo(narrowTo(scope.filters, 'region', region), 'type', type) });
  };
  const saveCsv = () => {
    if (!answer) return;
    // What only a file needs is loaded when one is saved.
    void import('@/lib/charts/csv').then(({ HEATMAP_DEFINITION, heatmapCsv }) => {
      const text = heatmapCsv(answer.rows, {
        title: TITLE,
        lines: headLines(scope, answer.meta, [HEATMAP_DEFINITION]),
      });
      saveFile(
        fileName('region-by-type', answer.meta, 'csv'),
        new Blob([text], { type: 'text/csv;charset=utf-8' }),
      );
    });
  };
  const savePng = () => {
    if (!answer || !model) return;
    const theme = resolvedTheme === 'dark' ? 'dark' : 'light';
    void import('@/components/heatmaps/groupHeatmapPng').then(async ({ groupHeatmapPng }) => {
      const { meta } = answer;
      const blob = await groupHeatmapPng({
        model,
        title: TITLE,
        subtitle,
        filters: scope.filters,
        notes: lines,
        meta,
        theme,
      });
      saveFile(fileName('region-by-type', answer.meta, 'png'), blob);
    });
  };

  return (
    <AnswerPanel
      id="regions"
      title={TITLE}
      subtitle={subtitle}
      query={query}
      meta={answer?.meta}
      controls={
        <>
          <Segmented
            label="Measure"
            value={view.measure}
            options={MEASURES}
            onChange={(measure) => setView({ measure: measure === 'volume' ? null : measure })}
          />
          <Segmented
            label="Color scale"
            value={model?.scale === 'log' ? 'log' : 'linear'}
            options={[
              { value: 'linear', label: 'Linear' },
              { value: 'log', label: 'Log' },
            ]}
            onChange={(scale) => setView({ scale })}
          />
        </>
      }
      files={{
        asTable,
        onTable: setAsTable,
        onCsv: saveCsv,
        onPng: savePng,
        explore: exploreLink(scope, {
          by: ['type', 'region'],
          visual: 'heatmap',
          measure: view.measure === 'volume' ? 'traffic' : view.measure,
          top: 12,
        }),
      }}
    >
      <PanelBody query={query} height="min-h-[404px] sm:min-h-[366px]" skeleton={<HeatmapSkeleton />}>
        {(shown) =>
          model === null ? null : asTable ? (
            <LazyHeatmapTable rows={shown.rows} caption={`${TITLE} All measures, exact`} />
          ) : model.columns.length === 0 ? (
            <p className="flex h-[250px] items-center justify-center text-muted">
              No region saw traffic in this range: every cell would be empty.
            </p>
          ) : (
            <>
              <GroupHeatmap
                model={model}
                caption={`${TITLE} ${subtitle}`}
                canPick
                onPick={(row, column) => narrow(row.key, column.key)}
              />
              <HeatmapFoot model={model} lines={lines} />
            </>
          )
        }
      </PanelBody>
    </AnswerPanel>
  );
}

function HeatmapFoot({ model, lines }: { model: GroupHeatmapModel; lines: readonly string[] }) {
  return (
    <div className="mt-2 flex min-h-4 flex-wrap items-center justify-between gap-x-6 gap-y-1 text-axis text-muted">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 sm:min-w-0 sm:flex-1">
        {model.thinCells > 0 ? (
          <span className="flex items-center gap-1.5">
            <span aria-hidden="true" className="hatch block h-3 w-5 rounded-[2px] border border-line" />
            fewer than 400 sampled packets: error of 10 % and more
          </span>
        ) : null}
        {lines.map((line) => (
          <span key={line}>{line}</span>
        ))}
      </div>
      <GroupRamp model={model} />
    </div>
  );
}

function HeatmapSkeleton() {
  return (
    <div className="flex flex-col gap-[2px] pt-6" aria-hidden="true">
      {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => (
        <div key={key} className="skeleton h-8" />
      ))}
    </div>
  );
}
