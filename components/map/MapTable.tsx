'use client';

import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, useState } from 'react';
import { ScrollRegion } from '@/components/ui/ScrollRegion';
import { formatValue, groupDigits } from '@/lib/charts/format';
import { compareCells } from '@/lib/charts/map/mapTable';
import type { MapEntry } from '@/lib/charts/map/model';
import type { TableModel } from '@/lib/charts/tableModel';

/** Every place, drawn or not, to sort by any column; a place's name narrows the scope to it, as its circle does. */
export function MapTable(props: {
  table: TableModel;
  entries: readonly MapEntry[];
  /** bytes of the shown types and step, exact */
  total: string;
  /** how many of them have a circle on the map */
  drawn: string;
  caption: string;
  onPick: (entry: MapEntry) => void;
}) {
  const { table, entries } = props;
  const [sort, setSort] = useState<{ column: number; down: boolean } | null>(null);
  const lines = useMemo(() => {
    if (sort === null) return table.rows;
    const sorted = [...table.rows].sort((a, b) => {
      const [one, other] = [a.cells[sort.column], b.cells[sort.column]];
      if (!one || !other) return 0;
      const order = compareCells(one, other);
      const anyEmpty = one.exact === '' || other.exact === '';
      return sort.down && !anyEmpty ? -order : order;
    });
    return sorted;
  }, [table, sort]);
  const entryOf = useMemo(() => new Map(entries.map((entry) => [entry.key, entry])), [entries]);
  const press = (column: number) =>
    setSort((before) => ({ column, down: before?.column === column ? !before.down : column > 1 }));
  return (
    <ScrollRegion label={props.caption} className="h-full rounded-[5px] border border-line">
      <table className="tabular w-full border-collapse text-axis">
        <caption className="sr-only">{props.caption}</caption>
        <thead className="sticky top-0 z-10 bg-surface">
          <tr className="text-muted">
            {table.columns.map(({ key, label, definition, align }, i) => (
              <th
                key={key}
                scope="col"
                aria-sort={sort?.column === i ? (sort.down ? 'descending' : 'ascending') : undefined}
                className="h-8 border-b border-line px-1 font-normal whitespace-nowrap"
              >
                <button
                  type="button"
                  title={definition}
                  onClick={() => press(i)}
                  className={`flex h-7 w-full cursor-pointer items-center gap-1 rounded-[3px] px-2 hover:bg-hover hover:text-text ${align === 'right' ? 'justify-end' : ''}`}
                >
                  {label}
                  {sort?.column === i ? (
                    sort.down ? (
                      <ArrowDown aria-hidden="true" className="size-3" />
                    ) : (
                      <ArrowUp aria-hidden="true" className="size-3" />
                    )
                  ) : null}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, cells }) => {
            const [name, ...others] = cells;
            const entry = entryOf.get(key);
            return (
              <tr key={key} className="border-b border-line hover:bg-hover">
                <th scope="row" className="h-6 px-3 text-left font-normal whitespace-nowrap">
                  {entry && entry.country !== '' ? (
                    <button
                      type="button"
                      className="cursor-pointer hover:underline"
                      onClick={() => props.onPick(entry)}
                    >
                      {name?.text}
                    </button>
                  ) : (
                    name?.text
                  )}
                </th>
                {others.map((cell, i) => {
                  const column = table.columns[i + 1];
                  return (
                    <td
                      key={column?.key}
                      title={cell.title}
                      className={`px-3 whitespace-nowrap ${column?.align === 'right' ? 'text-right' : ''} ${cell.tone === 'muted' ? 'text-muted' : ''}`}
                    >
                      {cell.text}
                    </td>
                  );
                })}
              </tr>
            );
          })}
          {[
            { label: 'Drawn on the map', bytes: props.drawn, look: '' },
            { label: 'Total', bytes: props.total, look: 'font-medium' },
          ].map(({ label, bytes, look }) => (
            <tr key={label} className={look}>
              <th scope="row" className="h-6 px-3 text-left font-[inherit]">
                {label}
              </th>
              <td colSpan={3} />
              <td title={`${groupDigits(bytes)} bytes`} className="px-3 text-right whitespace-nowrap">
                {formatValue(Number(bytes), 'B')}
              </td>
              <td colSpan={table.columns.length - 5} />
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
