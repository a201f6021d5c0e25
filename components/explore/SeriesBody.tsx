'use client';

import { useCallback, useMemo, useState } from 'react';
import type { PickedMark } from '@/components/charts/AreaOverlay';
import { BucketTable } from '@/components/charts/BucketTable';
import { SeriesChart } from '@/components/charts/SeriesChart';
import { LONG_NAME, SeriesLegend } from '@/components/charts/SeriesLegend';
import { SeriesTable } from '@/components/charts/SeriesTable';
import { SmallMultiples } from '@/components/charts/SmallMultiples';
import { groupDigits } from '@/lib/charts/format';
import { namesFrom } from '@/lib/charts/keyLabel';
import type { SeriesView } from '@/lib/charts/placeSeries';
import type { ExploreLine, SeriesModel } from '@/lib/charts/prepareSeries';
import { prepareSeriesTable } from '@/lib/charts/seriesTable';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { ExploreColumns, ExploreSeries } from '@/lib/flows/contracts/exploreOverTime';
import { type Drawn, seriesKey } from '@/lib/flows/exploreState';
import { useHidden } from '@/lib/hooks/useHidden';
import { BigNumbers } from './BigNumbers';
import { byText, capital, comparedText, isMostlyOther, p95AboveMaxText, shownText } from './exploreWords';
import { type Actions, type FilterActions, GroupMenu, MarkMenu } from './GroupActions';

/** One height for picture and legend in every state, so that nothing below ever moves. */
export const GRID =
  'grid gap-x-8 gap-y-4 @min-[960px]:grid-cols-[minmax(0,1fr)_470px] @min-[1240px]:grid-cols-[minmax(0,1fr)_540px]';
/** Where names are long, the legend has more of the width. */
const WIDE_LEGEND =
  'grid gap-x-8 gap-y-4 @min-[960px]:grid-cols-[minmax(0,1fr)_550px] @min-[1240px]:grid-cols-[minmax(0,1fr)_640px]';
export const CHART = 'relative min-w-0';

export interface SeriesBodyProps {
  readonly model: SeriesModel;
  readonly answer: Answer<ExploreColumns>;
  readonly drawn: Drawn;
  readonly look: Omit<SeriesView, 'hidden'>;
  /** keys of series that the address leaves out of the picture */
  readonly written: readonly string[];
  readonly own: boolean;
  /** the values of every bucket instead of a picture */
  readonly asTable: boolean;
  readonly caption: string;
  /** why the picture is not the one that was asked for */
  readonly why: string | null;
  readonly filtersOf: (line: ExploreLine) => FilterActions;
  /** the series that are left out from now on */
  readonly onHide: (keys: readonly string[]) => void;
  readonly onZoom: (from: number, to: number) => void;
}

/** An answer over time in the picture that was chosen, and below it what must be known of it. */
export function SeriesBody(props: SeriesBodyProps) {
  return (
    <>
      <Picture {...props} />
      <Foot {...props} />
    </>
  );
}

