'use client';

import type { MouseEvent } from 'react';
import { formatShare, NO_VALUE, type Quantity, show } from '@/lib/charts/format';
import { networkTypeCss } from '@/lib/charts/palette';
import type { AreaSeries, StackedAreaModel } from '@/lib/charts/prepareStackedArea';

const COLUMNS = [
  { key: 'last', label: 'Last', title: 'Mean of the last drawn bucket that is whole and not provisional' },
  { key: 'mean', label: 'Mean', title: 'Bits of the covered time divided by the covered seconds' },
  {
    key: 'p95',
    label: 'p95',
    title: 'Number ceil(0.95 N) of the N covered 5-minute means, sorted ascending; never added up',
  },
  { key: 'max', label: 'Max', title: 'Greatest mean of a drawn bucket that is covered and not provisional' },
] as const;

/**
 * The legend as a table, in the order the eye meets the stack: total first, then from the top layer down.
 * Click hides or shows a type, Shift-click leaves only that one (and brings all back), hovering lifts it.
 */
export function LegendTable(props: {
  model: StackedAreaModel;
  hidden: ReadonlySet<string>;
  lifted: string | null;
  onToggle: (key: string, only: boolean) => void;
  onLift: (key: string | null) => void;
  caption: string;
}) {
  const { model, hidden } = props;
  const click = (key: string) => (event: MouseEvent) => props.onToggle(key, event.shiftKey);
  return (
    <table className="tabular w-full border-collapse text-[13px]">
      <caption className="sr-only">{props.caption}</caption>
      <thead>
        <tr className="h-7 border-b border-line text-axis text-muted">
          <th scope="col" className="pr-2 text-left font-normal">
            Type, {model.quantity}
          </th>
          {COLUMNS.map((column) => (
            <th key={column.key} scope="col" title={column.title} className="pl-2 text-right font-normal">
              {column.label}
            </th>
          ))}
          <th
            scope="col"
            title="Of the volume of all types in the range"
            className="pl-2 text-right font-normal"
          >
            Share
          </th>
        </tr>
      </thead>
      <tbody onPointerLeave={() => props.onLift(null)}>
        <tr className="h-7 font-medium">
          <th scope="row" className="pr-2 text-left font-medium">
            Total
          </th>
          <Figures series={model.total} quantity={model.quantity} />
        </tr>
        {model.series.toReversed().map((series) => {
          const off = hidden.has(series.key);
          return (
            <tr
              key={series.key}
              className={`h-7 cursor-pointer border-t border-line ${
                props.lifted === series.key ? 'bg-hover' : ''
              } ${off ? 'text-muted' : ''}`}
              onPointerEnter={() => props.onLift(off ? null : series.key)}
              onClick={click(series.key)}
            >
              <th scope="row" className="pr-2 text-left font-normal whitespace-nowrap">
                <button
                  type="button"
                  aria-pressed={!off}
                  title="Click hides or shows, Shift-click leaves only this one"
                  className="flex h-7 w-full cursor-pointer items-center gap-2 text-left"
                  onClick={(event) => {
                    event.stopPropagation();
                    props.onToggle(series.key, event.shiftKey);
                  }}
                  onFocus={() => props.onLift(off ? null : series.key)}
                  onBlur={() => props.onLift(null)}
                >
                  <span
                    className="block size-2.5 shrink-0 rounded-[2px] border"
                    style={{
                      borderColor: networkTypeCss(series.key),
                      background: off ? 'transparent' : networkTypeCss(series.key),
                    }}
                  />
                  <span className={off ? 'line-through decoration-1' : ''}>{series.key}</span>
                </button>
              </th>
              <Figures series={series} quantity={model.quantity} />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Figures({ series, quantity }: { series: AreaSeries; quantity: Quantity }) {
  return (
    <>
      {COLUMNS.map((column) => (
        <td key={column.key} className="pl-2 text-right whitespace-nowrap">
          <Figure value={series.statistics[column.key]} quantity={quantity} />
        </td>
      ))}
      <td className="pl-2 text-right whitespace-nowrap">{formatShare(series.statistics.share)}</td>
    </>
  );
}

/** Digits and prefix apart, so that digits stand under digits and the prefix steps back; the head names the unit. */
function Figure({ value, quantity }: { value: number | null; quantity: Quantity }) {
  if (value === null) return <span className="text-muted">{NO_VALUE}</span>;
  const { digits, unit } = show(value, quantity);
  return (
    <>
      {digits}
      <span className="inline-block w-[13px] pl-0.5 text-left text-muted">
        {unit.replace(/b\/s|B\/s/, '')}
      </span>
    </>
  );
}
