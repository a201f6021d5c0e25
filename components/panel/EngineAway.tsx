'use client';

import { type QueryCache, useQueryClient } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
import { useCallback, useSyncExternalStore } from 'react';
import { QuestionError } from '@/lib/hooks/useQuestion';

/** True while a question that somebody looks at was last answered with "unavailable" and an older answer is on the screen. */
function someAnswerIsOld(cache: QueryCache): boolean {
  return cache
    .getAll()
    .some(
      (query) =>
        query.isActive() &&
        query.state.data !== undefined &&
        query.state.error instanceof QuestionError &&
        query.state.error.code === 'unavailable',
    );
}

/**
 * One quiet line for the whole page while the database is away: what stands there is old, and nothing needs to be done. It lies over the lower
 * edge, as it comes and goes by itself and must not move what is read.
 */
export function EngineAway() {
  const cache = useQueryClient().getQueryCache();
  const away = useSyncExternalStore(
    useCallback((changed: () => void) => cache.subscribe(changed), [cache]),
    () => someAnswerIsOld(cache),
    () => false,
  );
  return (
    // There all along, so that the words are spoken when they come.
    <div role="status" className="pointer-events-none fixed inset-x-3 bottom-3 z-40 flex justify-center">
      {away ? (
        <p className="flex items-center gap-2 rounded-[5px] border border-warn bg-surface px-3 py-1.5 shadow-float">
          <CloudOff aria-hidden="true" className="size-4 shrink-0 text-warn" />
          <span>
            <span className="font-medium">The database does not answer.</span> You see the last answers; the
            page asks again every two seconds.
          </span>
        </p>
      ) : null}
    </div>
  );
}
