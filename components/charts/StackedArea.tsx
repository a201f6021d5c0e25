'use client';

import { useTheme } from 'next-themes';
import { useCallback, useMemo } from 'react';
import { valueAtY } from '@/lib/charts/areaShapes';
import { formatValue } from '@/lib/charts/format';
import { type Layer, layerAt, type StackedAreaModel, stack } from '@/lib/charts/prepareStackedArea';
import { placeStackedArea, stackedAreaShapes } from '@/lib/charts/stackedAreaShapes';
import { AreaOverlay } from './AreaOverlay';
import { AreaTooltip } from './AreaTooltip';
import { Canvas } from './Canvas';
import { useBoxSize } from './useBoxSize';
import { useLiftedShapes } from './useLiftedShapes';

export interface StackedAreaProps {
  readonly model: StackedAreaModel;
  readonly zone: string;
  readonly asShare: boolean;
  readonly hidden: ReadonlySet<string>;
  readonly lifted: string | null;
  readonly onLift: (key: string | null) => void;
  readonly onZoom: (from: number, to: number) => void;
  readonly label: string;
}

/** Traffic by type over time. The parent gives it a box of fixed height; it fills the box. */
export function StackedArea(props: StackedAreaProps) {
  const { model, zone, asShare, hidden, lifted } = props;
  const { resolvedTheme } = useTheme();
  const theme = resolvedTheme === 'dark' ? 'dark' : 'light';
  const { box, size } = useBoxSize();
  const layers = useMemo<Layer[]>(() => stack(model, hidden, asShare), [model, hidden, asShare]);
  const places = useMemo(
    () => (size ? placeStackedArea(model, layers, asShare, size) : null),
    [model, layers, asShare, size],
  );
  const draw = useCallback(
    (key: string | null) =>
      places ? stackedAreaShapes(model, places, { theme, zone, asShare, lifted: key }) : [],
    [model, places, theme, zone, asShare],
  );
  const { shapes, behind, ahead } = useLiftedShapes(draw, lifted);

  return (
    <div ref={box} className="relative h-full w-full">
      {size && places ? (
        <>
          <Canvas shapes={shapes} size={size} behind={behind} ahead={ahead} />
          <AreaOverlay
            buckets={model.buckets}
            frame={places.frame}
            zone={zone}
            label={props.label}
            valueText={(i) => formatValue(model.total.values[i] ?? null, model.quantity)}
            keyAt={(i, y) => layerAt(layers, i, valueAtY(places.frame, y))}
            tooltip={(i) => (
              <AreaTooltip model={model} index={i} zone={zone} hidden={hidden} lifted={lifted} />
            )}
            onLift={props.onLift}
            onZoom={props.onZoom}
          />
        </>
      ) : null}
    </div>
  );
}
