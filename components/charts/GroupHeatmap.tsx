'use client';

import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { axisName } from '@/lib/charts/axisLabel';
import { divergingColor } from '@/lib/charts/divergingColor';
import { heatCellText } from '@/lib/charts/heatCellText';
import { heatColumns, shortMonths } from '@/lib/charts/heatColumns';
import { moveCell } from '@/lib/charts/moveCell';
import { inkOn, rampColor, type Theme } from '@/lib/charts/palette';
import type { GroupHeatmapModel, HeatCell, HeatLine } from '@/lib/charts/prepareGroupHeatmap';
import { ColumnName, LineName, MonthName } from './HeatNames';
import { type CellSize, CellText, TotalCell } from './HeatValues';

/** Beyond this many rows cells are half as high. */
const MOST_HIGH = 14;

/**
 * Two axes as a grid of real cells: numbers can be read, selected and spoken. Arrow keys move between cells, Enter or a click chooses one.
 * @param canPick whether choosing a cell narrows anything
 */
export function GroupHeatmap(props: {
  model: GroupHeatmapModel;
  caption: string;
  dense?: boolean;
  canPick: boolean;
  onPick: (row: HeatLine, column: HeatLine) => void;
}) {
  const { model, dense = false } = props;
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const [told, setTold] = useState<string | null>(null);
  const columns = heatColumns(model);
  const isNumbered = columns !== 'colors';
  const size: CellSize = columns === 'narrow' ? 'narrow' : dense ? 'dense' : 'wide';
  const short =
    columns !== 'wide' && model.columnAxis === 'month' ? shortMonths(model.columns, isNumbered) : null;
  // Names that are wider than their columns begin with them.
  const isAhead = model.columnAxis === 'hour' || (short !== null && !isNumbered);
  const height = !isNumbered && model.rows.length > MOST_HIGH ? 'h-4' : isNumbered && !dense ? 'h-8' : 'h-7';
  // Regions are few: five of them stand within the 351 pixels of a telephone, with the prefix alone beside a number.
  const isTight = isNumbered && model.columnAxis === 'region';
  // Its column has room for the unit.
  const ofEdge: CellSize = dense ? 'dense' : 'wide';
  const hold = {
    row: Math.min(at.row, model.rows.length - 1),
    column: Math.min(at.column, model.columns.length - 1),
  };

  // The newest is what is looked for first, and on a telephone it begins beyond the edge.
  const isDated = model.columnAxis === 'month' || model.columnAxis === 'day';
  useEffect(() => {
    const scroller = table.current?.parentElement;
    if (isDated && scroller) scroller.scrollLeft = scroller.scrollWidth;
  }, [isDated]);

  const key = (event: KeyboardEvent) => {
    const size = { rows: model.rows.length, columns: model.columns.length };
    const next = moveCell(event.key, hold, size, event.ctrlKey);
    if (!next) return;
    event.preventDefault();
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-cell="${next.row}:${next.column}"]`)?.focus();
  };
  const widths = isNumbered ? WIDTHS[size] : WIDTHS.colors;
  const names = size === 'wide' ? 124 : 104;
  const least = (names: number, cell: number, total: number) => names + model.columns.length * cell + total;

  return (
    <div>
      {/* Positioned, so that what is only spoken is cut with what scrolls. */}
      <div className="faded relative overflow-x-auto">
        <table
          ref={table}
          className={`tabular w-full table-fixed border-separate ${isTight ? 'tight' : ''}`}
          style={
            {
              borderSpacing: isNumbered ? 2 : 1,
              minWidth: `var(--least, ${least(names, widths.cell, widths.total)}px)`,
              '--tight': `${least(88, model.isDelta ? 50 : 40, 46)}px`,
            } as CSSProperties
          }
          onPointerLeave={() => setTold(null)}
        >
          <caption className="sr-only">{props.caption}</caption>
          <colgroup>
            <col style={{ width: `var(--names, ${names}px)` }} />
            {model.columns.map((column) => (
              <col key={column.key ?? '*'} />
            ))}
            <col style={{ width: `var(--total, ${widths.total}px)` }} />
          </colgroup>
          <thead>
            <tr>
              <th
                scope="col"
                className="sticky left-0 z-20 bg-page text-left text-axis font-normal text-muted"
              >
                <span className="sr-only">{axisName(model.rowAxis)}</span>
              </th>
              {model.columns.map((column, c) => (
                <th
                  key={column.key ?? '*'}
                  scope="col"
                  className={`pb-1 text-axis leading-4 font-normal ${short ? 'align-top' : 'align-bottom'} ${
                    isAhead ? 'text-left' : `text-right ${size === 'narrow' ? 'pr-1' : 'pr-1.5'}`
                  }`}
                  title={column.label}
                >
                  {short?.[c] ? (
                    <MonthName label={column.label} short={short[c]} isNumbered={isNumbered} index={c} />
                  ) : (
                    <ColumnName model={model} column={column} index={c} />
                  )}
                </th>
              ))}
              <th
                scope="col"
                className="px-1 pb-1 text-right align-bottom text-axis leading-4 font-normal text-muted"
              >
                {model.totalLabel}
              </th>
            </tr>
          </thead>
          <tbody>
            {model.rows.map((row, r) => (
              <tr key={row.key ?? '*'}>
                <th
                  scope="row"
                  title={row.label}
                  className="sticky left-0 z-20 truncate bg-page pr-1 text-left text-axis font-normal"
                >
                  <LineName axis={model.rowAxis} line={row} />
                </th>
                {(model.cells[r] ?? []).map((cell, c) => {
                  const column = model.columns[c] ?? { key: null, label: '' };
                  const text = heatCellText(model, row, column, cell);
                  const canPick =
                    props.canPick && Boolean(cell.value) && row.key !== null && column.key !== null;
                  return (
                    <td key={column.key ?? '*'} className="p-0">
                      <button
                        type="button"
                        data-cell={`${r}:${c}`}
                        tabIndex={r === hold.row && c === hold.column ? 0 : -1}
                        aria-label={text}
                        aria-disabled={!canPick}
                        title={isNumbered ? text : undefined}
                        className={`relative block w-full overflow-hidden rounded-[3px] ${size === 'narrow' ? 'px-1' : 'px-1.5'} text-right focus-visible:z-10 ${height} ${
                          canPick ? 'cursor-pointer hover:brightness-[1.06]' : 'cursor-default'
                        } ${cell.tone === null ? 'text-muted' : ''}`}
                        style={tint(cell, model.isDelta)}
                        onFocus={() => {
                          setAt({ row: r, column: c });
                          setTold(text);
                        }}
                        onPointerEnter={() => setTold(text)}
                        onClick={() => canPick && props.onPick(row, column)}
                        onKeyDown={key}
                      >
                        {cell.thin ? <span className="hatch absolute inset-0" /> : null}
                        {isNumbered ? <CellText cell={cell} model={model} size={size} /> : null}
                      </button>
                    </td>
                  );
                })}
                <TotalCell cell={model.rowTotals[r]} model={model} size={ofEdge} height={height} />
              </tr>
            ))}
            <tr>
              <th
                scope="row"
                className="sticky left-0 z-20 h-9 bg-page text-left text-axis font-normal text-muted"
              >
                {model.totalLabel}
              </th>
              {model.columns.map((column, c) => (
                <TotalCell
                  key={column.key ?? '*'}
                  cell={model.columnTotals[c]}
                  model={model}
                  size={size}
                  hidden={!isNumbered}
                  height="h-9"
                />
              ))}
              <TotalCell cell={model.total} model={model} size={ofEdge} strong height="h-9" />
            </tr>
          </tbody>
        </table>
      </div>
      {isNumbered ? null : (
        <p aria-hidden="true" className="mt-1 min-h-5 truncate text-axis">
          {told ?? (
            <span className="text-muted">Point at a cell, or move with the arrow keys, to read it.</span>
          )}
        </p>
      )}
    </div>
  );
}

/** Pixels of a column, and of the totals at the edge. */
const WIDTHS = {
  wide: { cell: 72, total: 84 },
  dense: { cell: 52, total: 58 },
  narrow: { cell: 50, total: 76 },
  colors: { cell: 18, total: 84 },
} as const;

/** Both themes at once: the stylesheet's color scheme picks, so nothing flashes before the theme is known. */
function tint(cell: HeatCell, isDelta: boolean): { background: string; color?: string } {
  const { tone } = cell;
  if (tone === null) return { background: 'color-mix(in oklab, var(--text) 3%, transparent)' };
  const color = (theme: Theme) => (isDelta ? divergingColor(tone, theme) : rampColor(tone, theme));
  const [light, dark] = [color('light'), color('dark')];
  return {
    background: `light-dark(${light}, ${dark})`,
    color: `light-dark(${inkOn(light)}, ${inkOn(dark)})`,
  };
}
