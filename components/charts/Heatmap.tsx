'use client';

import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { formatShare, formatValue, NO_VALUE, type Quantity, show } from '@/lib/charts/format';
import { inkOn, networkTypeCss, rampColor } from '@/lib/charts/palette';
import { type HeatmapModel, moveCell, type PreparedCell } from '@/lib/charts/prepareHeatmap';

/** What a cell says when it is read aloud or pointed at. */
export function cellText(cell: PreparedCell, model: HeatmapModel): string {
  if (cell.value === null) return `${cell.row}, ${cell.column}: nothing was seen`;
  const plusMinus = cell.plusMinus ? ` \u00b1 ${formatValue(cell.plusMinus, 'count')}` : '';
  const share = cell.share === null ? '' : `, ${formatShare(cell.share)} of all volume`;
  const thin = cell.thin ? '. Fewer than 400 sampled packets: error of 10 % and more' : '';
  return `${cell.row}, ${cell.column}: ${formatValue(cell.value, model.quantity)}${plusMinus}${share}${thin}`;
}

/**
 * Region x network type as a grid of real cells: numbers can be read, selected and spoken. Arrow keys move between cells,
 * Enter or a click chooses one.
 */
export function Heatmap(props: {
  model: HeatmapModel;
  caption: string;
  onCell: (region: string, type: string) => void;
}) {
  const { model } = props;
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });

  const key = (event: KeyboardEvent) => {
    const next = moveCell(
      event.key,
      at,
      { rows: model.rows.length, columns: model.columns.length },
      event.ctrlKey,
    );
    if (!next) return;
    event.preventDefault();
    setAt(next);
    table.current
      ?.querySelector<HTMLElement>(`[data-cell="${next.row}:${next.column}"]`)
      ?.focus({ preventScroll: false });
  };

  return (
    <table
      ref={table}
      className="tabular w-full table-fixed border-separate border-spacing-[2px]"
      // A few types do not stretch over the whole page, and many do not shrink below what a number needs.
      style={{ minWidth: 168 + model.columns.length * 79, maxWidth: 176 + model.columns.length * 190 }}
    >
      <caption className="sr-only">{props.caption}</caption>
      <thead>
        <tr>
          <th
            scope="col"
            className="sticky left-0 z-20 w-[88px] bg-page text-left text-axis font-normal text-muted"
          >
            Region
          </th>
          {model.columns.map((type) => (
            <th key={type} scope="col" className="pr-2 pb-1 text-axis font-normal">
              <span className="flex items-center justify-end gap-1 whitespace-nowrap">
                <span
                  className="block size-2 shrink-0 rounded-[2px] max-lg:hidden"
                  style={{ background: networkTypeCss(type) }}
                />
                {type}
              </span>
            </th>
          ))}
          <th
            scope="col"
            className="right-0 z-20 w-20 bg-page px-1 pb-1 text-right text-axis font-normal text-muted max-sm:sticky"
          >
            Total
          </th>
        </tr>
      </thead>
      <tbody>
        {model.rows.map((region, r) => (
          <tr key={region}>
            <th scope="row" className="sticky left-0 z-20 bg-page text-left font-normal whitespace-nowrap">
              {region}
            </th>
            {(model.cells[r] ?? []).map((cell, c) => (
              <td key={cell.column} className="p-0">
                <button
                  type="button"
                  data-cell={`${r}:${c}`}
                  tabIndex={r === at.row && c === at.column ? 0 : -1}
                  aria-label={cellText(cell, model)}
                  aria-disabled={!cell.value}
                  title={cellText(cell, model)}
                  className={`relative block h-11 w-full overflow-hidden rounded-[3px] px-2 text-right focus-visible:z-10 ${
                    !cell.value ? 'cursor-default text-muted' : 'cursor-pointer hover:brightness-[1.06]'
                  }`}
                  style={tint(cell)}
                  onFocus={() => setAt({ row: r, column: c })}
                  onClick={() => Boolean(cell.value) && props.onCell(cell.row, cell.column)}
                  onKeyDown={key}
                >
                  {cell.thin ? <span className="hatch absolute inset-0" /> : null}
                  <CellValue cell={cell} quantity={model.quantity} />
                </button>
              </td>
            ))}
            <TotalCell cell={model.rowTotals[r]} quantity={model.quantity} edge />
          </tr>
        ))}
        <tr>
          <th scope="row" className="sticky left-0 z-20 h-9 bg-page text-left font-normal text-muted">
            Total
          </th>
          {model.columnTotals.map((cell) => (
            <TotalCell key={cell.column} cell={cell} quantity={model.quantity} />
          ))}
          <TotalCell cell={model.total} quantity={model.quantity} strong edge />
        </tr>
      </tbody>
    </table>
  );
}

/** Both themes at once: the stylesheet's color scheme picks, so nothing flashes before the theme is known. */
function tint(cell: PreparedCell): { background?: string; color?: string } {
  if (cell.tone === null) return { background: 'color-mix(in oklab, var(--text) 3%, transparent)' };
  const light = rampColor(cell.tone, 'light');
  const dark = rampColor(cell.tone, 'dark');
  return {
    background: `light-dark(${light}, ${dark})`,
    color: `light-dark(${inkOn(light)}, ${inkOn(dark)})`,
  };
}

function CellValue({ cell, quantity }: { cell: PreparedCell; quantity: Quantity }): ReactNode {
  if (cell.value === null) return NO_VALUE;
  if (cell.value === 0) return '0';
  const { digits, unit } = show(cell.value, quantity);
  return (
    <span className="relative whitespace-nowrap">
      {digits}
      {unit === '' ? null : <span className="ml-1 text-axis">{shortUnit(unit)}</span>}
    </span>
  );
}

/** Inside a cell the unit's "per address" goes without saying: the panel names it. */
function shortUnit(unit: string): string {
  return unit.replace('/address', '');
}

function TotalCell(props: {
  cell: PreparedCell | undefined;
  quantity: Quantity;
  strong?: boolean;
  edge?: boolean;
}) {
  return (
    <td
      className={`h-9 bg-page px-2 text-right ${props.strong ? 'font-medium' : ''} ${props.edge ? 'right-0 z-20 max-sm:sticky' : ''}`}
    >
      {props.cell ? <CellValue cell={props.cell} quantity={props.quantity} /> : NO_VALUE}
    </td>
  );
}

/** The ramp with its ends. */
export function HeatmapRamp({ model }: { model: HeatmapModel }) {
  // One value makes no scale.
  if (!model.ends || model.ends.least === model.ends.most) return null;
  const stops = (theme: 'light' | 'dark'): string[] =>
    Array.from({ length: 9 }, (_, i) => rampColor(i / 8, theme));
  const light = stops('light');
  const dark = stops('dark');
  return (
    <div className="tabular flex items-center gap-2 text-axis whitespace-nowrap text-muted">
      <span>{formatValue(model.ends.least, model.quantity)}</span>
      <span aria-hidden="true" className="flex h-2 w-28 overflow-hidden rounded-[2px]">
        {light.map((color, i) => (
          <span
            key={color}
            className="flex-1"
            style={{ background: `light-dark(${color}, ${dark[i] ?? color})` }}
          />
        ))}
      </span>
      <span>{formatValue(model.ends.most, model.quantity)}</span>
    </div>
  );
}
