'use client';

import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ScrollRegion } from '@/components/ui/ScrollRegion';
import { cssColor } from '@/lib/charts/categories';
import type { ExploreLine } from '@/lib/charts/prepareSeries';
import { type SeriesTable as Model, sortedRows } from '@/lib/charts/seriesTable';
import { sparkline } from '@/lib/charts/sparkline';
import { ChangeText } from './SeriesLegend';

const SPARK = { width: 132, height: 22 } as const;

/** Groups as a table: every column sorts, each row shows its course. */
export function SeriesTable(props: {
  table: Model;
  caption: string;
  menu: (line: ExploreLine) => ReactNode;
}) {
  const { table } = props;
  const [sort, setSort] = useState<{ key: string; descending: boolean } | null>(null);
  const column = table.columns.findIndex(({ key }) => key === sort?.key);
  const order =
    sort === null || column < 0
      ? table.rows.map((_, i) => i)
      : sortedRows(table, { column, descending: sort.descending });
  const groups = table.columns.filter(({ align }) => align !== 'right').length;
  // Numbers are first looked at from the greatest, names from A.
  const choose = (key: string, isNumber: boolean) =>
    setSort(sort?.key === key ? { key, descending: !sort.descending } : { key, descending: isNumber });
  const head = (i: number): ReactNode => {
    const each = table.columns[i];
    if (each === undefined) return null;
    const isNumber = each.align === 'right';
    const isSorted = sort?.key === each.key;
    return (
      <th
        key={each.key}
        scope="col"
        aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
        className="sticky top-0 z-10 h-8 border-b border-line bg-surface px-1 font-normal whitespace-nowrap first:left-0 first:z-20"
      >
        <button
          type="button"
          title={each.definition}
          onClick={() => choose(each.key, isNumber)}
          className={`flex h-7 w-full cursor-pointer items-center gap-1 rounded-[4px] px-2 text-muted hover:bg-hover hover:text-text ${isNumber ? 'justify-end' : ''}`}
        >
          {each.label}
          {isSorted ? (
            sort.descending ? (
              <ArrowDown aria-hidden="true" className="size-3" />
            ) : (
              <ArrowUp aria-hidden="true" className="size-3" />
            )
          ) : null}
        </button>
      </th>
    );
  };
  return (
    <ScrollRegion label={props.caption} className="max-h-[640px] rounded-[5px] border border-line">
      <table className="tabular w-full border-collapse text-axis">
        <caption className="sr-only">{props.caption}</caption>
        <thead>
          <tr className="text-left">
            {table.columns.slice(0, groups).map((_, i) => head(i))}
            <th
              scope="col"
              className="sticky top-0 z-10 border-b border-line bg-surface px-3 font-normal whitespace-nowrap text-muted"
            >
              Over time
            </th>
            {table.columns.slice(groups).map((_, i) => head(groups + i))}
            <th scope="col" className="sticky top-0 z-10 w-8 border-b border-line bg-surface">
              <span className="sr-only">Filter</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {order.map((row) => (
            <GroupRow key={table.rows[row]?.key} table={table} row={row} groups={groups} menu={props.menu} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function GroupRow(props: {
  table: Model;
  row: number;
  groups: number;
  menu: (line: ExploreLine) => ReactNode;
}) {
  const { table, groups } = props;
  const entry = table.lines[props.row];
  const cells = table.rows[props.row]?.cells ?? [];
  if (entry === undefined) return null;
  const { line, isTotal } = entry;
  return (
    <tr
      className={`group border-b border-line last:border-b-0 hover:bg-hover ${isTotal ? 'font-medium' : ''}`}
    >
      {cells.slice(0, groups).map((cell, i) => {
        return i === 0 ? (
          <th
            key={table.columns[i]?.key}
            scope="row"
            title={cell.text}
            className={`sticky left-0 bg-page px-3 text-left group-hover:bg-surface ${isTotal ? 'font-medium' : 'font-normal'}`}
          >
            <Words text={cell.text} />
          </th>
        ) : (
          <td key={table.columns[i]?.key} title={cell.text} className="px-3">
            <Words text={cell.text} />
          </td>
        );
      })}
      <td className="h-8 px-3">
        <svg
          width={SPARK.width}
          height={SPARK.height}
          viewBox={`0 -1 ${SPARK.width} ${SPARK.height + 2}`}
          className="block"
          aria-hidden="true"
        >
          <path
            d={sparkline(line.values, SPARK.width, SPARK.height)}
            fill="none"
            stroke={isTotal ? 'currentColor' : cssColor(line.colors)}
            strokeWidth="1.25"
            strokeLinejoin="round"
          />
        </svg>
      </td>
      {cells.slice(groups).map((cell, i) => {
        const key = table.columns[groups + i]?.key;
        return (
          <td key={key} title={cell.title} className="px-3 text-right whitespace-nowrap">
            {key === 'change' ? <ChangeText line={line} /> : cell.text}
          </td>
        );
      })}
      <td className="w-8">{isTotal ? null : props.menu(line)}</td>
    </tr>
  );
}

function Words({ text }: { text: string }) {
  return <span className="block max-w-64 truncate max-sm:max-w-40">{text}</span>;
}
