import type { ShortMonth } from '@/lib/charts/heatColumns';
import { networkTypeCss } from '@/lib/charts/palette';
import type { GroupHeatmapModel, HeatLine } from '@/lib/charts/prepareGroupHeatmap';

/** Hours are told every three hours, so that the names have room; everything else by its name. */
export function ColumnName(props: { model: GroupHeatmapModel; column: HeatLine; index: number }) {
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

/** The month, and below it the year where one begins. Without numbers columns are narrower than names: each quarter has its first month's. */
export function MonthName(props: { label: string; short: ShortMonth; isNumbered: boolean; index: number }) {
  const { short, isNumbered } = props;
  const isTold = isNumbered || props.index % 3 === 0;
  return (
    <span className={`block whitespace-nowrap ${isNumbered ? '' : 'w-0'}`}>
      <span className="sr-only">{props.label}</span>
      <span aria-hidden="true">
        <span className="block h-4">{isTold ? short.month : null}</span>
        <span className="block h-4 text-muted">{short.year}</span>
      </span>
    </span>
  );
}

/** @param wraps the name of a column: at its right edge as the figures are, on two lines where it is long */
export function LineName({
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
