'use client';

import {
  CustomChart,
  type CustomSeriesOption,
  LinesChart,
  type LinesSeriesOption,
  MapChart,
  type MapSeriesOption,
  SankeyChart,
  type SankeySeriesOption,
  ScatterChart,
  type ScatterSeriesOption,
} from 'echarts/charts';
import { GeoComponent, type GeoComponentOption } from 'echarts/components';
import {
  type ComposeOption,
  type ECElementEvent,
  type EChartsType,
  init,
  registerMap,
  use,
} from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Size } from '@/lib/charts/shapes';

use([
  SankeyChart,
  MapChart,
  LinesChart,
  ScatterChart,
  CustomChart,
  GeoComponent,
  LabelLayout,
  CanvasRenderer,
]);

export type ChartOption = ComposeOption<
  | SankeySeriesOption
  | MapSeriesOption
  | LinesSeriesOption
  | ScatterSeriesOption
  | CustomSeriesOption
  | GeoComponentOption
>;

/** Shapes that a `geo` may draw, by the name its option gives. */
export interface ChartMap {
  readonly name: string;
  readonly shapes: Parameters<typeof registerMap>[1];
}

/** What is below the pointer. */
export interface ChartTarget {
  /** the series' id; null = a region of the map beneath */
  readonly series: string | null;
  /** of a Sankey: node or edge */
  readonly dataType: string | null;
  readonly name: string;
  /** the item as the option gave it */
  readonly data: unknown;
  /** pixels from the chart's left and top */
  readonly x: number;
  readonly y: number;
}

/** What a page may ask of a chart that is there. */
export interface ChartHandle {
  /** Zooms a map around a place (longitude, latitude) that is in sight, else around the middle of its box; factors multiply. */
  zoomBy(factor: number, around: readonly [number, number] | null): void;
  /** Zoom and center (projected) of the map as the person left it; null without a map. */
  view(): MapView | null;
}

export interface MapView {
  readonly zoom: number;
  readonly center: readonly number[] | null;
}

export interface EChartProps {
  /** what to draw at a size; keep its identity while nothing changes */
  readonly option: (size: Size) => ChartOption;
  /** says what the picture is; its numbers stand in a table */
  readonly label: string;
  readonly map?: ChartMap;
  readonly onClick?: (target: ChartTarget) => void;
  /** null: the pointer has left */
  readonly onHover?: (target: ChartTarget | null) => void;
  readonly handle?: RefObject<ChartHandle | null>;
}

const TRANSITION_MS = 120;

/**
 * The one place that knows ECharts. It fills its box, follows its size, and draws an option that others have decided: colors come from our
 * own palette, there is no theme file. Pages load it through `LazyEChart`, so that those without it do not pay.
 */
export function EChart(props: EChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const [size, setSize] = useState<Size | null>(null);
  const { option, map, handle } = props;
  const events = useRef(props);
  useEffect(() => {
    events.current = props;
  });

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let made: EChartsType | null = null;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry?.contentRect ?? { width: 0, height: 0 };
      if (width === 0 || height === 0) return;
      if (made) {
        made.resize();
      } else {
        made = init(element, null, { renderer: 'canvas' });
        listen(made, events);
        setChart(made);
      }
      setSize({ width, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made?.dispose();
      setChart(null);
    };
  }, []);

  useEffect(() => {
    if (!chart || chart.isDisposed() || !size) return;
    if (map) registerMap(map.name, map.shapes);
    const draw = () => {
      if (!chart.isDisposed())
        chart.setOption(dressed(option(size), fontOf(chart), prefersStill()), { replaceMerge: ['series'] });
    };
    draw();
    // Text measured before the page's fonts have come stands in a fallback.
    if (document.fonts.status !== 'loaded') void document.fonts.ready.then(draw);
  }, [chart, size, option, map]);

  useEffect(() => {
    if (!handle || !chart) return;
    handle.current = handleOf(chart);
    return () => {
      handle.current = null;
    };
  }, [chart, handle]);

  return <div ref={box} role="img" aria-label={props.label} className="h-full w-full overflow-hidden" />;
}

/** The same picture on a canvas of its own, at twice the pixels: for files. Sizes are CSS pixels. */
export function chartImage(option: ChartOption, size: Size, font: string, map?: ChartMap): HTMLCanvasElement {
  if (map) registerMap(map.name, map.shapes);
  const chart = init(document.createElement('div'), null, {
    renderer: 'canvas',
    devicePixelRatio: 2,
    ...size,
  });
  chart.setOption(dressed(option, font, true));
  const image = chart.renderToCanvas({ pixelRatio: 2 });
  // The canvas belongs to the chart and goes with it.
  const copy = document.createElement('canvas');
  copy.width = image.width;
  copy.height = image.height;
  copy.getContext('2d')?.drawImage(image, 0, 0);
  chart.dispose();
  return copy;
}

/** What every chart of ours has: the page's type, and nothing that moves for show. */
function dressed(option: ChartOption, font: string, still: boolean): ChartOption {
  return {
    textStyle: { fontFamily: font, fontSize: 12 },
    backgroundColor: 'transparent',
    animation: !still,
    animationDuration: 0,
    animationDurationUpdate: TRANSITION_MS,
    stateAnimation: { duration: still ? 0 : TRANSITION_MS },
    ...option,
  };
}

function fontOf(chart: EChartsType): string {
  return getComputedStyle(chart.getDom()).fontFamily;
}

function prefersStill(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function listen(chart: EChartsType, events: RefObject<EChartProps>): void {
  chart.on('click', (event) => events.current.onClick?.(targetOf(event)));
  const hover = (event: ECElementEvent) => events.current.onHover?.(targetOf(event));
  chart.on('mouseover', hover);
  chart.on('mousemove', hover);
  chart.on('mouseout', () => events.current.onHover?.(null));
  chart.on('globalout', () => events.current.onHover?.(null));
}

function targetOf(event: ECElementEvent): ChartTarget {
  return {
    series: event.componentType === 'series' ? (event.seriesId ?? null) : null,
    dataType: event.dataType ?? null,
    name: event.name,
    data: event.data,
    x: event.event?.offsetX ?? 0,
    y: event.event?.offsetY ?? 0,
  };
}

function handleOf(chart: EChartsType): ChartHandle {
  const geo = (): { zoom?: number; center?: number[] } | undefined => {
    const found: unknown = chart.getOption().geo;
    return Array.isArray(found) ? found[0] : undefined;
  };
  return {
    zoomBy(factor, around) {
      const [width, height] = [chart.getWidth(), chart.getHeight()];
      const pixel: unknown = around && chart.convertToPixel('geo', [...around]);
      const [x, y] = Array.isArray(pixel) ? pixel.map(Number) : [];
      const seen =
        x !== undefined && y !== undefined && x >= 0 && y >= 0 && x <= width && y <= height ? { x, y } : null;
      chart.dispatchAction({
        type: 'geoRoam',
        componentType: 'geo',
        geoIndex: 0,
        zoom: factor,
        originX: seen?.x ?? width / 2,
        originY: seen?.y ?? height / 2,
      });
    },
    view() {
      const found = geo();
      return found ? { zoom: found.zoom ?? 1, center: found.center ?? null } : null;
    },
  };
}
