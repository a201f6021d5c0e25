'use client';

import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { cx } from '@/components/ui/cx';
import { formatShare } from '@/lib/charts/format';
import { moveCell } from '@/lib/charts/moveCell';
import { inkOn, rampColor } from '@/lib/charts/palette';
import { CALENDAR_STEPS, type CalendarCell, type CalendarModel } from '@/lib/charts/prepareCalendar';

const STEP_TONE = [null, 0.2, 0.4, 0.65, 0.95] as const;

function tint(step: CalendarCell['step']): { background?: string; color?: string } {
  const tone = STEP_TONE[step];
  if (tone === null) return {};
  const light = rampColor(tone, 'light');
  const dark = rampColor(tone, 'dark');
  return {
    background: `light-dark(${light}, ${dark})`,
    color: `light-dark(${inkOn(light)}, ${inkOn(dark)})`,
  };
}

/** What stands in a cell that is not full, so that it is not told by color alone. */
function mark({ share, step }: CalendarCell): string {
  if (share === null || step === 4) return '';
  if (share === 0) return '\u00d7';
  return String(Math.min(99, Math.floor(share * 100)));
}

/** Day by exporter as a grid of real cells: arrow keys move, Enter or a click narrows the range to the day. */
export function CoverageCalendar(props: {
  model: CalendarModel;
  caption: string;
  onDay: (from: number, to: number) => void;
}) {
  const { model } = props;
  const box = useRef<HTMLElement>(null);
  const [at, setAt] = useState({ row: 0, column: Math.max(0, model.days.length - 1) });
  const size = { rows: model.rows.length, columns: model.days.length };
  const held = { row: Math.min(at.row, size.rows - 1), column: Math.min(at.column, size.columns - 1) };
  const lastDay = model.days.at(-1)?.from;
  // The newest days matter most; where not all fit, they are in sight.
  useEffect(() => {
    if (box.current && lastDay !== undefined) box.current.scrollLeft = box.current.scrollWidth;
  }, [lastDay]);
  const key = (event: KeyboardEvent) => {
    const next = moveCell(event.key, held, size, event.ctrlKey);
    if (!next) return;
    event.preventDefault();
    setAt(next);
    box.current?.querySelector<HTMLElement>(`[data-cell="${next.row}:${next.column}"]`)?.focus();
  };
  return (
    <section ref={box} aria-label={props.caption} className="h-[262px] overflow-auto">
      <table className="tabular border-separate border-spacing-[2px] text-[11px]">
        <caption className="sr-only">{props.caption}</caption>
        <thead>
          <tr className="text-muted">
            <th
              scope="col"
              className="sticky top-0 left-0 z-30 min-w-32 bg-page text-left font-normal max-sm:min-w-20"
            >
              Exporter
            </th>
            <th
              scope="col"
              className="sticky top-0 z-20 bg-page px-2 text-right font-normal whitespace-nowrap"
            >
              In range
            </th>
            {model.days.map(({ from, day, month }) => (
              <th key={from} scope="col" className="sticky top-0 z-20 bg-page pt-4 text-center font-normal">
                {month === '' ? null : (
                  <span className="absolute top-0 left-0.5 whitespace-nowrap text-text">{month}</span>
                )}
                {day}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {model.rows.map((row, r) => (
            <tr key={row.key}>
              <th
                scope="row"
                className={cx(
                  'sticky left-0 z-20 max-w-44 truncate bg-page pr-2 text-left text-axis whitespace-nowrap max-sm:max-w-20',
                  row.key === '' ? 'font-medium' : 'font-normal',
                )}
                title={row.key === '' ? 'every expected exporter together' : row.key}
              >
                {row.name}
              </th>
              <td className="px-2 text-right text-axis whitespace-nowrap">{formatShare(row.share)}</td>
              {row.cells.map((cell, c) => (
                <td key={cell.from} className="p-0">
                  <button
                    type="button"
                    data-cell={`${r}:${c}`}
                    tabIndex={r === held.row && c === held.column ? 0 : -1}
                    aria-label={cell.text}
                    title={cell.text}
                    onFocus={() => setAt({ row: r, column: c })}
                    onKeyDown={key}
                    onClick={() => props.onDay(cell.from, cell.to)}
                    className={cx(
                      'block h-6 w-7 cursor-pointer rounded-[3px] text-center hover:brightness-[1.08] focus-visible:z-10',
                      cell.share === null && 'hatch text-muted',
                      cell.share !== null && cell.step === 0 && 'border border-fall font-medium text-fall',
                      cell.inRange ? 'outline-1 outline-offset-[-1px] outline-text/60' : '',
                    )}
                    style={tint(cell.step)}
                  >
                    {mark(cell)}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What the cells mean. */
export function CalendarLegend() {
  return (
    <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-axis text-muted">
      {CALENDAR_STEPS.map((words, step) => (
        <li key={words} className="flex items-center gap-1.5">
          <span
            aria-hidden="true"
            className={cx(
              'block h-3 w-5 rounded-[2px] text-center text-[10px] leading-3',
              step === 0 && 'border border-fall leading-2.5 text-fall',
            )}
            style={tint(step as CalendarCell['step'])}
          >
            {step === 0 ? '\u00d7' : ''}
          </span>
          {words}
        </li>
      ))}
      <li className="flex items-center gap-1.5">
        <span aria-hidden="true" className="hatch block h-3 w-5 rounded-[2px]" />
        nothing expected
      </li>
      <li className="flex items-center gap-1.5">
        <span aria-hidden="true" className="block h-3 w-5 rounded-[2px] outline-1 outline-text/60" />
        in the range
      </li>
    </ul>
  );
}
