'use client';

import { Fragment, type MouseEvent, memo, type ReactNode, useMemo } from 'react';
import { formatChange, formatShare } from '@/lib/charts/format';
import type { ExploreLine, Half, SeriesModel } from '@/lib/charts/prepareSeries';
import { changeWords } from '@/lib/charts/seriesTable';
import { Figure, type LegendColumn, LegendHeads, LegendName } from './legendParts';

/**
 * Of a legend with more figures than stand beside a name on a telephone: there a name has a line of its own, above its figures. It takes no
 * room of the first column, which has none, and stays its row's header.
 */
const OWN_LINE = {
  /** around the name */
  header: 'max-sm:relative max-sm:w-px max-sm:max-w-px max-sm:min-w-px max-sm:p-0',
  name: 'max-sm:absolute max-sm:top-0 max-sm:left-0 max-sm:w-[100cqw]',
  /** what stands below it */
  figure: 'max-sm:pt-6 max-sm:pb-1',
  head: 'max-sm:pt-5',
} as const;

/** Statistics that the measure has: distinct addresses have neither a mean nor a percentile. */
function columnsFor(model: SeriesModel, bucket: string): LegendColumn[] {
  const last: LegendColumn = {
    key: 'last',
    label: 'Last',
    of: bucket,
    title: `Of the last drawn bucket (${bucket}) that is whole and not provisional`,
  };
  const max: LegendColumn = {
    key: 'max',
    label: 'Max',
    of: bucket,
    title: `Greatest of the drawn buckets (${bucket}) that are covered and not provisional`,
  };
  if (!model.stacks) return [last, max];
  const mean: LegendColumn = {
    key: 'mean',
    label: 'Mean',
    ...(model.p95Of === null
      ? {
          of: bucket,
          title: `Of the drawn buckets (${bucket}) that are covered and not provisional, by their covered seconds`,
        }
      : { of: 'range', title: 'Of the covered time of the range' }),
  };
  const p95: LegendColumn = {
    key: 'p95',
    label: 'p95',
    of: model.p95Of === 'p95 of hourly means' ? '1 hour' : '5 minutes',
    title: `${model.p95Of}: number ceil(0.95 N) of the N covered means, sorted ascending; never added up`,
  };
  return model.p95Of === null ? [last, mean, max] : [last, mean, p95, max];
}

/** Letters of a name that needs more room than a network type. */
export const LONG_NAME = 14;

/**
 * The legend as a table, in the order of the picture. Click hides or shows a series, Shift-click leaves only that one (and brings all back),
 * hovering lifts it; each row has a menu of its own.
 */
