'use client';

import { useTheme } from 'next-themes';
import { useCallback, useMemo, useState } from 'react';
import { AnswerPanel } from '@/components/panel/AnswerPanel';
import { PanelBody } from '@/components/panel/PanelBody';
import { Segmented } from '@/components/ui/Segmented';
import { saveFile } from '@/components/ui/saveFile';
import { prepareStackedArea } from '@/lib/charts/prepareStackedArea';
import { exploreLink } from '@/lib/flows/exploreState';
import type { Scope } from '@/lib/flows/scope';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { useScope, useView } from '@/lib/hooks/useScope';
import { type KnownOfData, NothingKnown } from './NothingKnown';
import { directionText, fileName, headLines } from './scopeText';
import { CHART, GRID, TrafficPicture } from './TrafficPicture';

const TITLE = 'Where does traffic go?';

/** Stacked area of traffic by network type, with its legend, table and files. */
export function TrafficPanel(props: { scope: Scope; status: KnownOfData }) {
  const { scope } = props;
  const { setScope } = useScope();
  const { view, setView } = useView();
  const query = useQuestion(questions.trafficOverTime, scope);
  const [asTable, setAsTable] = useState(false);
  const { resolvedTheme } = useTheme();
  const answer = query.data;
  const answeredAt = Math.floor(query.dataUpdatedAt / 1000);
  const model = useMemo(
    () =>
      answer
        ? prepareStackedArea(answer.rows, answer.meta, {
            direction: scope.direction,
            unit: view.unit,
            now: answeredAt,
          })
        : null,
    [answer, scope.direction, view.unit, answeredAt],
  );

  const hide = useCallback(
    (keys: readonly string[]) => setView({ hide: keys.length === 0 ? null : [...keys] }),
    [setView],
  );
  const zoom = useCallback(
    (from: number, to: number) => setScope({ range: { kind: 'absolute', from, to } }),
    [setScope],
  );

  const subtitle = answer
    ? `Traffic by network type · mean of ${answer.meta.bucket ?? 'the range'} · ${view.share ? '% of all types' : view.unit === 'bits' ? 'bit/s' : 'B/s'} · ${directionText(scope.direction)} · ${answer.meta.zone}`
    : 'Traffic by network type';
  const saveCsv = () => {
    if (!answer) return;
    // What only a file needs is loaded when one is saved.
    void import('@/lib/charts/csv').then(({ TRAFFIC_CSV_COLUMNS, TRAFFIC_DEFINITION, trafficCsv }) => {
      const text = trafficCsv(answer.rows, answer.meta, {
        title: `${TITLE} Traffic by network type`,
        lines: headLines(scope, answer.meta, [TRAFFIC_DEFINITION, ...TRAFFIC_CSV_COLUMNS]),
      });
      saveFile(
        fileName('traffic-by-type', answer.meta, 'csv'),
        new Blob([text], { type: 'text/csv;charset=utf-8' }),
      );
    });
  };
  const savePng = () => {
    const theme = resolvedTheme === 'dark' ? 'dark' : 'light';
    if (!answer || !model) return;
    void import('./trafficPng').then(async ({ trafficPng }) => {
      const blob = await trafficPng({
        title: TITLE,
        subtitle,
        filters: scope.filters,
        model,
        meta: answer.meta,
        hidden: new Set(view.hide),
        asShare: view.share,
        theme,
      });
      saveFile(fileName('traffic-by-type', answer.meta, 'png'), blob);
    });
  };

  return (
    <AnswerPanel
      id="traffic"
      title={TITLE}
      subtitle={subtitle}
      query={query}
      meta={answer?.meta}
      controls={
        <Segmented
          label="Scale"
          value={view.share ? '1' : '0'}
          options={[
            { value: '0', label: 'Rate', title: 'Absolute rates' },
            { value: '1', label: '100 %', title: 'Shares of all types' },
          ]}
          onChange={(share) => setView({ share: share === '1' ? '1' : null })}
        />
      }
      files={{
        asTable,
        onTable: setAsTable,
        onCsv: saveCsv,
        onPng: savePng,
        explore: exploreLink(scope, view.share ? { visual: 'share' } : {}),
      }}
    >
      <PanelBody query={query} height={BODY} skeleton={<TrafficSkeleton />}>
        {(shown) =>
          model === null ? null : model.nothing ? (
            <NothingKnown status={props.status} zone={shown.meta.zone} />
          ) : (
            <TrafficPicture
              model={model}
              answer={shown}
              asShare={view.share}
              asTable={asTable}
              written={view.hide}
              onHide={hide}
              onZoom={zoom}
              title={TITLE}
              subtitle={subtitle}
            />
          )
        }
      </PanelBody>
    </AnswerPanel>
  );
}

/** One height for chart and legend in every state, so that nothing below ever moves. */
const BODY = 'min-h-[680px] @min-[960px]:min-h-[340px]';

function ChartSkeleton() {
  return (
    <div className="flex h-full flex-col justify-between pt-[22px] pb-[26px] pl-[46px]" aria-hidden="true">
      {['e', 'd', 'c', 'b', 'a'].map((key) => (
        <div key={key} className="h-px bg-line" />
      ))}
    </div>
  );
}

function TrafficSkeleton() {
  return (
    <div className={GRID} aria-hidden="true">
      <div className={CHART}>
        <ChartSkeleton />
      </div>
      <div className="flex min-w-0 flex-col gap-3 pt-2">
        {['h', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'i', 'j'].map((key) => (
          <div key={key} className="skeleton h-4" />
        ))}
      </div>
    </div>
  );
}
