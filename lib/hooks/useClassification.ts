'use client';

import {
  keepPreviousData,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import {
  type DecisionRow,
  type DraftDecision,
  type NewDecision,
  type PreviewRows,
  previewAddress,
} from '@/lib/flows/classification';
import { fetchJson, type QuestionError } from './useQuestion';

const LIST = ['classification'];
const PREVIEWS = ['classification', 'preview'];

/** While a decision is being applied the page follows it. */
const FOLLOW_MS = 1_500;
const IDLE_MS = 30_000;

/** Decisions about network types, newest first. When the last one under way is done, previews are looked at anew. */
export function useDecisions(): UseQueryResult<readonly DecisionRow[], QuestionError> {
  const client = useQueryClient();
  const query = useQuery<readonly DecisionRow[], QuestionError>({
    queryKey: LIST,
    queryFn: async ({ signal }) =>
      (await fetchJson<{ decisions: DecisionRow[] }>('/api/classification', { signal })).decisions,
    retry: false,
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? FOLLOW_MS : IDLE_MS),
  });
  const underWay = query.data?.some(isUnderWay) === true;
  const before = useRef(underWay);
  useEffect(() => {
    if (before.current && !underWay) void client.invalidateQueries({ queryKey: PREVIEWS });
    before.current = underWay;
  }, [client, underWay]);
  return query;
}

export function isUnderWay({ state }: Pick<DecisionRow, 'state'>): boolean {
  return state === 'pending' || state === 'applying';
}

/** What a decision would do; null = there is nothing to look at yet. */
export function usePreview(draft: DraftDecision | null): UseQueryResult<PreviewRows, QuestionError> {
  const address = draft === null ? '' : previewAddress(draft);
  return useQuery<PreviewRows, QuestionError>({
    queryKey: [...PREVIEWS, address],
    queryFn: ({ signal }) => fetchJson<PreviewRows>(address, { signal }),
    enabled: draft !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** Saves a decision; the list follows its application. */
export function useDecide() {
  const client = useQueryClient();
  return useMutation<{ decision: DecisionRow }, QuestionError, NewDecision>({
    mutationFn: (decision) =>
      fetchJson('/api/classification', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(decision),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: LIST, exact: true }),
  });
}
