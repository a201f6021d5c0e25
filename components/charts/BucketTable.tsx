import { ScrollRegion } from '@/components/ui/ScrollRegion';
import type { Bucket } from '@/lib/charts/bucketStates';
import { formatValue, NO_VALUE, type Quantity } from '@/lib/charts/format';
import { bucketText } from '@/lib/charts/timeText';

const STATE = {
  whole: '',
  partial: 'partial',
  provisional: 'provisional',
  arriving: 'still arriving',
  gap: 'no data',
  future: 'not yet',
} as const;

export interface BucketColumn {
  readonly key: string;
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** the exact value behind a figure, in words */
  readonly exact: (index: number) => string | undefined;
}

/** The numbers behind a picture over time, latest first: rounded to read, with the exact ones one hover away. */
export function BucketTable(props: {
  buckets: readonly Bucket[];
  columns: readonly BucketColumn[];
  quantity: Quantity;
  zone: string;
  caption: string;
}) {
  const { buckets, columns } = props;
  const order = buckets.map((_, i) => i).toReversed();
  return (
    <ScrollRegion label={props.caption} className="h-full rounded-[5px] border border-line">
      <table className="tabular w-full border-collapse text-axis">
        <caption className="sr-only">{props.caption}</caption>
        <thead className="sticky top-0 z-10 bg-surface">
          <tr className="text-muted">
            <th scope="col" className="h-8 border-b border-line px-3 text-left font-normal">
              Time ({props.zone})
            </th>
            {columns.map(({ key, label }) => (
              <th
                key={key}
                scope="col"
                className="border-b border-line px-3 text-right font-normal whitespace-nowrap"
              >
                {label}
              </th>
            ))}
            <th scope="col" className="border-b border-line px-3 text-left font-normal">
              State
            </th>
          </tr>
        </thead>
        <tbody>
          {order.map((i) => {
            const bucket = buckets[i];
            if (!bucket) return null;
            return (
              <tr key={bucket.from} className="border-b border-line hover:bg-hover">
                <th scope="row" className="h-6 px-3 text-left font-normal whitespace-nowrap">
                  {bucketText(bucket.from, bucket.to, props.zone)}
                </th>
                {columns.map((column) => {
                  const value = column.values[i] ?? null;
                  return (
                    <td
                      key={column.key}
                      title={value === null ? undefined : column.exact(i)}
                      className="px-3 text-right whitespace-nowrap"
                    >
                      {value === null ? NO_VALUE : formatValue(value, props.quantity)}
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
