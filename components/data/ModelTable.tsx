import Link from 'next/link';
import { useState } from 'react';
import { cx } from '@/components/ui/cx';
import { ScrollRegion } from '@/components/ui/ScrollRegion';
import type { Cell, TableModel, Tone } from '@/lib/charts/tableModel';

const TONES: Record<Tone, string> = {
  plain: '',
  muted: 'text-muted',
  good: 'text-rise',
  warn: 'font-medium text-warn',
  bad: 'font-medium text-fall',
};

/** CSS pixels of the head with the frame's edges, and of rows with one line and with two. */
const HEAD = 33;
const ROW = [25, 41] as const;

/**
 * A prepared table: numbers under one another, what each column means on hover and below. Too wide, it scrolls in itself, and the names at the
 * left stay.
 */
export function ModelTable(props: {
  model: TableModel;
  caption: string;
  /** the room it takes, in rows, however many it has: more are scrolled to or shown on demand, so that nothing below ever moves */
  rows?: number;
  /** names have a second line */
  tall?: boolean;
}) {
  const { model, rows } = props;
  const [isWhole, setWhole] = useState(false);
  const hasMore = rows !== undefined && model.rows.length > rows;
  const frame = rows === undefined ? undefined : HEAD + rows * ROW[props.tall ? 1 : 0];
  return (
    <>
      <ScrollRegion
        label={props.caption}
        className={cx('rounded-[5px] border border-line', rows === undefined && 'max-h-[460px]')}
        style={isWhole ? { minHeight: frame } : { height: frame }}
      >
        <table className="tabular w-full border-collapse text-axis">
          <caption className="sr-only">{props.caption}</caption>
          <thead>
            <tr className="text-muted">
              {model.columns.map((column, i) => (
                <th
                  key={column.key}
                  scope="col"
                  title={column.definition}
                  className={cx(
                    'sticky top-0 z-10 h-8 border-b border-line bg-surface px-3 font-normal whitespace-nowrap',
                    column.align === 'right' ? 'text-right' : 'text-left',
                    i === 0 && 'left-0 z-20',
                  )}
                >
                  {column.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {model.rows.map((row) => (
              <tr key={row.key} className="group border-b border-line last:border-b-0">
                {row.cells.map((cell, i) => {
                  const column = model.columns[i];
                  if (column === undefined) return null;
                  const look = cx(
                    'px-3 py-1 whitespace-nowrap',
                    column.align === 'right' ? 'text-right' : 'text-left',
                    TONES[cell.tone ?? 'plain'],
                    column.long && 'max-w-44 truncate',
                  );
                  return i === 0 ? (
                    <th
                      key={column.key}
                      scope="row"
                      title={cell.title}
                      className={cx(
                        look,
                        'sticky left-0 bg-page font-normal max-sm:max-w-36 max-sm:truncate',
                      )}
                    >
                      <CellText cell={cell} />
                    </th>
                  ) : (
                    <td key={column.key} title={cell.title} className={cx(look, 'group-hover:bg-hover')}>
                      <CellText cell={cell} />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <div className="mt-1.5 flex items-start justify-between gap-4 text-axis text-muted">
        <Definitions model={model} />
        {hasMore ? (
          <button
            type="button"
            aria-expanded={isWhole}
            aria-label={`${isWhole ? 'Show fewer' : `Show all ${model.rows.length}`}: ${props.caption}`}
            className="shrink-0 cursor-pointer text-accent hover:underline"
            onClick={() => setWhole(!isWhole)}
          >
            {isWhole ? 'Show fewer' : `Show all ${model.rows.length}`}
          </button>
        ) : null}
      </div>
    </>
  );
}

function CellText({ cell }: { cell: Cell }) {
  return (
    <>
      {cell.href ? (
        <Link href={cell.href} className="text-accent hover:underline">
          {cell.text}
        </Link>
      ) : (
        cell.text
      )}
      {cell.sub ? <span className="block font-mono text-[11px] text-muted">{cell.sub}</span> : null}
    </>
  );
}

/** The definitions again, for whoever cannot hover. */
function Definitions({ model }: { model: TableModel }) {
  return (
    <details>
      <summary className="w-fit cursor-pointer hover:text-text">What the columns mean</summary>
      <dl className="mt-1 grid max-w-[100ch] grid-cols-[minmax(96px,auto)_1fr] gap-x-4 gap-y-0.5">
        {model.columns.map((column) => (
          <div key={column.key} className="contents">
            <dt className="text-text">{column.label}</dt>
            <dd>{column.definition}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
