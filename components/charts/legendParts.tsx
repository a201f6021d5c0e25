import { cx } from '@/components/ui/cx';
import { cssColor, type ThemeColors } from '@/lib/charts/categories';
import { NO_VALUE, type Quantity, show } from '@/lib/charts/format';

/** A column of statistics: what it is called, over what width it is taken, and what that means. */
export interface LegendColumn {
  readonly key: 'last' | 'mean' | 'p95' | 'max';
  readonly label: string;
  readonly of: string;
  readonly title: string;
}

/** "5 minutes" as "5 min", "12 hours" as "12 h": a column is narrow. */
export function shortWidth(width: string): string {
  return width.replace(/ minutes?$/, '\u2009min').replace(/ hours?$/, '\u2009h');
}

/** Heads of the statistics, each with the width below it. */
export function LegendHeads(props: { columns: readonly LegendColumn[]; className?: string }) {
  return props.columns.map((column) => (
    <th
      key={column.key}
      scope="col"
      title={column.title}
      className={cx('pl-2 text-right font-normal whitespace-nowrap', props.className)}
    >
      {column.label}
      <span className="block text-[10.5px]">
        <span className="sr-only">of </span>
        {shortWidth(column.of)}
      </span>
    </th>
  ));
}

/** The name of a series with its color: a click or Enter hides or shows it, with Shift only it is left. */
export function LegendName(props: {
  label: string;
  colors: ThemeColors;
  off: boolean;
  title: string;
  className?: string;
  onToggle: (only: boolean) => void;
  onLift: (lifted: boolean) => void;
}) {
  const { off } = props;
  const color = cssColor(props.colors);
  return (
    <button
      type="button"
      aria-pressed={!off}
      title={props.title}
      className={cx('flex h-7 w-full cursor-pointer items-center gap-2 text-left', props.className)}
      onClick={(event) => {
        event.stopPropagation();
        props.onToggle(event.shiftKey);
      }}
      onFocus={() => props.onLift(!off)}
      onBlur={() => props.onLift(false)}
    >
      <span
        className="block size-2.5 shrink-0 rounded-[2px] border"
        style={{ borderColor: color, background: off ? 'transparent' : color }}
      />
      <span className={`truncate ${off ? 'line-through decoration-1' : ''}`}>{props.label}</span>
    </button>
  );
}

/** Digits and prefix apart, so that digits stand under digits and the prefix steps back; the head names the unit. */
export function Figure({ value, quantity }: { value: number | null; quantity: Quantity }) {
  if (value === null) return <span className="text-muted">{NO_VALUE}</span>;
  const { digits, unit } = show(value, quantity);
  return (
    <>
      {digits}
      <span className="inline-block w-[13px] pl-0.5 text-left text-muted">
        {unit.replace(/(b|B|pkt|rec)\/s|[bB]\/address/, '')}
      </span>
    </>
  );
}
