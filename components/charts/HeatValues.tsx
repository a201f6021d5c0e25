import { formatValue, NO_VALUE, show, THIN_SPACE } from '@/lib/charts/format';
import type { GroupHeatmapModel, HeatCell } from '@/lib/charts/prepareGroupHeatmap';

/** How much room a number has: its unit beside it, close to it, or the prefix alone, as the panel and the scale name the unit. */
export type CellSize = 'wide' | 'dense' | 'narrow';

export function CellText({
  cell,
  model,
  size,
}: {
  cell: HeatCell;
  model: GroupHeatmapModel;
  size: CellSize;
}) {
  if (model.isDelta) {
    return (
      <span className={`relative whitespace-nowrap ${size === 'wide' ? 'text-axis' : 'text-[11px]'}`}>
        {cell.factor === 0 ? 'gone' : cell.change.text}
      </span>
    );
  }
  return <Value cell={cell} model={model} size={size} />;
}

/** A unit in two: what is said of the number, and what it is a number of: "Tb/s" as "T" and "b/s". */
const UNIT = /^(.*?)([bB](?:\/s)?)?$/;

function Value({ cell, model, size }: { cell: HeatCell; model: GroupHeatmapModel; size: CellSize }) {
  if (cell.value === null) return NO_VALUE;
  if (cell.value === 0) return '0';
  const { digits, unit } = show(cell.value, size === 'narrow' ? 'count' : model.quantity);
  // Inside a cell the unit's "per address" goes without saying: the panel names it.
  const short = unit.replace('/address', '');
  const [, prefix, base] = UNIT.exec(short) ?? [];
  return (
    <span className={`relative whitespace-nowrap ${size === 'wide' ? '' : 'text-axis'}`}>
      {digits}
      {short === '' ? null : (
        <span className={size === 'wide' ? 'ml-1 text-axis' : 'text-[11px]'}>
          {size === 'wide' ? prefix : `${THIN_SPACE}${prefix}`}
          <span data-base="">{base}</span>
        </span>
      )}
    </span>
  );
}

export function TotalCell(props: {
  cell: HeatCell | undefined;
  model: GroupHeatmapModel;
  size: CellSize;
  height: string;
  strong?: boolean;
  hidden?: boolean;
}) {
  const { cell, model, size } = props;
  return (
    <td
      className={`${props.height} truncate bg-page px-1 text-right text-axis ${props.strong ? 'font-medium' : ''}`}
    >
      {cell === undefined ? (
        NO_VALUE
      ) : props.hidden ? (
        <span className="sr-only">{formatValue(cell.value, model.quantity)}</span>
      ) : model.isDelta ? (
        <span className={size === 'wide' ? undefined : 'text-[11px]'}>{cell.change.text}</span>
      ) : (
        <Value cell={cell} model={model} size={size} />
      )}
    </td>
  );
}
