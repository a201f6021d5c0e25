'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '@/components/ui/cx';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { QuestionError } from '@/lib/hooks/useQuestion';
import { Problem } from './Problem';

/**
 * What stands in a panel in each state: a skeleton of the same size, the answer, the old answer (dimmed when the wait is
 * long enough to notice), or why there is none. An answer that could not be refreshed stays, and says so.
 */
export function PanelBody<Rows>(props: {
  query: UseQueryResult<Answer<Rows>, QuestionError>;
  /** the class that gives every state the same height */
  height: string;
  skeleton: ReactNode;
  children: (answer: Answer<Rows>) => ReactNode;
}) {
  const { data, error, isPlaceholderData, refetch, isFetching } = props.query;
  if (data === undefined) {
    return (
      <div className="@container">
        <div className={cx('flex flex-col [&>*]:flex-1', props.height)}>
          {error ? (
            <Problem error={error} onRetry={() => void refetch()} busy={isFetching} />
          ) : (
            props.skeleton
          )}
        </div>
      </div>
    );
  }
  return (
    <div
      className={cx(
        '@container relative transition-opacity duration-[120ms]',
        isPlaceholderData && 'opacity-50 delay-300',
      )}
    >
      <div className={props.height}>{props.children(data)}</div>
      {error ? (
        <p
          role="status"
          className="absolute top-0 left-1/2 z-10 flex max-w-full -translate-x-1/2 items-center gap-2 rounded-[5px] border border-line bg-surface px-3 py-1.5 text-axis shadow-float"
        >
          <TriangleAlert aria-hidden="true" className="size-3.5 shrink-0 text-warn" />
          Not refreshed: {error.message}. What you see is the last answer.
        </p>
      ) : null}
    </div>
  );
}
