'use client';

import { useTheme } from 'next-themes';
import { type Ref, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Layer, type StackedAreaModel, stack } from '@/lib/charts/prepareStackedArea';
import { AreaOverlay } from './AreaOverlay';
import { type ChartHandle, type ChartSize, EChart } from './EChart';
import { plotFrame, stackedAreaOption, stackTicks } from './stackedAreaOption';

export interface StackedAreaProps {
  readonly model: StackedAreaModel;
  readonly zone: string;
  readonly asShare: boolean;
  readonly hidden: ReadonlySet<string>;
  readonly lifted: string | null;
  readonly onLift: (key: string | null) => void;
  readonly onZoom: (from: number, to: number) => void;
  readonly label: string;
  readonly handle?: Ref<ChartHandle>;
}

/** Traffic by type over time. The parent gives it a box of fixed height; it fills the box. */
export function StackedArea(props: StackedAreaProps) {
  const { model, zone, asShare, hidden, lifted } = props;
  const { resolvedTheme } = useTheme();
  const theme = resolvedTheme === 'dark' ? 'dark' : 'light';
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<ChartSize | null>(null);
  const layers = useMemo<Layer[]>(() => stack(model, hidden, asShare), [model, hidden, asShare]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const option = useCallback(
    (at: ChartSize) => {
      const font = box.current ? getComputedStyle(box.current).fontFamily : 'sans-serif';
      return stackedAreaOption(model, layers, { theme, zone, asShare, lifted, font }, at);
    },
    [model, layers, theme, zone, asShare, lifted],
  );
  const top = useMemo(() => stackTicks(layers, asShare).at(-1) ?? 1, [layers, asShare]);

  return (
    <div ref={box} className="relative h-full w-full">
      <EChart
        option={option}
        className="absolute inset-0"
        {...(props.handle ? { handle: props.handle } : {})}
      />
      {size && model.buckets.length > 0 ? (
        <AreaOverlay
          model={model}
          layers={layers}
          frame={plotFrame(size, model, top)}
          zone={zone}
          label={props.label}
          hidden={hidden}
          lifted={lifted}
          onLift={props.onLift}
          onZoom={props.onZoom}
        />
      ) : null}
    </div>
  );
}
