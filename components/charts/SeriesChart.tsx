'use client';

import { useTheme } from 'next-themes';
import { type ReactNode, useCallback, useMemo } from 'react';
import { valueAtY, xOf } from '@/lib/charts/areaShapes';
import { colorLines } from '@/lib/charts/denseLines';
import { formatValue } from '@/lib/charts/format';
import { placeSeries, type SeriesView, seriesAt } from '@/lib/charts/placeSeries';
import type { SeriesModel } from '@/lib/charts/prepareSeries';
import { seriesShapes } from '@/lib/charts/seriesShapes';
import { AreaOverlay, type PickedMark } from './AreaOverlay';
import { Canvas } from './Canvas';
import { colorDenseLinesBy } from './paintDense';
import { SeriesTooltip } from './SeriesTooltip';
import { useBoxSize } from './useBoxSize';
import { useLiftedShapes } from './useLiftedShapes';

colorDenseLinesBy(colorLines);

/** A measure over time as areas or lines, mirrored or not. The parent gives it a box of fixed height; it fills the box. */
export function SeriesChart(props: {
  model: SeriesModel;
  /** keep its identity while nothing changes */
  view: SeriesView;
  zone: string;
  label: string;
  lifted: string | null;
  /** left out where no series can be lifted */
  onLift?: (key: string | null) => void;
  onZoom: (from: number, to: number) => void;
  onPick?: (mark: PickedMark) => void;
  /** writes names into areas; small pictures have a heading instead */
  names?: boolean;
  /** what stands over the picture */
  children?: ReactNode;
}) {
  const { model, view, zone, lifted } = props;
  const names = props.names ?? true;
  const { resolvedTheme } = useTheme();
  const theme = resolvedTheme === 'dark' ? 'dark' : 'light';
  const { box, size } = useBoxSize();
  const places = useMemo(() => (size ? placeSeries(model, view, size) : null), [model, view, size]);
  const draw = useCallback(
    (key: string | null) =>
      places ? seriesShapes(model, places, view, { theme, zone, lifted: key, names }) : [],
    [model, places, view, theme, zone, names],
  );
  const { shapes, behind, ahead } = useLiftedShapes(draw, lifted);
  const keyAt = (index: number, y: number): string | null => {
    const bucket = model.buckets[index];
    if (!places || !bucket) return null;
    const x = xOf(places.frame, (bucket.from + bucket.to) / 2);
    return seriesAt(places, index, x, y, valueAtY(places.frame, y));
  };
  return (
    <div ref={box} className="relative h-full w-full">
      {size && places ? (
        <>
          <Canvas shapes={shapes} size={size} behind={behind} ahead={props.onLift ? ahead : undefined} />
          <AreaOverlay
            buckets={model.buckets}
            frame={places.frame}
            zone={zone}
            label={props.label}
            valueText={(i) =>
              model.halves
                .map(({ direction, total }) => {
                  const value = formatValue(total.values[i] ?? null, model.quantity);
                  return model.halves.length > 1 ? `${direction} ${value}` : value;
                })
                .join(', ')
            }
            keyAt={keyAt}
            tooltip={(i) => (
              <SeriesTooltip model={model} index={i} zone={zone} hidden={view.hidden} lifted={lifted} />
            )}
            onLift={props.onLift ?? nothing}
            onZoom={props.onZoom}
            {...(props.onPick ? { onPick: props.onPick } : {})}
          />
          {props.children}
        </>
      ) : null}
    </div>
  );
}

function nothing(): void {
  // A picture of one series has nothing to lift.
}
