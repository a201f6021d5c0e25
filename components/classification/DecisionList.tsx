'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { Check, CircleAlert, LoaderCircle } from 'lucide-react';
import { Problem } from '@/components/panel/Problem';
import { Button } from '@/components/ui/Button';
import { ScrollRegion } from '@/components/ui/ScrollRegion';
import { instantText } from '@/lib/charts/timeText';
import { type DecisionRow, subjectText } from '@/lib/flows/classification';
import { isUnderWay } from '@/lib/hooks/useClassification';
import type { QuestionError } from '@/lib/hooks/useQuestion';
import { useScope } from '@/lib/hooks/useScope';

/** Every decision, with its author, its reason and what became of it. */
export function DecisionList(props: {
  query: UseQueryResult<readonly DecisionRow[], QuestionError>;
  onReuse: ((row: DecisionRow) => void) | null;
}) {
  const { scope } = useScope();
  const { data, error, refetch, isFetching } = props.query;
  if (data === undefined) {
    return error ? (
      <Problem error={error} onRetry={() => void refetch()} busy={isFetching} />
    ) : (
      <div className="skeleton min-h-40" />
    );
  }
  if (data.length === 0) {
    return (
      <p className="py-8 text-center text-muted">
        Nothing was decided here yet: types come from the operators’ file and the shipped taxonomy.
      </p>
    );
  }
  return (
    <ScrollRegion label="Decisions">
      <table className="tabular w-full min-w-[860px] border-collapse">
        <caption className="sr-only">Decisions about network types</caption>
        <thead>
          <tr className="h-7 border-b border-line text-left text-axis text-muted">
            {['What', 'Type', 'Days (UTC)', 'Reason', 'By', 'Stored records', 'State'].map((head) => (
              <th key={head} scope="col" className="pr-4 font-normal">
                {head}
              </th>
            ))}
            {props.onReuse ? (
              <th scope="col">
                <span className="sr-only">Change</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {data.map((row) => (
            <tr key={row.id} className="border-b border-line align-top [&>td]:py-1.5 [&>td]:pr-4">
              <td className="font-medium whitespace-nowrap">{subjectText(row.subject)}</td>
              <td className="whitespace-nowrap">
                {row.networkType ?? <span className="text-muted">as file and taxonomy say</span>}
              </td>
              <td className="whitespace-nowrap">{daysText(row)}</td>
              <td className="max-w-[40ch] break-words">{row.reason}</td>
              <td className="whitespace-nowrap">
                {row.author}
                <span className="block text-axis text-muted">{instantText(row.createdAt, scope.zone)}</span>
              </td>
              <td className="whitespace-nowrap">
                {row.history === 'keep'
                  ? 'kept'
                  : row.daysChanged === null
                    ? 'rebuilt'
                    : `${row.daysChanged} ${row.daysChanged === 1 ? 'day' : 'days'} rebuilt`}
              </td>
              <td>
                <State row={row} />
              </td>
              {props.onReuse ? (
                <td className="text-right">
                  <Button
                    aria-label={`Change the type of ${subjectText(row.subject)}`}
                    onClick={() => props.onReuse?.(row)}
                  >
                    Change
                  </Button>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function State({ row }: { row: DecisionRow }) {
  if (isUnderWay(row)) {
    return (
      <span role="status" className="flex items-start gap-1.5">
        <LoaderCircle
          aria-hidden="true"
          className="mt-0.5 size-4 shrink-0 text-accent motion-safe:animate-spin"
        />
        {row.state === 'pending' ? 'waits to be applied' : row.progress || 'being applied'}
      </span>
    );
  }
  if (row.state === 'failed') {
    return (
      <span className="flex max-w-[44ch] items-start gap-1.5 text-fall">
        <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
        <span>failed: {row.problem}</span>
      </span>
    );
  }
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <Check aria-hidden="true" className="size-4 text-rise" />
      in force, taxonomy {row.taxonomyVersion}
    </span>
  );
}

function daysText({ validFrom, validTo }: DecisionRow): string {
  if (validFrom === null && validTo === null) return 'always';
  return `${validFrom ?? 'ever'} to ${validTo ?? 'further notice'}`;
}
