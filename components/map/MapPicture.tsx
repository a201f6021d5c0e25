'use client';

import { Maximize, Minus, Plus } from 'lucide-react';
import { useTheme } from 'next-themes';
import { type ReactNode, type RefObject, useCallback, useState, useSyncExternalStore } from 'react';
import { ChartTooltip } from '@/components/charts/ChartTooltip';
import type { ChartHandle, ChartTarget } from '@/components/charts/EChart';
import { LazyEChart } from '@/components/charts/LazyEChart';
import { buttonClass } from '@/components/ui/Button';
import { mapOption } from '@/lib/charts/map/mapLook';
import type { MapEntry, MapModel } from '@/lib/charts/map/model';
import { NARROW } from '@/lib/charts/map/sizes';
import { tooltipOf } from '@/lib/charts/map/tooltip';
import type { Size } from '@/lib/charts/shapes';
import { measureIn } from './measureText';
import type { LoadedGeography } from './useGeography';

const COARSE = '(pointer: coarse)';

/** A finger that moves over the map scrolls the page, until the map is zoomed in. */
function useCoarsePointer(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => window.matchMedia(COARSE).matches,
    () => false,
  );
}

/** Where the buttons lie upon a wide map; below a narrow one they have room of their own. */
function belowButtons({ width, height }: Size) {
  return width < NARROW ? [] : [{ left: width - 116, top: height - 44, right: width, bottom: height }];
}

/** The map with what moves above it. It fills its box; zoom by the buttons, by Ctrl and the wheel, and drag to move. */
export function MapPicture(props: {
  model: MapModel;
  geography: LoadedGeography;
  label: string;
  handle: RefObject<ChartHandle | null>;
  onPick: (entry: Pick<MapEntry, 'country' | 'metro'>) => void;
  onRegion: (region: string) => void;
}) {
  const { model, geography, handle } = props;
  const { resolvedTheme } = useTheme();
  const theme = resolvedTheme === 'dark' ? 'dark' : 'light';
  const [below, setBelow] = useState<ChartTarget | null>(null);
  const [zoomed, setZoomed] = useState(false);
  // A new picture has no zoom.
  const [fresh, setFresh] = useState(0);
  const coarse = useCoarsePointer();
  const option = useCallback(
    (size: Size) => {
      const measure = measureIn(getComputedStyle(document.body).fontFamily);
      const drawn = mapOption(model, theme, size, { measure, taken: belowButtons });
      return coarse ? { ...drawn, geo: { ...drawn.geo, roam: zoomed ? ('move' as const) : false } } : drawn;
    },
    [model, theme, coarse, zoomed],
  );
  const zoom = (factor: number) => {
    const heaviest = model.entries.find(({ center, metro }) => center !== null && metro !== '')?.center;
    handle.current?.zoomBy(factor, heaviest ? [heaviest.longitude, heaviest.latitude] : null);
    setZoomed((handle.current?.view()?.zoom ?? 1) > 1.01);
  };
  const showAll = () => {
    setZoomed(false);
    setFresh((before) => before + 1);
  };
  const pick = ({ series, name }: ChartTarget) => {
    const entry = series === 'places' ? model.entries.find(({ key }) => key === name) : undefined;
    const country = series === null ? model.countries.find(({ code }) => code === name) : undefined;
    if (series === 'regions') props.onRegion(name);
    else if (entry) props.onPick(entry);
    else if (country) props.onPick({ country: country.code, metro: '' });
  };
  const words = below && tooltipOf(model, below.series, below.name);
  return (
    <div
      className="relative h-full w-full overflow-hidden @max-[560px]:pb-10"
      // The wheel scrolls the page, as everywhere; with Ctrl it zooms.
      onWheelCapture={(event) => {
        if (!event.ctrlKey) event.stopPropagation();
      }}
    >
      <LazyEChart
        key={`${model.view} ${fresh}`}
        option={option}
        map={geography.map}
        label={props.label}
        handle={handle}
        onHover={setBelow}
        onClick={pick}
      />
      <div className="absolute right-2 bottom-2 flex gap-1 @max-[560px]:right-0 @max-[560px]:bottom-0">
        <ZoomButton label="Zoom in" icon={<Plus />} onClick={() => zoom(1.7)} />
        <ZoomButton label="Zoom out" icon={<Minus />} onClick={() => zoom(1 / 1.7)} />
        <ZoomButton label="Show all of the map" icon={<Maximize />} onClick={showAll} />
      </div>
      {below && words ? <ChartTooltip {...words} x={below.x} y={below.y} /> : null}
    </div>
  );
}

function ZoomButton(props: { label: string; icon: ReactNode; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={props.label}
      title={props.label}
      className={`${buttonClass} w-8 px-0! [&>svg]:size-4`}
      onClick={props.onClick}
    >
      {props.icon}
    </button>
  );
}
