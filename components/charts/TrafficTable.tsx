import { groupDigits } from '@/lib/charts/format';
import type { StackedAreaModel } from '@/lib/charts/prepareStackedArea';
import type { TrafficColumns } from '@/lib/flows/contracts/trafficOverTime';
import { BucketTable } from './BucketTable';

/** The numbers behind the stacked area, with the exact bytes. */
export function TrafficTable(props: {
  model: StackedAreaModel;
  rows: TrafficColumns;
  zone: string;
  caption: string;
}) {
  const { model } = props;
  const bytes = new Map(
    [...props.rows.totals, ...props.rows.series].map((series) => [series.key, series.bytes]),
  );
  const columns = [model.total, ...model.series].map(({ key, label, values }) => ({
    key,
    label,
    values,
    exact: (i: number) => {
      const sum = bytes.get(key)?.[i];
      return sum === undefined ? undefined : `${groupDigits(sum)} bytes`;
    },
  }));
  return (
    <BucketTable
      buckets={model.buckets}
      columns={columns}
      quantity={model.quantity}
      zone={props.zone}
      caption={props.caption}
    />
  );
}
