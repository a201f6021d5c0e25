'use client';

import { type KeyboardEvent, useRef, useState } from 'react';
import { axisName } from '@/lib/charts/axisLabel';
import { divergingColor } from '@/lib/charts/divergingColor';
import { formatShare, formatValue, NO_VALUE, show, THIN_SPACE } from '@/lib/charts/format';
import { heatRamp } from '@/lib/charts/heatRamp';
import { moveCell } from '@/lib/charts/moveCell';
import { inkOn, networkTypeCss, rampColor, type Theme } from '@/lib/charts/palette';
import type { GroupHeatmapModel, HeatCell, HeatLine } from '@/lib/charts/prepareGroupHeatmap';

/** Beyond this many columns cells show color alone; their number stands below and in the table. */
const MOST_NUMBERED = 16;

/** Beyond this many rows cells are half as high. */
const MOST_HIGH = 14;

/** What a cell says when it is read aloud or pointed at. */
export function heatCellText(
  model: GroupHeatmapModel,
  row: HeatLine,
  column: HeatLine,
  cell: HeatCell,
): string {
  const where = `${row.label}, ${column.label}`;
  if (cell.value === null && cell.before === null) return `${where}: nothing was seen`;
  const value = cell.value === null ? 'nothing' : formatValue(cell.value, model.quantity);
  const plusMinus = cell.plusMinus ? ` \u00b1 ${formatValue(cell.plusMinus, 'count')}` : '';
  const share = cell.value === null || cell.value === 0 ? '' : `, ${formatShare(cell.share)} of all volume`;
  const change =
    cell.change.direction === 'none'
      ? ''
      : `, ${cell.change.text} against ${formatValue(cell.before ?? 0, model.quantity)} before`;
  const thin = cell.thin ? '. Fewer than 400 sampled packets: error of 10 % and more' : '';
  return `${where}: ${value}${plusMinus}${share}${change}${thin}`;
}

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
  const isNumbered = model.columns.length <= MOST_NUMBERED;
  const height = !isNumbered && model.rows.length > MOST_HIGH ? 'h-4' : isNumbered && !dense ? 'h-10' : 'h-7';
  const hold = {
    row: Math.min(at.row, model.rows.length - 1),
    column: Math.min(at.column, model.columns.length - 1),
  };

  const key = (event: KeyboardEvent) => {
    const size = { rows: model.rows.length, columns: model.columns.length };
    const next = moveCell(event.key, hold, size, event.ctrlKey);
    if (!next) return;
    event.preventDefault();
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-cell="${next.row}:${next.column}"]`)?.focus();
  };
  const widths = isNumbered ? { cell: dense ? 52 : 72, total: dense ? 58 : 84 } : { cell: 18, total: 84 };
  const names = dense ? 104 : 124;

  return (
    <div>
      {/* Positioned, so that what is only spoken is cut with what scrolls. */}
      <div className="relative overflow-x-auto">
        <table
          ref={table}
          className={`tabular w-full table-fixed border-separate ${isNumbered ? 'border-spacing-[2px]' : 'border-spacing-[1px]'}`}
          style={{ minWidth: names + model.columns.length * widths.cell + widths.total }}
          onPointerLeave={() => setTold(null)}
        >
          <caption className="sr-only">{props.caption}</caption>
          <colgroup>
            <col style={{ width: names }} />
            {model.columns.map((column) => (
              <col key={column.key ?? '*'} />
            ))}
            <col style={{ width: widths.total }} />
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
                  className={`pb-1 align-bottom text-axis leading-4 font-normal ${model.columnAxis === 'hour' ? 'text-left' : 'pr-1.5 text-right'}`}
                  title={column.label}
                >
                  <ColumnName model={model} column={column} index={c} isNumbered={isNumbered} />
                </th>
              ))}
              <th
                scope="col"
                className="right-0 z-20 bg-page px-1 pb-1 text-right align-bottom text-axis leading-4 font-normal text-muted max-sm:sticky"
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
                  className="sticky left-0 z-20 truncate bg-page pr-2 text-left text-axis font-normal"
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
                        className={`relative block w-full overflow-hidden rounded-[3px] px-1.5 text-right focus-visible:z-10 ${height} ${
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
                        {isNumbered ? <CellText cell={cell} model={model} dense={dense} /> : null}
                      </button>
                    </td>
                  );
                })}
                <TotalCell cell={model.rowTotals[r]} model={model} dense={dense} edge height={height} />
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
                  dense={dense}
                  hidden={!isNumbered}
                  height="h-9"
                />
              ))}
              <TotalCell cell={model.total} model={model} dense={dense} strong edge height="h-9" />
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

