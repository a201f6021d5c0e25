'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Scope } from '@/lib/flows/scope';
import type { Question } from './questions';
import { usePageClock } from './usePageClock';
import { queryOf } from './useQuestion';

/** Gives up a question that is under way: the request is aborted, and the server ends its query. */
export function useCancel<Rows>(
  question: Question<Rows>,
  scope: Scope,
  options: Readonly<Record<string, string | undefined>>,
): () => void {
  const client = useQueryClient();
  const at = usePageClock()?.at ?? null;
  return useCallback(() => {
    const { queryKey } = queryOf(question, scope, options, at);
    void client.cancelQueries({ queryKey, exact: true });
  }, [client, question, scope, options, at]);
}
