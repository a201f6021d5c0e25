import { cssColor } from '@/lib/charts/categories';
import { formatChange, formatShare, formatValue } from '@/lib/charts/format';
import type { ExploreLine, Half, SeriesModel } from '@/lib/charts/prepareSeries';
import { bucketText } from '@/lib/charts/timeText';
import { STATE_TEXT } from './AreaTooltip';

/** More rows than this would not fit beside the pointer. */
const MOST_ROWS = 14;

/** One bucket as a small table: total first, then the series in the order of the picture, with what they were in the compared range. */
export function SeriesTooltip(props: {
  model: SeriesModel;
  index: number;
  zone: string;
  hidden: ReadonlySet<string>;
  lifted: string | null;
}) {
  const { model, index } = props;
  const bucket = model.buckets[index];
  if (!bucket) return null;
  const note = STATE_TEXT[bucket.state];
  const isKnown = model.halves.some(({ total }) => (total.values[index] ?? null) !== null);
  return (
    <div className="w-max max-w-[min(420px,calc(100vw-24px))] rounded-[6px] border border-line-strong bg-surface px-3 py-2 text-axis shadow-float">
      <div className="mb-1 font-medium whitespace-nowrap">
        {bucketText(bucket.from, bucket.to, props.zone)}
      </div>
      {note ? <div className="mb-1 text-muted">{note}</div> : null}
      {isKnown ? (
        <table className="tabular w-full border-collapse">
          {model.halves.map((half, i) => (
            <HalfRows key={half.direction} {...props} half={half} isSecond={i > 0} />
          ))}
        </table>
      ) : null}
      {isKnown && model.compared ? (
        <div className="mt-1 text-muted">Change: against the range that is compared</div>
      ) : null}
    </div>
  );
}

function HalfRows(props: {
  model: SeriesModel;
  half: Half;
  index: number;
  hidden: ReadonlySet<string>;
  lifted: string | null;
  isSecond: boolean;
}) {
  const { model, half, index, hidden, lifted } = props;
  const shown = half.series.filter(({ key }) => !hidden.has(key));
  const ordered = model.stacks ? (props.isSecond ? shown : shown.toReversed()) : byValue(shown, index);
  const kept = ordered.slice(0, MOST_ROWS);
  const rest = ordered.length - kept.length;
  const total = half.total.values[index] ?? null;
  const hasTotal = model.by.length > 0;
  const name = model.halves.length > 1 ? `Total ${half.direction}` : 'Total';
  return (
    <tbody>
      {hasTotal ? <Row {...props} line={half.total} label={name} total={total} isTotal /> : null}
      {kept.map((line) => (
        <Row
          key={line.key}
          {...props}
          line={line}
          label={line.label}
          total={total}
          look={lifted === line.key ? 'font-medium' : lifted === null ? '' : 'text-muted'}
        />
      ))}
      {rest > 0 ? (
        <tr className="text-muted">
          <td colSpan={4}>and {rest} more</td>
        </tr>
      ) : null}
    </tbody>
  );
}

function Row(props: {
  model: SeriesModel;
  line: ExploreLine;
  index: number;
  label: string;
  total: number | null;
  isTotal?: boolean;
  look?: string;
}) {
  const { model, line, index, total } = props;
  const value = line.values[index] ?? null;
  const bucket = model.buckets[index];
  const middle = bucket ? (bucket.from + bucket.to) / 2 : 0;
  const past = line.past.find(({ from, to }) => from <= middle && middle < to)?.value ?? null;
  const share = value === null || total === null || total === 0 ? null : value / total;
  const weight = props.isTotal ? 'font-medium' : 'font-normal';
  return (
    <tr className={props.isTotal ? 'font-medium' : props.look}>
      <th scope="row" className={`max-w-48 truncate py-px pr-4 text-left ${weight}`}>
        {props.isTotal ? null : (
          <span
            className="mr-2 inline-block size-2.5 rounded-[2px]"
            style={{ background: cssColor(line.colors) }}
          />
        )}
        {props.label}
      </th>
      <td className="py-px pl-2 text-right whitespace-nowrap">{formatValue(value, model.quantity)}</td>
      {model.stacks ? (
        <td className="py-px pl-3 text-right whitespace-nowrap">{formatShare(share)}</td>
      ) : null}
      {model.compared ? (
        <td className="py-px pl-3 text-right whitespace-nowrap">{formatChange(value, past).text}</td>
      ) : null}
    </tr>
  );
}

function byValue(lines: readonly ExploreLine[], index: number): readonly ExploreLine[] {
  return [...lines].sort((a, b) => (b.values[index] ?? -1) - (a.values[index] ?? -1));
}
