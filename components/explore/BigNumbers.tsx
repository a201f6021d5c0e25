import type { ReactNode } from 'react';
import { ChangeText } from '@/components/charts/SeriesLegend';
import { cssColor } from '@/lib/charts/categories';
import { formatShare, show } from '@/lib/charts/format';
import type { ExploreLine, SeriesModel } from '@/lib/charts/prepareSeries';
import { bucketText } from '@/lib/charts/timeText';

/** An answer of one moment: its numbers, large. */
export function BigNumbers(props: {
  model: SeriesModel;
  hidden: ReadonlySet<string>;
  zone: string;
  menu: (line: ExploreLine) => ReactNode;
}) {
  const { model } = props;
  const [bucket] = model.buckets;
  return (
    <div>
      {bucket ? (
        <p className="tabular mb-4 text-muted">{bucketText(bucket.from, bucket.to, props.zone)}</p>
      ) : null}
      {model.halves.map((half) => (
        <dl
          key={half.direction}
          className="mb-5 grid grid-cols-[repeat(auto-fill,minmax(160px,1fr))] gap-x-6 gap-y-5"
        >
          {model.by.length > 0 ? (
            <BigNumber
              model={model}
              line={half.total}
              label={model.halves.length > 1 ? `Total ${half.direction}` : 'Total'}
            />
          ) : null}
          {half.series
            .filter(({ key }) => !props.hidden.has(key))
            .map((line) => (
              <BigNumber
                key={line.key}
                model={model}
                line={line}
                label={line.label}
                menu={props.menu(line)}
              />
            ))}
        </dl>
      ))}
    </div>
  );
}

function BigNumber(props: { model: SeriesModel; line: ExploreLine; label: string; menu?: ReactNode }) {
  const { model, line } = props;
  const [value = null] = line.values;
  const shown = value === null ? null : show(value, model.quantity);
  return (
    <div className="min-w-0">
      <dt className="flex min-h-8 items-center gap-1.5 text-muted">
        {props.menu ? (
          <span
            aria-hidden="true"
            className="block size-2.5 shrink-0 rounded-[2px]"
            style={{ background: cssColor(line.colors) }}
          />
        ) : null}
        <span className="min-w-0 truncate" title={props.label}>
          {props.label}
        </span>
        {props.menu}
      </dt>
      <dd className="tabular">
        <span className="text-figure font-medium">{shown?.digits ?? '\u2013'}</span>
        <span className="ml-1 text-muted">{shown?.unit}</span>
        <span className="block text-axis text-muted">
          {model.stacks && props.menu ? `${formatShare(line.statistics.share)} of the total` : null}
          {/* Where nothing can be compared, the line below says why. */}
          {model.compared && model.compared.buckets > 0 ? (
            <>
              {' '}
              <ChangeText line={line} />
            </>
          ) : null}
        </span>
      </dd>
    </div>
  );
}
