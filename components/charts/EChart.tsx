'use client';

import { CustomChart } from 'echarts/charts';
import { type EChartsCoreOption, type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';

// Only what is drawn with: the whole library would be three times as large.
use([CustomChart, CanvasRenderer]);

export type ChartOption = EChartsCoreOption;

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

export interface ChartHandle {
  /** The picture at twice its size, as a data URL; null before it is drawn. */
  picture: (background: string) => string | null;
}

/**
 * The one place that knows the charting library. It keeps a chart at the size of its box and draws what `option` says
 * for that size; `option` should be stable (memo) for equal input.
 */
export function EChart(props: {
  option: (size: ChartSize) => ChartOption;
  handle?: Ref<ChartHandle>;
  className?: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const [size, setSize] = useState<ChartSize | null>(null);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      if (width > 0 && height > 0) setSize({ width, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    if (!size || !box.current) return;
    if (!chart.current) chart.current = init(box.current, null, { renderer: 'canvas', ...size });
    else if (chart.current.getWidth() !== size.width || chart.current.getHeight() !== size.height) {
      chart.current.resize(size);
    }
    chart.current.setOption(props.option(size), { notMerge: true });
  }, [props.option, size]);

  useImperativeHandle(props.handle, () => ({
    picture: (background) =>
      chart.current?.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: background }) ?? null,
  }));

  return <div ref={box} className={props.className} aria-hidden="true" />;
}