/** Hours are told every three hours, so that the names have room; everything else by its name. */
function ColumnName(props: {
  model: GroupHeatmapModel;
  column: HeatLine;
  index: number;
  isNumbered: boolean;
}) {
  const { model, column } = props;
  if (model.columnAxis === 'hour') {
    return (
      <span className="block w-0 whitespace-nowrap text-muted">
        <span className="sr-only">{column.label}</span>
        {props.index % 3 === 0 ? <span aria-hidden="true">{column.label}</span> : null}
      </span>
    );
  }
  return <LineName axis={model.columnAxis} line={column} wraps />;
}

/** @param wraps the name of a column: at its right edge as the figures are, on two lines where it is long */
function LineName({
  axis,
  line,
  wraps = false,
}: {
  axis: GroupHeatmapModel['rowAxis'];
  line: HeatLine;
  wraps?: boolean;
}) {
  return (
    <span className={`flex min-w-0 items-center gap-1 ${wraps ? 'justify-end' : ''}`}>
      {axis === 'type' && line.key !== null ? (
        <span
          className="block size-2 shrink-0 rounded-[2px]"
          style={{ background: networkTypeCss(line.key) }}
        />
      ) : null}
      <span
        className={`${wraps ? 'line-clamp-2 [overflow-wrap:anywhere]' : 'truncate'} ${line.key === null ? 'text-muted' : ''}`}
      >
        {line.label}
      </span>
    </span>
  );
}

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

function CellText({ cell, model, dense }: { cell: HeatCell; model: GroupHeatmapModel; dense: boolean }) {
  if (model.isDelta) {
    return (
      <span className={`relative whitespace-nowrap ${dense ? 'text-[11px]' : 'text-axis'}`}>
        {cell.factor === 0 ? 'gone' : cell.change.text}
      </span>
    );
  }
  return <Value cell={cell} model={model} dense={dense} />;
}

function Value({ cell, model, dense }: { cell: HeatCell; model: GroupHeatmapModel; dense: boolean }) {
  if (cell.value === null) return NO_VALUE;
  if (cell.value === 0) return '0';
  const { digits, unit } = show(cell.value, model.quantity);
  // Inside a cell the unit's "per address" goes without saying: the panel names it.
  const short = unit.replace('/address', '').replace('b/s', 'b/s');
  return (
    <span className={`relative whitespace-nowrap ${dense ? 'text-axis' : ''}`}>
      {digits}
      {short === '' ? null : (
        <span className={dense ? 'text-[11px]' : 'ml-1 text-axis'}>
          {dense ? `${THIN_SPACE}${short}` : short}
        </span>
      )}
    </span>
  );
}

function TotalCell(props: {
  cell: HeatCell | undefined;
  model: GroupHeatmapModel;
  dense: boolean;
  height: string;
  strong?: boolean;
  edge?: boolean;
  hidden?: boolean;
}) {
  const { cell, model, dense } = props;
  return (
    <td
      className={`${props.height} truncate bg-page px-1 text-right text-axis ${props.strong ? 'font-medium' : ''} ${props.edge ? 'right-0 z-20 max-sm:sticky' : ''}`}
    >
      {cell === undefined ? (
        NO_VALUE
      ) : props.hidden ? (
        <span className="sr-only">{formatValue(cell.value, model.quantity)}</span>
      ) : model.isDelta ? (
        <span className={dense ? 'text-[11px]' : undefined}>{cell.change.text}</span>
      ) : (
        <Value cell={cell} model={model} dense={dense} />
      )}
    </td>
  );
}

/** The ramp with its ends and what they mean. */
export function GroupRamp({ model }: { model: GroupHeatmapModel }) {
  const ramp = heatRamp(model);
  if (ramp === null) return null;
  const dark = ramp.colors('dark');
  return (
    <div className="tabular flex items-center gap-2 text-axis whitespace-nowrap text-muted">
      <span>{ramp.least}</span>
      <span aria-hidden="true" className="flex h-2 w-28 overflow-hidden rounded-[2px]">
        {ramp.colors('light').map((color, i) => (
          <span
            key={color}
            className="flex-1"
            style={{ background: `light-dark(${color}, ${dark[i] ?? color})` }}
          />
        ))}
      </span>
      <span>{ramp.most}</span>
      <span>{ramp.words}</span>
    </div>
  );
}
