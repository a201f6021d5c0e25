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
  /** ways out of an error that this panel knows */
  actions?: (error: QuestionError) => ReactNode;
  children: (answer: Answer<Rows>) => ReactNode;
}) {
  const { data, error, isPlaceholderData, refetch, isFetching } = props.query;
  if (data === undefined) {
    return (
      <div className="@container">
        <div className={cx('flex flex-col [&>*]:flex-1', props.height)}>
          {error ? (
            <Problem
              error={error}
              onRetry={() => void refetch()}
              busy={isFetching}
              actions={props.actions?.(error)}
            />
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
      {/* An engine that is away is said once, for all panels: EngineAway. */}
      {error && error.code !== 'unavailable' ? (
        <p
          role="status"
          // In the gap below: it comes unasked, and must not move what is read.
          className="absolute inset-x-0 top-full flex items-center gap-2 text-axis text-muted"
        >
          <TriangleAlert aria-hidden="true" className="size-3.5 shrink-0 text-warn" />
          <span className="truncate" title={error.hint}>
            Not refreshed, this is the last answer: {error.message.replace(/\.$/, '')}.
          </span>
        </p>
      ) : null}
      <div className={props.height}>{props.children(data)}</div>
    </div>
  );
}
