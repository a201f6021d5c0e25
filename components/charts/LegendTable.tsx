'use client';

import { memo, useMemo } from 'react';
import { formatShare, type Quantity } from '@/lib/charts/format';
import type { AreaSeries, StackedAreaModel } from '@/lib/charts/prepareStackedArea';
import { Figure, type LegendColumn, LegendHeads, LegendName } from './legendParts';

/** `of`: the means that a figure is taken from, by their width; the p95 is of 5-minute means whatever is drawn. */
const columnsFor = (bucket: string): readonly LegendColumn[] => [
  {
    key: 'last',
    label: 'Last',
    of: bucket,
    title: `Mean of the last drawn bucket (${bucket}) that is whole and not provisional`,
  },
  {
    key: 'mean',
    label: 'Mean',
    of: 'range',
    title: 'Bits of the covered time of the range divided by its covered seconds',
  },
  {
    key: 'p95',
    label: 'p95',
    of: '5 minutes',
    title:
      'Number ceil(0.95 N) of the N covered 5-minute means, sorted ascending; never added up. It may exceed the maximum of wider buckets',
  },
  {
    key: 'max',
    label: 'Max',
    of: bucket,
    title: `Greatest mean of a drawn bucket (${bucket}) that is covered and not provisional`,
  },
];

/**
 * The legend as a table, in the order the eye meets the stack: total first, then from the top layer down.
 * Click hides or shows a type, Shift-click leaves only that one (and brings all back), hovering lifts it.
 */
export function LegendTable(props: {
  model: StackedAreaModel;
  hidden: ReadonlySet<string>;
  lifted: string | null;
  /** width of a drawn bucket in words */
  bucket: string;
  /** rows are drawn anew when this or onLift is another function: keep them while nothing changes */
  onToggle: (key: string, only: boolean) => void;
  onLift: (key: string | null) => void;
  caption: string;
}) {
  const { model, hidden } = props;
  const columns = useMemo(() => columnsFor(props.bucket), [props.bucket]);
  const shown = model.series.filter((series) => !hidden.has(series.key));
  return (
    <table className="tabular w-full border-collapse text-[13px]">
      <caption className="sr-only">{props.caption}</caption>
      <thead>
        <tr className="h-9 border-b border-line align-top text-axis leading-4 text-muted">
          <th scope="col" className="pr-2 text-left font-normal">
            Type, {model.quantity}
          </th>
          <LegendHeads columns={columns} />
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
          <th
            scope="row"
            className="pr-2 text-left font-medium whitespace-nowrap"
            title={hidden.size > 0 ? 'Of all types, hidden ones included' : 'Of all types'}
          >
            {shown.length < model.series.length ? `Total of all ${model.series.length}` : 'Total'}
          </th>
          <Figures columns={columns} series={model.total} quantity={model.quantity} />
        </tr>
        {model.series.toReversed().map((series) => (
          <LegendRow
            key={series.key}
            columns={columns}
            series={series}
            quantity={model.quantity}
            off={hidden.has(series.key)}
            isLifted={props.lifted === series.key}
            onToggle={props.onToggle}
            onLift={props.onLift}
          />
        ))}
      </tbody>
      <tfoot>
        <tr className="border-t border-line text-[11px] text-muted">
          <td colSpan={columns.length + 2} className="pt-1.5">
            {shown.length < model.series.length
              ? `Drawn: ${shown.length} of ${model.series.length} types, ${formatShare(shown.reduce((sum, { statistics }) => sum + statistics.share, 0))} of the volume.`
              : 'Click hides a type, Shift-click (Shift-Enter) shows it alone.'}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

// Of a click and of the pointer that goes from row to row, only the rows whose look changes are drawn anew.
const LegendRow = memo(function LegendRow(
  props: Pick<Parameters<typeof LegendTable>[0], 'onToggle' | 'onLift'> & {
    columns: readonly LegendColumn[];
    series: AreaSeries;
    quantity: Quantity;
    off: boolean;
    isLifted: boolean;
  },
) {
  const { series, off } = props;
  return (
    <tr
      className={`h-7 cursor-pointer border-t border-line ${props.isLifted ? 'bg-hover' : ''} ${off ? 'text-muted' : ''}`}
      onPointerEnter={() => props.onLift(off ? null : series.key)}
      onClick={(event) => props.onToggle(series.key, event.shiftKey)}
    >
      <th scope="row" className="pr-2 text-left font-normal whitespace-nowrap">
        <LegendName
          label={series.label}
          colors={series.colors}
          off={off}
          title="Click or Enter hides or shows; with Shift, only this one is left"
          onToggle={(only) => props.onToggle(series.key, only)}
          onLift={(lifted) => props.onLift(lifted ? series.key : null)}
        />
      </th>
      <Figures columns={props.columns} series={series} quantity={props.quantity} />
    </tr>
  );
});

function Figures(props: { columns: readonly LegendColumn[]; series: AreaSeries; quantity: Quantity }) {
  const { series, quantity } = props;
  return (
    <>
      {props.columns.map((column) => (
        <td key={column.key} className="pl-2 text-right whitespace-nowrap">
          <Figure value={series.statistics[column.key]} quantity={quantity} />
        </td>
      ))}
      <td className="pl-2 text-right whitespace-nowrap">{formatShare(series.statistics.share)}</td>
    </>
  );
}
