'use client';

import { useCallback, useMemo, useState } from 'react';
import { LegendTable } from '@/components/charts/LegendTable';
import { StackedArea } from '@/components/charts/StackedArea';
import type { StackedAreaModel } from '@/lib/charts/prepareStackedArea';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { TrafficColumns } from '@/lib/flows/contracts/trafficOverTime';
import { useHidden } from '@/lib/hooks/useHidden';
import { LazyTrafficTable } from './LazyTables';

export const GRID = 'grid gap-x-8 gap-y-4 @min-[960px]:grid-cols-[minmax(0,1fr)_356px]';
export const CHART = 'relative h-[340px] min-w-0';

/**
 * The stacked area with its legend, or the table behind it. What is lifted and hidden stands here and not in the panel, whose head with its
 * menus has nothing to do with it.
 */
export function TrafficPicture(props: {
  model: StackedAreaModel;
  answer: Answer<TrafficColumns>;
  asShare: boolean;
  asTable: boolean;
  /** keys of types that the address leaves out of the picture */
  written: readonly string[];
  /** the types that are left out from now on */
  onHide: (keys: readonly string[]) => void;
  onZoom: (from: number, to: number) => void;
  title: string;
  subtitle: string;
}) {
  const { model, answer, asTable, subtitle } = props;
  const { meta } = answer;
  const [lifted, setLifted] = useState<string | null>(null);
  const keys = useMemo(() => model.series.map(({ key }) => key), [model]);
  const { hidden, toggle: hide } = useHidden(props.written, keys, props.onHide);
  const toggle = useCallback(
    (key: string, only: boolean) => {
      setLifted(null);
      hide(key, only);
    },
    [hide],
  );
  const bucket = meta.bucket ?? 'the range';
  return (
    <div className={asTable ? undefined : GRID}>
      <div className={CHART}>
        {model.zero && !asTable ? (
          <p className="absolute inset-x-0 top-1/3 text-center text-muted">
            Exporters were heard, and nothing crossed the boundary in this scope.
          </p>
        ) : null}
        {asTable ? (
          <LazyTrafficTable
            model={model}
            rows={answer.rows}
            zone={meta.zone}
            caption={`${props.title} ${subtitle}`}
          />
        ) : (
          <StackedArea
            model={model}
            zone={meta.zone}
            asShare={props.asShare}
            hidden={hidden}
            lifted={lifted}
            onLift={setLifted}
            onZoom={props.onZoom}
            label={`Stacked area of traffic by network type, ${model.buckets.length} buckets of ${bucket}`}
          />
        )}
      </div>
      <div className={asTable ? 'hidden' : 'min-w-0 overflow-x-auto'}>
        <LegendTable
          model={model}
          hidden={hidden}
          lifted={lifted}
          bucket={bucket}
          onToggle={toggle}
          onLift={setLifted}
          caption={`Statistics by network type. ${subtitle}`}
        />
      </div>
    </div>
  );
}
