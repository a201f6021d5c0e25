'use client';

import { type ReactNode, useMemo } from 'react';
import { cssColor } from '@/lib/charts/categories';
import { formatValue } from '@/lib/charts/format';
import { multiplesOf } from '@/lib/charts/multiples';
import type { SeriesView } from '@/lib/charts/placeSeries';
import type { ExploreLine, SeriesModel } from '@/lib/charts/prepareSeries';
import { SeriesChart } from './SeriesChart';

/** A small picture for each series, with one scale for all or each with its own. */
export function SmallMultiples(props: {
  model: SeriesModel;
  view: SeriesView;
  /** each picture has a scale of its own */
  own: boolean;
  zone: string;
  onZoom: (from: number, to: number) => void;
  menu: (line: ExploreLine) => ReactNode;
}) {
  const { model, view, own } = props;
  const pictures = useMemo(() => multiplesOf(model, view, own), [model, view, own]);
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,270px),1fr))] gap-x-6 gap-y-4">
      {pictures.map((picture) => (
        <li key={picture.key} className="min-w-0">
          <div className="flex items-center gap-2">
            <span
              aria-hidden="true"
              className="block size-2.5 shrink-0 self-center rounded-[2px]"
              style={{ background: cssColor(picture.colors) }}
            />
            <h3 className="min-w-0 flex-1 truncate font-medium" title={picture.label}>
              {picture.label}
            </h3>
            {props.menu(picture.line)}
          </div>
          <p className="tabular truncate text-axis text-muted">
            last {formatValue(picture.last, model.quantity)}
            {model.p95Of === null || picture.p95 === null
              ? ''
              : ` \u00b7 p95 ${formatValue(picture.p95, model.quantity)}`}
            {picture.isApart ? ' \u00b7 own scale' : ''}
          </p>
          <div className="h-[150px]">
            <SeriesChart
              model={picture.model}
              view={picture.view}
              zone={props.zone}
              label={`${picture.label} over time`}
              lifted={null}
              onZoom={props.onZoom}
              names={false}
            />
          </div>
        </li>
      ))}
    </ul>
  );
}
