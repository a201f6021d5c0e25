import { ScrollRegion } from '@/components/ui/ScrollRegion';
import { formatValue, groupDigits, NO_VALUE } from '@/lib/charts/format';
import type { StackedAreaModel } from '@/lib/charts/prepareStackedArea';
import { bucketText } from '@/lib/charts/timeText';
import type { TrafficColumns } from '@/lib/flows/contracts/trafficOverTime';

const STATE = {
  whole: '',
  partial: 'partial',
  provisional: 'provisional',
  arriving: 'still arriving',
  gap: 'no data',
  future: 'not yet',
} as const;

/** The numbers behind the stacked area, latest first: rounded to read, with the exact bytes one hover away. */
export function TrafficTable(props: {
  model: StackedAreaModel;
  rows: TrafficColumns;
  zone: string;
  caption: string;
}) {
  const { model } = props;
  const columns = [model.total, ...model.series];
  const bytes = new Map(
    [...props.rows.totals, ...props.rows.series].map((series) => [series.key, series.bytes]),
  );
  const order = model.buckets.map((_, i) => i).toReversed();
  return (
    <ScrollRegion label={props.caption} className="h-full rounded-[5px] border border-line">
      <table className="tabular w-full border-collapse text-axis">
        <caption className="sr-only">{props.caption}</caption>
        <thead className="sticky top-0 z-10 bg-surface">
          <tr className="text-muted">
            <th scope="col" className="h-8 border-b border-line px-3 text-left font-normal">
              Time ({props.zone})
            </th>
            {columns.map((series) => (
              <th
                key={series.key}
                scope="col"
                className="border-b border-line px-3 text-right font-normal whitespace-nowrap"
              >
                {series.label}
              </th>
            ))}
            <th scope="col" className="border-b border-line px-3 text-left font-normal">
              State
            </th>
          </tr>
        </thead>
        <tbody>
          {order.map((i) => {
            const bucket = model.buckets[i];
            if (!bucket) return null;
            return (
              <tr key={bucket.from} className="border-b border-line hover:bg-hover">
                <th scope="row" className="h-6 px-3 text-left font-normal whitespace-nowrap">
                  {bucketText(bucket.from, bucket.to, props.zone)}
                </th>
                {columns.map((series) => {
                  const value = series.values[i] ?? null;
                  const exact = bytes.get(series.key)?.[i];
                  return (
                    <td
                      key={series.key}
                      title={
                        value === null || exact === undefined ? undefined : `${groupDigits(exact)} bytes`
                      }
                      className="px-3 text-right whitespace-nowrap"
                    >
                      {value === null ? NO_VALUE : formatValue(value, model.quantity)}
                    </td>
                  );
                })}
                <td className="px-3 text-muted">{STATE[bucket.state]}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
