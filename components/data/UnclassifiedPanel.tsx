'use client';

import Link from 'next/link';
import { useMemo } from 'react';
import { formatShare, formatValue } from '@/lib/charts/format';
import {
  classificationHref,
  prepareUnclassifiedAsns,
  prepareUnclassifiedPrefixes,
} from '@/lib/charts/prepareUnclassified';
import { rangeText } from '@/lib/charts/timeText';
import type { Scope } from '@/lib/flows/scope';
import { printScope } from '@/lib/flows/urlState';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { DataPanel, NothingToShow } from './DataPanel';
import { ModelTable } from './ModelTable';

/** Who is behind Unclassified. */
export function UnclassifiedPanel(props: {
  scope: Scope;
  /** of all ingress and egress bytes of the range; null = not known yet */
  share: number | null;
  /** no record begins in the range */
  nothing: boolean;
}) {
  const query = useQuestion(questions.unclassifiedSources, props.scope);
  const rows = query.data?.rows;
  const scopeQuery = printScope(props.scope);
  const asns = useMemo(() => (rows ? prepareUnclassifiedAsns(rows, scopeQuery) : null), [rows, scopeQuery]);
  const prefixes = useMemo(
    () => (rows ? prepareUnclassifiedPrefixes(rows, scopeQuery) : null),
    [rows, scopeQuery],
  );
  return (
    <DataPanel
      id="unclassified"
      title="Who is behind Unclassified?"
      subtitle={
        <span className="block max-sm:min-h-12">
          Volume · sum · bytes · ingress + egress, whole records by their start
          {query.data ? ` · ${rangeText(query.data.meta.from, query.data.meta.to, props.scope.zone)}` : ''}
        </span>
      }
      query={query}
      height="min-h-[614px] sm:min-h-[574px] xl:min-h-[283px]"
      files={[
        { name: 'unclassified-asns', label: 'ASNs', model: asns },
        { name: 'unclassified-prefixes', label: 'prefixes', model: prefixes },
      ]}
    >
      {(answer) =>
        asns === null || prefixes === null || asns.rows.length === 0 ? (
          <NothingToShow>
            {props.nothing
              ? 'No record begins in this range.'
              : 'Nothing is Unclassified in this range: every network has a type.'}
          </NothingToShow>
        ) : (
          <>
            <p className="mb-2 min-h-20 text-muted sm:min-h-10 xl:min-h-5">
              {props.share === null
                ? ''
                : `${formatShare(props.share)} of the ingress and egress bytes of the range. `}
              {asns.rows.length} of {formatValue(answer.rows.asnCount, 'count')} ASNs and{' '}
              {prefixes.rows.length} of {formatValue(answer.rows.prefixCount, 'count')} prefixes, the largest
              first. Choose one to give it a type on the{' '}
              <Link
                href={classificationHref(scopeQuery)}
                className="text-accent underline hover:no-underline"
              >
                Classification page
              </Link>
              .
            </p>
            <div className="grid gap-4 xl:grid-cols-[5fr_6fr] [&>*]:min-w-0">
              <div>
                <ModelTable model={asns} caption="Unclassified ASNs by bytes" rows={8} />
              </div>
              <div>
                <ModelTable model={prefixes} caption="Unclassified prefixes by bytes" rows={8} />
              </div>
            </div>
          </>
        )
      }
    </DataPanel>
  );
}
