import type { Bucket } from '@/lib/charts/bucketStates';
import { cssColor } from '@/lib/charts/categories';
import { formatShare, formatValue } from '@/lib/charts/format';
import type { StackedAreaModel } from '@/lib/charts/prepareStackedArea';
import { bucketText } from '@/lib/charts/timeText';

/** What the state of a bucket means; null = there is nothing to say. */
export const STATE_TEXT: Record<Bucket['state'], string | null> = {
  whole: null,
  partial: 'Partial: not every exporter or second is in it',
  provisional: 'Provisional: may still grow',
  arriving: 'Still arriving: this much is there so far',
  gap: 'No expected exporter was heard here: unknown, not zero',
  future: 'Not yet',
};

/** One bucket as a small table: total first, then the types from the top of the stack down, as the eye meets them. */
export function AreaTooltip(props: {
  model: StackedAreaModel;
  index: number;
  zone: string;
  hidden: ReadonlySet<string>;
  lifted: string | null;
}) {
  const { model, index, hidden } = props;
  const bucket = model.buckets[index];
  if (!bucket) return null;
  const total = model.total.values[index] ?? null;
  const note = STATE_TEXT[bucket.state];
  const shown = model.series.filter((series) => !hidden.has(series.key));
  const shownSum = shown.reduce((sum, series) => sum + (series.values[index] ?? 0), 0);
  const share = (value: number | null): string =>
    formatShare(value === null || total === null || total === 0 ? null : value / total);
  return (
    <div className="w-max max-w-[min(300px,calc(100vw-24px))] rounded-[6px] border border-line-strong bg-surface px-3 py-2 text-axis shadow-float">
      <div className="mb-1 font-medium whitespace-nowrap">
        {bucketText(bucket.from, bucket.to, props.zone)}
      </div>
      {note ? <div className="mb-1 text-muted">{note}</div> : null}
      {total === null ? null : (
        <table className="tabular w-full border-collapse">
          <tbody>
            <tr className="font-medium">
              <th scope="row" className="py-px pr-4 text-left font-medium">
                Total
              </th>
              <td className="py-px pr-3 text-right whitespace-nowrap">
                {formatValue(total, model.quantity)}
              </td>
              <td className="py-px text-right whitespace-nowrap">{share(total)}</td>
            </tr>
            {hidden.size > 0 ? (
              <tr className="text-muted">
                <th scope="row" className="py-px pr-4 text-left font-normal">
                  of it shown
                </th>
                <td className="py-px pr-3 text-right whitespace-nowrap">
                  {formatValue(shownSum, model.quantity)}
                </td>
                <td className="py-px text-right whitespace-nowrap">{share(shownSum)}</td>
              </tr>
            ) : null}
            {shown.toReversed().map((series, i) => {
              const value = series.values[index] ?? null;
              return (
                <tr
                  key={series.key}
                  className={
                    props.lifted === series.key
                      ? 'font-medium text-text'
                      : props.lifted === null
                        ? 'text-text'
                        : 'text-muted'
                  }
                >
                  <th
                    scope="row"
                    className={`pr-4 text-left whitespace-nowrap ${props.lifted === series.key ? 'font-medium' : 'font-normal'} ${i === 0 ? 'pt-1' : ''}`}
                  >
                    <span
                      className="mr-2 inline-block size-2.5 rounded-[2px]"
                      style={{ background: cssColor(series.colors) }}
                    />
                    {series.label}
                  </th>
                  <td className={`pr-3 text-right whitespace-nowrap ${i === 0 ? 'pt-1' : ''}`}>
                    {formatValue(value, model.quantity)}
                  </td>
                  <td className={`text-right whitespace-nowrap ${i === 0 ? 'pt-1' : ''}`}>{share(value)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </div>
  );
}