export function SeriesLegend(props: {
  model: SeriesModel;
  /** what a group is called: "ASN" */
  heading: string;
  hidden: ReadonlySet<string>;
  lifted: string | null;
  /** width of a drawn bucket in words */
  bucket: string;
  onToggle: (key: string, only: boolean) => void;
  onLift: (key: string | null) => void;
  /** rows are drawn anew when this, onToggle or onLift is another function: keep them while nothing changes */
  menu: (line: ExploreLine, isHidden: boolean) => ReactNode;
  caption: string;
}) {
  const { model, bucket } = props;
  const columns = useMemo(() => columnsFor(model, bucket), [model, bucket]);
  const isCompared = model.compared !== null;
  const isCounted = model.measure === 'uniqueness';
  const width = columns.length + 2 + (model.stacks ? 1 : 0) + (isCounted ? 1 : 0) + (isCompared ? 1 : 0);
  const keys = new Set(model.halves.flatMap(({ series }) => series.map(({ key }) => key)));
  const drawn = [...keys].filter((key) => !props.hidden.has(key)).length;
  return (
    <table className="tabular w-full border-collapse text-[13px]">
      <caption className="sr-only">{props.caption}</caption>
      <thead>
        <tr className="h-9 border-b border-line align-top text-axis leading-4 text-muted">
          <th scope="col" className={`pr-2 text-left font-normal ${OWN_LINE.header}`}>
            <div className={`${OWN_LINE.name} max-sm:flex max-sm:items-baseline max-sm:gap-2`}>
              {props.heading}
              <span className="block text-[10.5px]">{unitWords(model)}</span>
            </div>
          </th>
          <LegendHeads columns={columns} className={OWN_LINE.head} />
          {model.stacks ? (
            <th
              scope="col"
              title="Of the total of the range"
              className={`pl-2 text-right font-normal ${OWN_LINE.head}`}
            >
              Share
            </th>
          ) : null}
          {isCounted ? (
            <th
              scope="col"
              title="Distinct remote addresses of the whole range, merged and never added up"
              className={`pl-2 text-right font-normal whitespace-nowrap ${OWN_LINE.head}`}
            >
              In all
              <span className="block text-[10.5px]">range</span>
            </th>
          ) : null}
          {isCompared ? (
            <th
              scope="col"
              title={`Against the range that is compared: ${changeWords(model)}`}
              className={`pl-2 text-right font-normal ${OWN_LINE.head}`}
            >
              Change
            </th>
          ) : null}
          <th scope="col" className="w-6">
            <span className="sr-only">Filter</span>
          </th>
        </tr>
      </thead>
      <tbody onPointerLeave={() => props.onLift(null)}>
        {model.halves.map((half) => (
          <HalfRows key={half.direction} {...props} half={half} columns={columns} width={width} />
        ))}
      </tbody>
      <tfoot>
        <tr className="border-t border-line text-[11px] text-muted">
          <td colSpan={width} className="pt-1.5">
            {drawn < keys.size
              ? `Drawn: ${drawn} of ${keys.size}. The total is of all.`
              : 'Click hides a row, Shift-click (Shift-Enter) shows it alone.'}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function HalfRows(
  props: Parameters<typeof SeriesLegend>[0] & { half: Half; columns: readonly LegendColumn[]; width: number },
) {
  const { model, half, columns } = props;
  const isMirrored = model.halves.length > 1;
  const hangs = isMirrored && half.direction === 'egress';
  const ordered = model.stacks && !hangs ? half.series.toReversed() : half.series;
  const total = (
    <tr className="h-7 border-t border-line font-medium">
      <th scope="row" className={`pr-2 text-left font-medium whitespace-nowrap ${OWN_LINE.header}`}>
        <span className={`max-sm:leading-7 ${OWN_LINE.name}`}>
          {isMirrored ? `Total ${half.direction} ${hangs ? '\u2193' : '\u2191'}` : 'Total'}
        </span>
      </th>
      <Figures model={model} columns={columns} line={half.total} />
      <td />
    </tr>
  );
  return (
    <Fragment>
      {model.by.length > 0 ? total : null}
      {ordered.map((line) => (
        <LegendRow
          key={line.key}
          model={model}
          columns={columns}
          line={line}
          off={props.hidden.has(line.key)}
          isLifted={props.lifted === line.key}
          onToggle={props.onToggle}
          onLift={props.onLift}
          menu={props.menu}
        />
      ))}
    </Fragment>
  );
}

const FIGURE = `pl-2 text-right whitespace-nowrap ${OWN_LINE.figure}`;

function Figures(props: { model: SeriesModel; columns: readonly LegendColumn[]; line: ExploreLine }) {
  const { model, line } = props;
  return (
    <>
      {props.columns.map(({ key }) => (
        <td key={key} className={FIGURE}>
          <Figure value={line.statistics[key]} quantity={model.quantity} />
        </td>
      ))}
      {model.stacks ? <td className={FIGURE}>{formatShare(line.statistics.share)}</td> : null}
      {model.measure === 'uniqueness' ? (
        <td className={FIGURE}>
          <Figure value={line.addresses} quantity="count" />
        </td>
      ) : null}
      {model.compared === null ? null : (
        <td className={FIGURE}>
          <ChangeText line={line} />
        </td>
      )}
    </>
  );
}

// Hovering lifts one series after the other, a click hides one: only the rows whose look changes are drawn anew, and not the menus of all.
const LegendRow = memo(function LegendRow(
  props: Pick<Parameters<typeof SeriesLegend>[0], 'onToggle' | 'onLift' | 'menu' | 'model'> & {
    columns: readonly LegendColumn[];
    line: ExploreLine;
    off: boolean;
    isLifted: boolean;
  },
) {
  const { line, off } = props;
  return (
    <tr
      className={`h-7 cursor-pointer border-t border-line ${props.isLifted ? 'bg-hover' : ''} ${off ? 'text-muted' : ''}`}
      onPointerEnter={() => props.onLift(off ? null : line.key)}
      onClick={(event) => {
        if (!isOfMenu(event)) props.onToggle(line.key, event.shiftKey);
      }}
    >
      <th
        scope="row"
        className={`max-w-0 min-w-28 pr-2 text-left font-normal ${OWN_LINE.header} ${line.label.length > LONG_NAME ? 'sm:w-[42%]' : ''}`}
      >
        <LegendName
          label={line.label}
          colors={line.colors}
          off={off}
          className={OWN_LINE.name}
          title={`${line.label}. Click or Enter hides or shows; with Shift, only this one is left`}
          onToggle={(only) => props.onToggle(line.key, only)}
          onLift={(lifted) => props.onLift(lifted ? line.key : null)}
        />
      </th>
      <Figures model={props.model} columns={props.columns} line={line} />
      <td className={`w-6 ${OWN_LINE.figure}`} data-menu="">
        {props.menu(line, off)}
      </td>
    </tr>
  );
});

/** A click on the row's menu, or on its entries, which float outside of the row and still belong to it. */
function isOfMenu({ target, currentTarget }: MouseEvent): boolean {
  if (!(target instanceof Element)) return false;
  return !currentTarget.contains(target) || target.closest('[data-menu]') !== null;
}

/** A change by its sign in words and color; the figures behind it on hover. */
export function ChangeText({ line }: { line: ExploreLine }) {
  const { direction, text } = formatChange(line.now, line.before);
  const look =
    direction === 'rise' || direction === 'new'
      ? 'text-rise'
      : direction === 'fall'
        ? 'text-fall'
        : 'text-muted';
  return <span className={look}>{text}</span>;
}

function unitWords({ quantity }: SeriesModel): string {
  return quantity === 'count' ? 'addresses' : quantity;
}
