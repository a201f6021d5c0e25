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
          {model.halves.length > 1 ? (
            <MirroredRows {...props} />
          ) : (
            model.halves.map((half) => <HalfRows key={half.direction} {...props} half={half} />)
          )}
        </table>
      ) : null}
      {isKnown && model.compared && model.halves.length === 1 ? (
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
}) {
  const { model, half, index, hidden, lifted } = props;
  const shown = half.series.filter(({ key }) => !hidden.has(key));
  const ordered = model.stacks ? shown.toReversed() : byValue(shown, index);
  const kept = ordered.slice(0, MOST_ROWS);
  const rest = ordered.length - kept.length;
  const total = half.total.values[index] ?? null;
  const hasTotal = model.by.length > 0;
  return (
    <tbody>
      {hasTotal ? <Row {...props} line={half.total} label="Total" total={total} isTotal /> : null}
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

/** Both directions of a group beside each other: one below the other they would cover half of the picture. */
function MirroredRows(props: {
  model: SeriesModel;
  index: number;
  hidden: ReadonlySet<string>;
  lifted: string | null;
}) {
  const { model, index, hidden, lifted } = props;
  const shown = model.halves.flatMap(({ series }) => series).filter(({ key }) => !hidden.has(key));
  const keys = [...new Set(shown.map(({ key }) => key))];
  const both = (key: string) =>
    shown.reduce((sum, line) => sum + (line.key === key ? (line.values[index] ?? 0) : 0), 0);
  const ordered = model.stacks ? keys.toReversed() : keys.sort((a, b) => both(b) - both(a));
  const kept = ordered.slice(0, MOST_ROWS);
  const figureOf = (line: ExploreLine | undefined) =>
    formatValue(line?.values[index] ?? null, model.quantity);
  return (
    <tbody>
      <tr className="text-muted">
        <td />
        {model.halves.map(({ direction }) => (
          <th key={direction} scope="col" className="pl-3 text-right font-normal">
            {direction === 'ingress' ? 'Ingress' : 'Egress'}
          </th>
        ))}
      </tr>
      {model.by.length > 0 ? (
        <tr className="font-medium">
          <th scope="row" className="py-px pr-4 text-left font-medium">
            Total
          </th>
          {model.halves.map(({ direction, total }) => (
            <td key={direction} className="py-px pl-3 text-right whitespace-nowrap">
              {figureOf(total)}
            </td>
          ))}
        </tr>
      ) : null}
      {kept.map((key) => {
        const line = shown.find((each) => each.key === key);
        const look = lifted === key ? 'font-medium' : lifted === null ? '' : 'text-muted';
        return line === undefined ? null : (
          <tr key={key} className={look}>
            <Name line={line} label={line.label} />
            {model.halves.map(({ direction, series }) => (
              <td key={direction} className="py-px pl-3 text-right whitespace-nowrap">
                {figureOf(series.find((each) => each.key === key))}
              </td>
            ))}
          </tr>
        );
      })}
      {ordered.length > kept.length ? (
        <tr className="text-muted">
          <td colSpan={3}>and {ordered.length - kept.length} more</td>
        </tr>
      ) : null}
    </tbody>
  );
}

function Name({ line, label }: { line: ExploreLine; label: string }) {
  return (
    <th scope="row" className="max-w-48 truncate py-px pr-4 text-left font-normal">
      <span
        className="mr-2 inline-block size-2.5 rounded-[2px]"
        style={{ background: cssColor(line.colors) }}
      />
      {label}
    </th>
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
  return (
    <tr className={props.isTotal ? 'font-medium' : props.look}>
      {props.isTotal ? (
        <th scope="row" className="py-px pr-4 text-left font-medium">
          {props.label}
        </th>
      ) : (
        <Name line={line} label={props.label} />
      )}
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
