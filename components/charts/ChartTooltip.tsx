import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { ThemeColors } from '@/lib/charts/categories';
import type { Size } from '@/lib/charts/shapes';

export interface TooltipRow {
  readonly label: string;
  /** null: a row without a mark, such as a total */
  readonly color: ThemeColors | null;
  readonly value: string;
  readonly share: string;
  readonly strong?: boolean;
}

const GAP = 14;

/** A small table beside the pointer, kept inside the chart's box, that never catches the pointer itself. */
export function ChartTooltip(props: {
  title: string;
  rows: readonly TooltipRow[];
  note?: ReactNode;
  /** the pointer, in pixels of the chart's box */
  x: number;
  y: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [own, setOwn] = useState<Size & { room: Size }>({
    width: 0,
    height: 0,
    room: { width: 0, height: 0 },
  });
  const { title, rows } = props;
  // Its size follows from its words, so it is measured after each drawing; it settles at once.
  useLayoutEffect(() => {
    const element = box.current;
    const parent = element?.offsetParent;
    if (!element || !parent) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    const room = { width: parent.clientWidth, height: parent.clientHeight };
    setOwn((before) =>
      before.width === width &&
      before.height === height &&
      before.room.width === room.width &&
      before.room.height === room.height
        ? before
        : { width, height, room },
    );
  });
  const right = props.x + GAP;
  const left = right + own.width <= own.room.width ? right : Math.max(0, props.x - GAP - own.width);
  const top = Math.max(0, Math.min(props.y - own.height / 2, own.room.height - own.height));
  return (
    <div
      ref={box}
      className="pointer-events-none absolute z-10 w-max max-w-[min(320px,calc(100vw-24px))] rounded-[6px] border border-line-strong bg-surface px-3 py-2 text-axis shadow-float"
      style={{ left, top, visibility: own.width === 0 ? 'hidden' : undefined }}
    >
      <div className="mb-1 font-medium">{title}</div>
      <table className="tabular w-full border-collapse">
        <tbody>
          {rows.map((row) => (
            <tr key={row.label} className={row.strong ? 'font-medium' : undefined}>
              <th
                scope="row"
                className={`py-px pr-4 text-left whitespace-nowrap ${row.strong ? 'font-medium' : 'font-normal'}`}
              >
                {row.color ? (
                  <span
                    className="mr-2 inline-block size-2.5 rounded-[2px]"
                    style={{ background: `light-dark(${row.color.light}, ${row.color.dark})` }}
                  />
                ) : null}
                {row.label}
              </th>
              <td className="py-px pr-3 text-right whitespace-nowrap">{row.value}</td>
              <td className="py-px text-right whitespace-nowrap">{row.share}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {props.note ? <div className="mt-1 text-muted">{props.note}</div> : null}
    </div>
  );
}