function Picture(props: SeriesBodyProps) {
  const { model, answer, drawn, look, caption, filtersOf } = props;
  const { zone } = answer.meta;
  const [lifted, setLifted] = useState<string | null>(null);
  const [picked, setPicked] = useState<PickedMark | null>(null);
  const table = useMemo(
    () => (drawn === 'table' ? prepareSeriesTable(model, namesFrom(answer.rows.names)) : null),
    [drawn, model, answer],
  );
  const lines = useMemo(() => model.halves.flatMap(({ series }) => series), [model]);
  const keys = useMemo(() => [...new Set(lines.map(({ key }) => key))], [lines]);
  const { hidden, toggle: hide } = useHidden(props.written, keys, props.onHide);
  const view = useMemo<SeriesView>(() => ({ ...look, hidden }), [look, hidden]);
  const toggle = useCallback(
    (key: string, only: boolean) => {
      // The row is still pointed at, but what was clicked for is all that is drawn.
      setLifted(null);
      hide(key, only);
    },
    [hide],
  );
  const isDivided = model.by.length > 0;
  const actionsOf = useCallback(
    (line: ExploreLine, isHidden: boolean): Actions => ({
      ...filtersOf(line),
      toggle: isDivided ? () => toggle(line.key, false) : null,
      alone: isDivided ? () => toggle(line.key, true) : null,
      isHidden,
    }),
    [filtersOf, isDivided, toggle],
  );
  const menu = useCallback(
    (line: ExploreLine, isHidden = false) => (
      <GroupMenu label={line.label} actions={actionsOf(line, isHidden)} />
    ),
    [actionsOf],
  );
  const pickedLine = picked ? lines.find(({ key }) => key === picked.key) : undefined;
  if (props.asTable) {
    return (
      <div className="h-[460px]">
        <BucketTable
          buckets={model.buckets}
          columns={bucketColumns(model, answer.rows)}
          quantity={model.quantity}
          zone={zone}
          caption={caption}
        />
      </div>
    );
  }
  if (table !== null) {
    return <SeriesTable table={table} caption={caption} menu={(line) => menu(line, hidden.has(line.key))} />;
  }
  if (drawn === 'numbers') {
    return <BigNumbers model={model} hidden={hidden} zone={zone} menu={menu} />;
  }
  const legend = (
    // What only screen readers see is placed against it, or the page would scroll sideways.
    <div className="relative min-w-0 overflow-x-auto">
      <SeriesLegend
        model={model}
        heading={model.by.length === 0 ? 'Group' : capital(byText(model.by))}
        hidden={hidden}
        lifted={lifted}
        bucket={answer.meta.bucket ?? 'the range'}
        onToggle={toggle}
        onLift={setLifted}
        menu={menu}
        caption={`Statistics. ${caption}`}
      />
    </div>
  );
  if (drawn === 'multiples') {
    return (
      <div className="flex flex-col gap-6">
        <div className="relative">
          <SmallMultiples
            model={model}
            view={view}
            own={props.own}
            zone={zone}
            onZoom={props.onZoom}
            menu={menu}
          />
        </div>
        {legend}
      </div>
    );
  }
  const isLong = model.halves.some(({ series }) => series.some(({ label }) => label.length > LONG_NAME));
  return (
    <div className={isLong ? WIDE_LEGEND : GRID}>
      <div className={`${CHART} ${model.halves.length > 1 ? 'h-[500px]' : 'h-[380px]'}`}>
        {model.zero ? (
          <p className="absolute inset-x-0 top-1/3 text-center text-muted">
            Exporters were heard, and nothing crossed the boundary in this scope.
          </p>
        ) : null}
        <SeriesChart
          model={model}
          view={view}
          zone={zone}
          label={`${caption}, ${model.buckets.length} buckets of ${answer.meta.bucket ?? 'the range'}`}
          lifted={lifted}
          onLift={setLifted}
          onZoom={props.onZoom}
          onPick={setPicked}
        >
          {picked && pickedLine ? (
            <MarkMenu
              label={pickedLine.label}
              actions={actionsOf(pickedLine, hidden.has(pickedLine.key))}
              x={picked.x}
              y={picked.y}
              onClose={() => setPicked(null)}
            />
          ) : null}
        </SeriesChart>
      </div>
      {legend}
    </div>
  );
}

/** What must be known of the answer, in words. */
function Foot({ model, answer, why, look, drawn, asTable, written, onHide }: SeriesBodyProps) {
  const isPicture = !asTable && drawn !== 'table' && drawn !== 'numbers';
  const dashed = isPicture && model.compared !== null && look.kind !== 'share';
  const compared = comparedText(model, answer.meta.zone);
  const lines = [
    why,
    shownText(model),
    compared === null ? null : dashed ? `${compared} Dashed lines are that range.` : compared,
    answer.meta.widened,
    p95AboveMaxText(model, answer.meta.bucket),
    isPicture && look.p95 && (look.kind === 'lines' || written.length === 0)
      ? 'Dotted lines are the 95th percentile (p95) of the range.'
      : null,
    ...answer.meta.notes.map(({ text }) => text),
  ].filter((line) => line !== null);
  const other = seriesKey(null);
  const canHideOther = isPicture && model.stacks && !written.includes(other) && isMostlyOther(model);
  return (
    <div className="mt-3 flex min-h-4 flex-col gap-0.5 text-axis text-muted">
      {canHideOther ? (
        <p>
          Other is most of this picture.{' '}
          <button
            type="button"
            className="cursor-pointer text-accent hover:underline"
            onClick={() => onHide([...written, other])}
          >
            Hide it to see the named groups
          </button>
        </p>
      ) : null}
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

function bucketColumns(model: SeriesModel, rows: ExploreColumns) {
  const isMirrored = model.halves.length > 1;
  const words =
    model.measure === 'packets' ? 'packets' : model.measure === 'flowRecords' ? 'records' : 'bytes';
  const exactOf = (source: ExploreSeries | undefined) => (i: number) => {
    if (source === undefined) return undefined;
    const addresses =
      source.addresses === null ? '' : `${groupDigits(String(source.addresses[i] ?? 0))} addresses`;
    if (model.measure === 'uniqueness') return addresses;
    const sum = `${groupDigits(source.sums[i] ?? '0')} ${words}`;
    return addresses === '' ? sum : `${sum}, ${addresses}`;
  };
  return model.halves.flatMap(({ direction, series, total }) => {
    const column = (line: ExploreLine, label: string, source: ExploreSeries | undefined) => ({
      key: `${direction} ${label} ${line.key}`,
      label: isMirrored ? `${label} ${direction}` : label,
      values: line.values,
      exact: exactOf(source),
    });
    const totals = rows.totals.find((each) => each.direction === direction);
    return [
      column(total, 'Total', totals),
      ...(model.by.length === 0 ? [] : series).map((line) =>
        column(
          line,
          line.label,
          rows.series.find((each) => each.direction === direction && seriesKey(each.keys) === line.key),
        ),
      ),
    ];
  });
}
