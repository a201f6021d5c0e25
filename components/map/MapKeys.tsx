import type { ReactNode } from 'react';
import { mapKeys } from '@/lib/charts/map/keys';
import { arcOpacity, LAND_TONES, landColor, mapInk } from '@/lib/charts/map/mapLook';
import type { MapModel } from '@/lib/charts/map/model';
import { arcWidth, greatestRadius, radiusOf } from '@/lib/charts/map/sizes';

/** Sizes and shades with their values and units. */
export function MapKeys({ model }: { model: MapModel }) {
  const { circles, arcs, shades } = mapKeys(model);
  return (
    <>
      {circles ? (
        <Key title={circles.title}>
          <BothWidths>
            {(narrow, className) => <Circles of={circles.of} view={model.view} {...{ narrow, className }} />}
          </BothWidths>
        </Key>
      ) : null}
      {arcs ? (
        <Key title={arcs.title}>
          <BothWidths>{(narrow, className) => <Arcs of={arcs.of} {...{ narrow, className }} />}</BothWidths>
        </Key>
      ) : null}
      {shades ? (
        <Key title={shades.title}>
          <Shades {...shades} />
        </Key>
      ) : null}
    </>
  );
}

function Key({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <p className="mb-1 text-muted">{title}</p>
      {children}
    </div>
  );
}

/** A key as narrow as the picture is, whose marks are smaller where it has little room. */
function BothWidths({ children }: { children: (narrow: boolean, className: string) => ReactNode }) {
  return (
    <>
      {children(true, '@min-[560px]:hidden')}
      {children(false, '@max-[560px]:hidden')}
    </>
  );
}

function Circles(props: {
  of: MapModel['sizes'];
  view: MapModel['view'];
  narrow: boolean;
  className: string;
}) {
  const greatest = greatestRadius(props.view, props.narrow);
  return (
    // As high as the greatest circle could be with its words, whichever round numbers a range has.
    <ul
      className={`flex items-end gap-4 ${props.className}`}
      style={{ minHeight: 2 * radiusOf(1, greatest) + 22 }}
    >
      {props.of.map(({ text, radius }) => {
        const size = 2 * radiusOf(radius, greatest);
        return (
          <li key={text} className="tabular flex flex-col items-center gap-1 whitespace-nowrap">
            <svg aria-hidden="true" width={size + 2} height={size + 2} className="text-muted">
              <circle cx={size / 2 + 1} cy={size / 2 + 1} r={size / 2} fill="none" stroke="currentColor" />
            </svg>
            {text}
          </li>
        );
      })}
    </ul>
  );
}

function Arcs(props: { of: MapModel['arcSizes']; narrow: boolean; className: string }) {
  return (
    <ul className={`flex gap-4 ${props.className}`}>
      {props.of.map(({ text, weight }) => (
        <li key={text} className="tabular flex flex-col items-center gap-1 whitespace-nowrap">
          {/* A box would be as high as whole pixels; a line is as wide as on the map. */}
          <svg aria-hidden="true" className="h-2 w-12">
            <line
              x2="100%"
              y1="4"
              y2="4"
              strokeWidth={arcWidth(weight, props.narrow)}
              opacity={arcOpacity(weight)}
              style={{ stroke: `light-dark(${mapInk('light').arc}, ${mapInk('dark').arc})` }}
            />
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
}

function Shades({ least, most }: { least: string; most: string }) {
  return (
    <div className="tabular flex items-center gap-2">
      <span className="whitespace-nowrap">{least}</span>
      <span aria-hidden="true" className="flex">
        {LAND_TONES.map((tone) => (
          <span
            key={tone}
            className="block h-3 w-6"
            style={{ background: `light-dark(${landColor(tone, 'light')}, ${landColor(tone, 'dark')})` }}
          />
        ))}
      </span>
      <span className="whitespace-nowrap">{most}</span>
    </div>
  );
}
